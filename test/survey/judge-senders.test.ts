/** What comes of mail with each sender: one good host behind a secure MX RRset, and one thing broken at a time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import { senderKeys } from '../../src/dane/senders.ts';
import { describeCertificate } from '../../src/pki/certificate-fact.ts';
import type { DomainFacts, HostFacts, LookupFact, TlsaFact } from '../../src/survey/facts.ts';
import { judgeEndpoint } from '../../src/survey/judge-endpoint.ts';
import { judgeSenders } from '../../src/survey/judge-senders.ts';
import type { EndpointFacts } from '../../src/survey/probed-facts.ts';
import { type SenderOutcome, senderOutcomes } from '../../src/survey/sender-verdicts.ts';
import { digest, intermediate, keys, leaf, NOW, root, selfSigned, spkiOf } from '../pki/hierarchy.ts';

const secure: LookupFact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 3600 };
const insecure: LookupFact = { ...secure, status: 'insecure', reason: 'insecure-delegation' };
const nodata: LookupFact = { ...secure, outcome: 'nodata', ttl: null };
const failed = (reason: ReasonKey): LookupFact => ({
  ...nodata,
  outcome: 'failed',
  status: 'indeterminate',
  reason,
});

const MX = 'mx.example.test';
const ecLeaf = leaf({ subject: MX, dnsNames: [MX] });
const nextHopLeaf = leaf({ subject: 'example.test', dnsNames: ['example.test'] });
const expandedLeaf = leaf({ subject: 'expanded.test', dnsNames: ['expanded.test'] });
const rsaLeaf = selfSigned({ key: keys.rsa, issuer: { subject: 'mx.provider.test', key: keys.rsa } });
const [above, top] = [intermediate(), root()];
const described = [ecLeaf, nextHopLeaf, expandedLeaf, rsaLeaf, above, top].map(describeCertificate);
const derOf = (sha256: string) => described.find((one) => one.sha256 === sha256)!.der;

const nobodyLooked = { matchedLeaf: null, matchedAbove: null, matchedKeys: null };
function tlsa(usage: number, selector: number, matchingType: number, selected: Uint8Array): TlsaFact {
  const data = matchingType === 0 ? selected : digest(matchingType === 1 ? 'sha256' : 'sha512', selected);
  return { usage, selector, matchingType, data: toHex(data), reason: null, ...nobodyLooked };
}
const matching = tlsa(3, 1, 1, spkiOf(keys.ec));
const ofRsa = tlsa(3, 1, 1, spkiOf(keys.rsa));
const stale = tlsa(3, 1, 1, spkiOf(keys.other));
const anchor = tlsa(2, 1, 1, spkiOf(keys.root));

function shown(...chain: readonly Uint8Array[]): EndpointFacts['handshakes'][number] {
  const facts = chain.map(describeCertificate);
  return {
    keyAlgorithm: facts[0]!.keyAlgorithm,
    keyBits: null,
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    chain: facts.map(({ sha256 }) => sha256),
    leafSpki: facts[0]!.spkiSha256,
    reason: null,
    namesInstead: null,
    inOtherManners: null,
  };
}

const endpoint: EndpointFacts = {
  address: '203.0.113.2',
  reached: 'tls',
  fault: null,
  because: null,
  banner: '',
  capabilities: ['STARTTLS'],
  capabilitiesInTls: null,
  starttlsOffered: true,
  handshakes: [shown(ecLeaf, above, top)],
  secondKey: 'not-offered',
  tls12: null,
  tls13: true,
  withoutSni: null,
  chainWithoutSni: null,
  matchedWithoutSni: null,
  seenAt: NOW,
  verdict: 'authenticated',
  reason: null,
  matched: null,
  matchedDepth: null,
};
const stopped = (because: ReasonKey): EndpointFacts => ({
  ...endpoint,
  reached: 'ehlo',
  fault: 'theirs',
  because,
  handshakes: [],
  verdict: 'failed',
  reason: because,
});
const plain = stopped('starttls-not-offered');
const failing: EndpointFacts = { ...stopped('tls-handshake-failed'), reached: 'starttls' };
const injecting: EndpointFacts = { ...stopped('plaintext-after-starttls'), reached: 'starttls' };
const unreached: EndpointFacts = {
  ...stopped('connection-timeout'),
  reached: 'nothing',
  fault: 'network',
  starttlsOffered: null,
  verdict: 'unknown',
};

const good: HostFacts = {
  host: MX,
  provider: 'example.test',
  a: secure,
  aaaa: nodata,
  aliases: [],
  tlsaBase: MX,
  tlsa: secure,
  tlsaOutcome: 'usable',
  tlsaReason: null,
  tlsaRecords: [matching],
  tlsaZone: null,
  ancestors: [],
  behaviours: [],
  ancestorConsequence: null,
  serverAnswers: [],
  endpoints: [endpoint],
  verdict: 'dane',
  reason: null,
  findings: [],
  seenAt: NOW,
};
const none = { tlsaRecords: [], tlsaOutcome: 'none' } as const;
const absent = { ...none, tlsaReason: 'tlsa-absent' } as const;
const insecureAddress = { ...none, a: insecure, tlsaBase: null, tlsaReason: 'address-insecure' } as const;
const insecureTlsa = { ...none, tlsaReason: 'tlsa-insecure' } as const;
const bogusTlsa = { tlsaRecords: [], tlsaOutcome: 'lookup-failed', tlsaReason: 'signature-invalid' } as const;
const unusable = {
  tlsaRecords: [{ ...matching, usage: 1, reason: 'usage-pkix' }],
  tlsaOutcome: 'unusable',
  tlsaReason: 'tlsa-unusable',
} as const;
const unreadable = {
  tlsaRecords: [{ ...matching, matchingType: 0, data: 'abcdef', reason: 'data-unparsable', ...nobodyLooked }],
  tlsaOutcome: 'unusable',
  tlsaReason: 'tlsa-unusable',
} as const;

type Change = Partial<HostFacts>;
type Facts = Pick<DomainFacts, 'domain' | 'mail' | 'mx' | 'aliases' | 'edges'>;

/** The host, its certificates held against its records as the survey does. */
function surveyed(host: HostFacts): HostFacts {
  const { tlsaOutcome, tlsaBase } = host;
  const records = host.tlsaRecords
    .filter(({ reason }) => reason === null || reason === 'superseded-digest')
    .map((record) => ({ ...record, data: fromHex(record.data)! }));
  const endpoints = host.endpoints.map((one): EndpointFacts => {
    const handshakes = one.handshakes.map(({ chain }) => ({ chain: chain.map(derOf) }));
    const seen = { ...one, handshakes, chainWithoutSni: null };
    const judged = judgeEndpoint(seen, { tlsaOutcome, records, baseDomain: tlsaBase }, NOW).handshakes;
    return { ...one, handshakes: one.handshakes.map((shown, at) => ({ ...shown, ...judged[at]! })) };
  });
  return { ...host, endpoints };
}

