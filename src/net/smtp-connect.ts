/** Opens the TCP connection of a probe, and tells whose fault it was that there is none. */
import { connect, type Socket } from 'node:net';
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Fault } from '../survey/probed-facts.ts';
import type { DialTarget } from './dial.ts';

export interface ConnectFault {
  readonly fault: Fault;
  readonly because: ReasonKey;
}

/**
 * The socket, at once, and the promise of what became of it: null where it is connected, and then it is paused. It is the caller's
 * to close in either case, and has a listener for errors. `endsAt` is an instant of `performance.now()`.
 */
export function openSocket(
  target: DialTarget,
  endsAt: number,
): { socket: Socket; connected: Promise<ConnectFault | null> } {
  const socket = connect({ host: target.host, port: target.port, noDelay: true });
  // A local refusal comes from connect(2) itself, before the event loop turns; a remote one never does.
  let turned = false;
  const turn = setImmediate(() => {
    turned = true;
  });
  const connected = new Promise<ConnectFault | null>((resolve) => {
    const settle = (fault: ConnectFault | null) => {
      clearTimeout(timer);
      clearImmediate(turn);
      socket.pause();
      socket.off('connect', onConnect);
      resolve(fault);
    };
    const onConnect = () => {
      if (target.proxyHeader !== undefined) socket.write(target.proxyHeader('tcp'));
      settle(null);
    };
    const timer = setTimeout(
      () => settle({ fault: 'network', because: 'connection-timeout' }),
      Math.max(0, endsAt - performance.now()),
    );
    socket.on('connect', onConnect);
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(connectFault(error.code ?? '', turned ? 'remote' : 'local')),
    );
    // Destroyed from outside, without an error: the caller's signal, which the caller reports.
    socket.once('close', () => settle({ fault: 'ours', because: 'local-connection-failure' }));
  });
  return { socket, connected };
}

/** What an error of connect(2) means. `origin`: whether this machine or something beyond it said so. */
export function connectFault(code: string, origin: 'local' | 'remote'): ConnectFault {
  switch (code) {
    case 'ECONNREFUSED':
      return { fault: 'theirs', because: 'connection-refused' };
    case 'ECONNRESET':
    case 'EPIPE':
      return { fault: 'theirs', because: 'connection-reset' };
    case 'ETIMEDOUT':
      return { fault: 'network', because: 'connection-timeout' };
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return { fault: 'ours', because: 'no-local-route' };
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
    case 'EHOSTDOWN':
      switch (origin) {
        case 'local':
          return { fault: 'ours', because: 'no-local-route' };
        case 'remote':
          return { fault: 'network', because: 'address-unreachable' };
        default:
          return never(origin);
      }
    default:
      return { fault: 'ours', because: 'local-connection-failure' };
  }
}
