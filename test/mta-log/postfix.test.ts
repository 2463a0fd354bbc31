/** Forms as Postfix 3.7 logs them (smtp_tls_loglevel = 1). */
import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { Delivery } from '../../src/mta-log/delivery.ts';
import { PostfixLog } from '../../src/mta-log/postfix.ts';

function read(lines: readonly string[]): readonly Delivery[] {
  const log = new PostfixLog();
  return [...lines.flatMap((line) => log.read(line) ?? []), ...log.end()];
}
const at = 'Nov 24 12:00:00 out1';
const smtp = (text: string, pid = 100) => `${at} postfix/smtp[${pid}]: ${text}`;
const peer = 'mx.example.net[192.0.2.1]:25';
const tls = (level: string, to = peer) =>
  `${level} TLS connection established to ${to}: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature ECDSA (P-256) server-digest SHA256`;
const status = (said: string, change: { id?: string; to?: string; relay?: string; more?: string } = {}) => {
  const { id = '4Xy1Ab2Cd3z', to = 'user@example.net', relay = peer, more = '' } = change;
  return `${id}: to=<${to}>, relay=${relay}, ${more}delay=1.2, delays=0.1/0.01/1/0.09, dsn=2.0.0, status=${said}`;
};
const sent = 'sent (250 2.0.0 Ok: queued as 4Xy1Ab2Cd4z)';