/** One host for each change, by preference; `at` gives other preferences. */
function judge(changes: readonly (Change | undefined)[], rest: Partial<Facts> = {}, at?: readonly number[]) {
  const names = changes.map((_, i) => (changes.length === 1 ? MX : `mx${i}.example.test`));
  const hosts = changes.flatMap((change, i) =>
    change === undefined ? [] : [[names[i]!, surveyed({ ...good, ...change, host: names[i]! })] as const],
  );
  const edges = names.map((host, i) => ({ host, preference: at?.[i] ?? 10 * i }));
  const facts: Facts = { domain: 'example.test', mail: 'mx', mx: secure, aliases: [], edges, ...rest };
  return judgeSenders(facts, new Map(hosts));
}

const letterOf: Record<SenderOutcome | 'unknown', string> = {
  authenticated: 'A',
  encrypted: 'E',
  clear: 'C',
  deferred: 'D',
  bounced: 'B',
  unknown: '?',
};

/** A letter for each sender, in the order of `senderKeys`: Postfix, Exim, documented ones, without DANE. */
function letters(verdict: ReturnType<typeof judge>): string {
  const all = verdict.senders.map(({ outcome }) => letterOf[outcome]).join('');
  return [all.slice(0, 3), all.slice(3, 7), all.slice(7, 10), all.slice(10)].join(' ');
}

