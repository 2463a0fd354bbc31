/**
 * Exim's main log (log_selector with tls_cipher and tls_certificate_verified): one line per delivery and recipient.
 *
 * `=>`, `->`, `>>` delivered, `**` bounced, `==` deferred; `CV=dane` authenticated by DANE. `DANE attempt failed` is a line of
 * its own before the delivery's: it belongs to the next lines of the same message and host, or stands alone where another host
 * took the mail. Fields are read where Exim writes them: before the remote server's text (`C="…"`, or behind `: `).
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Delivery, LoggedStatus, LoggedTls, LogReader } from './delivery.ts';
import { domainOf } from './destination.ts';
import { Pending } from './pending.ts';
import { readSyslogHeader } from './syslog-header.ts';

/** A DANE attempt that failed at a host. */
interface Attempt {
  readonly host: string;
  readonly address: string;
  readonly fault: ReasonKey;
  readonly joined: boolean;
}

const timestamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: [+-]\d{4})? (?:\[\d{1,10}\] )?/;
const messageId = /^([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) /;
const attemptLine = /^DANE attempt failed; TLS connection to ([^ ]{1,255}) \[([^\] ]{1,64})\]: (.*)$/s;
/** What happened at one host; the delivery's own line follows, or that of another host. */
const hostLine = /^H=([^ ]{1,255}) (?:DS )?\[([^\] ]{1,64})\]:? (.*)$/s;
const deliveryLine = /^(=>|->|>>|\*>|\*\*|==) (.*)$/s;

export class EximLog implements LogReader {
  readonly #attempts = new Pending<Attempt>();
  /** Only a log that shows TLS at all says by a missing `X=` that there was none. */
  #logsTls = false;

  read(line: string): readonly Delivery[] | undefined {
    const text = textOf(line);
    const id = text === undefined ? null : messageId.exec(text);
    if (text === undefined || id === null) return undefined;
    const said = text.slice(id[0].length);
    const delivery = deliveryLine.exec(said);
    if (delivery !== null) return this.#delivery(id[1]!, delivery[1]!, delivery[2]!);
    const attempt = attemptOf(said);
    if (attempt !== null) {
      const dropped = this.#attempts.set(`${id[1]} ${attempt.host} ${attempt.address}`, attempt);
      return dropped === undefined || dropped.joined ? [] : [alone(dropped)];
    }
    return /^(?:H=[^ ]{1,255} \[[^\] ]{1,64}\]:? )?DANE error: |^<= |^Completed(?: |$)/.test(said)
      ? []
      : undefined;
  }

  end(): readonly Delivery[] {
    return this.#attempts
      .drain()
      .filter(({ joined }) => !joined)
      .map(alone);
  }

  #delivery(id: string, arrow: string, text: string): readonly Delivery[] {
    const status = statusOf(arrow);
    const { fields, own } = partsOf(status, text);
    const peer = / H=([^ ]{1,255}) (?:DS )?\[([0-9A-Fa-f.:]{2,64})\]/.exec(fields);
    // A delivery into a mailbox or a pipe.
    if (status === 'sent' && peer === null) return [];
    const [, host = null, address = null] = peer ?? [];
    const hasTls = / X=[^ ]/.test(fields);
    if (hasTls) this.#logsTls = true;
    const key = `${id} ${host} ${address}`;
    const attempt = this.#attempts.get(key);
    if (attempt !== undefined && status !== 'sent') this.#attempts.set(key, { ...attempt, joined: true });
    const fault = status === 'sent' ? null : (faultOf(own) ?? attempt?.fault ?? null);
    const verified = / CV=(dane|yes|no)(?: |$)/.exec(fields)?.[1];
    const isClear = status === 'sent' && !hasTls && this.#logsTls;
    return [
      {
        mta: 'exim',
        domain: recipientDomain(fields),
        host,
        address,
        tls: hasTls ? tlsOf(verified) : isClear ? 'none' : 'unknown',
        status,
        daneFault: fault,
      },
    ];
  }
}

/** A line of a host's own; a TLSA lookup that fails stands in the delivery's line as well, without its host, and counts there. */
function attemptOf(said: string): Attempt | null {
  const failed = attemptLine.exec(said);
  if (failed !== null) {
    const [, host = '', address = '', why = ''] = failed;
    return { host, address, fault: attemptFault(why), joined: false };
  }
  const [, host = '', address = '', why = ''] = hostLine.exec(said) ?? [];
  const fault = why.startsWith('DANE error: ') ? null : faultOf(why);
  return fault === null ? null : { host, address, fault, joined: false };
}

