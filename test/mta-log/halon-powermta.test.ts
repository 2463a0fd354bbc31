/** Forms of the how-to and of reports in public; nobody ran these two here. */
import { describe, expect, test } from 'vitest';
import type { Delivery, LogReader } from '../../src/mta-log/delivery.ts';
import { HalonLog } from '../../src/mta-log/halon.ts';
import { PowerMtaLog } from '../../src/mta-log/powermta.ts';

function read(log: LogReader, ...lines: readonly string[]): readonly Delivery[] {
  return [...lines.flatMap((line) => log.read(line) ?? []), ...log.end()];
}

describe('Halon', () => {
  const begin = 'Processing message from <mail@example.nl> to <danedomain@example.nl> with daneenabled';
  const delivering = 'Delivering message to example.nl:25';
  const connecting = 'Connecting to [192.0.2.1]:25 (DNSSEC)';
  const tls = 'Connection is now using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits)';
  const delivered =
    'Successful delivery to <danedomain@example.nl> (retry 0) in 2.108s: 2.0.0 example.org accepted message 0123456789ABCD';
  const deleting = 'Deleting mail file (all recipients done)';

  test('the how-to’s example', () => {
    expect(read(new HalonLog(), begin, delivering, connecting, `${tls} (DANE)`, delivered, deleting)).toEqual(
      [
        {
          mta: 'halon',
          domain: 'example.nl',
          host: null,
          address: '192.0.2.1',
          tls: 'verified',
          status: 'sent',
          daneFault: null,
        },
      ],
    );
  });

  test.each<[string, readonly string[], object]>([
    ['TLS without DANE', [begin, connecting, tls, delivered], { tls: 'encrypted', status: 'sent' }],
    ['no TLS line', [begin, connecting, delivered], { tls: 'unknown', status: 'sent' }],
    [
      'no TLSA records',
      [
        begin,
        connecting,
        'DANE: No TLSA RR for mx.example.nl (falling back to optional TLS)',
        tls,
        delivered,
      ],
      { tls: 'encrypted', daneFault: null },
    ],
    [
      'a lookup that fails',
      [begin, connecting, 'DANE error: lookup failed for mx.example.nl', deleting],
      { status: 'unknown', daneFault: 'tlsa-lookup-failed' },
    ],
    [
      'a certificate that does not match',
      [begin, connecting, 'STARTTLS error: DANE: verification failed'],
      { domain: 'example.nl', daneFault: 'dane-failed-unexplained' },
    ],
    [
      'a host that fails before one that does not',
      [
        begin,
        connecting,
        'STARTTLS error: DANE: no',
        connecting.replace('192.0.2.1', '192.0.2.2'),
        `${tls} (DANE)`,
        delivered,
        deleting,
      ],
      { address: '192.0.2.2', tls: 'verified', status: 'sent', daneFault: 'dane-failed-unexplained' },
    ],
    [
      'a host name',
      [begin, 'Connecting to mx.example.nl [2001:db8::1]:25 (DNSSEC)', delivered],
      { host: 'mx.example.nl', address: '2001:db8::1' },
    ],
    [
      'no recipient line',
      [delivering, connecting, `${tls} (DANE)`, 'STARTTLS error: DANE: no'],
      { domain: 'example.nl', status: 'unknown' },
    ],
  ])('%s', (_, lines, expected) => expect(read(new HalonLog(), ...lines)).toMatchObject([expected]));

  test('two messages at once are told apart by what stands before the words', () => {
    const tag = (id: string, text: string) => `Nov 24 12:00:00 halon smtpd: [${id}] ${text}`;
    const other = delivered.replace('danedomain@example.nl', 'x@plain.test');
    expect(
      read(
        new HalonLog(),
        tag('a', begin),
        tag('b', begin),
        tag('a', connecting),
        tag('b', connecting),
        tag('b', tls),
        tag('a', `${tls} (DANE)`),
        tag('b', other),
        tag('a', delivered),
      ),
    ).toMatchObject([
      { domain: 'plain.test', tls: 'encrypted' },
      { domain: 'example.nl', tls: 'verified' },
    ]);
  });

  test('something else is not read', () => expect(new HalonLog().read('hello')).toBeUndefined());
});

describe('PowerMTA', () => {
  const query = 'Starting new query for TLSA _25._tcp.mx.example.nl:';
  const answers = [
    'answer _25._tcp.mx.example.nl. 3600 IN CNAME 3.1.1._dane.example.nl.',
    'answer 3.1.1._dane.example.nl. 3600 IN TLSA 3 1 1 25DE2127',
    '3.1.1._dane.example.nl. 3600 IN TLSA 3 1 1 25DE2127',
  ];
  const tls = 'tls: TLSv1.2 connected with 256-bit ECDHE-RSA-AES256-GCM-SHA384';
  const cert = (verified: string) =>
    `tls: cert: /C=NL/ST=Zuid-Holland/L=Den Haag; issuer=/C=NL/O=X; verified=${verified}`;
  const match = 'tls: DANE match: /C=NL/ST=Zuid-Holland; issuer=X; depth=0';

  test('the how-to’s example', () => {
    expect(read(new PowerMtaLog(), query, ...answers, tls, cert('yes'), match)).toEqual([
      {
        mta: 'powermta',
        domain: null,
        host: 'mx.example.nl',
        address: null,
        tls: 'verified',
        status: 'unknown',
        daneFault: null,
      },
    ]);
  });

  test.each<[string, readonly string[], readonly object[]]>([
    ['a CA that is known', [tls, cert('yes')], [{ host: null, tls: 'trusted' }]],
    ['a CA that is not', [tls, cert('no')], [{ tls: 'untrusted' }]],
    ['no certificate line', [tls], [{ tls: 'encrypted' }]],
    ['two sessions', [tls, cert('no'), tls, cert('yes'), match], [{ tls: 'untrusted' }, { tls: 'verified' }]],
    [
      'DANE said something else',
      [tls, cert('yes'), 'tls: DANE verification failed'],
      [{ daneFault: 'dane-failed-unexplained' }],
    ],
    [
      'the host of one query is not that of the next session',
      [query, tls, match, tls, match],
      [{ host: 'mx.example.nl' }, { host: null }],
    ],
    ['a DANE line without a session', [match], []],
  ])('%s', (_, lines, expected) => expect(read(new PowerMtaLog(), ...lines)).toMatchObject(expected));

  test('timestamps before the words do not part a session', () => {
    const lines = [
      `2026-11-24 12:00:00 a ${tls}`,
      `2026-11-24 12:00:01 a ${match}`,
      `2026-11-24 12:00:01 b ${tls}`,
    ];
    expect(read(new PowerMtaLog(), ...lines)).toMatchObject([{ tls: 'verified' }, { tls: 'encrypted' }]);
  });
});
