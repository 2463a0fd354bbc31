/**
 * PowerMTA's TLS lines (`log-tls yes`), in the forms of the how-to ("Implementing DANE for SMTP on Port25 PowerMTA"); not run here.
 *
 * They name neither recipient nor host. The host is that of the TLSA query (`log-resolution yes`) that stands right before the
 * session's lines; without one it is not known. Sessions are told apart by what stands before `tls: `.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Delivery, LoggedTls, LogReader } from './delivery.ts';
import { domainName } from './destination.ts';
import { Pending } from './pending.ts';

interface Session {
  readonly host: string | null;
  readonly tls: LoggedTls;
  readonly fault: ReasonKey | null;
}

const PREFIX_MOST = 300;

export class PowerMtaLog implements LogReader {
  readonly #sessions = new Pending<Session>();
  #queried: string | null = null;

  read(line: string): readonly Delivery[] | undefined {
    const query = /^.{0,300}?Starting new query for TLSA _\d{1,5}\._tcp\.([^ :]{1,255}):?/s.exec(line);
    if (query !== null) {
      this.#queried = domainName(query[1]!);
      return [];
    }
    if (/^(?:.{0,300}?\banswer )?[^ ]{1,255} \d{1,10} IN (?:TLSA|CNAME) /s.test(line)) return [];
    const at = line.indexOf('tls: ');
    if (at < 0 || at > PREFIX_MOST) return undefined;
    const key = line.slice(0, at).replace(/^\d{4}-\d\d-\d\d[ T][\d:.]{8,15}\S{0,6} ?/, '');
    const text = line.slice(at + 'tls: '.length);

    if (/^(?:TLS|SSL)v[\d.]{1,5} connected with /.test(text)) {
      const ended = this.#sessions.take(key);
      const dropped = this.#sessions.set(key, { host: this.#queried, tls: 'encrypted', fault: null });
      this.#queried = null;
      return [ended, dropped].flatMap((session) => (session === undefined ? [] : [deliveryOf(session)]));
    }
    const session = this.#sessions.get(key);
    if (session === undefined) return /^(?:cert|DANE)\b/.test(text) ? [] : undefined;
    const verified = /^cert: .*; verified=(yes|no)\s*$/s.exec(text)?.[1];
    if (verified !== undefined) {
      this.#sessions.set(key, { ...session, tls: verified === 'yes' ? 'trusted' : 'untrusted' });
      return [];
    }
    if (text.startsWith('DANE match: ')) {
      this.#sessions.take(key);
      return [deliveryOf({ ...session, tls: 'verified', fault: null })];
    }
    if (!text.startsWith('DANE ')) return undefined;
    this.#sessions.set(key, { ...session, fault: 'dane-failed-unexplained' });
    return [];
  }

  end(): readonly Delivery[] {
    return this.#sessions.drain().map(deliveryOf);
  }
}

function deliveryOf({ host, tls, fault }: Session): Delivery {
  return { mta: 'powermta', domain: null, host, address: null, tls, status: 'unknown', daneFault: fault };
}
