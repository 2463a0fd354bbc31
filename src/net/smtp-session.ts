/**
 * One connection of a probe: TCP, the dialogue of `smtp/dialogue.ts`, the TLS handshake, EHLO again, QUIT. Never MAIL.
 * Holds no judgement: what the dialogue heard and where it ended is handed back. All sockets are closed when it returns.
 */
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { beginDialogue, type Heard, next, type Step } from '../smtp/dialogue.ts';
import type { ProbedHandshake } from '../survey/probe-port.ts';
import type { Fault, ProbeStage } from '../survey/probed-facts.ts';
import type { DialTarget } from './dial.ts';
import { openSocket } from './smtp-connect.ts';
import { closed, hear } from './smtp-hearing.ts';
import type { SmtpTimeouts } from './smtp-timeouts.ts';
import type { TlsFault } from './tls-fault.ts';
import { handshakeOver } from './tls-handshake.ts';

export interface SessionRequest {
  readonly target: DialTarget;
  readonly serverName: string;
  readonly ehloName: string;
  readonly context: SecureContext;
  readonly timeouts: SmtpTimeouts;
  /** When the whole endpoint must be done, as an instant of `performance.now()`. */
  readonly endsAt: number;
  readonly signal: AbortSignal | undefined;
}

export interface SessionOutcome extends Omit<Heard, 'reached'> {
  readonly reached: ProbeStage;
  readonly fault: Fault | null;
  readonly because: ReasonKey | null;
  readonly handshake: ProbedHandshake | null;
  /** How the handshake failed; null where none was begun, or where it ended well. */
  readonly failedTls: TlsFault | null;
}

const nothingHeard: Omit<Heard, 'reached'> = {
  banner: '',
  capabilities: [],
  capabilitiesInTls: null,
  starttlsOffered: null,
};

/** An outcome that ended before the dialogue. */
export function notReached(fault: Fault, because: ReasonKey): SessionOutcome {
  return { ...nothingHeard, reached: 'nothing', fault, because, handshake: null, failedTls: null };
}

/** Rejects only with the signal's reason. */
export async function smtpSession(request: SessionRequest): Promise<SessionOutcome> {
  const { target, timeouts, signal } = request;
  signal?.throwIfAborted();
  const open: Socket[] = [];
  const abort = () => {
    for (const socket of open) socket.destroy();
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const { socket, connected } = openSocket(target, deadline(request, timeouts.connect));
    open.push(socket);
    const fault = await connected;
    const outcome =
      fault === null ? await talk(request, socket, open) : notReached(fault.fault, fault.because);
    signal?.throwIfAborted();
    return outcome;
  } finally {
    signal?.removeEventListener('abort', abort);
    // The TLS socket before the one it stands on.
    for (const socket of open.reverse()) await closed(socket);
  }
}

async function talk(request: SessionRequest, socket: Socket, open: Socket[]): Promise<SessionOutcome> {
  const { timeouts } = request;
  let line = socket;
  let handshake: ProbedHandshake | null = null;
  let dialogue = beginDialogue(request.ehloName);
  let step: Step = { do: 'listen' };
  let endsAt = deadline(request, timeouts.greeting);
  const ended = (
    fault: Fault | null,
    because: ReasonKey | null,
    failedTls: TlsFault | null = null,
  ): SessionOutcome =>
    handshake === null
      ? { ...dialogue.heard, fault, because, handshake, failedTls }
      : { ...dialogue.heard, reached: 'tls', fault: null, because: null, handshake, failedTls: null };
  for (;;) {
    switch (step.do) {
      case 'listen':
        [dialogue, step] = next(dialogue, await hear(line, endsAt));
        break;
      case 'say':
        line.write(`${step.line}\r\n`);
        endsAt = deadline(request, timeouts.command);
        [dialogue, step] = next(dialogue, { kind: 'said' });
        break;
      case 'start-tls': {
        const { secured, ended: handshakeEnded } = handshakeOver(
          socket,
          request.context,
          request.serverName,
          deadline(request, timeouts.tls),
        );
        open.push(secured);
        const outcome = await handshakeEnded;
        if (!outcome.ok) return ended(outcome.fault, outcome.because, outcome);
        line = secured;
        handshake = outcome.handshake;
        [dialogue, step] = next(dialogue, { kind: 'tls-begun' });
        break;
      }
      case 'finish':
        await quit(line, deadline(request, timeouts.quit));
        return ended(null, null);
      case 'stop':
        if (step.polite) await quit(line, deadline(request, timeouts.quit));
        return ended(step.fault, step.because);
      default:
        return never(step);
    }
  }
}

/** RFC 5321 §4.1.1.10: says QUIT and waits for an answer, whatever it is, before the connection is closed. */
async function quit(line: Socket, endsAt: number): Promise<void> {
  if (line.destroyed || !line.writable) return;
  line.write('QUIT\r\n');
  await hear(line, endsAt);
}

function deadline({ endsAt }: SessionRequest, patience: number): number {
  return Math.min(endsAt, performance.now() + patience);
}
