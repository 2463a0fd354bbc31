import { expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import {
  domainIsToBeProved,
  hostIsToBeProved,
  verdictIsToBeProved,
} from '../../src/evidence/to-be-proved.ts';
import type { DomainFacts, HostFacts, LookupFact } from '../../src/survey/facts.ts';
import type { DomainVerdict } from '../../src/survey/verdicts.ts';

const secure: LookupFact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 60 };
const insecure = (reason: ReasonKey): LookupFact => ({ ...secure, status: 'insecure', reason });
const failed = (status: 'bogus' | 'indeterminate', reason: ReasonKey): LookupFact => {
  return { outcome: 'failed', status, reason, rcode: 'SERVFAIL', ttl: null };
};
const finding = { key: 'mx-is-cname', detail: '' } as const;

type Domain = Pick<DomainFacts, 'mail' | 'mx' | 'zone' | 'edges' | 'findings'>;
const edges = [{ host: 'mx.example', preference: 10 }];
const domain: Domain = { mail: 'mx', mx: secure, zone: null, edges, findings: [] };
const zone = (reason: ReasonKey) => ({ zone: { reason } as DomainFacts['zone'] });

test.each<[string, Partial<Domain>, ReturnType<typeof domainIsToBeProved>]>([
  ['secure, with hosts that are looked at later', {}, 'perhaps'],
  ['secure, without mail', { mail: 'null-mx', edges: [] }, 'no'],
  ['insecure, since nobody signed', { mx: insecure('insecure-delegation') }, 'no'],
  ['insecure, below an opt-out span', { mx: insecure('insecure-opt-out') }, 'no'],
  ['insecure by its algorithm', { mx: insecure('ds-unsupported-algorithm') }, 'yes'],
  ['insecure by its iterations', { mx: insecure('nsec3-iterations-insecure') }, 'yes'],
  ['a zone that is insecure by its digest', zone('ds-unsupported-digest'), 'yes'],
  ['bogus', { mail: 'unknown', mx: failed('bogus', 'rrsig-expired'), edges: [] }, 'yes'],
  ['no server answers', { mail: 'unknown', mx: failed('indeterminate', 'timeout'), edges: [] }, 'yes'],
  ['the addresses of an implicit MX failed', { mail: 'unknown', edges: [] }, 'yes'],
  ['a finding', { mx: insecure('insecure-delegation'), findings: [finding] }, 'yes'],
])('a domain: %s', (_, facts, expected) =>
  expect(domainIsToBeProved({ ...domain, ...facts })).toBe(expected),
);

test.each<[DomainVerdict, ReasonKey | null, boolean]>([
  ['dane', null, false],
  ['dane-degraded', 'some-hosts-fail', true],
  ['dane-partial', 'some-hosts-without-dane', true],
  ['dane-failed', 'tlsa-mismatch', true],
  ['lookup-failed', 'timeout', true],
  ['no-dane', 'tlsa-absent', false],
  ['no-dane', 'some-hosts-fail', true],
  ['no-mail', 'null-mx', false],
  ['no-mail', 'mx-without-address', true],
  ['unknown', 'endpoint-not-reached', false],
])('a verdict: %s, %s: %s', (verdict, reason, expected) => {
  expect(verdictIsToBeProved({ verdict, reason })).toBe(expected);
});

type Host = Parameters<typeof hostIsToBeProved>[0];
const host: Host = {
  verdict: 'dane',
  a: secure,
  aaaa: { ...secure, outcome: 'nodata', ttl: null },
  tlsa: secure,
  tlsaOutcome: 'usable',
  tlsaReason: null,
  tlsaRecords: [],
  findings: [],
};
const none = { verdict: 'no-dane', tlsaOutcome: 'none' } as const;
const superseded: HostFacts['tlsaRecords'] = [
  {
    ...{ usage: 3, selector: 1, matchingType: 2, data: '', reason: 'superseded-digest' },
    ...{ matchedLeaf: true, matchedAbove: false, matchedKeys: ['ec'] },
  },
];

test.each<[string, Partial<Host>, boolean]>([
  ['well', {}, false],
  ['without TLSA records', { ...none, tlsaReason: 'tlsa-absent' }, false],
  [
    'unsigned',
    { ...none, a: insecure('insecure-delegation'), tlsa: null, tlsaReason: 'address-insecure' },
    false,
  ],
  ['insecure by its algorithm', { ...none, a: insecure('ds-unsupported-algorithm'), tlsa: null }, true],
  ['failed', { verdict: 'dane-failed' }, true],
  ['degraded', { verdict: 'dane-degraded' }, true],
  [
    'unusable records',
    { verdict: 'dane-unusable', tlsaOutcome: 'unusable', tlsaReason: 'tlsa-unusable' },
    true,
  ],
  ['unusable records, and could not look', { verdict: 'unknown', tlsaOutcome: 'unusable' }, true],
  ['one unusable record among usable ones', { tlsaRecords: superseded }, true],
  ['a TLSA lookup that fails', { verdict: 'lookup-failed', tlsaOutcome: 'lookup-failed' }, true],
  ['no address', { verdict: 'no-address', tlsaOutcome: 'none' }, true],
  ['one address lookup that fails', { aaaa: failed('bogus', 'denial-missing') }, true],
  ['could not look', { verdict: 'unknown' }, true],
  ['a finding', { findings: [{ key: 'ancestor-denied', detail: '' }] }, true],
])('a host: %s: %s', (_, facts, expected) => expect(hostIsToBeProved({ ...host, ...facts })).toBe(expected));
