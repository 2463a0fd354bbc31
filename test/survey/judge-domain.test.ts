import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { DomainFacts, LookupFact } from '../../src/survey/facts.ts';
import { type HostForDomain, judgeDomain } from '../../src/survey/judge-domain.ts';
import type { DomainVerdict } from '../../src/survey/verdicts.ts';
import { hostVerdicts } from '../../src/survey/verdicts.ts';

const secure: LookupFact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 3600 };
const insecure: LookupFact = { ...secure, status: 'insecure', reason: 'insecure-delegation' };
const failed = (reason: ReasonKey): LookupFact => ({
  outcome: 'failed',
  status: 'indeterminate',
  reason,
  rcode: 'SERVFAIL',
  ttl: null,
});

const hosts = {
  dane: { verdict: 'dane', reason: null, tlsaOutcome: 'usable' },
  degraded: { verdict: 'dane-degraded', reason: 'tlsa-mismatch-one-algorithm', tlsaOutcome: 'usable' },
  failed: { verdict: 'dane-failed', reason: 'tlsa-mismatch', tlsaOutcome: 'usable' },
  noStarttls: { verdict: 'dane-failed', reason: 'starttls-not-offered', tlsaOutcome: 'unusable' },
  unusable: { verdict: 'dane-unusable', reason: 'tlsa-unusable', tlsaOutcome: 'unusable' },
  plain: { verdict: 'no-dane', reason: 'tlsa-absent', tlsaOutcome: 'none' },
  unsigned: { verdict: 'no-dane', reason: 'address-insecure', tlsaOutcome: 'none' },
  bogus: { verdict: 'lookup-failed', reason: 'signature-invalid', tlsaOutcome: 'lookup-failed' },
  empty: { verdict: 'no-address', reason: 'host-without-address', tlsaOutcome: 'none' },
  unreached: { verdict: 'unknown', reason: 'endpoint-not-reached', tlsaOutcome: 'usable' },
  unreachedUnusable: { verdict: 'unknown', reason: 'endpoint-not-reached', tlsaOutcome: 'unusable' },
  oursFailed: { verdict: 'unknown', reason: 'network-unreachable', tlsaOutcome: 'lookup-failed' },
} as const satisfies Record<string, Omit<HostForDomain, 'endpoints'>>;
type Host = keyof typeof hosts | 'missing';

function judge(mx: LookupFact, names: readonly Host[], mail: DomainFacts['mail'] = 'mx') {
  const measured = new Map(
    names.flatMap((name, i) =>
      name === 'missing' ? [] : [[`${i}.test`, { ...hosts[name], endpoints: [] }] as const],
    ),
  );
  const edges = names.map((_, preference) => ({ host: `${preference}.test`, preference }));
  return judgeDomain({ domain: 'example.test', mail, mx, aliases: [], edges }, measured);
}

type Row = readonly [names: readonly Host[], verdict: DomainVerdict, reason: ReasonKey | null];

describe('RFC 5321 §5.1, RFC 7505: a domain without mail', () => {
  test('null MX', () => {
    expect(judge(secure, [], 'null-mx')).toEqual({ verdict: 'no-mail', reason: 'null-mx' });
  });

  test('no such domain; neither MX nor address', () => {
    const nxdomain: LookupFact = { ...secure, outcome: 'nxdomain', rcode: 'NXDOMAIN' };
    expect(judge(nxdomain, [], 'none')).toEqual({ verdict: 'no-mail', reason: 'domain-nxdomain' });
    const nodata: LookupFact = { ...secure, outcome: 'nodata' };
    expect(judge(nodata, [], 'none')).toEqual({ verdict: 'no-mail', reason: 'no-mx-no-address' });
  });
});

describe('RFC 7672 §2.1.2: the MX lookup failed', () => {
  test.each<[ReasonKey, DomainVerdict]>([
    ['signature-invalid', 'lookup-failed'],
    ['timeout', 'lookup-failed'],
    ['network-unreachable', 'unknown'],
    ['no-trust-anchor', 'unknown'],
  ])('%s -> %s', (reason, verdict) => {
    expect(judge(failed(reason), [], 'unknown')).toEqual({ verdict, reason });
    expect(judge(failed(reason), ['dane'])).toEqual({ verdict, reason });
  });
});

