import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { type ReasonKey, reasonOf } from '../../src/base/reasons/catalogue.ts';
import { adviceLines } from '../../src/cli/check-advice.ts';
import { describeCertificate } from '../../src/pki/certificate-fact.ts';
import { adviceFor } from '../../src/survey/advice.ts';
import type { DomainFacts, HostFacts, LookupFact, TlsaFact } from '../../src/survey/facts.ts';
import type { EndpointFacts, HandshakeFact } from '../../src/survey/probed-facts.ts';
import { digest, intermediate, keys, leaf, MX, NOW, root, spkiOf } from '../pki/hierarchy.ts';

const secure: LookupFact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 3600 };
const insecure: LookupFact = { ...secure, status: 'insecure', reason: 'insecure-delegation' };

const ders = {
  ec: [leaf(), intermediate(), root()],
  rsa: [leaf({ key: keys.rsa }), intermediate(), root()],
  expired: [leaf({ notAfter: NOW - 1 }), intermediate(), root()],
};
const certificates = Object.values(ders).flat().map(describeCertificate);

function handshake(kind: keyof typeof ders, protocol = 'TLSv1.3'): HandshakeFact {
  const chain = ders[kind].map(describeCertificate);
  const [{ keyAlgorithm, keyBits, spkiSha256 }] = chain as [(typeof chain)[0]];
  const cipher = 'TLS_AES_256_GCM_SHA384';
  return {
    keyAlgorithm,
    keyBits,
    protocol,
    cipher,
    chain: chain.map(({ sha256 }) => sha256),
    leafSpki: spkiSha256,
    reason: null,
    namesInstead: null,
    inOtherManners: null,
  };
}

const nobodyLooked = { matchedLeaf: null, matchedAbove: null, matchedKeys: null };
function record(parameters: string, octets: Uint8Array, reason: ReasonKey | null = null): TlsaFact {
  const [usage = 0, selector = 0, matchingType = 0] = parameters.split(' ').map(Number);
  const data = matchingType === 0 ? octets : digest(matchingType === 1 ? 'sha256' : 'sha512', octets);
  return { usage, selector, matchingType, data: toHex(data), reason, ...nobodyLooked };
}
const current = record('3 1 1', spkiOf(keys.ec));
const next = record('3 1 1', spkiOf(keys.other));

const zoneWith = (refresh: number): HostFacts['tlsaZone'] => ({
  apex: 'provider.test',
  soa: { rname: 'h.provider.test', serial: 1, refresh, retry: 900, expire: 86_400, minimum: 300 },
});

const goodEndpoint: EndpointFacts = {
  address: '192.0.2.1',
  reached: 'tls',
  fault: null,
  because: null,
  banner: 'mx',
  capabilities: ['STARTTLS'],
  capabilitiesInTls: [],
  starttlsOffered: true,
  secondKey: 'not-offered',
  tls12: null,
  tls13: true,
  withoutSni: null,
  chainWithoutSni: null,
  matchedWithoutSni: null,
  seenAt: NOW,
  handshakes: [handshake('ec')],
  verdict: 'authenticated',
  reason: null,
  matched: '3 1 1',
  matchedDepth: 0,
};
const endpoint = (change: Partial<EndpointFacts>): EndpointFacts => ({ ...goodEndpoint, ...change });

const goodHost: HostFacts = {
  host: MX,
  provider: 'provider.test',
  a: secure,
  aaaa: secure,
  aliases: [],
  tlsaBase: MX,
  tlsa: secure,
  tlsaOutcome: 'usable',
  tlsaReason: null,
  tlsaRecords: [current, next],
  tlsaZone: zoneWith(3600),
  ancestors: [],
  behaviours: [],
  ancestorConsequence: null,
  serverAnswers: [
    {
      server: 'ns.provider.test',
      address: '192.0.2.53',
      name: `_25._tcp.${MX}`,
      rcode: 'NOERROR',
      answer: 'aa',
      status: 'secure',
      reason: null,
      serial: 1,
      faults: [],
    },
  ],
  endpoints: [goodEndpoint],
  verdict: 'dane',
  reason: null,
  findings: [],
  seenAt: NOW,
};

const goodFacts: DomainFacts = {
  domain: 'provider.test',
  mail: 'mx',
  mx: secure,
  aliases: [],
  edges: [{ host: MX, preference: 10 }],
  zone: {
    apex: 'provider.test',
    security: 'secure',
    reason: null,
    dsAlgorithms: [13],
    dsDigestTypes: [2],
    dnskeyAlgorithms: [13],
    denial: 'nsec3',
    nsec3Iterations: 0,
    nsec3OptOut: false,
    nameServers: ['ns.provider.test'],
  },
  soa: {
    rname: 'hostmaster.provider.test',
    serial: 1,
    refresh: 3600,
    retry: 900,
    expire: 86_400,
    minimum: 300,
  },
  mtaSts: false,
  tlsRpt: false,
  serverAnswers: [],
  findings: [],
  seenAt: NOW,
};

