/** The lab's thread: starts the servers and says where they listen. */
import { parentPort, workerData } from 'node:worker_threads';
import { startServers } from '../src/lab/servers.ts';

const { domains, seed, now } = workerData as { domains: number; seed: number; now: number };
const { dnsPort, smtpPort, trustAnchors } = await startServers({ domains, seed }, now);
parentPort!.postMessage({ dnsPort, smtpPort, trustAnchors });
