/** Plain clients for the lab: DNS over UDP and TCP, SMTP; each behind a PROXY header, as the address map of the lab says. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Message, readMessage } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { encodeQuery } from '../../src/dns/query.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { parseAddressMap } from '../../src/net/address-map.ts';
import { encodeProxyHeader } from '../../src/net/proxy-protocol.ts';

const flags = { recursionDesired: false, checkingDisabled: false, edns: true };

function header(protocol: 'tcp' | 'udp', address: string, port: number): Buffer {
  const unspecified = address.includes(':') ? '::' : '0.0.0.0';
  return encodeProxyHeader({
    protocol,
    source: { address: unspecified, port: 0 },
    destination: { address, port },
  });
}

export interface AskOptions {
  readonly edns?: boolean;
  /** How long silence is waited for before it counts as one. */
  readonly patienceMs?: number;
}

/** One question over UDP; undefined where no reply comes. */
export async function ask(
  lab: Pick<Lab, 'addressMap'>,
  server: string,
  owner: string,
  type: number,
  { edns = true, patienceMs = 5_000 }: AskOptions = {},
): Promise<Message | undefined> {
  const target = parseAddressMap(lab.addressMap).target(server, 53)!;
  const socket = createSocket('udp4');
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const query = encodeQuery(4711, name(owner), type, { ...flags, edns });
    socket.send(Buffer.concat([header('udp', server, 53), query]), target.port, target.host);
    const [octets] = (await once(socket, 'message', { signal })) as [Buffer];
    return readMessage(octets);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    socket.close();
  }
}

/** One question over TCP. */
export async function askOverTcp(
  lab: Pick<Lab, 'addressMap'>,
  server: string,
  owner: string,
  type: number,
): Promise<Message | undefined> {
  const target = parseAddressMap(lab.addressMap).target(server, 53)!;
  const socket = connect(target.port, target.host);
  const query = encodeQuery(4711, name(owner), type, flags);
  const length = Buffer.from([query.length >> 8, query.length & 0xff]);
  socket.write(Buffer.concat([header('tcp', server, 53), length, query]));
  let heard = Buffer.alloc(0);
  for await (const octets of socket) {
    heard = Buffer.concat([heard, octets]);
    if (heard.length >= 2 && heard.length >= 2 + heard.readUInt16BE(0)) break;
  }
  socket.destroy();
  return readMessage(heard.subarray(2));
}

/** A connection to the mail server at `address`, its PROXY header sent. */
export function dialMail(lab: Pick<Lab, 'addressMap'>, address: string): Socket {
  const target = parseAddressMap(lab.addressMap).target(address, 25)!;
  const socket = connect(target.port, target.host);
  if (target.proxy) socket.write(header('tcp', address, 25));
  return socket;
}