/** Through syslog the line may have both headers. */
function textOf(line: string): string | undefined {
  const header = readSyslogHeader(line);
  if (header !== undefined && !/^exim4?$/.test(header.program)) return undefined;
  const text = header?.text ?? line;
  const stamped = timestamp.exec(text);
  if (stamped === null) return header === undefined ? undefined : text;
  return text.slice(stamped[0].length);
}

/** The host took no mail, and another one may have: the log does not say for which domain. */
function alone({ host, address, fault }: Attempt): Delivery {
  return { mta: 'exim', domain: null, host, address, tls: 'unknown', status: 'unknown', daneFault: fault };
}

function statusOf(arrow: string): LoggedStatus {
  if (arrow === '**') return 'bounced';
  return arrow === '==' ? 'deferred' : 'sent';
}

/** Exim's fields, and its own words behind them; what the remote server said is in neither where Exim marks it. */
function partsOf(status: LoggedStatus, text: string): { readonly fields: string; readonly own: string } {
  if (status === 'sent') {
    const confirmation = text.indexOf(' C="');
    return { fields: confirmation < 0 ? text : text.slice(0, confirmation), own: '' };
  }
  const colon = text.indexOf(': ');
  if (colon < 0) return { fields: text, own: '' };
  return { fields: text.slice(0, colon), own: text.slice(colon + 2) };
}

/** `user@example.net R=…`, `user <user@example.net> R=…`; the address as routed comes first. */
function recipientDomain(fields: string): string | null {
  const end = fields.search(/ (?:R|T|P|F|H|S)=/);
  const recipient = end < 0 ? fields : fields.slice(0, end);
  const first = recipient.split(' ', 1)[0]!.replace(/^<|>$/g, '');
  if (first.includes('@')) return domainOf(first);
  const bracketed = /<([^<>]{1,1024})>/.exec(recipient);
  return bracketed === null ? null : domainOf(bracketed[1]!);
}

function tlsOf(verified: string | undefined): LoggedTls {
  switch (verified) {
    case 'dane':
      return 'verified';
    case 'yes':
      return 'trusted';
    case 'no':
      return 'untrusted';
    default:
      return 'encrypted';
  }
}

const phrases: readonly (readonly [RegExp, ReasonKey])[] = [
  // FAIL: no TLSA records, or a lookup that failed for good, and hosts_require_dane.
  [/^DANE error: tlsa lookup FAIL/, 'dane-required-absent'],
  [/^DANE error: tlsa lookup /, 'tlsa-lookup-failed'],
  [/^DANE error: .{1,300} lookup not DNSSEC/, 'dane-required-absent'],
  [/^DANE error: /, 'dane-failed-unexplained'],
  // Also of hosts_require_tls: the log cannot tell.
  [/^a TLS session is required, but the server did not offer TLS support/, 'starttls-not-offered'],
  [/^a TLS session is required, but an attempt to start TLS failed/, 'starttls-refused'],
  // Without DANE Exim goes on in clear after a 4xx reply (tls_tempfail_tryclear).
  [/^SMTP error from remote mail server after STARTTLS: 4/, 'starttls-refused'],
];

function faultOf(own: string): ReasonKey | null {
  return phrases.find(([pattern]) => pattern.test(own))?.[1] ?? null;
}

/** The words are those of Exim, GnuTLS or OpenSSL. GnuTLS says `CA constrains` under usage 2 whether it mismatches or expired. */
function attemptFault(why: string): ReasonKey {
  const text = why.slice(0, 1000);
  if (/none usable|no usable/i.test(text)) return 'tlsa-unusable';
  if (/certificate differs|no matching/i.test(text)) return 'tlsa-mismatch';
  if (/expired|not yet valid|not yet activated/i.test(text)) return 'ta-expired';
  if (/name mismatch|hostname|does not match the/i.test(text)) return 'ta-name-mismatch';
  if (/issuer|not trusted|self.signed/i.test(text)) return 'ta-chain-invalid';
  return /handshake/i.test(text) ? 'tls-handshake-failed' : 'dane-failed-unexplained';
}
