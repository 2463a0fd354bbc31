import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { TlsaOutcome } from '../../src/dane/tlsa-record.ts';
import type { LookupFact } from '../../src/survey/facts.ts';
import type { EndpointForDomain } from '../../src/survey/judge-endpoint.ts';
import { type EndpointForHost, judgeHost, judgeHostFor } from '../../src/survey/judge-host.ts';
import type { HostVerdict } from '../../src/survey/verdicts.ts';

const data: LookupFact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 300 };
const nodata: LookupFact = { ...data, outcome: 'nodata', ttl: null };
const nxdomain: LookupFact = { ...nodata, outcome: 'nxdomain', rcode: 'NXDOMAIN' };
const failed = (reason: ReasonKey): LookupFact => ({
  ...nodata,
  outcome: 'failed',
  status: 'indeterminate',
  reason,
});

const endpoints = {
  authenticated: { verdict: 'authenticated', reason: null },
  degraded: { verdict: 'degraded', reason: 'tlsa-mismatch-one-algorithm' },
  failed: { verdict: 'failed', reason: 'tlsa-mismatch' },
  noStarttls: { verdict: 'failed', reason: 'starttls-not-offered' },
  encrypted: { verdict: 'encrypted', reason: null },
  cleartext: { verdict: 'cleartext', reason: 'starttls-not-offered' },
  unknown: { verdict: 'unknown', reason: 'connection-timeout' },
  optedOut: { verdict: 'unknown', reason: 'opted-out' },
} as const satisfies Record<string, EndpointForHost>;

describe('RFC 5321 §5.1, RFC 7672 §2.1.2: addresses', () => {
  test.each<[string, LookupFact, LookupFact, HostVerdict, ReasonKey | null]>([
    ['neither', nodata, nodata, 'no-address', 'host-without-address'],
    ['no such name', nxdomain, nxdomain, 'no-address', 'host-without-address'],
    ['A fails, no AAAA', failed('servfail'), nodata, 'lookup-failed', 'servfail'],
    ['no A, AAAA fails', nodata, failed('signature-invalid'), 'lookup-failed', 'signature-invalid'],
    ['both fail', failed('timeout'), failed('servfail'), 'lookup-failed', 'timeout'],
    ['our fault', failed('network-unreachable'), nodata, 'unknown', 'network-unreachable'],
    ['A, and AAAA fails', data, failed('timeout'), 'dane', null],
    ['AAAA only', nodata, data, 'dane', null],
  ])('%s', (_, a, aaaa, verdict, reason) => {
    const seen = [endpoints.authenticated];
    expect(judgeHost({ a, aaaa, tlsaOutcome: 'usable', tlsaReason: null, endpoints: seen })).toEqual({
      verdict,
      reason,
    });
  });
});

type Row = readonly [
  TlsaOutcome,
  ReasonKey | null,
  readonly (keyof typeof endpoints)[],
  HostVerdict,
  ReasonKey | null,
];

