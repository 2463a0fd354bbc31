/** Forms as Exim 4.96 logs them (log_selector = +tls_cipher +tls_certificate_verified +dnssec). */
import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { Delivery } from '../../src/mta-log/delivery.ts';
import { EximLog } from '../../src/mta-log/exim.ts';

function read(...lines: readonly string[]): readonly Delivery[] {
  const log = new EximLog();
  return [...lines.flatMap((line) => log.read(line) ?? []), ...log.end()];
}
const line = (text: string, id = '1tFabc-0000001abcd-2xyz') => `2026-11-24 12:00:00 ${id} ${text}`;
const X = 'X=TLS1.3:ECDHE_X25519__ECDSA_SECP256R1_SHA256__AES_256_GCM:256';
const H = 'H=mx.example.net DS [192.0.2.1]';
const R = 'R=dnslookup T=remote_smtp';
const C = 'C="250 2.0.0 Ok: queued as 4Xy" DT=0.1s';

test('a verified delivery', () => {
  expect(read(line(`=> user@example.net ${R} ${H} ${X} CV=dane ${C}`))).toEqual([
    {
      mta: 'exim',
      domain: 'example.net',
      host: 'mx.example.net',
      address: '192.0.2.1',
      tls: 'verified',
      status: 'sent',
      daneFault: null,
    },
  ]);
});

describe('TLS', () => {
  test.each([
    ['CV=yes', `${X} CV=yes`, 'trusted'],
    ['CV=no', `${X} CV=no`, 'untrusted'],
    ['without CV', X, 'encrypted'],
    ['no sign of TLS anywhere: not known', '', 'unknown'],
    ['the server says CV=dane', '', 'unknown'],
  ])('%s', (title, fields, tls) => {
    const said = title.startsWith('the server') ? 'C="250 X=y CV=dane ok"' : C;
    expect(read(line(`=> user@example.net ${R} ${H} ${fields} ${said}`))).toMatchObject([{ tls }]);
  });

  test('a log that shows TLS says by its absence that there was none', () => {
    const [, clear] = read(
      line(`=> a@example.net ${R} ${H} ${X} CV=no ${C}`),
      line(`=> b@plain.test ${R} H=mx.plain.test [192.0.2.2] ${C}`),
    );
    expect(clear).toMatchObject({ domain: 'plain.test', tls: 'none' });
  });
});

describe('states and recipients', () => {
  test.each([
    [`=> user@example.net ${R} ${H} ${X} CV=no ${C}`, 'sent', 'example.net'],
    [`-> user@example.net ${R} ${H} ${X} CV=no ${C}`, 'sent', 'example.net'],
    [`=> user@example.net <alias@other.test> ${R} ${H} ${X} CV=no ${C}`, 'sent', 'example.net'],
    [`=> user <user@Example.NET> F=<me@here.test> ${R} ${H} ${X} CV=no ${C}`, 'sent', 'example.net'],
    [
      `** user@example.net ${R} ${H} ${X} CV=no: SMTP error from remote mail server after RCPT TO:<user@example.net>: 550 no`,
      'bounced',
      'example.net',
    ],
    [
      `== user@example.net ${R} ${H} defer (-44) DT=1s: SMTP error from remote mail server after RCPT TO:<user@example.net>: 450 later`,
      'deferred',
      'example.net',
    ],
    [`== user@[192.0.2.1] ${R} defer (110): Connection timed out`, 'deferred', null],
  ])('%s', (text, status, domain) =>
    expect(read(line(text))).toMatchObject([{ status, domain, daneFault: null }]),
  );

  test('a delivery into a mailbox is none', () => {
    expect(read(line('=> user <user@example.net> R=local_user T=maildir_home'))).toEqual([]);
  });

  test.each([
    [
      'through syslog',
      `Nov 24 12:00:00 out1 exim[7]: ${line(`=> user@example.net ${R} ${H} ${X} CV=dane ${C}`)}`,
    ],
    [
      'through syslog without its own timestamp',
      `Nov 24 12:00:00 out1 exim4[7]: ${line(`=> user@example.net ${R} ${H} ${X} CV=dane ${C}`).slice(20)}`,
    ],
    [
      'milliseconds, time zone, pid',
      line(`=> user@example.net ${R} ${H} ${X} CV=dane ${C}`).replace('12:00:00', '12:00:00.123 +0100 [77]'),
    ],
    [
      'an id of Exim 4.96 and before',
      line(`=> user@example.net ${R} ${H} ${X} CV=dane ${C}`, '1tFabc-000abc-2x'),
    ],
    [
      'DS behind the address',
      line(`=> user@example.net ${R} H=mx.example.net [192.0.2.1] DS ${X} CV=dane ${C}`),
    ],
    ['IPv6', line(`=> user@example.net ${R} H=mx.example.net DS [2001:db8::1] ${X} CV=dane ${C}`)],
  ])('%s', (_, text) => expect(read(text)).toMatchObject([{ domain: 'example.net', tls: 'verified' }]));
});

