/**
 * Halon's text log, in the forms of the how-to ("Implementing DANE for SMTP on Halon") and of reports in public; not run here.
 *
 * Lines of one delivery follow each other; they are told apart by what stands before Halon's words, without its timestamp.
 * Without `(DANE)` a TLS line does not say whether the certificate was looked at.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Delivery, LoggedStatus, LoggedTls, LogReader } from './delivery.ts';
import { domainName, domainOf } from './destination.ts';
import { Pending } from './pending.ts';
import { readSyslogHeader } from './syslog-header.ts';

interface Session {
  readonly domain: string | null;
  readonly host: string | null;
  readonly address: string | null;
  readonly tls: LoggedTls;
  readonly fault: ReasonKey | null;
}
const fresh: Session = { domain: null, host: null, address: null, tls: 'unknown', fault: null };

/** Where Halon's own words begin. */
const words = [
  'Processing message from <',
  'Delivering message to ',
  'Connecting to ',
  'Connection is now using TLS',
  'DANE: No TLSA RR for ',
  'DANE error: ',
  'STARTTLS error: DANE: ',
  'Successful delivery to <',
  'Deleting mail file (',
];

export class HalonLog implements LogReader {
  readonly #sessions = new Pending<Session>();

  read(line: string): readonly Delivery[] | undefined {
    const at = Math.min(...words.map((word) => line.indexOf(word)).filter((found) => found >= 0));
    if (at === Number.POSITIVE_INFINITY || at > 300) return undefined;
    const key = sessionKey(line.slice(0, at));
    const text = line.slice(at);
    const session = this.#sessions.get(key) ?? fresh;

    const processing = /^Processing message from <[^<>]{0,1024}> to <([^<>]{0,1024})>/.exec(text);
    if (processing !== null) return this.#begin(key, { ...fresh, domain: domainOf(processing[1]!) });
    const delivering = /^Delivering message to ([^ :]{1,255})/.exec(text);
    if (delivering !== null) {
      return this.#go(key, { ...session, domain: session.domain ?? domainName(delivering[1]!) });
    }
    const connecting = /^Connecting to ([^ []{0,255}) ?\[([0-9A-Fa-f.:]{0,64})\]:\d{1,5}/.exec(text);
    if (connecting !== null) {
      const [, host, address] = connecting;
      return this.#go(key, { ...session, host: host || null, address: address || null, tls: 'unknown' });
    }
    const secured =
      /^Connection is now using TLS[^ ]{1,20} with cipher [^ ]{1,100} \(\d{1,5} bits\)( \(DANE\))?/.exec(
        text,
      );
    if (secured !== null) {
      return this.#go(key, { ...session, tls: secured[1] === undefined ? 'encrypted' : 'verified' });
    }
    if (/^(?:STARTTLS error: DANE|DANE error): /.test(text)) {
      return this.#go(key, { ...session, fault: faultOf(text) });
    }
    const delivered = /^Successful delivery to <([^<>]{0,1024})>/.exec(text);
    if (delivered !== null) {
      const domain = domainOf(delivered[1]!) ?? session.domain;
      this.#sessions.set(key, { ...session, fault: null });
      return [deliveryOf({ ...session, domain }, 'sent')];
    }
    if (text.startsWith('Deleting mail file (')) return this.#begin(key, undefined);
    return [];
  }

  end(): readonly Delivery[] {
    return this.#sessions.drain().flatMap(unfinished);
  }

  #go(key: string, session: Session): readonly Delivery[] {
    const dropped = this.#sessions.set(key, session);
    return dropped === undefined ? [] : unfinished(dropped);
  }

  /** The session before has ended. */
  #begin(key: string, session: Session | undefined): readonly Delivery[] {
    const ended = this.#sessions.take(key);
    const told = ended === undefined ? [] : unfinished(ended);
    return session === undefined ? told : [...told, ...this.#go(key, session)];
  }
}

/** The last bracketed word, which is a message's or a session's; else program and process; else all lines are of one. */
function sessionKey(prefix: string): string {
  const bracketed = /\[([^[\]]{1,100})\][^[\]]{0,100}$/.exec(prefix);
  const header = readSyslogHeader(`${prefix} `);
  const inText = header === undefined ? prefix : header.text;
  const id = /\[([^[\]]{1,100})\]/.exec(inText) ?? bracketed;
  return `${header?.machine ?? ''} ${id?.[1] ?? `${header?.program ?? ''} ${header?.pid ?? ''}`}`;
}

/** What a session that ends without delivery leaves: only what DANE failed by. */
function unfinished(session: Session): readonly Delivery[] {
  return session.fault === null ? [] : [deliveryOf(session, 'unknown')];
}

function deliveryOf({ domain, host, address, tls, fault }: Session, status: LoggedStatus): Delivery {
  return { mta: 'halon', domain, host, address, tls, status, daneFault: fault };
}

function faultOf(text: string): ReasonKey {
  if (/lookup|SERVFAIL|timeout|timed out/i.test(text.slice(0, 500))) return 'tlsa-lookup-failed';
  return 'dane-failed-unexplained';
}