describe('RFC 7672 §2.2: TLSA outcome and endpoints', () => {
  test.each<Row>([
    ['none', 'tlsa-absent', ['encrypted'], 'no-dane', 'tlsa-absent'],
    ['none', 'address-insecure', ['cleartext'], 'no-dane', 'address-insecure'],
    ['none', 'tlsa-insecure', ['unknown'], 'no-dane', 'tlsa-insecure'],
    ['lookup-failed', 'servfail', ['encrypted'], 'lookup-failed', 'servfail'],
    ['lookup-failed', 'network-unreachable', ['encrypted'], 'unknown', 'network-unreachable'],
    ['unusable', 'tlsa-unusable', ['encrypted'], 'dane-unusable', 'tlsa-unusable'],
    ['unusable', null, ['encrypted', 'noStarttls'], 'dane-unusable', 'tlsa-unusable'],
    ['unusable', 'tlsa-unusable', ['unknown', 'noStarttls'], 'dane-failed', 'starttls-not-offered'],
    ['unusable', 'tlsa-unusable', ['unknown'], 'unknown', 'endpoint-not-reached'],
    ['usable', null, ['authenticated'], 'dane', null],
    ['usable', null, ['authenticated', 'authenticated'], 'dane', null],
    ['usable', null, ['authenticated', 'unknown'], 'dane', null],
    ['usable', null, ['degraded'], 'dane-degraded', 'tlsa-mismatch-one-algorithm'],
    ['usable', null, ['authenticated', 'degraded'], 'dane-degraded', 'tlsa-mismatch-one-algorithm'],
    ['usable', null, ['authenticated', 'failed'], 'dane-degraded', 'tlsa-mismatch'],
    ['usable', null, ['degraded', 'failed'], 'dane-degraded', 'tlsa-mismatch'],
    ['usable', null, ['failed'], 'dane-failed', 'tlsa-mismatch'],
    ['usable', null, ['noStarttls', 'failed'], 'dane-failed', 'starttls-not-offered'],
    ['usable', null, ['unknown', 'failed'], 'dane-failed', 'tlsa-mismatch'],
    ['usable', null, ['unknown', 'unknown'], 'unknown', 'endpoint-not-reached'],
    ['usable', null, ['optedOut', 'optedOut'], 'unknown', 'opted-out'],
    ['usable', null, ['optedOut', 'unknown'], 'unknown', 'endpoint-not-reached'],
    ['usable', null, [], 'unknown', 'host-not-measured'],
  ])('TLSA %s (%s), %j -> %s, %s', (tlsaOutcome, tlsaReason, names, verdict, reason) => {
    const seen = names.map((name) => endpoints[name]);
    expect(judgeHost({ a: data, aaaa: nodata, tlsaOutcome, tlsaReason, endpoints: seen })).toEqual({
      verdict,
      reason,
    });
  });
});

describe('RFC 7672 §3.2.2: the host to a domain that its certificates may name', () => {
  const matches = { reason: null, namesInstead: null };
  const differs = { reason: 'tlsa-mismatch', namesInstead: null } as const;
  const named = { reason: 'ta-name-mismatch', namesInstead: ['domain.test'] } as const;
  const shown = {
    authenticated: { ...endpoints.authenticated, handshakes: [matches] },
    failed: { ...endpoints.failed, handshakes: [differs] },
    noStarttls: { ...endpoints.noStarttls, handshakes: [] },
    unknown: { ...endpoints.unknown, handshakes: [] },
    named: { verdict: 'failed', reason: 'ta-name-mismatch', handshakes: [named] },
    halfNamed: { verdict: 'degraded', reason: 'ta-name-mismatch', handshakes: [matches, named] },
    namedOrNot: { verdict: 'failed', reason: 'ta-name-mismatch', handshakes: [named, differs] },
  } as const satisfies Record<string, EndpointForDomain>;

  test.each<[readonly (keyof typeof shown)[], HostVerdict, HostVerdict, ReasonKey | null]>([
    [['named'], 'dane-failed', 'dane', null],
    [['named', 'unknown'], 'dane-failed', 'dane', null],
    [['named', 'authenticated'], 'dane-degraded', 'dane', null],
    [['halfNamed'], 'dane-degraded', 'dane', null],
    [['namedOrNot'], 'dane-failed', 'dane-degraded', 'tlsa-mismatch-one-algorithm'],
    [['named', 'failed'], 'dane-failed', 'dane-degraded', 'tlsa-mismatch'],
    [['named', 'noStarttls'], 'dane-failed', 'dane-degraded', 'starttls-not-offered'],
    [['failed'], 'dane-failed', 'dane-failed', 'tlsa-mismatch'],
  ])('%j: %s by its own name, %s to the domain (%s)', (names, own, toDomain, reason) => {
    const seen = names.map((name) => shown[name]);
    const facts = {
      a: data,
      aaaa: nodata,
      tlsaOutcome: 'usable',
      tlsaReason: null,
      endpoints: seen,
    } as const;
    const judged = { ...judgeHost(facts), endpoints: seen };
    expect(judged.verdict).toBe(own);
    expect(judgeHostFor(judged, ['domain.test'])).toEqual({ verdict: toDomain, reason });
    expect(judgeHostFor(judged, ['other.test'])).toEqual(judgeHost(facts));
  });

  test('endpoints that were left out, since none of them has names, change nothing', () => {
    const host = { verdict: 'dane-failed', reason: 'tlsa-mismatch', endpoints: [] } as const;
    expect(judgeHostFor(host, ['domain.test'])).toEqual({ verdict: 'dane-failed', reason: 'tlsa-mismatch' });
  });
});