interface Change {
  readonly facts?: Partial<DomainFacts>;
  readonly host?: Partial<HostFacts>;
  readonly others?: readonly Partial<HostFacts>[];
}
function advise({ facts = {}, host = {}, others = [] }: Change) {
  const hosts = [{ ...goodHost, ...host }, ...others.map((other) => ({ ...goodHost, ...other }))];
  return adviceFor({ facts: { ...goodFacts, ...facts }, hosts, certificates });
}

test('a domain that follows it all gets none', () => expect(advise({})).toEqual([]));

describe('advice of the how-to, one thing at a time', () => {
  const old = (protocol: string) => ({ endpoints: [endpoint({ handshakes: [handshake('ec', protocol)] })] });
  const v6 = (change: Partial<EndpointFacts>) => ({
    endpoints: [goodEndpoint, endpoint({ address: '2001:db8::1', ...change })],
  });
  const cleartext = { verdict: 'cleartext', handshakes: [], matched: null, matchedDepth: null } as const;
  const without = { tlsaOutcome: 'none', tlsaRecords: [], serverAnswers: [], verdict: 'no-dane' } as const;

  test.each<[string, Change, ReasonKey, string?]>([
    [
      'S1: no TLSA records',
      { host: { ...without, tlsaReason: 'tlsa-absent', endpoints: [] } },
      'tlsa-absent',
    ],
    ['S2: a single record', { host: { tlsaRecords: [current] } }, 'tlsa-single-record'],
    [
      'S2: a single record of a host that could not be looked at',
      { host: { tlsaRecords: [current], endpoints: [] } },
      'tlsa-single-record',
    ],
    [
      'S5: issuers alone',
      { host: { tlsaRecords: [record('2 1 1', spkiOf(keys.root)), record('2 1 1', spkiOf(keys.other))] } },
      'rollover-issuer-only',
    ],
    [
      'S6: two algorithms, one next key',
      {
        host: {
          tlsaRecords: [current, record('3 1 1', spkiOf(keys.rsa)), next],
          endpoints: [endpoint({ handshakes: [handshake('ec'), handshake('rsa')] })],
        },
      },
      'rollover-one-algorithm',
    ],
    [
      'S6: one algorithm matches and the other does not',
      { host: { endpoints: [endpoint({ verdict: 'degraded', reason: 'tlsa-mismatch-one-algorithm' })] } },
      'tlsa-mismatch-one-algorithm',
      '192.0.2.1',
    ],
    [
      'S8: a name server is behind',
      { host: { findings: [{ key: 'name-server-stale', detail: 'ns2' }] } },
      'name-server-stale',
      'ns2',
    ],
    [
      'S8: name servers differ',
      { host: { findings: [{ key: 'tlsa-servers-differ', detail: 'ns2' }] } },
      'tlsa-servers-differ',
      'ns2',
    ],
    [
      'S10: one address fails',
      { host: v6({ verdict: 'failed', reason: 'tlsa-mismatch' }) },
      'addresses-differ',
      '2001:db8::1',
    ],
    [
      'S11: no STARTTLS',
      { host: v6({ ...cleartext, reason: 'starttls-not-offered' }) },
      'starttls-not-offered',
      '2001:db8::1',
    ],
    [
      'S11: STARTTLS refused',
      { host: v6({ ...cleartext, reason: 'starttls-refused' }) },
      'starttls-refused',
      '2001:db8::1',
    ],
    ['S11: TLS 1.1', { host: old('TLSv1.1') }, 'tls-too-old', '192.0.2.1'],
    ['S11: TLS 1.0', { host: old('TLSv1') }, 'tls-too-old', '192.0.2.1'],
    [
      'S12: an unsigned MX host',
      { host: { ...without, a: insecure, tlsa: null, tlsaReason: 'address-insecure' } },
      'address-insecure',
    ],
    [
      'S12: an unsigned TLSA answer',
      { host: { ...without, tlsa: insecure, tlsaReason: 'tlsa-insecure' } },
      'tlsa-insecure',
    ],
    [
      'S13: selector 0',
      { host: { tlsaRecords: [record('3 0 1', ders.ec[0]!), next] } },
      'selector-certificate',
      '3 0 1',
    ],
    [
      'S14: a matched certificate out of date',
      { host: { endpoints: [endpoint({ handshakes: [handshake('expired')] })] } },
      'certificate-neglected',
      '192.0.2.1',
    ],
    [
      'S16: usage 1 beside',
      { host: { tlsaRecords: [current, next, record('1 1 1', spkiOf(keys.ec), 'usage-pkix')] } },
      'usage-pkix',
      '1 1 1',
    ],
    [
      'S19: an ancestor is denied',
      { host: { findings: [{ key: 'ancestor-denied', detail: `_tcp.${MX}` }] } },
      'ancestor-denied',
      `_tcp.${MX}`,
    ],
    [
      'S20: the MX host is an alias',
      { host: { findings: [{ key: 'mx-is-cname', detail: 'a.test' }] } },
      'mx-is-cname',
      'a.test',
    ],
    [
      'S22: a TTL above an hour',
      { host: { tlsa: { ...secure, ttl: 3601 } } },
      'tlsa-ttl-long',
      '3601 seconds',
    ],
    [
      'S22: a TTL below half an hour',
      { host: { tlsa: { ...secure, ttl: 1799 }, tlsaZone: zoneWith(900) } },
      'tlsa-ttl-short',
      '1799 seconds',
    ],
    [
      'S23: SOA refresh above the TTL',
      { host: { tlsaZone: zoneWith(3601) } },
      'soa-refresh-long',
      'refresh 3601 in the SOA of provider.test, TTL 3600',
    ],
    [
      'S24: an intermediate as issuer',
      { host: { tlsaRecords: [current, record('2 1 1', spkiOf(keys.intermediate))] } },
      'ta-not-root',
    ],
    [
      'matching type 0',
      { host: { tlsaRecords: [record('3 1 0', spkiOf(keys.ec)), next] } },
      'matching-type-full',
      '3 1 0',
    ],
    [
      'matching type 2 alone',
      { host: { tlsaRecords: [record('3 1 2', spkiOf(keys.ec)), record('3 1 2', spkiOf(keys.other))] } },
      'matching-type-optional',
      '3 1 2',
    ],
  ])('%s', (_, change, key, detail = '') => {
    expect(advise(change)).toEqual([{ key, host: MX, detail }]);
  });

  test('S9: one key at several MX hosts', () => {
    const others = [{ host: 'mx2.provider.test' }, { host: 'mx3.provider.test', endpoints: [] }];
    expect(advise({ others })).toEqual([
      { key: 'key-shared', host: null, detail: `${MX} mx2.provider.test` },
    ]);
  });

  test('S12: an unsigned domain', () => {
    expect(advise({ facts: { mx: insecure } })).toEqual([{ key: 'domain-unsigned', host: null, detail: '' }]);
  });
});

