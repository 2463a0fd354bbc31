/** The one UDP socket and the one TCP listener that stand for every name server of the lab (PROXY protocol v2 says which). */
import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { decodeProxyHeader } from '../../net/proxy-protocol.ts';
import type { Query } from './reply.ts';

export interface NameServer {
  /** Of 127.0.0.1, the same for UDP and TCP. */
  readonly port: number;
  close(): Promise<void>;
}

export type Respond = (query: Query) => Buffer | undefined;

/** A thousand queries at once must not be lost in the kernel. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024;
/** A TCP port may be taken while the UDP one of the same number is free. */
const PORT_TRIALS = 20;
/** RFC 7766 §6.2.3: a client that falls silent is let go. */
const TCP_IDLE_MS = 10_000;
const LOOPBACK = '127.0.0.1';

export async function startNameServer(respond: Respond): Promise<NameServer> {
  const open = new Set<Socket>();
  const tcp = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serveTcp(socket, respond);
  });
  for (let trial = 1; ; trial++) {
    const udp = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_OCTETS });
    udp.on('message', (datagram, from) => {
      const decoded = decodeProxyHeader(datagram);
      if (decoded.state !== 'header' || decoded.header === null) return;
      const octets = datagram.subarray(decoded.length);
      const reply = respond({ octets, server: decoded.header.destination.address, transport: 'udp' });
      if (reply !== undefined) udp.send(reply, from.port, from.address);
    });
    await new Promise<void>((resolve) => udp.bind(0, LOOPBACK, resolve));
    const { port } = udp.address();
    const isListening = await new Promise<boolean>((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' && trial < PORT_TRIALS ? resolve(false) : reject(error);
      tcp.once('error', onError);
      tcp.listen(port, LOOPBACK, () => {
        tcp.off('error', onError);
        resolve(true);
      });
    });
    if (!isListening) {
      udp.close();
      continue;
    }
    return {
      port: (tcp.address() as AddressInfo).port,
      async close() {
        for (const socket of open) socket.destroy();
        await new Promise<void>((resolve) => udp.close(resolve));
        await new Promise((resolve) => tcp.close(resolve));
      },
    };
  }
}

/** RFC 7766 §8: each message behind two octets of length; several on one connection. One without a reply ends it. */
function serveTcp(socket: Socket, respond: Respond): void {
  let pending = Buffer.alloc(0);
  let server: string | undefined;
  socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets) => {
    pending = Buffer.concat([pending, octets]);
    if (server === undefined) {
      const decoded = decodeProxyHeader(pending);
      if (decoded.state === 'partial') return;
      if (decoded.state !== 'header' || decoded.header === null) {
        socket.destroy();
        return;
      }
      server = decoded.header.destination.address;
      pending = pending.subarray(decoded.length);
    }
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const reply = respond({ octets: pending.subarray(2, end), server, transport: 'tcp' });
      pending = pending.subarray(end);
      if (reply === undefined) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
}
