/**
 * The log of Postfix's smtp(8) and error(8) (postlog format; TLS lines from smtp_tls_loglevel 1 on).
 *
 * A TLS line carries no queue id: it belongs to the next `status=` line of its process, and to those behind it of the same
 * message to the same host. The level (may, dane, dane-only) is not in the log. Phrases count only where Postfix itself put
 * them, at the beginning of the reason: what stands behind `said:` is the remote server's text.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Delivery, LoggedStatus, LoggedTls, LogReader } from './delivery.ts';
import { domainOf } from './destination.ts';
import { Pending } from './pending.ts';
import { type NotVerified, notVerified } from './postfix-verification.ts';
import { readSyslogHeader, type SyslogLine } from './syslog-header.ts';

/** What is known of one process between its lines. */
interface Session {
  readonly tls: LoggedTls | null;
  /** `host[address]:port` of the TLS line. */
  readonly peer: string;
  /** Why the last certificate was not verified; null where nothing was said. */
  readonly why: NotVerified | null;
  /** What failed at hosts tried before; null where nothing did. */
  readonly earlier: ReasonKey | null;
  /**
   * Message and domain that those were joined to; empty until then. Recipients of one message and domain share a connection;
   * other domains of the message have connections of their own.
   */
  readonly joinedTo: string;
}
const fresh: Session = { tls: null, peer: '', why: null, earlier: null, joinedTo: '' };

export class PostfixLog implements LogReader {
  readonly #sessions = new Pending<Session>();
  /** Services that have logged TLS: only of these a missing line says that there was none. */
  readonly #logsTls = new Pending<true>();

  read(line: string): readonly Delivery[] | undefined {
    const header = readSyslogHeader(line);
    if (header === undefined || !/(?:^|\/)(?:smtp|error|retry)$/.test(header.program)) return undefined;
    const key = `${header.machine} ${header.program} ${header.pid}`;
    const session = this.#sessions.get(key) ?? fresh;
    const note = this.#note(header, session);
    if (note !== undefined) {
      this.#sessions.set(key, note);
      return [];
    }
    const status = readStatus(header.text);
    if (status === undefined) return undefined;
    const { delivery, session: after } = this.#join(header, status, session);
    this.#sessions.set(key, after);
    return [delivery];
  }

  end(): readonly Delivery[] {
    return [];
  }

  /** A line that says something about the `status=` line to come. */
  #note({ machine, program, text }: SyslogLine, session: Session): Session | undefined {
    const open = session.joinedTo === '' ? session : fresh;
    const tls =
      /^(Verified|Trusted|Untrusted|Anonymous) TLS connection (?:established|reused) to ([^ ]{1,300}): /.exec(
        text,
      );
    if (tls !== null) {
      this.#logsTls.set(`${machine} ${program}`, true);
      const level = tls[1]!.toLowerCase() as LoggedTls;
      return { ...open, tls: level, peer: tls[2]! };
    }
    const failed =
      /^(?:warning: )?(?:server |CA )?certificate verification failed for [^ ]{1,300}: (.*)$/s.exec(text);
    if (failed !== null) return { ...open, why: notVerified(failed[1]!) ?? open.why };
    if (/^warning: [^ ]{1,300}: all TLSA records unusable/.test(text)) {
      return { ...open, why: 'tlsa-unusable' };
    }
    // A host that was tried before the one that the `status=` line is about.
    const earlier = /^[0-9A-Za-z]{5,20}: (?!to=<)(.*)$/s.exec(text);
    const fault = earlier === null ? null : faultOf(earlier[1]!, open.why);
    return fault === null ? undefined : { ...open, why: null, earlier: fault };
  }

  #join(
    { machine, program }: SyslogLine,
    { message, domain, relay, status, reusedConnection, because }: StatusLine,
    session: Session,
  ): { readonly delivery: Delivery; readonly session: Session } {
    const joinedTo = `${message} ${domain}`;
    const { tls, peer, why, earlier } =
      session.joinedTo === '' || session.joinedTo === joinedTo ? session : fresh;
    const isJoined = tls !== null && peer === relay;
    const isSilent =
      status !== 'sent' || reusedConnection || this.#logsTls.get(`${machine} ${program}`) === undefined;
    const server = /^([^[\]]*)\[([0-9A-Fa-f.:]+)\](?::\d+)?$/.exec(relay);
    const delivery: Delivery = {
      mta: 'postfix',
      domain,
      host: server?.[1] ?? null,
      address: server?.[2] ?? null,
      tls: isJoined ? tls : isSilent ? 'unknown' : 'none',
      status,
      daneFault: faultOf(because, why) ?? earlier,
    };
    return { delivery, session: { tls, peer, why, earlier, joinedTo } };
  }
}

interface StatusLine {
  readonly message: string;
  readonly domain: string | null;
  readonly relay: string;
  readonly status: LoggedStatus;
  readonly reusedConnection: boolean;
  readonly because: string;
}

/** `QUEUEID: to=<…>, [orig_to=<…>, ]relay=…, [conn_use=N, ]delay=…, delays=…, dsn=…, status=… (…)`. */
function readStatus(text: string): StatusLine | undefined {
  const begin = /^([0-9A-Za-z]{5,20}): to=</.exec(text);
  if (begin === null) return undefined;
  const from = begin[0].length;
  const relayAt = text.indexOf('>, relay=', from);
  if (relayAt < 0) return undefined;
  const originalAt = text.indexOf('>, orig_to=<', from);
  const mailbox = text.slice(from, originalAt >= 0 && originalAt < relayAt ? originalAt : relayAt);
  const fields = text.slice(relayAt + '>, relay='.length);
  const found =
    /^([^,]{1,300}), (conn_use=\d+, )?(?:[a-z]{1,10}=[^,]{1,100}, ){0,4}status=([a-z]{1,20})(?: \((.*))?/s.exec(
      fields,
    );
  if (found === null) return undefined;
  const [, relay = '', reused, word = '', because = ''] = found;
  return {
    message: begin[1]!,
    domain: domainOf(mailbox),
    relay,
    status: word === 'sent' || word === 'deferred' || word === 'bounced' ? word : 'unknown',
    reusedConnection: reused !== undefined,
    because: because.replace(/\)$/, ''),
  };
}

const phrases: readonly (readonly [RegExp, ReasonKey])[] = [
  [/^TLSA lookup error for /, 'tlsa-lookup-failed'],
  [/^non DNSSEC destination/, 'dane-required-absent'],
  [/^no TLSA records found/, 'dane-required-absent'],
  [/^TLSA records unusable/, 'tlsa-unusable'],
  // Also of senders that demand TLS for another reason (encrypt, MTA-STS): the log cannot tell.
  [/^TLS is required, but was not offered/, 'starttls-not-offered'],
  [/^TLS is required, but host .{1,300} refused to start TLS/, 'starttls-refused'],
];

function faultOf(because: string, why: NotVerified | null): ReasonKey | null {
  const own = because.replace(/^delivery temporarily suspended: /, '');
  const phrase = phrases.find(([pattern]) => pattern.test(own));
  if (phrase !== undefined) return phrase[1];
  if (!/^Server certificate not (?:verified|trusted)/.test(own) || why === 'not-dane') return null;
  return why ?? 'dane-failed-unexplained';
}