describe('what DANE failed by', () => {
  const attempt = (why: string) =>
    line(`DANE attempt failed; TLS connection to mx.example.net [192.0.2.1]: ${why}`);
  const failed = line(
    `== user@example.net ${R} H=mx.example.net [192.0.2.1] defer (-37): TLS session: (certificate verification failed)`,
  );
  test.each<[string, readonly string[], ReasonKey | null]>([
    [
      'GnuTLS, another certificate',
      [attempt('(certificate verification failed): The certificate differs'), failed],
      'tlsa-mismatch',
    ],
    [
      'OpenSSL, no match',
      [attempt('(SSL_connect): error: no matching DANE TLSA records'), failed],
      'tlsa-mismatch',
    ],
    [
      'expired',
      [attempt('(certificate verification failed): The certificate chain uses expired certificate'), failed],
      'ta-expired',
    ],
    ['unusable', [attempt('No usable TLSA records'), failed], 'tlsa-unusable'],
    [
      'another host',
      [attempt('(certificate verification failed): certificate name mismatch'), failed],
      'ta-name-mismatch',
    ],
    [
      'no issuer',
      [attempt('The certificate is NOT trusted. The certificate issuer is unknown.'), failed],
      'ta-chain-invalid',
    ],
    [
      'GnuTLS, usage 2: a mismatch, or expired',
      [
        attempt('(certificate verification failed): Verification failed. CA constrains were violated. '),
        failed,
      ],
      'dane-failed-unexplained',
    ],
    [
      'none usable',
      [attempt('(certificate verification failed): TLSA record problem: none usable'), failed],
      'tlsa-unusable',
    ],
    ['no handshake', [attempt('(gnutls_handshake): Handshake failed'), failed], 'tls-handshake-failed'],
    [
      'no word why',
      [attempt('(certificate verification failed): certificate invalid'), failed],
      'dane-failed-unexplained',
    ],
    [
      'STARTTLS refused',
      [
        line('H=mx.example.net [192.0.2.1]: SMTP error from remote mail server after STARTTLS: 454 4.7.0 no'),
        line(
          `== user@example.net ${R} defer (0) ${H}: SMTP error from remote mail server after STARTTLS: 454 4.7.0 no`,
        ),
      ],
      'starttls-refused',
    ],
    [
      'a lookup, told of the host first',
      [
        line('H=mx.example.net [192.0.2.1]: DANE error: tlsa lookup DEFER'),
        line(`== user@example.net ${R} defer (-36): DANE error: tlsa lookup DEFER`),
      ],
      'tlsa-lookup-failed',
    ],
    ['(-37) without a DANE attempt', [failed], null],
    [
      '(-36), lookup',
      [line(`== user@example.net ${R} defer (-36): DANE error: tlsa lookup DEFER`)],
      'tlsa-lookup-failed',
    ],
    [
      'require, no records',
      [line(`** user@example.net ${R}: DANE error: tlsa lookup FAIL`)],
      'dane-required-absent',
    ],
    [
      'require, not signed',
      [line(`** user@example.net ${R}: DANE error: mx.example.net lookup not DNSSEC`)],
      'dane-required-absent',
    ],
    [
      '(-38), no STARTTLS',
      [
        line(
          `== user@example.net ${R} H=mx.example.net [192.0.2.1] defer (-38): a TLS session is required, but the server did not offer TLS support`,
        ),
      ],
      'starttls-not-offered',
    ],
    [
      '(-38), refused',
      [
        line(
          `== user@example.net ${R} H=mx.example.net [192.0.2.1] defer (-38): a TLS session is required, but an attempt to start TLS failed`,
        ),
      ],
      'starttls-refused',
    ],
    [
      'what the server says is not what Exim says',
      [
        line(
          `== user@example.net ${R} ${H} defer (-44): SMTP error from remote mail server after RCPT TO:<user@example.net>: 450 DANE error: tlsa lookup DEFER`,
        ),
      ],
      null,
    ],
  ])('%s', (_, lines, daneFault) => {
    expect(read(...lines)).toMatchObject([{ domain: 'example.net', daneFault }]);
  });

  test('an attempt belongs to its message', () => {
    const [other] = read(attempt('The certificate differs'), failed.replace('1tFabc', '1tFabd'));
    expect(other).toMatchObject({ daneFault: null });
  });

  test('a host that fails while another takes the mail stands alone, without a domain', () => {
    expect(
      read(
        attempt('The certificate differs'),
        line(`=> user@example.net ${R} H=mx2.example.net [192.0.2.2] ${X} CV=dane ${C}`),
      ),
    ).toMatchObject([
      { domain: 'example.net', status: 'sent', tls: 'verified', daneFault: null },
      { domain: null, host: 'mx.example.net', status: 'unknown', daneFault: 'tlsa-mismatch' },
    ]);
  });
});

test('a host without STARTTLS, while another takes the mail', () => {
  expect(
    read(
      line(
        'H=mx.example.net [192.0.2.1]: a TLS session is required, but the server did not offer TLS support',
      ),
      line(`=> user@example.net ${R} H=mx2.example.net [192.0.2.2] ${X} CV=dane ${C}`),
    ),
  ).toMatchObject([
    { domain: 'example.net', daneFault: null },
    { domain: null, host: 'mx.example.net', daneFault: 'starttls-not-offered' },
  ]);
});

test.each([
  ['start-up', '2026-11-24 12:00:00 exim 4.96 daemon started: pid=1'],
  ['no id', '2026-11-24 12:00:00 => user@example.net'],
  ['the panic log', line('failed to expand')],
])('%s is not read', (_, text) => expect(new EximLog().read(text)).toBeUndefined());