describe('what is taken for a roll-over scheme elsewhere, and is none', () => {
  test.each<[string, readonly TlsaFact[], ReasonKey]>([
    ['S2: the same key twice', [current, record('3 0 1', ders.ec[0]!)], 'rollover-same-key'],
    ['S5: EE and TA on one certificate', [current, record('2 1 1', spkiOf(keys.ec))], 'rollover-ta-is-leaf'],
    [
      'S5, S17: a TA that is not sent above the leaf',
      [current, record('2 1 1', spkiOf(keys.other))],
      'rollover-ta-not-served',
    ],
  ])('%s', (_, tlsaRecords, key) => {
    const said = advise({ host: { tlsaRecords } }).map((one) => one.key);
    expect(said).toEqual(expect.arrayContaining(['rollover-absent', key]));
  });

  test('S6: RSA and ECDSA both current', () => {
    const tlsaRecords = [current, record('3 1 1', spkiOf(keys.rsa))];
    const endpoints = [endpoint({ handshakes: [handshake('ec'), handshake('rsa')] })];
    expect(advise({ host: { tlsaRecords, endpoints } }).map(({ key }) => key)).toEqual([
      'rollover-absent',
      'rollover-both-current',
    ]);
  });
});

describe('what one look cannot tell is not spoken of', () => {
  const unknown = endpoint({
    verdict: 'unknown',
    reason: 'connection-timeout',
    handshakes: [],
    matched: null,
  });
  const refusedUs = { ...unknown, reason: 'greeting-rejected-temporarily', starttlsOffered: null } as const;
  test.each<[string, Change]>([
    ['no endpoint was reached', { host: { endpoints: [unknown], verdict: 'unknown' } }],
    ['a server turned us away', { host: { endpoints: [goodEndpoint, refusedUs] } }],
    [
      'no TLSA lookup came about',
      { host: { tlsaOutcome: 'lookup-failed', tlsaReason: 'timeout', tlsaRecords: [], endpoints: [] } },
    ],
    ['no server shows the SOA of its zone', { host: { tlsaZone: null } }],
    ['the SOA of the domain is of another zone', { facts: { soa: { ...goodFacts.soa!, refresh: 86_400 } } }],
    [
      'a SHA2-256 record stands beside SHA2-512',
      {
        host: {
          tlsaRecords: [
            record('3 1 2', spkiOf(keys.ec)),
            record('3 1 2', spkiOf(keys.other)),
            { ...current, reason: 'superseded-digest' },
          ],
        },
      },
    ],
    ['no mail', { facts: { mail: 'null-mx' }, host: { tlsaRecords: [current] } }],
  ])('%s', (_, change) => expect(advise(change)).toEqual([]));
});

test('in words: the reason, its source and what to do; text from the network is escaped', () => {
  const lines = adviceLines([{ key: 'mx-is-cname', host: MX, detail: 'a\u001b[2J\n' }]);
  const { says, hint, source } = reasonOf('mx-is-cname');
  expect(lines.slice(2)).toEqual([`    ${MX}: ${says} [a\\u001b[2J\\u000a] (${source})`, `      ${hint}`]);
  expect(adviceLines([])).toEqual([]);
});