describe('RFC 7672 §2.2: secure MX', () => {
  test.each<Row>([
    [[], 'no-mail', 'mx-without-address'],
    [['empty', 'empty'], 'no-mail', 'mx-without-address'],
    [['dane'], 'dane', null],
    [['dane', 'dane'], 'dane', null],
    [['empty', 'dane'], 'dane', null],
    [['degraded'], 'dane-degraded', 'tlsa-mismatch-one-algorithm'],
    [['dane', 'degraded'], 'dane-degraded', 'tlsa-mismatch-one-algorithm'],
    [['plain', 'degraded'], 'dane-degraded', 'tlsa-mismatch-one-algorithm'],
    [['dane', 'failed'], 'dane-degraded', 'some-hosts-fail'],
    [['failed', 'dane'], 'dane-degraded', 'some-hosts-fail'],
    [['failed', 'degraded'], 'dane-degraded', 'some-hosts-fail'],
    [['failed', 'plain'], 'dane-degraded', 'some-hosts-fail'],
    [['bogus', 'dane'], 'dane-degraded', 'some-hosts-fail'],
    [['failed', 'unusable'], 'dane-degraded', 'some-hosts-fail'],
    [['failed', 'dane', 'plain'], 'dane-degraded', 'some-hosts-fail'],
    [['failed'], 'dane-failed', 'tlsa-mismatch'],
    [['noStarttls', 'failed'], 'dane-failed', 'starttls-not-offered'],
    [['bogus', 'failed'], 'dane-failed', 'signature-invalid'],
    [['empty', 'bogus'], 'lookup-failed', 'signature-invalid'],
    [['bogus', 'bogus'], 'lookup-failed', 'signature-invalid'],
    [['bogus', 'plain'], 'no-dane', 'some-hosts-fail'],
    [['bogus', 'unusable'], 'dane-degraded', 'some-hosts-fail'],
    [['bogus', 'plain', 'missing'], 'unknown', 'host-not-measured'],
    [['plain'], 'no-dane', 'tlsa-absent'],
    [['unsigned', 'plain'], 'no-dane', 'address-insecure'],
    [['unusable', 'plain'], 'no-dane', 'tlsa-unusable'],
    [['dane', 'plain'], 'dane-partial', 'some-hosts-without-dane'],
    [['unusable', 'dane'], 'dane-partial', 'some-hosts-without-dane'],
    [['missing'], 'unknown', 'host-not-measured'],
    [['dane', 'missing'], 'unknown', 'host-not-measured'],
    [['unreached', 'missing'], 'unknown', 'endpoint-not-reached'],
    [['plain', 'unreached'], 'unknown', 'endpoint-not-reached'],
    [['failed', 'unreached'], 'unknown', 'endpoint-not-reached'],
    [['empty', 'oursFailed'], 'unknown', 'network-unreachable'],
    [['missing', 'degraded'], 'dane-degraded', 'tlsa-mismatch-one-algorithm'],
    [['missing', 'failed', 'dane'], 'dane-degraded', 'some-hosts-fail'],
  ])('%j -> %s, %s', (names, verdict, reason) => {
    expect(judge(secure, names)).toEqual({ verdict, reason });
  });

  test('RFC 7672 §2.2.1: an implicit MX is judged alike', () => {
    expect(judge({ ...secure, outcome: 'nodata' }, ['dane'], 'implicit-mx')).toEqual({
      verdict: 'dane',
      reason: null,
    });
  });
});

