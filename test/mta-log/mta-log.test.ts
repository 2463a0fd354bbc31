import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/mta-log/delivery.ts';
import { loggedStatuses, loggedTls } from '../../src/mta-log/delivery.ts';
import { MtaLog } from '../../src/mta-log/mta-log.ts';
import { MAX_PENDING, Pending } from '../../src/mta-log/pending.ts';
import { LogTally, MAX_DESTINATIONS, MAX_HOSTS } from '../../src/mta-log/tally.ts';

const X = 'X=TLS1.3:ECDHE_X25519__ECDSA_SECP256R1_SHA256__AES_256_GCM:256';
const vectors = [
  'Nov 24 12:00:00 out1 postfix/smtp[100]: Verified TLS connection established to mx.example.net[192.0.2.1]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
  'Nov 24 12:00:00 out1 postfix/smtp[100]: certificate verification failed for mx.example.net[192.0.2.1]:25: num=65:no matching DANE TLSA records',
  'Nov 24 12:00:00 out1 postfix/smtp[100]: 4Xy1Ab2Cd3z: to=<user@example.net>, orig_to=<a@b.test>, relay=mx.example.net[192.0.2.1]:25, conn_use=2, delay=1, delays=0/0/1/0, dsn=4.7.5, status=deferred (Server certificate not verified)',
  '2026-11-24T12:00:00.5+01:00 out1 postfix/error[9]: 4Xy1Ab2Cd3z: to=<user@example.net>, relay=none, delay=1, delays=0/0/1/0, dsn=4.7.5, status=deferred (delivery temporarily suspended: TLSA lookup error for mx.example.net:25)',
  `2026-11-24 12:00:00 1tFabc-0000001abcd-2xyz => user@example.net R=dnslookup T=remote_smtp H=mx.example.net DS [192.0.2.1] ${X} CV=dane C="250 ok"`,
  '2026-11-24 12:00:00 1tFabc-0000001abcd-2xyz DANE attempt failed; TLS connection to mx.example.net [192.0.2.1]: The certificate differs',
  '2026-11-24 12:00:00 1tFabc-0000001abcd-2xyz == user@example.net R=dnslookup T=remote_smtp defer (-36): DANE error: tlsa lookup DEFER',
  'Processing message from <mail@example.nl> to <danedomain@example.nl> with daneenabled',
  'Connecting to [192.0.2.1]:25 (DNSSEC)',
  'Connection is now using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits) (DANE)',
  'Successful delivery to <danedomain@example.nl> (retry 0) in 2.108s: 2.0.0 accepted',
  'Starting new query for TLSA _25._tcp.mx.example.nl:',
  'tls: TLSv1.2 connected with 256-bit ECDHE-RSA-AES256-GCM-SHA384',
  'tls: cert: /C=NL; issuer=/C=NL; verified=yes',
  'tls: DANE match: /C=NL; issuer=X; depth=0',
];

