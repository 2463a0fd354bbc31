/**
 * The SMTP dialogue of a probe, as a pure step machine (RFC 5321 §3.1, §3.2, §4.2; RFC 3207 §4).
 *
 * In: what was heard on the connection. Out: the next state and what to do: listen, say a line, begin TLS, or stop and with what.
 * It knows no sockets and no clock; the driver tells it of closed connections and spent deadlines. It never says MAIL.
 *
 * States, each left by one reply of the server:
 * - `greeting`: entered on connection. 2xx: says EHLO. 4xx, 5xx: we are not served, so nothing is known.
 * - `ehlo`: 2xx with STARTTLS: says STARTTLS; without: done. 4xx: not served. 5xx: says HELO, only to tell the next two apart:
 * - `helo`: 2xx: the server has no EHLO, so no STARTTLS. Anything else: it does not talk to us at all.
 * - `starttls`: 2xx and nothing behind it: TLS begins, and with it the state `ehlo-in-tls`, at the driver's word.
 *   Octets behind it were sent in clear and would be taken for the TLS server's: CVE-2011-0411, unless they are a 421.
 *   Other replies: refused.
 * - `ehlo-in-tls`: RFC 3207 §4.2: what was heard before TLS is forgotten and asked again. 2xx: the keywords; then done.
 * 421 in any state says that the service closes: could not look (RFC 5321 §3.8).
 */
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { ehloKeywords } from './ehlo-keywords.ts';
import { type Reply, readReply } from './reply.ts';

export type DialogueState = 'greeting' | 'ehlo' | 'helo' | 'starttls' | 'ehlo-in-tls';

/** How far the dialogue came: the last thing that the server granted. */
export type DialogueStage = 'connect' | 'greeting' | 'ehlo' | 'starttls';

/** What is known so far. */
export interface Heard {
  readonly reached: DialogueStage;
  readonly banner: string;
  readonly capabilities: readonly string[];
  readonly capabilitiesInTls: readonly string[] | null;
  readonly starttlsOffered: boolean | null;
}

export interface Dialogue {
  readonly state: DialogueState;
  readonly ehloName: string;
  /** Octets received that make no whole reply yet. */
  readonly pending: Buffer;
  readonly heard: Heard;
}

export type Signal =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  | { readonly kind: 'said' }
  | { readonly kind: 'tls-begun' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'timeout' };

export type Step =
  | { readonly do: 'listen' }
  /** Send `line` (without its CRLF), then signal `said`. */
  | { readonly do: 'say'; readonly line: string }
  /** Begin the TLS handshake; once it ended well, signal `tls-begun`. */
  | { readonly do: 'start-tls' }
  /** All is asked. Say QUIT. */
  | { readonly do: 'finish' }
  /** It ends here. `polite`: the server still listens, so say QUIT. */
  | {
      readonly do: 'stop';
      readonly fault: 'ours' | 'network' | 'theirs';
      readonly because: ReasonKey;
      readonly polite: boolean;
    };

/** A dialogue that waits for the greeting. `ehloName` is a host name or address literal (RFC 5321 §4.1.3). */
export function beginDialogue(ehloName: string): Dialogue {
  if (!/^[\x21-\x7e]{1,255}$/.test(ehloName))
    throw new TypeError(`not an EHLO name: ${JSON.stringify(ehloName)}`);
  return {
    state: 'greeting',
    ehloName,
    pending: Buffer.alloc(0),
    heard: {
      reached: 'connect',
      banner: '',
      capabilities: [],
      capabilitiesInTls: null,
      starttlsOffered: null,
    },
  };
}

/** One step on. */
export function next(dialogue: Dialogue, signal: Signal): readonly [Dialogue, Step] {
  switch (signal.kind) {
    case 'octets':
      return takeReply({ ...dialogue, pending: Buffer.concat([dialogue.pending, signal.octets]) });
    case 'said':
      return takeReply(dialogue);
    case 'tls-begun':
      return say(
        { ...dialogue, state: 'ehlo-in-tls', pending: Buffer.alloc(0) },
        `EHLO ${dialogue.ehloName}`,
      );
    case 'closed':
      return [dialogue, stop('theirs', 'connection-reset', 'rude')];
    case 'timeout':
      // Patience is shorter here than the minutes of RFC 5321 §4.5.3.2, so a timeout does not prove anything about the server.
      return [
        dialogue,
        stop('network', dialogue.state === 'greeting' ? 'greeting-timeout' : 'smtp-timeout', 'rude'),
      ];
    default:
      return never(signal);
  }
}