describe('RFC 7672 §3.2.2: hosts whose certificates name the domain', () => {
  const naming = (...namesInstead: readonly string[]): HostForDomain => ({
    verdict: 'dane-failed',
    reason: 'ta-name-mismatch',
    tlsaOutcome: 'usable',
    endpoints: [
      {
        verdict: 'failed',
        reason: 'ta-name-mismatch',
        handshakes: [{ reason: 'ta-name-mismatch', namesInstead }],
      },
    ],
  });
  const other = naming('other.test');
  const domain = naming('example.test', 'x.test');
  const expanded = naming('expanded.test');
  const half = naming('half.test');
  const dane: HostForDomain = { ...hosts.dane, endpoints: [] };
  const plain: HostForDomain = { ...hosts.plain, endpoints: [] };
  const alias = ['half.test', 'expanded.test'];

  test.each<
    [
      string,
      readonly HostForDomain[],
      Partial<Pick<DomainFacts, 'mail' | 'mx' | 'aliases'>>,
      DomainVerdict,
      ReasonKey | null,
    ]
  >([
    ['the next-hop domain', [domain], {}, 'dane', null],
    ['another', [other], {}, 'dane-failed', 'ta-name-mismatch'],
    ['the domain at one host, another at the next', [domain, other], {}, 'dane-degraded', 'some-hosts-fail'],
    ['the domain, beside the host’s own name', [domain, dane], {}, 'dane', null],
    [
      'the domain, beside a host without DANE',
      [domain, plain],
      {},
      'dane-partial',
      'some-hosts-without-dane',
    ],
    ['the expanded name of the domain', [expanded], { aliases: alias }, 'dane', null],
    ['the domain that is an alias', [domain], { aliases: alias }, 'dane', null],
    [
      'a name on the way from the domain to it',
      [half],
      { aliases: alias },
      'dane-failed',
      'ta-name-mismatch',
    ],
    ['without MX, the domain', [domain], { mail: 'implicit-mx' }, 'dane', null],
    [
      'without MX, the expanded name, which is no TLSA base domain',
      [expanded],
      { mail: 'implicit-mx', aliases: alias },
      'dane-failed',
      'ta-name-mismatch',
    ],
    ['the domain, behind an insecure MX', [domain], { mx: insecure }, 'insecure-mx', 'domain-unsigned'],
  ])('%s', (_, measured, rest, verdict, reason) => {
    const edges = measured.map((_host, preference) => ({ host: `${preference}.test`, preference }));
    const facts = { domain: 'example.test', mail: 'mx', mx: secure, aliases: [], edges, ...rest } as const;
    const byName = new Map(measured.map((host, at) => [`${at}.test`, host]));
    expect(judgeDomain(facts, byName)).toEqual({ verdict, reason });
  });
});

describe('RFC 7672 §2.2.1: insecure MX', () => {
  test.each<Row>([
    [['empty'], 'no-mail', 'mx-without-address'],
    [['dane'], 'insecure-mx', 'domain-unsigned'],
    [['plain', 'failed'], 'insecure-mx', 'domain-unsigned'],
    [['missing', 'dane'], 'insecure-mx', 'domain-unsigned'],
    [['unreached'], 'insecure-mx', 'domain-unsigned'],
    [['plain'], 'no-dane', 'domain-unsigned'],
    [['unusable', 'bogus'], 'no-dane', 'domain-unsigned'],
    [['unreachedUnusable'], 'no-dane', 'domain-unsigned'],
    [['plain', 'missing'], 'unknown', 'host-not-measured'],
    [['oursFailed'], 'unknown', 'network-unreachable'],
  ])('%j -> %s, %s', (names, verdict, reason) => {
    expect(judge(insecure, names)).toEqual({ verdict, reason });
  });
});

test('"unknown" exactly where a host that has not been measured decides', () => {
  const anyHost = fc.constantFrom(...(Object.keys(hosts) as (keyof typeof hosts)[]));
  const settled = Object.keys(hosts).filter(
    (name) => hosts[name as keyof typeof hosts].verdict !== 'unknown',
  );
  fc.assert(
    fc.property(fc.array(anyHost, { maxLength: 4 }), fc.constantFrom(secure, insecure), (known, mx) => {
      const open = judge(mx, [...known, 'missing']).verdict;
      const ends = new Set(settled.map((name) => judge(mx, [...known, name as Host]).verdict));
      if (open !== 'unknown') expect([...ends]).toEqual([open]);
      else expect(ends.size > 1 || ends.has('unknown')).toBe(true);
    }),
  );
});

test('the table knows every host verdict', () => {
  const used = new Set<string>(Object.values(hosts).map(({ verdict }) => verdict));
  expect([...used].sort()).toEqual([...hostVerdicts].sort());
});
