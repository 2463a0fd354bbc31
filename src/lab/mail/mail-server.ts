/** The one TCP listener that stands for every mail server of the lab (PROXY protocol v2 says which). */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { decodeProxyHeader } from '../../net/proxy-protocol.ts';
import type { MailServerAt } from '../plan/world.ts';
import { playSession } from './session.ts';
import type { ContextFor } from './tls-contexts.ts';

export interface MailServer {
  /** Of 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

/** Longer than any probe waits. */
const IDLE_MS = 120_000;
const BACKLOG = 1024;

/** `at` is undefined for an address where no mail server is: the connection is reset. */
export async function startMailServer(
  at: (address: string) => MailServerAt | undefined,
  contextFor: ContextFor,
): Promise<MailServer> {
  const open = new Set<Socket>();
  const listener = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    let pending = Buffer.alloc(0);
    const takeHeader = (octets: Buffer) => {
      pending = Buffer.concat([pending, octets]);
      const decoded = decodeProxyHeader(pending);
      if (decoded.state === 'partial') return;
      socket.off('data', takeHeader);
      const server = decoded.state === 'header' && decoded.header && at(decoded.header.destination.address);
      if (!server) socket.resetAndDestroy();
      else if (decoded.state === 'header')
        playSession(socket, pending.subarray(decoded.length), server, contextFor);
    };
    socket.on('data', takeHeader);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG }, resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