test('every sender is judged', () => {
  expect(judge([{}]).senders.map(({ sender }) => sender)).toEqual(senderKeys);
});

describe('RFC 7672 §2.2: one host behind a secure MX RRset', () => {
  test.each<[string, Change, string]>([
    ['matching', {}, 'AAA AAAA AAA E'],
    ['no TLSA', absent, 'EED EEBB E?E E'],
    ['insecure address', insecureAddress, 'EED EEBB E?E E'],
    ['insecure TLSA', insecureTlsa, 'EED EEBB E?E E'],
    ['TLSA lookup fails', bogusTlsa, 'DDD DDDD ??? E'],
    ['unusable', unusable, 'EED EDED ??? E'],
    ['unreadable', unreadable, 'EED DDDD ??? E'],
    ['mismatch', { tlsaRecords: [stale] }, 'DDD DDDD DDD E'],
    ['no STARTTLS', { endpoints: [plain] }, 'DDD DDDD DDD C'],
    ['STARTTLS refused', { endpoints: [stopped('starttls-refused')] }, 'DDD DDDD DDD C'],
    ['handshake fails', { endpoints: [failing] }, 'DDD DDDD DDD C'],
    ['no TLSA, handshake fails', { ...absent, endpoints: [failing] }, 'CCD CCBB ??? C'],
    ['no TLSA, no STARTTLS', { ...absent, endpoints: [plain] }, 'CCD CCBB C?C C'],
    ['no TLSA, reset before TLS', { ...absent, endpoints: [stopped('connection-reset')] }, '??D ??BB ??? ?'],
    ['reset before TLS', { endpoints: [stopped('connection-reset')] }, 'DDD DDDD DDD ?'],
    ['plain text behind STARTTLS', { endpoints: [injecting] }, '??? ???? ??? ?'],
    ['unusable, no STARTTLS', { ...unusable, endpoints: [plain] }, 'DDD DDDD ??? C'],
  ])('%s', (_, change, wanted) => expect(letters(judge([change]))).toBe(wanted));
});

describe('RFC 7672 §2.2.1: one host behind an insecure MX RRset', () => {
  test.each<[string, Change, string, boolean | null]>([
    ['matching', {}, 'EED EEBB E?E E', false],
    ['mismatch', { tlsaRecords: [stale] }, 'DED EEBB ??? E', true],
    ['no STARTTLS', { endpoints: [plain] }, 'DCD CCBB ??? C', true],
    ['TLSA lookup fails', bogusTlsa, 'DED EEBB ??? E', true],
    ['no TLSA', absent, 'EED EEBB E?E E', false],
    ['not reached', { endpoints: [unreached] }, '??D ??BB ??? ?', null],
  ])('%s', (_, change, wanted, hurt) => {
    const verdict = judge([change], { mx: insecure });
    expect(letters(verdict)).toBe(wanted);
    expect(verdict.hurtThoughUnsigned).toBe(hurt);
  });

  test('a signed domain is not hurt though unsigned', () => {
    expect(judge([{ tlsaRecords: [stale] }]).hurtThoughUnsigned).toBe(false);
  });
});