describe('any log at all', () => {
  const cut = fc.tuple(fc.constantFrom(...vectors), fc.nat(400)).map(([text, at]) => text.slice(0, at));
  const spliced = fc
    .tuple(fc.constantFrom(...vectors), fc.nat(200), fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(40))
    .map(([text, at, what, gone]) => text.slice(0, at) + what + text.slice(at + gone));
  const octets = fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some).toString('utf8'));
  const line = fc.oneof(fc.constantFrom(...vectors), cut, spliced, octets);

  test('never throws, counts every line once, and tells only of what it may tell', () => {
    const isName = (name: string | null) => name === null || /^[a-z0-9._-]{1,253}$/.test(name);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const log = new MtaLog();
        const tally = new LogTally();
        const deliveries = [...lines.flatMap((one) => log.read(one)), ...log.end()];
        for (const delivery of deliveries) {
          tally.add(delivery);
          expect(isName(delivery.domain)).toBe(true);
          expect(loggedTls).toContain(delivery.tls);
          expect(loggedStatuses).toContain(delivery.status);
        }
        expect(log.lines).toBe(lines.length);
        expect(log.unknown).toBeLessThanOrEqual(lines.length);
        const counted = tally.outcomes().reduce((sum, one) => sum + one.deliveries, 0);
        expect(counted).toBe(deliveries.length);
      }),
      { numRuns: 400 },
    );
  });

  // What a slow pattern does shows as hours here, not as a few milliseconds more.
  test.each([
    ['digits', '1'],
    ['brackets', '['],
    ['colons', ': '],
    ['angles', '<'],
    ['fields', ' H=a'],
    ['words of Halon', 'Connecting to '],
    ['words of Exim', ' X=T CV='],
    ['commas of Postfix', ', a=b'],
  ])('long lines of %s end', (_, unit) => {
    const log = new MtaLog();
    const tail = unit.repeat(16_384 / unit.length);
    for (const vector of ['', ...vectors]) {
      for (let at = 0; at <= vector.length; at += 7) log.read(vector.slice(0, at) + tail);
    }
    expect(log.lines).toBeGreaterThan(100);
  });

  test('all mail servers in one stream', () => {
    const log = new MtaLog();
    const deliveries = [...vectors.flatMap((one) => log.read(one)), ...log.end()];
    expect(new Set(deliveries.map(({ mta }) => mta))).toEqual(
      new Set(['postfix', 'exim', 'halon', 'powermta']),
    );
    expect(log.unknown).toBe(0);
    log.read('kernel: hello');
    expect(log.unknown).toBe(1);
  });
});

describe('what is kept is bounded', () => {
  test('sessions and messages that are open', () => {
    const pending = new Pending<number>();
    const dropped: number[] = [];
    for (let i = 0; i < MAX_PENDING + 5; i++) {
      const out = pending.set(`key ${i}`, i);
      if (out !== undefined) dropped.push(out);
    }
    expect(pending.size).toBe(MAX_PENDING);
    expect(dropped).toEqual([0, 1, 2, 3, 4]);
    expect(pending.get('key 4')).toBeUndefined();
    expect(pending.take('key 5')).toBe(5);
    expect(pending.drain()).toHaveLength(MAX_PENDING - 1);
    expect(pending.size).toBe(0);
  });

  const failing = (at: number): Delivery => ({
    mta: 'postfix',
    domain: `d${at}.test`,
    host: null,
    address: null,
    tls: 'unknown',
    status: 'deferred',
    daneFault: 'tlsa-mismatch',
  });

  test('destinations whose DANE failed, and the hosts of one', () => {
    const tally = new LogTally();
    for (let i = 0; i < MAX_DESTINATIONS + 3; i++) tally.add(failing(i));
    for (let i = 0; i < 50; i++) tally.add({ ...failing(0), host: `mx${i}.test` });
    expect(tally.notListed).toBe(3);
    const [first, ...others] = tally.failed();
    expect(others).toHaveLength(MAX_DESTINATIONS - 1);
    expect(first).toMatchObject({ domain: 'd0.test', deliveries: 51, faults: { 'tlsa-mismatch': 51 } });
    expect(first!.hosts).toHaveLength(MAX_HOSTS);
    expect(tally.outcomes()).toEqual([
      {
        mta: 'postfix',
        tls: 'unknown',
        status: 'deferred',
        daneFault: 'tlsa-mismatch',
        deliveries: MAX_DESTINATIONS + 53,
      },
    ]);
  });

  test('a fault without domain is of its host, without host of nobody', () => {
    const tally = new LogTally();
    tally.add({ ...failing(0), domain: null, host: 'mx.test' });
    tally.add({ ...failing(0), domain: null, address: '192.0.2.1' });
    tally.add({ ...failing(0), domain: null });
    expect(tally.failed().map(({ domain, hosts }) => [domain, ...hosts])).toEqual([
      [null, '192.0.2.1'],
      [null, 'mx.test'],
    ]);
    expect(tally.notListed).toBe(1);
  });
});
