/** The TLS handshake over a connection that speaks SMTP already (RFC 3207 §4.1). */
import { isIP, type Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { ProbedHandshake } from '../survey/probe-port.ts';
import { chainAsSent } from './tls-chain.ts';
import { chainTooLong, type TlsFault, tlsFault } from './tls-fault.ts';

/** Own limit: a certificate chain has 100 KB at most. A server can go on with messages that TLS skips (HelloRequest). */
const MAX_HANDSHAKE_OCTETS = 1_048_576;
/** How often they are counted, in milliseconds. */
const COUNT_EVERY = 100;

/** Of failures that another profile would meet again. */
const noFurther = { worthLegacy: false, refusesVersion: false } as const;

export type HandshakeOutcome =
  | { readonly ok: true; readonly handshake: ProbedHandshake }
  | ({ readonly ok: false } & TlsFault);

/**
 * The TLS socket, at once, and the promise of how its handshake ended; it is the caller's to close in either case.
 * `endsAt` is an instant of `performance.now()`: silence, partial records and warning alerts would otherwise hang for ever.
 */
export function handshakeOver(
  socket: Socket,
  context: SecureContext,
  serverName: string,
  endsAt: number,
): { secured: TLSSocket; ended: Promise<HandshakeOutcome> } {
  // Never a session: a resumed one has no certificates.
  const secured = connect({
    socket,
    secureContext: context,
    servername: sniOf(serverName),
    rejectUnauthorized: false,
  });
  const ended = new Promise<HandshakeOutcome>((resolve) => {
    const settle = (outcome: HandshakeOutcome) => {
      clearTimeout(timer);
      clearInterval(counter);
      secured.off('secureConnect', onSecure).off('close', onClosed);
      resolve(outcome);
    };
    const onSecure = () => {
      secured.pause();
      const chain = chainAsSent(secured);
      if (chain === undefined) return settle({ ok: false, ...chainTooLong });
      const cipher = secured.getCipher();
      settle({
        ok: true,
        handshake: { protocol: secured.getProtocol() ?? '', cipher: cipher.standardName, chain },
      });
    };
    const onClosed = () => settle({ ok: false, ...tlsFault('ECONNRESET') });
    const timer = setTimeout(
      () => settle({ ok: false, fault: 'network', because: 'tls-timeout', ...noFurther }),
      Math.max(0, endsAt - performance.now()),
    );
    const counter = setInterval(() => {
      if (socket.bytesRead < MAX_HANDSHAKE_OCTETS) return;
      settle({ ok: false, fault: 'theirs', because: 'tls-handshake-failed', ...noFurther });
    }, COUNT_EVERY);
    secured.on('secureConnect', onSecure).on('close', onClosed);
    secured.on('error', (error: NodeJS.ErrnoException) =>
      settle({ ok: false, ...tlsFault(error.code ?? '') }),
    );
  });
  return { secured, ended };
}

/** RFC 6066 §3: a host name without its final dot, never an address; empty for no SNI. */
export function sniOf(serverName: string): string {
  const name = serverName.replace(/\.$/, '');
  const isHostName = /^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/.test(name) && name.length <= 253;
  return isHostName && isIP(name) === 0 ? name : '';
}