describe('RFC 7671 §5, §8, §9: how programs verify', () => {
  const unsent = { endpoints: [{ ...endpoint, handshakes: [shown(ecLeaf, above)] }] };
  const dual = {
    endpoints: [{ ...endpoint, handshakes: [shown(ecLeaf), shown(rsaLeaf)], secondKey: 'seen' }],
  } as const;
  test.each<[string, Change, string]>([
    ['anchor sent', { tlsaRecords: [anchor] }, 'AAA AAAA AAA E'],
    ['anchor not sent', { ...unsent, tlsaRecords: [anchor] }, 'DDD DDDD DDD E'],
    ['2 0 0, not sent', { ...unsent, tlsaRecords: [tlsa(2, 0, 0, top)] }, 'AAA DADA ??? E'],
    ['2 1 0, not sent', { ...unsent, tlsaRecords: [tlsa(2, 1, 0, spkiOf(keys.root))] }, 'AAA DADA ??? E'],
    [
      'only the weaker digest matches',
      {
        tlsaRecords: [{ ...matching, reason: 'superseded-digest' }, { ...tlsa(3, 1, 2, spkiOf(keys.other)) }],
      },
      'DDD AAAA ??? E',
    ],
    [
      'the certificate names the next-hop domain',
      { tlsaRecords: [anchor], endpoints: [{ ...endpoint, handshakes: [shown(nextHopLeaf, above, top)] }] },
      'AAA DDDD ??? E',
    ],
    ['two keys, ECDSA covered', dual, 'AAA DADA ??? E'],
    ['two keys, RSA covered', { ...dual, tlsaRecords: [ofRsa] }, 'DDD ADAD ??? E'],
    ['two keys, both covered', { ...dual, tlsaRecords: [matching, ofRsa] }, 'AAA AAAA AAA E'],
    [
      'a second key not looked at',
      { endpoints: [{ ...endpoint, secondKey: 'not-looked' }] },
      'AAA ?A?A ??? E',
    ],
    [
      'TLS 1.0',
      { endpoints: [{ ...endpoint, handshakes: [{ ...shown(ecLeaf), protocol: 'TLSv1' }] }] },
      '??? A?A? ??? ?',
    ],
    ['TLSA at the name of an alias only', { aliases: ['real.example.test'] }, 'AAA EEBB ??? E'],
    [
      'TLSA at the canonical name',
      { aliases: ['real.example.test'], tlsaBase: 'real.example.test' },
      'AAA AAAA AAA E',
    ],
  ])('%s', (_, change, wanted) => expect(letters(judge([change]))).toBe(wanted));

  test.each<[string, Partial<Facts>, string]>([
    ['the domain is an alias of that name', { aliases: ['way.test', 'expanded.test'] }, 'AAA DDDD ??? E'],
    ['that name is on the way', { aliases: ['expanded.test', 'other.test'] }, 'DDD DDDD DDD E'],
    ['without MX records', { mail: 'implicit-mx', aliases: ['expanded.test'] }, 'DDD DDDD DDD E'],
  ])('RFC 7672 §3.2.2: the certificate names another; %s', (_, rest, wanted) => {
    const handshakes = [shown(expandedLeaf, above, top)];
    const change = { tlsaRecords: [anchor], endpoints: [{ ...endpoint, handshakes }] };
    expect(letters(judge([change], rest))).toBe(wanted);
  });
});

