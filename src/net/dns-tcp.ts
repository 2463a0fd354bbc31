/** DNS over TCP (RFC 7766), one connection a question: for replies that do not fit into a datagram. */
import { connect } from 'node:net';
import { type Message, readMessage } from '../dns/message.ts';
import type { DialTarget } from './dial.ts';
import { answers, type UdpQuestion } from './dns-udp.ts';

/** RFC 1035 §4.2.2: the length has two octets. */
const LENGTH_OCTETS = 2;

export type TcpHeard = Message | 'failed';

export function askOverTcp(
  target: DialTarget,
  question: UdpQuestion,
  query: Buffer,
  timeoutMs: number,
): Promise<TcpHeard> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.host, port: target.port, noDelay: true });
    const chunks: Buffer[] = [];
    let received = 0;
    const settle = (heard: TcpHeard) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(heard);
    };
    const timer = setTimeout(() => settle('failed'), timeoutMs);
    socket.on('error', () => settle('failed'));
    socket.on('close', () => settle('failed'));
    socket.on('connect', () => {
      const length = Buffer.alloc(LENGTH_OCTETS);
      length.writeUInt16BE(query.length);
      const header = target.proxyHeader?.('tcp') ?? Buffer.alloc(0);
      socket.write(Buffer.concat([header, length, query]));
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      received += chunk.length;
      if (received < LENGTH_OCTETS) return;
      const whole = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const end = LENGTH_OCTETS + whole.readUInt16BE(0);
      if (received < end) return;
      const message = readMessage(whole.subarray(LENGTH_OCTETS, end));
      const fits =
        message !== undefined && message.id === query.readUInt16BE(0) && answers(message, question);
      settle(fits ? message : 'failed');
    });
  });
}
