/**
 * One SMTP reply (RFC 5321 §4.2), read from octets that come in any portions.
 *
 * In: octets, appended to a buffer. Out: the first whole reply and what is left behind it, or that more is needed, or why this is
 * no reply. Lenient where senders are: a bare LF ends a line, and the text may be anything but a line end.
 * Not here: what a code means.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';

/** Postfix's line_length_limit; RFC 5321 §4.5.3.1.5 allows servers 512 octets. */
export const MAX_REPLY_LINE_OCTETS = 2048;
/** Own limit: EHLO replies have some 20 lines. */
export const MAX_REPLY_LINES = 100;
/** Own limit, so that 100 long lines are not 200 KB. */
export const MAX_REPLY_OCTETS = 16_384;

export interface Reply {
  /** 200 to 599. */
  readonly code: number;
  /** The text of each line, octets as latin1, without code, separator and line end. */
  readonly lines: readonly string[];
}

export type ReadReply =
  | { readonly state: 'reply'; readonly reply: Reply; readonly rest: Buffer }
  | { readonly state: 'partial' }
  | { readonly state: 'unreadable'; readonly because: ReasonKey & ('smtp-syntax' | 'smtp-reply-too-long') };

const LF = 0x0a;
/** RFC 5321 §4.2: three digits, and a space or hyphen. */
const CODE_AND_SEPARATOR = 4;

/** Takes the first reply from `octets`. Reads from the start each time: what is kept is bounded by the limits above. */
export function readReply(octets: Buffer): ReadReply {
  const lines: string[] = [];
  let code: number | undefined;
  let at = 0;
  for (;;) {
    const end = octets.indexOf(LF, at);
    const length = (end === -1 ? octets.length : end + 1) - at;
    if (length > MAX_REPLY_LINE_OCTETS || at + length > MAX_REPLY_OCTETS) {
      // What is no reply from its first octets on is none, in however large portions it comes.
      const began = couldBegin(octets.subarray(at, at + CODE_AND_SEPARATOR));
      return { state: 'unreadable', because: began ? 'smtp-reply-too-long' : 'smtp-syntax' };
    }
    if (end === -1) {
      return couldBegin(octets.subarray(at))
        ? { state: 'partial' }
        : { state: 'unreadable', because: 'smtp-syntax' };
    }
    const line = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s.exec(withoutLineEnd(octets.toString('latin1', at, end)));
    // RFC 5321 §4.2.1: the code of every line of a reply is the same.
    if (line === null || (code !== undefined && Number(line[1]) !== code)) {
      return { state: 'unreadable', because: 'smtp-syntax' };
    }
    code = Number(line[1]);
    lines.push(line[3] ?? '');
    at = end + 1;
    // RFC 5321 §4.2: a hyphen behind the code says that more lines follow; a bare code is a last line.
    if (line[2] !== '-') return { state: 'reply', reply: { code, lines }, rest: octets.subarray(at) };
    if (lines.length === MAX_REPLY_LINES) return { state: 'unreadable', because: 'smtp-reply-too-long' };
  }
}

/** Whether an unfinished line can still become one: so that a server which speaks TLS or HTTP is known without a timeout. */
function couldBegin(octets: Buffer): boolean {
  return /^(?:[2-5](?:[0-9](?:[0-9](?:[ -].*|\r)?)?)?)?$/s.test(octets.toString('latin1'));
}

function withoutLineEnd(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