describe('RFC 5321 §5.1, RFC 7672 §2.1.2: several hosts', () => {
  const broken = { tlsaRecords: [stale] };
  const many = (count: number) => Array.from({ length: count }, () => endpoint);
  const empty = { a: nodata, tlsaBase: null, tlsaOutcome: 'none', tlsaReason: null } as const;
  const bogusAddress = { a: failed('signature-invalid'), tlsaBase: null, ...bogusTlsa };
  test.each<[string, readonly Change[], readonly number[] | undefined, string]>([
    ['the first fails', [broken, {}], undefined, 'AAA AAAA AAA E'],
    ['the second fails', [{}, broken], undefined, 'AAA AAAA AAA E'],
    [
      'five addresses of the first fail',
      [{ ...broken, endpoints: many(5) }, {}],
      undefined,
      'DDD AAAA AAA E',
    ],
    [
      'four addresses of the first fail',
      [{ ...broken, endpoints: many(4) }, {}],
      undefined,
      'AAA AAAA AAA E',
    ],
    ['both fail', [broken, broken], undefined, 'DDD DDDD DDD E'],
    ['the first fails, the second has no TLSA', [broken, absent], undefined, 'EED EEBB E?E E'],
    ['the first has no TLSA', [absent, {}], undefined, 'EEA EEBB E?E E'],
    ['one of two equal ones has no TLSA', [{}, absent], [10, 10], 'EEA EEBB E?E E'],
    [
      'the handshake of the first fails, without TLSA',
      [{ ...absent, endpoints: [failing] }, absent],
      undefined,
      'EED CCBB ??? E',
    ],
    [
      'the handshake of the first fails, without TLSA, and the second does not match',
      [{ ...absent, endpoints: [failing] }, broken],
      undefined,
      'CCD CCBB ??? E',
    ],
    ['the TLSA lookup of the first fails', [bogusTlsa, {}], undefined, 'AAA DDDD ??? E'],
    ['the address lookup of the first fails', [bogusAddress, {}], undefined, 'AAA AAAA AAA E'],
    ['every address lookup fails', [bogusAddress, bogusAddress], undefined, 'DDD DDDD DDD D'],
    ['no address', [empty], undefined, 'BBB BBBB BBB B'],
    ['no address, and a lookup fails', [empty, bogusAddress], undefined, 'DDD DDDD DDD D'],
    ['no address, and one that is good', [empty, {}], undefined, 'AAA AAAA AAA E'],
  ])('%s', (_, changes, at, wanted) => expect(letters(judge(changes, {}, at))).toBe(wanted));

  test('chance names all that can happen, and the worst counts', () => {
    const { senders } = judge([{}, absent], {}, [10, 10]);
    const byKey = new Map(senders.map((one) => [one.sender, one]));
    expect(byKey.get('postfix-dane')).toMatchObject({ possible: ['authenticated', 'encrypted'] });
    expect(byKey.get('postfix-dane-only')).toMatchObject({ possible: ['authenticated'] });
    expect(byKey.get('exim-require')).toMatchObject({
      possible: ['authenticated', 'bounced'],
      outcome: 'bounced',
    });
  });

  test('an address that fails is followed by the next', () => {
    expect(letters(judge([{ endpoints: [plain, endpoint] }]))).toBe('AAA AAAA AAA C');
  });

  test('each host says what happened', () => {
    const { hosts } = judge([{ tlsaRecords: [stale] }, {}, absent]).senders[0]!;
    expect(hosts).toEqual([
      {
        host: 'mx0.example.test',
        preference: 0,
        did: 'next-host',
        reason: 'tlsa-mismatch',
        tlsrpt: 'validation-failure',
      },
      { host: 'mx1.example.test', preference: 10, did: 'authenticated', reason: null, tlsrpt: null },
      { host: 'mx2.example.test', preference: 20, did: 'not-tried', reason: null, tlsrpt: null },
    ]);
  });
});

describe('RFC 5321 §5.1, RFC 7505, RFC 7672 §2.1.2: without a host to try all do the same', () => {
  test.each<[string, Partial<Facts>, SenderOutcome | 'unknown', ReasonKey]>([
    ['null MX', { mail: 'null-mx' }, 'bounced', 'null-mx'],
    [
      'no such domain',
      { mail: 'none', mx: { ...nodata, outcome: 'nxdomain' } },
      'bounced',
      'domain-nxdomain',
    ],
    ['neither MX nor address', { mail: 'none', mx: nodata }, 'bounced', 'no-mx-no-address'],
    ['bogus', { mail: 'unknown', mx: failed('signature-invalid') }, 'deferred', 'signature-invalid'],
    ['our fault', { mail: 'unknown', mx: failed('network-unreachable') }, 'unknown', 'network-unreachable'],
    ['an MX RRset that names none', {}, 'bounced', 'mx-without-address'],
  ])('%s', (_, rest, outcome, reason) => {
    for (const verdict of judge([], rest).senders)
      expect(verdict).toMatchObject({ outcome, reason, hosts: [] });
  });
});