function takeReply(dialogue: Dialogue): readonly [Dialogue, Step] {
  const read = readReply(dialogue.pending);
  switch (read.state) {
    case 'partial':
      return [dialogue, { do: 'listen' }];
    case 'unreadable':
      return [{ ...dialogue, pending: Buffer.alloc(0) }, stop('theirs', read.because, 'rude')];
    case 'reply':
      return answer({ ...dialogue, pending: read.rest }, read.reply);
    default:
      return never(read);
  }
}

function answer(dialogue: Dialogue, reply: Reply): readonly [Dialogue, Step] {
  const kind = Math.floor(reply.code / 100);
  // RFC 5321 §4.2.1: 3yz asks for more of a command, and none was sent that could have more.
  if (kind === 3) return [dialogue, stop('theirs', 'smtp-syntax', 'polite')];
  switch (dialogue.state) {
    case 'greeting': {
      const greeted = hear(dialogue, { banner: reply.lines[0] ?? '' });
      if (kind === 4) return [greeted, stop('ours', 'greeting-rejected-temporarily', 'polite')];
      if (kind === 5) return [greeted, stop('ours', 'greeting-rejected', 'polite')];
      const served = hear(greeted, { reached: 'greeting' });
      return say({ ...served, state: 'ehlo' }, `EHLO ${dialogue.ehloName}`);
    }
    case 'ehlo': {
      if (kind === 4) return [dialogue, stop('ours', 'ehlo-rejected-temporarily', 'polite')];
      if (kind === 5) return say({ ...dialogue, state: 'helo' }, `HELO ${dialogue.ehloName}`);
      const capabilities = ehloKeywords(reply);
      const starttlsOffered = capabilities.includes('STARTTLS');
      const told = hear(dialogue, { reached: 'ehlo', capabilities, starttlsOffered });
      if (!starttlsOffered) return [told, stop('theirs', 'starttls-not-offered', 'polite')];
      return say({ ...told, state: 'starttls' }, 'STARTTLS');
    }
    case 'helo':
      if (kind === 2) {
        return [hear(dialogue, { starttlsOffered: false }), stop('theirs', 'ehlo-rejected', 'polite')];
      }
      if (kind === 4) return [dialogue, stop('ours', 'ehlo-rejected-temporarily', 'polite')];
      return [dialogue, stop('ours', 'helo-rejected', 'polite')];
    case 'starttls': {
      if (reply.code === 421) return [dialogue, stop('ours', 'session-closed-by-server', 'rude')];
      if (kind !== 2) return [dialogue, stop('theirs', 'starttls-refused', 'polite')];
      const ready = hear(dialogue, { reached: 'starttls' });
      if (dialogue.pending.length === 0) return [ready, { do: 'start-tls' }];
      // RFC 3207 §5, CVE-2011-0411: nothing may stand between the reply and the handshake.
      if (!closesService(dialogue.pending))
        return [ready, stop('theirs', 'plaintext-after-starttls', 'rude')];
      return [ready, stop('ours', 'session-closed-by-server', 'rude')];
    }
    case 'ehlo-in-tls':
      if (kind !== 2) return [dialogue, { do: 'finish' }];
      return [hear(dialogue, { capabilitiesInTls: ehloKeywords(reply) }), { do: 'finish' }];
    default:
      return never(dialogue.state);
  }
}

/** RFC 5321 §3.8: a server may say 421 at any time, unasked. */
function closesService(octets: Buffer): boolean {
  const read = readReply(octets);
  return read.state === 'reply' && read.reply.code === 421;
}

function hear(dialogue: Dialogue, more: Partial<Heard>): Dialogue {
  return { ...dialogue, heard: { ...dialogue.heard, ...more } };
}

function say(dialogue: Dialogue, line: string): readonly [Dialogue, Step] {
  return [dialogue, { do: 'say', line }];
}

function stop(fault: 'ours' | 'network' | 'theirs', because: ReasonKey, manner: 'polite' | 'rude'): Step {
  return { do: 'stop', fault, because, polite: manner === 'polite' };
}