describe('a delivery and its TLS line', () => {
  test.each(['Verified', 'Trusted', 'Untrusted', 'Anonymous'])('%s', (level) => {
    expect(read([smtp(tls(level)), smtp(status(sent))])).toEqual([
      {
        mta: 'postfix',
        domain: 'example.net',
        host: 'mx.example.net',
        address: '192.0.2.1',
        tls: level.toLowerCase(),
        status: 'sent',
        daneFault: null,
      },
    ]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['of another process does not count', [smtp(tls('Verified'), 101), smtp(status(sent))], ['none']],
    [
      'of another machine with the same pid does not count',
      [smtp(tls('Verified')).replace('out1', 'out2'), smtp(status(sent))],
      ['unknown'],
    ],
    [
      'of another host does not count',
      [smtp(tls('Untrusted', 'mx1.example.net[192.0.2.9]:25')), smtp(status(sent))],
      ['none'],
    ],
    [
      'counts for every recipient of the message',
      [smtp(tls('Verified')), smtp(status(sent)), smtp(status(sent, { to: 'b@example.net' }))],
      ['verified', 'verified'],
    ],
    [
      'does not count for the next message',
      [smtp(tls('Verified')), smtp(status(sent)), smtp(status(sent, { id: '4Xy1Ab2Cd5z' }))],
      ['verified', 'none'],
    ],
    [
      'is not repeated for a connection used again: unknown',
      [
        smtp(tls('Verified')),
        smtp(status(sent)),
        smtp(status(sent, { id: '4Xy1Ab2Cd5z', more: 'conn_use=2, ' })),
      ],
      ['verified', 'unknown'],
    ],
    [
      'says reused where it is',
      [smtp(tls('Verified').replace('established', 'reused')), smtp(status(sent))],
      ['verified'],
    ],
    ['is never written: unknown, and not in clear', [smtp(status(sent))], ['unknown']],
    [
      'is written by this service, and not for this delivery: in clear',
      [smtp(tls('Verified'), 99), smtp(status(sent))],
      ['none'],
    ],
    [
      'interleaved',
      [smtp(tls('Verified'), 1), smtp(tls('Untrusted'), 2), smtp(status(sent), 2), smtp(status(sent), 1)],
      ['untrusted', 'verified'],
    ],
    [
      'IPv6',
      [
        smtp(tls('Verified', 'mx.example.net[2001:db8::1]:25')),
        smtp(status(sent, { relay: 'mx.example.net[2001:db8::1]:25' })),
      ],
      ['verified'],
    ],
    [
      'a service with a name of its own',
      [
        smtp(tls('Verified')).replace('postfix/', 'postfix/dane-only/'),
        smtp(status(sent)).replace('postfix/', 'postfix/dane-only/'),
      ],
      ['verified'],
    ],
    [
      'RFC 3339 timestamps',
      [
        smtp(tls('Verified')).replace('Nov 24 12:00:00', '2026-11-24T12:00:00.123456+01:00'),
        smtp(status(sent)),
      ],
      ['verified'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(read(lines).map((one) => one.tls)).toEqual(expected);
  });
});

describe('what DANE failed by', () => {
  const verifyFailed = (text: string) => smtp(`certificate verification failed for ${peer}: ${text}`);
  const notVerified = smtp(status('deferred (Server certificate not verified)'));
  const nobody = { relay: 'none' };
  test.each<[string, readonly string[], ReasonKey | null]>([
    [
      'num=65',
      [verifyFailed('num=65:no matching DANE TLSA records'), smtp(tls('Untrusted')), notVerified],
      'tlsa-mismatch',
    ],
    [
      'num=62',
      [verifyFailed('num=62:hostname mismatch'), smtp(tls('Untrusted')), notVerified],
      'ta-name-mismatch',
    ],
    ['num=10', [verifyFailed('num=10:certificate has expired'), notVerified], 'ta-expired'],
    ['expired, in words', [verifyFailed('certificate has expired'), notVerified], 'ta-expired'],
    ['num=24', [verifyFailed('num=24:invalid CA certificate'), notVerified], 'ta-chain-invalid'],
    [
      'as Postfix 3.7 has it: of the server',
      [
        smtp(`server certificate verification failed for ${peer}: num=65:no matching DANE TLSA records`),
        notVerified,
      ],
      'tlsa-mismatch',
    ],
    [
      'all unusable, dane-only',
      [
        smtp(`warning: ${peer}: all TLSA records unusable`),
        smtp(
          `server certificate verification failed for ${peer}: num=1:unspecified certificate verification error`,
        ),
        smtp(tls('Untrusted')),
        notVerified,
      ],
      'tlsa-unusable',
    ],
    [
      'all unusable, dane: encrypted and sent',
      [
        smtp(`warning: ${peer}: all TLSA records unusable, fallback to unauthenticated TLS`),
        smtp(tls('Untrusted')),
        smtp(status(sent)),
      ],
      null,
    ],
    ['self-signed, in words', [verifyFailed('self-signed certificate'), notVerified], null],
    [
      'not for servers, in words',
      [verifyFailed('not designated for use as a server certificate'), notVerified],
      'ta-chain-invalid',
    ],
    ['not yet valid, in words', [verifyFailed('certificate not yet valid'), notVerified], 'ta-expired'],
    [
      'words that do not tell',
      [verifyFailed('not trusted by local or TLSA policy'), notVerified],
      'dane-failed-unexplained',
    ],
    [
      'num=1 alone',
      [verifyFailed('num=1:unspecified certificate verification error'), notVerified],
      'dane-failed-unexplained',
    ],
    [
      'of a CA',
      [
        smtp(`CA certificate verification failed for ${peer}: num=65:no matching DANE TLSA records`),
        notVerified,
      ],
      'tlsa-mismatch',
    ],
    ['no word why', [smtp(tls('Untrusted')), notVerified], 'dane-failed-unexplained'],
    [
      'not trusted',
      [
        verifyFailed('num=65:no matching DANE TLSA records'),
        smtp(status('deferred (Server certificate not trusted)')),
      ],
      'tlsa-mismatch',
    ],
    ['a policy of Web PKI is none of DANE', [verifyFailed('untrusted issuer /CN=Test'), notVerified], null],
    [
      'TLSA lookup error',
      [smtp(status('deferred (TLSA lookup error for mx.example.net:25)', nobody))],
      'tlsa-lookup-failed',
    ],
    [
      'dane-only, not signed',
      [smtp(status('deferred (non DNSSEC destination)', nobody))],
      'dane-required-absent',
    ],
    [
      'dane-only, no records',
      [smtp(status('deferred (no TLSA records found)', nobody))],
      'dane-required-absent',
    ],
    ['dane-only, unusable', [smtp(status('deferred (TLSA records unusable)', nobody))], 'tlsa-unusable'],
    [
      'no STARTTLS',
      [smtp(status('deferred (TLS is required, but was not offered by host mx.example.net[192.0.2.1])'))],
      'starttls-not-offered',
    ],
    [
      'STARTTLS refused',
      [
        smtp(
          status(
            'deferred (TLS is required, but host mx.example.net[192.0.2.1] refused to start TLS: 454 4.7.0 TLS not available)',
          ),
        ),
      ],
      'starttls-refused',
    ],
    [
      'a destination known to be dead',
      [
        `${at} postfix/error[7]: ${status('deferred (delivery temporarily suspended: Server certificate not verified)', nobody)}`,
      ],
      'dane-failed-unexplained',
    ],
    [
      'greylisting after an unmatched certificate under may',
      [
        verifyFailed('num=65:no matching DANE TLSA records'),
        smtp(tls('Untrusted')),
        smtp(status(`deferred (host ${peer} said: 450 4.2.0 Greylisted (in reply to RCPT TO command))`)),
      ],
      null,
    ],
    [
      'what the server says is not what Postfix says',
      [smtp(status(`deferred (host ${peer} said: 450 Server certificate not verified)`))],
      null,
    ],
    [
      'sent, although a CA was not known',
      [verifyFailed('untrusted issuer /CN=Test'), smtp(tls('Untrusted')), smtp(status(sent))],
      null,
    ],
  ])('%s', (_, lines, daneFault) => {
    expect(read(lines).at(-1)).toMatchObject({ daneFault, domain: 'example.net' });
  });

  test('an error of one message does not name the reason of the next', () => {
    const again = smtp(status('deferred (Server certificate not verified)', { id: '4Xy1Ab2Cd5z' }));
    const lines = [verifyFailed('num=62:hostname mismatch'), notVerified, again];
    expect(read(lines).map((one) => one.daneFault)).toEqual(['ta-name-mismatch', 'dane-failed-unexplained']);
  });

  test('a host that fails and another that takes the mail: sent, and the fault is told', () => {
    const second = 'mx2.example.net[192.0.2.2]:25';
    const lines = [
      verifyFailed('num=65:no matching DANE TLSA records'),
      smtp(tls('Untrusted')),
      smtp('4Xy1Ab2Cd3z: Server certificate not verified'),
      smtp(tls('Verified', second)),
      smtp(status(sent, { relay: second })),
      smtp(tls('Verified')),
      smtp(status(sent, { id: '4Xy1Ab2Cd5z' })),
    ];
    expect(read(lines)).toMatchObject([
      { host: 'mx2.example.net', tls: 'verified', status: 'sent', daneFault: 'tlsa-mismatch' },
      { host: 'mx.example.net', tls: 'verified', status: 'sent', daneFault: null },
    ]);
  });
});

test('one message to many domains: a fault and a TLS line are of one of them', () => {
  const two = 'mx2.example.net[192.0.2.2]:25';
  const lines = [
    smtp(`server certificate verification failed for ${peer}: num=65:no matching DANE TLSA records`),
    smtp(tls('Untrusted')),
    smtp('4Xy1Ab2Cd3z: Server certificate not verified'),
    smtp(tls('Verified', two)),
    smtp(status(sent, { relay: two })),
    smtp(status(sent, { relay: two, to: 'other@example.net' })),
    smtp(status(sent, { relay: two, to: 'user@other.test' })),
    smtp(
      status('bounced (Domain null.test does not accept mail (nullMX))', {
        relay: 'none',
        to: 'user@null.test',
      }),
    ),
  ];
  expect(read(lines).map((one) => [one.domain, one.tls, one.daneFault])).toEqual([
    ['example.net', 'verified', 'tlsa-mismatch'],
    ['example.net', 'verified', 'tlsa-mismatch'],
    ['other.test', 'none', null],
    ['null.test', 'unknown', null],
  ]);
});

describe('recipients and states', () => {
  test.each([
    ['user@Example.NET', 'example.net'],
    ['"a@b, c"@example.net', 'example.net'],
    ['user@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['user@bücher.example', 'xn--bcher-kva.example'],
    ['user@[192.0.2.1]', null],
    ['user', null],
    ['', null],
    ['a@b c', null],
  ])('%s: %s', (to, domain) => expect(read([smtp(status(sent, { to }))])).toMatchObject([{ domain }]));

  test('an alias stands behind the address', () => {
    const line = smtp(status(sent)).replace(
      'to=<user@example.net>',
      'to=<user@example.net>, orig_to=<me@local.test>',
    );
    expect(read([line])).toMatchObject([{ domain: 'example.net' }]);
  });

  test.each(['sent', 'deferred', 'bounced'] as const)('status=%s', (word) => {
    expect(read([smtp(status(`${word} (because)`))])).toMatchObject([{ status: word }]);
  });

  test.each([
    ['another program', `${at} postfix/qmgr[1]: 4Xy1Ab2Cd3z: removed`],
    ['a local delivery', `${at} postfix/local[1]: ${status(sent)}`],
    [
      'the receiving side',
      `${at} postfix/smtpd[1]: Anonymous TLS connection established from x[192.0.2.1]: TLSv1.3`,
    ],
    ['no header', status(sent)],
    ['cut off', smtp('4Xy1Ab2Cd3z: to=<user@exam')],
  ])('%s is not read', (_, line) => expect(new PostfixLog().read(line)).toBeUndefined());
});