describe('could not look', () => {
  test.each<[string, Change | undefined, ReasonKey, string]>([
    ['a host not measured', undefined, 'host-not-measured', '??? ???? ??? ?'],
    ['no endpoint reached', { endpoints: [unreached] }, 'connection-timeout', '??? ???? ??? ?'],
    ['no endpoint known', { endpoints: [] }, 'host-not-measured', '??? ???? ??? ?'],
    [
      'addresses, our fault',
      { a: failed('network-unreachable'), tlsaBase: null, endpoints: [] },
      'network-unreachable',
      '??? ???? ??? ?',
    ],
    [
      'TLSA, our fault',
      { ...bogusTlsa, tlsaReason: 'network-unreachable' },
      'network-unreachable',
      '??? ???? ??? E',
    ],
    ['no TLSA, not reached', { ...absent, endpoints: [unreached] }, 'connection-timeout', '??D ??BB ??? ?'],
  ])('%s', (_, change, reason, wanted) => {
    const verdict = judge([change]);
    expect(letters(verdict)).toBe(wanted);
    expect(verdict.senders[0]).toMatchObject({ outcome: 'unknown', reason });
  });

  test('an address that was not reached beside one that was does not count', () => {
    expect(letters(judge([{ endpoints: [unreached, endpoint] }]))).toBe('AAA AAAA AAA E');
  });

  test('what comes behind a host that takes the mail does not count', () => {
    expect(letters(judge([{}, undefined]))).toBe('AAA AAAA AAA E');
  });

  test('a host that was not reached before one that is good: authenticated, whichever it is', () => {
    expect(letters(judge([{ endpoints: [unreached] }, {}]))).toBe('AAA AAAA AAA ?');
  });
});

describe('RFC 8460 §4.3: result types', () => {
  test.each<[string, Change, Partial<Facts>, number, ReasonKey, string | null]>([
    ['mismatch', { tlsaRecords: [stale] }, {}, 0, 'tlsa-mismatch', 'validation-failure'],
    ['no STARTTLS', { endpoints: [plain] }, {}, 0, 'starttls-not-offered', 'starttls-not-supported'],
    ['unusable', unusable, {}, 0, 'tlsa-unusable', 'tlsa-invalid'],
    ['bogus', bogusTlsa, {}, 0, 'signature-invalid', 'dnssec-invalid'],
    ['no TLSA, DANE required', absent, {}, 2, 'tlsa-absent', 'dane-required'],
    ['no TLSA', absent, {}, 0, 'tlsa-absent', null],
    ['insecure MX, DANE required', {}, { mx: insecure }, 2, 'domain-unsigned', 'dane-required'],
  ])('%s', (_, change, rest, sender, reason, tlsrpt) => {
    expect(judge([change], rest).senders[sender]).toMatchObject({ reason, tlsrpt });
  });
});

test('whatever is seen, an outcome is one of the possible ones, and unknown where several are left open', () => {
  const changes = [{}, absent, insecureAddress, bogusTlsa, unusable, unreadable, { tlsaRecords: [stale] }];
  const endpoints = [endpoint, plain, unreached];
  const anyHost = fc
    .tuple(fc.constantFrom<Change>(...changes), fc.subarray(endpoints, { minLength: 1 }))
    .map(([change, some]): Change => ({ ...change, endpoints: some }));
  fc.assert(
    fc.property(
      fc.array(fc.option(anyHost, { nil: undefined }), { maxLength: 4 }),
      fc.constantFrom(secure, insecure),
      fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
      (hosts, mx, at) => {
        for (const { outcome, possible, reason, hosts: each } of judge(hosts, { mx }, at).senders) {
          expect(possible).toEqual(senderOutcomes.filter((one) => possible.includes(one)));
          expect(outcome === 'unknown' ? possible.length > 1 : possible.at(-1) === outcome).toBe(true);
          if (outcome === 'unknown') expect(reason).not.toBeNull();
          expect(each).toHaveLength(hosts.length);
        }
      },
    ),
  );
});
