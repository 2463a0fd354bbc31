/** DNS over TCP (RFC 7766), one connection a question: for replies that do not fit into a datagram. */
import { connect, type Socket } from 'node:net';
import { type Message, readMessage } from '../dns/message.ts';
import type { DialTarget } from './dial.ts';
import { answers, type DnsQuestion } from './dns-question.ts';

/** RFC 1035 §4.2.2: the length has two octets. */
const LENGTH_OCTETS = 2;

export type TcpHeard = Message | 'failed';

export class DnsTcp {
  readonly #sockets = new Set<Socket>();
  #closed = false;

  /** Sends `query` as it is, and waits so long for all of the reply. One that is truncated even here is none (RFC 2181 §9). */
  ask(target: DialTarget, question: DnsQuestion, query: Buffer, timeoutMs: number): Promise<TcpHeard> {
    if (this.#closed) return Promise.resolve('failed');
    return new Promise((resolve) => {
      const socket = connect({ host: target.host, port: target.port, noDelay: true });
      this.#sockets.add(socket);
      const settle = (heard: TcpHeard) => {
        clearTimeout(timer);
        this.#sockets.delete(socket);
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
      const collect = createCollector();
      socket.on('data', (chunk) => {
        const octets = collect(chunk);
        if (octets === undefined) return;
        const message = readMessage(octets);
        const fits =
          message !== undefined &&
          message.id === query.readUInt16BE(0) &&
          !message.truncated &&
          answers(message, question);
        settle(fits ? message : 'failed');
      });
    });
  }

  /** Waiting questions end as failed. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Puts one message together from what arrives; each octet is copied once, in however small pieces it comes. */
function createCollector(): (chunk: Buffer) => Buffer | undefined {
  const chunks: Buffer[] = [];
  let received = 0;
  let end: number | undefined;
  return (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    if (end === undefined && received >= LENGTH_OCTETS) {
      end = LENGTH_OCTETS + Buffer.concat(chunks).readUInt16BE(0);
    }
    if (end === undefined || received < end) return undefined;
    return Buffer.concat(chunks).subarray(LENGTH_OCTETS, end);
  };
}
