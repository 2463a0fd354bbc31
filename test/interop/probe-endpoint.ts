/** Probes the endpoints given as JSON in the first argument, one after the other, and prints the results as JSON, certificates as base64. */
import { asBuffer } from '../../src/base/bytes.ts';
import { systemClock } from '../../src/base/instant.ts';
import { createDialer } from '../../src/net/dial.ts';
import { createSmtpProbe } from '../../src/net/smtp-probe.ts';
import type { Endpoint } from '../../src/survey/probe-port.ts';

const probe = createSmtpProbe({
  dialer: createDialer({ allowPrivate: false }),
  ehloName: 'probe.example',
  clock: systemClock,
});
const results: unknown[] = [];
for (const endpoint of JSON.parse(process.argv[2] ?? '[]') as Endpoint[]) {
  const { handshakes, ...seen } = await probe(endpoint);
  const base64 = (der: Uint8Array) => asBuffer(der).toString('base64');
  results.push({ ...seen, handshakes: handshakes.map((one) => ({ ...one, chain: one.chain.map(base64) })) });
}
console.log(JSON.stringify(results));
