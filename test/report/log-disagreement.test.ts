import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/mta-log/delivery.ts';
import { DisagreementTally, MAX_DISAGREEING } from '../../src/report/disagreement-tally.ts';
import { type Disagreement, disagreement } from '../../src/report/log-disagreement.ts';
import { type DomainVerdict, domainVerdicts } from '../../src/survey/verdicts.ts';

type Logged = Pick<Delivery, 'tls' | 'status' | 'daneFault'>;
const logged = {
  verified: { tls: 'verified', status: 'sent', daneFault: null },
  verifiedAndRefused: { tls: 'verified', status: 'bounced', daneFault: null },
  trusted: { tls: 'trusted', status: 'sent', daneFault: null },
  untrusted: { tls: 'untrusted', status: 'sent', daneFault: null },
  clear: { tls: 'none', status: 'sent', daneFault: null },
  failed: { tls: 'untrusted', status: 'deferred', daneFault: 'tlsa-mismatch' },
  failedOnce: { tls: 'verified', status: 'sent', daneFault: 'tlsa-mismatch' },
  required: { tls: 'unknown', status: 'bounced', daneFault: 'dane-required-absent' },
} as const satisfies Record<string, Logged>;

const a = 'not-authenticated';
const f = 'fails-for-sender';
const w = 'works-for-sender';
const d = 'delivered-all-the-same';
const t = 'takes-mail';

describe('a verdict beside a delivery', () => {
  const table: readonly (readonly [DomainVerdict, ...(Disagreement | null)[]])[] = [
    // verified, and refused, trusted, untrusted, clear, failed, failed once, required
    ['dane', null, null, a, a, a, f, f, f],
    ['dane-degraded', null, null, a, a, a, null, null, null],
    ['dane-partial', null, null, null, null, null, f, f, null],
    ['dane-failed', w, w, d, d, d, null, null, null],
    ['lookup-failed', w, w, d, d, d, null, null, null],
    ['insecure-mx', null, null, null, null, null, null, null, null],
    ['no-dane', w, w, null, null, null, f, f, null],
    ['no-mail', t, t, t, t, t, f, f, null],
    ['unknown', null, null, null, null, null, null, null, null],
  ];
  test.each(table.map(([verdict, ...expected]) => ({ verdict, expected })))(
    '$verdict',
    ({ verdict, expected }) => {
      expect(Object.values(logged).map((one) => disagreement(verdict, one))).toEqual(expected);
    },
  );
  test('every verdict has its row', () => {
    expect(table.map(([verdict]) => verdict).sort()).toEqual([...domainVerdicts].sort());
  });

  test.each<[string, Logged]>([
    ['the log does not tell the protection', { tls: 'unknown', status: 'sent', daneFault: null }],
    ['TLS, and nothing about its certificate', { tls: 'encrypted', status: 'sent', daneFault: null }],
    ['deferred for another reason', { tls: 'untrusted', status: 'deferred', daneFault: null }],
  ])('%s: nothing is said of any verdict', (_, one) => {
    for (const verdict of domainVerdicts) expect(disagreement(verdict, one)).toBeNull();
  });
  test('a domain that was not judged', () => expect(disagreement(null, logged.failed)).toBeNull());
});

test('counts, and keeps a bounded number of domains', () => {
  const delivery = (domain: string) =>
    ({ mta: 'exim', host: null, address: null, domain, ...logged.failed }) as const;
  const tally = new DisagreementTally();
  tally.add(delivery('other.test'), 'not-in-census');
  tally.add(delivery('unjudged.test'), null);
  tally.add({ ...delivery('b.test'), ...logged.verified }, 'dane');
  for (let i = 0; i < MAX_DISAGREEING + 2; i++) tally.add(delivery(`d${i}.test`), 'dane');
  tally.add({ ...delivery('d7.test'), ...logged.clear }, 'dane');
  expect(tally.domains()[0]).toEqual({
    domain: 'd7.test',
    verdict: 'dane',
    kinds: { 'fails-for-sender': 1, 'not-authenticated': 1 },
    deliveries: 2,
  });
  expect(tally).toMatchObject({ compared: MAX_DISAGREEING + 5, notInCensus: 1, notListed: 2 });
});
