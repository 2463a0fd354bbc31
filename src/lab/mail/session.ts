/**
 * One SMTP session of the lab (RFC 5321, RFC 3207), played as the plan of the address says. It takes no mail: after EHLO and
 * STARTTLS there is only QUIT. In: an accepted socket whose PROXY header is gone. It does not answer for time-outs of its own:
 * who dials gives up, or the listener's idle limit ends it.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { never } from '../../base/never.ts';
import type { MailServerAt } from '../plan/world.ts';
import type { ContextFor } from './tls-contexts.ts';

/** RFC 8446 §6: a fatal alert, internal_error. */
const FATAL_ALERT = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50]);
/** RFC 5321 §4.5.3.1.4 and some room. */
const MAX_LINE_OCTETS = 2048;

/** `early` are octets that came with the PROXY header. */
export function playSession(
  socket: Socket,
  early: Buffer,
  { host, server }: MailServerAt,
  contextFor: ContextFor,
): void {
  const { kind } = server;
  const greet = () => socket.write(`220 ${host} ESMTP lab\r\n`);
  switch (kind) {
    case 'refused':
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'silent':
      socket.resume();
      return;
    case 'greets-421':
      socket.end(`421 ${host} too busy, come back later\r\n`);
      return;
    case 'greets-554':
      socket.write(`554 ${host} no service for you\r\n`);
      listen(socket, early, (line) => (isQuit(line) ? bye(socket, host) : say(socket, '503 no service')));
      return;
    case 'tls':
    case 'ehlo-refused':
    case 'no-starttls':
    case 'starttls-454':
    case 'injects':
    case 'tls-alert':
    case 'not-tls':
      greet();
      break;
    default:
      never(kind);
  }
  listen(socket, early, (line, stopListening) => {
    const verb = line.slice(0, 8).toUpperCase();
    if (isQuit(line)) return bye(socket, host);
    if (verb.startsWith('HELO')) return say(socket, `250 ${host}`);
    if (verb.startsWith('EHLO')) {
      if (kind === 'ehlo-refused') return say(socket, '502 5.5.1 EHLO not implemented');
      return say(socket, capabilities(host, kind !== 'no-starttls'));
    }
    if (verb !== 'STARTTLS' || kind === 'no-starttls' || kind === 'ehlo-refused') {
      return say(socket, '502 5.5.1 not implemented');
    }
    if (kind === 'starttls-454') return say(socket, '454 4.7.0 TLS not available due to temporary reason');
    stopListening();
    switch (kind) {
      case 'injects':
        say(socket, '220 2.0.0 go ahead\r\n250 injected');
        socket.resume();
        return;
      case 'tls-alert':
        say(socket, '220 2.0.0 go ahead');
        socket.once('data', () => socket.end(FATAL_ALERT));
        return;
      case 'not-tls':
        say(socket, '220 2.0.0 go ahead');
        socket.once('data', () => socket.end('500 5.5.2 what do you mean?\r\n'));
        return;
      case 'tls':
        say(socket, '220 2.0.0 go ahead');
        secure(socket);
        return;
    }
  });

  function secure(plain: Socket): void {
    if (server.kind !== 'tls') throw new Error('internal error: a session without TLS begins TLS');
    const secured = new TLSSocket(plain, {
      isServer: true,
      secureContext: contextFor(server, undefined),
      // Only where it makes a difference: of the context that it gives, Node uses the last certificate alone.
      ...(server.withoutSni && {
        SNICallback: (serverName, answer) => answer(null, contextFor(server, serverName)),
      }),
    });
    secured.on('error', () => secured.destroy());
    listen(secured, Buffer.alloc(0), (line) => {
      if (isQuit(line)) return bye(secured, host);
      const isEhlo = /^(EHLO|HELO)\b/i.test(line);
      return say(secured, isEhlo ? capabilities(host, false) : '502 5.5.1 not implemented');
    });
  }
}

function capabilities(host: string, starttls: boolean): string {
  const lines = [host, 'PIPELINING', 'SIZE 10240000', ...(starttls ? ['STARTTLS'] : []), '8BITMIME'];
  return lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
}

function isQuit(line: string): boolean {
  return /^QUIT\b/i.test(line);
}

function bye(socket: Socket, host: string): void {
  socket.end(`221 2.0.0 ${host} closing\r\n`);
}

function say(socket: Socket, reply: string): void {
  socket.write(`${reply}\r\n`);
}

/** Hears lines until `stopListening` or the end of the socket. What stands behind the line that stopped it is dropped. */
function listen(
  socket: Socket,
  early: Buffer,
  onLine: (line: string, stopListening: () => void) => void,
): void {
  let pending = early.toString('latin1');
  let isListening = true;
  const stop = () => {
    isListening = false;
    socket.off('data', take);
  };
  const take = (octets: Buffer) => {
    pending += octets.toString('latin1');
    for (let end = pending.indexOf('\n'); isListening && end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end).trim();
      pending = pending.slice(end + 1);
      onLine(line, stop);
    }
    if (pending.length > MAX_LINE_OCTETS) socket.destroy();
  };
  socket.on('data', take);
  if (early.length > 0) take(Buffer.alloc(0));
}
