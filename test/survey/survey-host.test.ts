/** RFC 7672 §2.2: one MX host, its addresses, its TLSA records, what stands around them. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { MAX_ADDRESSES, surveyHost } from '../../src/survey/survey-host.ts';
import { type Spoil, type World, without } from '../lookup/signed-internet.ts';
import { portsOver, silentFor, small, TLSA_RDATA, tlsaQueries } from './small-world.ts';

const survey = (world: World, host = 'mx.example.test') => surveyHost(host, portsOver(world).ports);
const host = ['mx A 203.0.113.2', 'mx AAAA 2001:db8::2'];
const tlsa = `_25._tcp.mx ${TLSA_RDATA}`;
const unsigned = without(RRType.RRSIG);

describe('RFC 7672 §2.2: the four TLSA outcomes', () => {
  test('usable', async () => {
    const world = small([...host, tlsa]);
    const { probed, ports } = portsOver(world);
    expect(await surveyHost('mx.example.test', ports)).toMatchObject({
      tlsaOutcome: 'usable',
      tlsaReason: null,
      tlsaBase: 'mx.example.test',
      tlsa: { outcome: 'data', status: 'secure', ttl: 3600 },
      tlsaRecords: [{ usage: 3, selector: 1, matchingType: 1, reason: null }],
      tlsaZone: { apex: 'example.test', soa: { serial: expect.any(Number), refresh: expect.any(Number) } },
      aliases: [],
      findings: [],
      ancestors: [
        { name: '_tcp.mx.example.test', proof: 'exists', rcode: 'NOERROR' },
        { name: 'mx.example.test', proof: 'exists' },
      ],
    });
    expect(probed).toEqual(['203.0.113.2 mx.example.test', '2001:db8::2 mx.example.test']);
  });

  test('absent', async () => {
    expect(await survey(small(host))).toMatchObject({
      tlsaOutcome: 'none',
      tlsaReason: 'tlsa-absent',
      tlsa: { outcome: 'nxdomain', status: 'secure' },
      ancestors: [],
      serverAnswers: [],
      verdict: 'no-dane',
    });
  });

  test.each<[string, Spoil, object]>([
    [
      'silence',
      silentFor('_25._tcp.mx.example.test. TLSA'),
      { tlsaReason: 'timeout', tlsa: { status: 'indeterminate' } },
    ],
    [
      'SERVFAIL',
      (parts, { text }) =>
        text === '_25._tcp.mx.example.test. TLSA'
          ? { ...parts, rcode: Rcode.SERVFAIL, answer: [], authority: [] }
          : undefined,
      { tlsaReason: 'servfail', tlsa: { status: 'indeterminate' } },
    ],
    [
      'no signature',
      (parts, { text }) =>
        text === '_25._tcp.mx.example.test. TLSA'
          ? { ...parts, answer: unsigned(parts.answer), authority: unsigned(parts.authority) }
          : undefined,
      { tlsaReason: 'rrsig-missing', tlsa: { status: 'bogus' } },
    ],
    [
      'NXDOMAIN without proof',
      (parts, { text, zone }) =>
        text === '_25._tcp.mx.example.test. TLSA'
          ? { ...parts, rcode: Rcode.NXDOMAIN, answer: [], authority: zone.soa() }
          : undefined,
      { tlsaReason: 'denial-missing', tlsa: { status: 'bogus' } },
    ],
  ])('%s: lookup-failed', async (_title, spoil, expected) => {
    for (const lines of [host, [...host, tlsa]]) {
      expect(await survey(small(lines, { spoil }))).toMatchObject({
        ...expected,
        tlsaOutcome: 'lookup-failed',
        verdict: 'lookup-failed',
      });
      expect((await survey(small(lines, { spoil }))).findings.map(({ key }) => key)).toContain(
        'tlsa-lookup-fails-without-tlsa',
      );
    }
  });

  test('no route from here: unknown, and no finding against the host', async () => {
    const spoil: Spoil = (_parts, { text }) => (text.endsWith('TLSA') ? { kind: 'unreachable' } : undefined);
    expect(await survey(small(host, { spoil }))).toMatchObject({
      tlsaOutcome: 'lookup-failed',
      tlsaReason: 'network-unreachable',
      verdict: 'unknown',
      findings: [],
    });
  });

  test('usable: each of several records is read whole', async () => {
    const digests = ['00', '11', '22'].map((octet) => octet.repeat(32));
    const lines = digests.map((digest) => `_25._tcp.mx TLSA 3 1 1 ${digest}`);
    const facts = await survey(small([...host, ...lines]));
    const kept = facts.tlsaRecords.map(({ usage, selector, matchingType, reason }) => {
      return { usage, selector, matchingType, reason };
    });
    expect(kept).toEqual(Array(3).fill({ usage: 3, selector: 1, matchingType: 1, reason: null }));
  });

  test('unusable: malformed and unknown records are kept, each with its reason', async () => {
    const lines = [
      ...host,
      '_25._tcp.mx TYPE52 \\# 2 0301',
      '_25._tcp.mx TLSA 0 0 1 00',
      '_25._tcp.mx TYPE52 \\# 0',
    ];
    const facts = await survey(small(lines));
    expect(facts).toMatchObject({ tlsaOutcome: 'unusable', tlsaReason: 'tlsa-unusable' });
    expect(facts.tlsaRecords).toHaveLength(3);
    expect(facts.tlsaRecords.every(({ reason }) => reason !== null)).toBe(true);
  });

  test('delegated to a server that refuses: lookup-failed', async () => {
    const facts = await survey(small([...host, '_tcp.mx NS ns0.plain.test.'], { plain: [] }));
    expect(facts).toMatchObject({ tlsaOutcome: 'lookup-failed', tlsaReason: 'refused' });
  });

  test('an insecure TLSA RRset below secure addresses does not count', async () => {
    const delegated = { apex: '_tcp.mx.example.test', servers: ['192.0.2.53'], lines: [`_25 ${TLSA_RDATA}`] };
    expect(await survey(small(host, { more: [delegated] }))).toMatchObject({
      tlsaOutcome: 'none',
      tlsaReason: 'tlsa-insecure',
      tlsa: { outcome: 'data', status: 'insecure', reason: 'insecure-delegation' },
    });
  });
});

describe('RFC 7672 §2.2.2: insecure addresses', () => {
  test('DANE does not apply, and no TLSA query is sent', async () => {
    const world = small([], { plain: [...host, tlsa] });
    expect(await survey(world, 'mx.plain.test')).toMatchObject({
      tlsaOutcome: 'none',
      tlsaReason: 'address-insecure',
      tlsaBase: null,
      tlsa: null,
      verdict: 'no-dane',
    });
    expect(tlsaQueries(world)).toEqual([]);
  });

  test.each<[string, readonly string[], readonly string[], object]>([
    [
      'alias, all secure: the expanded name first',
      ['mx CNAME real', 'real A 203.0.113.2', `_25._tcp.real ${TLSA_RDATA}`, tlsa],
      [],
      { tlsaOutcome: 'usable', tlsaBase: 'real.example.test', aliases: ['real.example.test'] },
    ],
    [
      'alias, all secure, records only at the original',
      ['mx CNAME real', 'real A 203.0.113.2', tlsa],
      [],
      { tlsaOutcome: 'usable', tlsaBase: 'mx.example.test' },
    ],
    [
      'alias, all secure, no records at either',
      ['mx CNAME real', 'real A 203.0.113.2'],
      [],
      { tlsaOutcome: 'none', tlsaReason: 'tlsa-absent' },
    ],
    [
      'a secure alias into an insecure zone: only the original',
      ['mx CNAME real.plain.test.', tlsa],
      ['real A 203.0.113.2', `_25._tcp.real ${TLSA_RDATA}`],
      { tlsaOutcome: 'usable', tlsaBase: 'mx.example.test' },
    ],
    [
      'a secure alias into an insecure zone, nothing at the original',
      ['mx CNAME real.plain.test.'],
      ['real A 203.0.113.2', `_25._tcp.real ${TLSA_RDATA}`],
      { tlsaOutcome: 'none', tlsaReason: 'tlsa-absent' },
    ],
  ])('%s', async (_title, lines, plain, expected) => {
    const world = small(lines, { plain });
    const facts = await survey(world);
    expect(facts).toMatchObject(expected);
    expect(facts.findings).toContainEqual({ key: 'mx-is-cname', detail: facts.aliases.at(-1) });
    expect(tlsaQueries(world).some((line) => line.includes('plain.test'))).toBe(false);
  });

  test('an insecure alias: no TLSA query at all', async () => {
    const world = small([...host, tlsa], { plain: ['mx CNAME mx.example.test.'] });
    expect(await survey(world, 'mx.plain.test')).toMatchObject({
      tlsaOutcome: 'none',
      tlsaReason: 'address-insecure',
    });
    expect(tlsaQueries(world)).toEqual([]);
  });

  test('the lookup at the expanded name fails: the original is not asked (RFC 7671 §7)', async () => {
    const world = small(['mx CNAME real', 'real A 203.0.113.2', tlsa], {
      spoil: silentFor('_25._tcp.real.example.test. TLSA'),
    });
    expect(await survey(world)).toMatchObject({
      tlsaOutcome: 'lookup-failed',
      tlsaBase: 'real.example.test',
    });
    expect(tlsaQueries(world).some((line) => line.includes('_25._tcp.mx.'))).toBe(false);
  });
});

describe('addresses', () => {
  test('one family fails: the other is enough', async () => {
    const facts = await survey(small([...host, tlsa], { spoil: silentFor('mx.example.test. AAAA') }));
    expect(facts).toMatchObject({ aaaa: { outcome: 'failed', reason: 'timeout' }, tlsaOutcome: 'usable' });
    expect(facts.endpoints.map(({ address }) => address)).toEqual(['203.0.113.2']);
  });

  test('both fail: lookup-failed, not absent', async () => {
    const world = small([...host, tlsa], {
      spoil: silentFor('mx.example.test. A', 'mx.example.test. AAAA'),
    });
    expect(await survey(world)).toMatchObject({
      tlsaOutcome: 'lookup-failed',
      tlsaReason: 'timeout',
      verdict: 'lookup-failed',
      endpoints: [],
    });
    expect(tlsaQueries(world)).toEqual([]);
  });

  test('one fails and the other has none: lookup-failed', async () => {
    const world = small(['mx A 203.0.113.2'], { spoil: silentFor('mx.example.test. A') });
    expect(await survey(world)).toMatchObject({ tlsaOutcome: 'lookup-failed', verdict: 'lookup-failed' });
  });

  test('none at all', async () => {
    expect(await survey(small(['mx TXT "x"']))).toMatchObject({ tlsaOutcome: 'none', verdict: 'no-address' });
    expect(await survey(small([]))).toMatchObject({ a: { outcome: 'nxdomain' }, verdict: 'no-address' });
  });

  test('more than are looked at: it is said', async () => {
    const many = Array.from({ length: MAX_ADDRESSES + 3 }, (_, i) => `mx A 203.0.113.${i}`);
    const facts = await survey(small(many));
    expect(facts.endpoints).toHaveLength(MAX_ADDRESSES);
    expect(facts.findings).toContainEqual({ key: 'addresses-too-many', detail: String(MAX_ADDRESSES + 3) });
  });
});

describe('RFC 8020 §2: ancestors of the TLSA name', () => {
  const denies =
    (withProof: boolean): Spoil =>
    (parts, { text, zone }) =>
      text.startsWith('_tcp.mx.example.test.')
        ? {
            ...parts,
            rcode: Rcode.NXDOMAIN,
            answer: [],
            authority: withProof ? [...(parts.authority ?? [])] : zone.soa(),
          }
        : undefined;

  test.each<[string, Parameters<typeof small>[1], string, string]>([
    ['denied with a valid proof', { denied: ['_tcp.mx'] }, 'denied-validly', 'ancestor-denied'],
    [
      'denied with a valid NSEC3 proof',
      { denied: ['_tcp.mx'], signed: { nsec3: { optOut: false } } },
      'denied-validly',
      'ancestor-denied',
    ],
    ['NXDOMAIN without proof', { spoil: denies(false) }, 'denied-unproven', 'ancestor-nxdomain-unproven'],
    [
      'NXDOMAIN against its own proof',
      { spoil: denies(true) },
      'denied-contradictory',
      'ancestor-proof-contradicts',
    ],
  ])('%s; the TLSA RRset is seen all the same', async (_title, options, proof, key) => {
    const facts = await survey(small([...host, tlsa], options));
    expect(facts.tlsaOutcome).toBe('usable');
    expect(facts.ancestors[0]).toMatchObject({ name: '_tcp.mx.example.test', rcode: 'NXDOMAIN', proof });
    expect(facts.findings).toEqual([{ key, detail: '_tcp.mx.example.test ns0.example.test/192.0.2.50' }]);
  });

  test('at one server of two: seen with its address, and who loses the RRset', async () => {
    const servers = ['192.0.2.50', '192.0.2.60'];
    const spoil: Spoil = (parts, asked, all) =>
      asked.address === servers[1] ? denies(true)(parts, asked, all) : undefined;
    const facts = await survey(small([...host, tlsa], { servers, spoil }));
    expect(facts.ancestors[0]).toEqual({
      name: '_tcp.mx.example.test',
      rcode: 'NXDOMAIN',
      proof: 'denied-contradictory',
      reason: 'denial-contradicts',
      servers: [
        { server: 'ns0.example.test', address: servers[0], rcode: 'NOERROR', proof: 'exists', reason: null },
        {
          server: 'ns1.example.test',
          address: servers[1],
          rcode: 'NXDOMAIN',
          proof: 'denied-contradictory',
          reason: 'denial-contradicts',
        },
      ],
    });
    expect(facts.ancestorConsequence).toBe('mail-deferred');
    expect(facts.behaviours.map(({ behaviour, fates }) => [behaviour, fates])).toEqual([
      ['strict-minimisation', ['fails', 'found']],
      ['relaxed-minimisation', ['found']],
      ['harden-below-nxdomain', ['fails', 'found']],
      ['aggressive-nsec', ['found']],
      ['no-minimisation', ['found']],
    ]);
  });

  test('an ancestor that does not answer is no finding', async () => {
    const facts = await survey(small([...host, tlsa], { spoil: silentFor('_tcp.mx.example.test. A') }));
    expect(facts.ancestors[0]).toMatchObject({ proof: 'failed', reason: 'timeout' });
    expect(facts.findings).toEqual([]);
  });

  test('an alias that leads nowhere is there', async () => {
    const facts = await survey(small([...host, tlsa, '_tcp.mx CNAME nothing']));
    expect(facts.ancestors[0]).toMatchObject({ name: '_tcp.mx.example.test', proof: 'exists' });
    expect(facts.findings).toEqual([]);
  });
});

describe('RFC 1034 §4.2.2: every server of the zone', () => {
  const servers = ['192.0.2.50', '192.0.2.60', '192.0.2.61'];
  const lines = [
    ...host,
    tlsa,
    '_25._tcp.mx TLSA 3 1 1 ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100',
  ];

  test('all the same: no finding', async () => {
    const facts = await survey(small(lines, { servers }));
    expect(facts.serverAnswers.map(({ address }) => address)).toEqual(servers);
    expect(new Set(facts.serverAnswers.map(({ answer }) => answer)).size).toBe(1);
    expect(facts.findings).toEqual([]);
  });

  test('one has an older RRset: named with its address', async () => {
    const spoil: Spoil = (parts, { address, text, zone }) =>
      address === servers[1] && text.endsWith('TLSA')
        ? { ...parts, answer: zone.signed(unsigned(parts.answer).slice(0, 1)) }
        : undefined;
    const facts = await survey(small(lines, { servers, spoil }));
    expect(facts.findings).toEqual([
      { key: 'name-server-stale', detail: `ns1.example.test/${servers[1]}` },
      { key: 'tlsa-servers-differ', detail: `ns1.example.test/${servers[1]}` },
    ]);
    // What most servers show is judged, whoever was asked first.
    expect(facts.tlsaRecords).toHaveLength(2);
  });

  test.each([0, 1, 2])('two have an older RRset, which prevails; server %i is the odd one', async (odd) => {
    const spoil: Spoil = (parts, { address, text, zone }) =>
      address !== servers[odd] && text.endsWith('TLSA')
        ? { ...parts, answer: zone.signed(unsigned(parts.answer).slice(0, 1)) }
        : undefined;
    const facts = await survey(small(lines, { servers, spoil }));
    expect(facts.findings.map(({ key }) => key)).toEqual(['name-server-stale', 'tlsa-servers-differ']);
    expect(facts.tlsaRecords).toHaveLength(1);
  });

  test('an unsigned RRset never prevails', async () => {
    const spoil: Spoil = (parts, { address, text }) =>
      address !== servers[0] && text.endsWith('TLSA')
        ? { ...parts, answer: unsigned(parts.answer).slice(0, 1) }
        : undefined;
    const facts = await survey(small(lines, { servers, spoil }));
    expect(facts.tlsaRecords).toHaveLength(2);
  });

  test('one that does not answer is not different', async () => {
    const spoil: Spoil = (_parts, { address, text }) =>
      address === servers[1] && text.endsWith('TLSA') ? { kind: 'timeout' } : undefined;
    const facts = await survey(small(lines, { servers, spoil }));
    expect(facts.serverAnswers[1]).toMatchObject({ rcode: 'TIMEOUT', answer: '' });
    expect(facts.findings.map(({ key }) => key)).toEqual(['name-server-drops-type']);
  });
});

describe('what is remembered of other denials hides nothing (RFC 8020 §2, RFC 8198 §5)', () => {
  test.each([
    ['harden-below-nxdomain', { hardenBelowNxdomain: true }, {}],
    ['aggressive-nsec, NSEC', { aggressiveNsec: true }, {}],
    ['aggressive-nsec, NSEC3', { aggressiveNsec: true }, { nsec3: { optOut: false } }],
    ['both', { hardenBelowNxdomain: true, aggressiveNsec: true }, {}],
  ])('%s', async (_title, behaviour, signed) => {
    const world = small([...host, tlsa], { denied: ['_tcp.mx'], behaviour, signed });
    const ask = (text: string, type: number) => world.lookup.ask(name(text), type, { minimisation: 'off' });
    expect((await ask('_tcp.mx.example.test', RRType.A)).outcome).toBe('nxdomain');
    expect((await ask('_25._tcp.mx.example.test', RRType.TLSA)).outcome).toBe('nxdomain');
    const before = world.log.length;
    const surveyed = await survey(world);
    // Its servers are asked for the ancestor too, whatever was heard of it before.
    expect(world.log.slice(before)).toContainEqual(expect.stringMatching(/ _tcp\.mx\.example\.test\. A$/));
    expect(surveyed).toMatchObject({
      tlsaOutcome: 'usable',
      ancestors: [
        { name: '_tcp.mx.example.test', rcode: 'NXDOMAIN', proof: 'denied-validly' },
        { name: 'mx.example.test', proof: 'exists' },
      ],
      findings: [{ key: 'ancestor-denied', detail: '_tcp.mx.example.test ns0.example.test/192.0.2.50' }],
    });
  });
});
