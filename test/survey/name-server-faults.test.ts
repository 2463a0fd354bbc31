/**
 * One fault at one of three name server addresses of a good zone (RFC 1034 §4.2.2): found with its key at its address, nothing found
 * at the others, the same whoever is asked first, and the TLSA records seen all the same.
 */
import { describe, expect, test } from 'vitest';
import type { PlainRecord, ReplyParts } from '../../src/dns/message-writer.ts';
import { name, root } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { HostFacts } from '../../src/survey/facts.ts';
import type { ServerAnswerFact } from '../../src/survey/name-server-facts.ts';
import { surveyHost } from '../../src/survey/survey-host.ts';
import {
  type Spoil,
  stripped,
  without,
  world,
  Zone,
  type ZoneText,
  zones,
} from '../lookup/signed-internet.ts';
import { portsOver, TLSA_RDATA } from './small-world.ts';

const servers = ['192.0.2.50', '192.0.2.60', '192.0.2.61'];
const bad = servers[1]!;
const OTHER = 'TLSA 3 1 1 ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100';
const lines = ['mx A 203.0.113.2', `_25._tcp.mx ${TLSA_RDATA}`, `_25._tcp.mx ${OTHER}`];
const texts: readonly ZoneText[] = [
  ...zones.filter(({ apex }) => ['.', 'test'].includes(apex)),
  { apex: 'example.test', servers, signed: {}, lines },
];
const unsigned = without(RRType.RRSIG);
const error = (parts: ReplyParts, rcode: number): ReplyParts => ({
  ...parts,
  rcode,
  answer: [],
  authority: [],
});
const isTlsa = (text: string) => text.endsWith(' TLSA');
const isEmptyNonTerminal = (text: string) => text === '_tcp.mx.example.test. A';
const forTlsa =
  (spoil: Spoil): Spoil =>
  (parts, asked, all) =>
    isTlsa(asked.text) ? spoil(parts, asked, all) : undefined;

/** The serial of the zone is 1; its signature is right. */
function olderSoa(records: readonly PlainRecord[] | undefined, zone: Zone): PlainRecord[] {
  return (records ?? []).flatMap((record) => {
    if (record.type !== RRType.SOA) return isSignatureOf(record, RRType.SOA) ? [] : [record];
    const rdata = Buffer.from(record.rdata);
    rdata.writeUInt32BE(0, rdata.length - 20);
    return zone.signed([{ ...record, rdata }]);
  });
}

const isSignatureOf = ({ type, rdata }: PlainRecord, covered: number) =>
  type === RRType.RRSIG && Buffer.from(rdata).readUInt16BE(0) === covered;

interface Case {
  readonly title: string;
  readonly faults: ServerAnswerFact['faults'];
  readonly spoil: Spoil;
  /** What the row of the server shows besides. */
  readonly row?: Partial<ServerAnswerFact>;
  /** Where all servers have it: whether the lookup fails, and whether the fault is told although nobody does better. */
  readonly all?: { readonly lookupFails: boolean; readonly isTold: boolean };
}

const everywhere = { lookupFails: true, isTold: true };
const noBetter = { lookupFails: true, isTold: false };

const cases: readonly Case[] = [
  {
    title: 'RFC 8906: no answer to anything',
    faults: ['name-server-silent'],
    spoil: () => ({ kind: 'timeout' }),
    row: { rcode: 'TIMEOUT', status: null, serial: null },
  },
  {
    title: 'RFC 9499 §7: REFUSED',
    faults: ['name-server-lame'],
    spoil: (parts) => error(parts, Rcode.REFUSED),
    row: { rcode: 'REFUSED' },
    all: everywhere,
  },
  {
    title: 'RFC 9499 §7: SERVFAIL for everything',
    faults: ['name-server-lame'],
    spoil: (parts) => error(parts, Rcode.SERVFAIL),
    row: { rcode: 'SERVFAIL' },
    all: everywhere,
  },
  {
    title: 'RFC 9499 §7: refers to the root',
    faults: ['name-server-lame'],
    spoil: (parts, _asked, all) => ({
      ...error(parts, Rcode.NOERROR),
      authoritative: false,
      authority: all.get('.')!.rrset(root, RRType.NS),
    }),
    row: { rcode: 'NOERROR', answer: '', status: null },
    all: everywhere,
  },
  {
    title: 'RFC 9499 §7: answers without authority',
    faults: ['name-server-lame'],
    spoil: (parts) => ({ ...parts, authoritative: false }),
    row: { rcode: 'NOERROR', status: 'secure' },
    all: { lookupFails: false, isTold: true },
  },
  {
    title: 'RFC 1982 §3.2: an older serial',
    faults: ['name-server-stale'],
    spoil: (parts, { zone }) => ({ ...parts, authority: olderSoa(parts.authority, zone) }),
    row: { serial: 0, status: 'secure' },
    all: { lookupFails: false, isTold: false },
  },
  {
    title: 'another RRset under the same serial',
    faults: ['name-server-stale'],
    spoil: forTlsa((parts, { zone }) => ({
      ...parts,
      answer: zone.signed(unsigned(parts.answer).slice(0, 1)),
    })),
    row: { serial: 1, status: 'secure' },
    all: { lookupFails: false, isTold: false },
  },
  {
    title: 'RFC 4035 §3.1: no signatures',
    faults: ['name-server-unsigned'],
    spoil: (parts, { type }) => (type === RRType.DNSKEY ? undefined : stripped(parts)),
    row: { rcode: 'NOERROR', status: 'bogus', reason: 'rrsig-missing' },
    all: noBetter,
  },
  {
    title: 'RFC 4035 §5.3.1: expired signatures',
    faults: ['name-server-bogus'],
    spoil: forTlsa((parts, { zone }) => ({
      ...parts,
      answer: [
        ...unsigned(parts.answer),
        ...zone.sign(unsigned(parts.answer), { inception: 1_000_000_000, expiration: 1_000_100_000 }),
      ],
    })),
    row: { status: 'bogus', reason: 'rrsig-expired' },
    all: noBetter,
  },
  {
    title: 'RFC 6891 §7: silent with EDNS',
    faults: ['name-server-drops-edns'],
    spoil: (parts, { edns }) => (edns ? { kind: 'timeout' } : plain(parts)),
    row: { rcode: 'NOERROR', status: null },
  },
  {
    title: 'RFC 6891 §7: FORMERR with EDNS',
    faults: ['name-server-drops-edns'],
    spoil: (parts, { edns }) => (edns ? plain(error(parts, Rcode.FORMERR)) : plain(parts)),
    row: { rcode: 'NOERROR', status: null },
    all: everywhere,
  },
  {
    title: 'RFC 8906 §3.1.4: silent for TLSA',
    faults: ['name-server-drops-type'],
    spoil: forTlsa(() => ({ kind: 'timeout' })),
    row: { rcode: 'TIMEOUT', status: null },
    all: everywhere,
  },
  ...(['REFUSED', 'SERVFAIL', 'NOTIMP', 'FORMERR'] as const).map(
    (rcode): Case => ({
      title: `RFC 8906 §3.1.4: ${rcode} for TLSA`,
      faults: ['name-server-drops-type'],
      spoil: forTlsa((parts) => error(parts, Rcode[rcode])),
      row: { rcode, status: null },
      all: everywhere,
    }),
  ),
  {
    title: 'RFC 7766 §5: truncated, and no TCP',
    faults: ['name-server-no-tcp'],
    spoil: forTlsa(() => ({ kind: 'tcp-failed' })),
    row: { rcode: 'TCP-FAILED', status: null },
    all: everywhere,
  },
  {
    title: 'RFC 4343 §4.1: the question comes back in lower case',
    faults: ['name-server-mangles-case'],
    spoil: (parts, { name }) => ({ ...parts, questionOctets: name }),
    row: { rcode: 'NOERROR', status: 'secure' },
    all: { lookupFails: false, isTold: true },
  },
  {
    title: 'RFC 4343 §3: another case is another name',
    faults: ['name-server-mangles-case'],
    spoil: (parts, { name, spelling = name, zone }) =>
      spelling === name ? undefined : { ...error(parts, Rcode.NXDOMAIN), authority: zone.soa() },
    row: { rcode: 'NOERROR', status: 'secure' },
    all: { lookupFails: false, isTold: true },
  },
  {
    title: 'RFC 8020 §2: NXDOMAIN for an empty non-terminal',
    faults: ['ancestor-nxdomain-unproven'],
    spoil: (parts, { text, zone }) =>
      isEmptyNonTerminal(text) ? { ...error(parts, Rcode.NXDOMAIN), authority: zone.soa() } : undefined,
    row: { rcode: 'NOERROR', status: 'secure' },
    all: { lookupFails: false, isTold: true },
  },
  {
    title: 'RFC 8020 §2: NXDOMAIN against its own proof',
    faults: ['ancestor-proof-contradicts'],
    spoil: (parts, { text }) => (isEmptyNonTerminal(text) ? { ...parts, rcode: Rcode.NXDOMAIN } : undefined),
    all: { lookupFails: false, isTold: true },
  },
];

function plain(parts: ReplyParts): ReplyParts {
  const { edns: _, ...without } = stripped(parts);
  return without;
}

const isOf = (zone: Zone) => zone.text.apex === 'example.test';

async function survey(seed: number, at: readonly string[], spoil: Spoil) {
  const spoiling: Spoil = (parts, asked, all) =>
    isOf(asked.zone) && at.includes(asked.address) ? spoil(parts, asked, all) : undefined;
  const made = world({ texts, seed, spoil: spoiling });
  const facts = await surveyHost('mx.example.test', portsOver(made).ports);
  return { facts, log: made.log };
}

/** Who was of no use on the way hangs on who was asked first, and becomes no row. */
const rowsOf = (facts: HostFacts) =>
  JSON.parse(JSON.stringify(facts, (key, value) => (key === 'useless' ? undefined : value)));

const SEEDS = [1, 2, 3, 4, 5];

test('a good zone: nothing is found, and each address gets its question and two ancestors once', async () => {
  const { facts, log } = await survey(1, [], () => undefined);
  expect(facts.findings).toEqual([]);
  expect(facts.serverAnswers.map(({ address, faults, serial }) => [address, faults, serial])).toEqual(
    servers.map((address) => [address, [], 1]),
  );
  const lookup = new Set(['_25._tcp.mx.example.test. TLSA']);
  for (const address of servers) {
    const asked = log
      .filter((line) => line.startsWith(`${address} `))
      .map((line) => line.split(' ').slice(1).join(' '));
    const own = asked.filter((text) => text !== 'mx.example.test. AAAA' && !text.endsWith(' DNSKEY'));
    expect(new Set(own)).toEqual(new Set([...lookup, '_tcp.mx.example.test. A', 'mx.example.test. A']));
    // The lookup itself met one of the servers, with the host's address and its TLSA RRset.
    expect(own.length).toBeLessThanOrEqual(5);
  }
});

describe('at one server of three', () => {
  test.each(cases)('$title', async ({ faults, spoil, row }) => {
    const seen = await Promise.all(SEEDS.map((seed) => survey(seed, [bad], spoil)));
    const { facts } = seen[0]!;
    for (const other of seen) expect(rowsOf(other.facts)).toEqual(rowsOf(facts));
    expect(facts).toMatchObject({ tlsaOutcome: 'usable', tlsa: { status: 'secure' } });
    expect(facts.tlsaRecords).toHaveLength(2);
    const found = facts.serverAnswers.map((answer) => [answer.address, answer.faults]);
    expect(found).toEqual(servers.map((address) => [address, address === bad ? faults : []]));
    expect(facts.serverAnswers[1]).toMatchObject(row ?? {});
    const [first] = facts.findings;
    expect(first!.key).toBe(faults[0]);
    expect(first!.detail.split(' ').at(-1)).toBe(`ns1.example.test/${bad}`);
  });
});

describe('at all servers', () => {
  test.each(cases.filter(({ all }) => all !== undefined))('$title', async ({ faults, spoil, all }) => {
    const { facts } = await survey(1, servers, spoil);
    expect(facts.tlsaOutcome).toBe(all!.lookupFails ? 'lookup-failed' : 'usable');
    const told = facts.serverAnswers.map((answer) => answer.faults);
    // A lookup of the host's address that fails leaves no TLSA lookup to be looked into.
    if (facts.tlsa !== null) expect(told).toEqual(servers.map(() => (all!.isTold ? faults : [])));
  });
});

test('RFC 1034 §4.1: a server that this machine cannot reach has no fault, and is no server that differs', async () => {
  const { facts } = await survey(1, [bad], () => ({ kind: 'unreachable' }));
  expect(facts.serverAnswers[1]).toMatchObject({ rcode: 'NETWORK-UNREACHABLE', status: null, faults: [] });
  expect(facts.findings).toEqual([]);
});

test('a secure denial at two servers of three prevails; at one of three it does not, whoever is asked first', async () => {
  const absent: Spoil = (parts, { text }) =>
    isTlsa(text) || isEmptyNonTerminal(text) ? denied(parts) : undefined;
  const outcomes = async (at: readonly string[]) => {
    const seen = await Promise.all(SEEDS.map((seed) => survey(seed, at, absent)));
    for (const other of seen) expect(rowsOf(other.facts)).toEqual(rowsOf(seen[0]!.facts));
    const { tlsaOutcome, tlsaReason, tlsa } = seen[0]!.facts;
    return { tlsaOutcome, tlsaReason, rcode: tlsa!.rcode };
  };
  expect(await outcomes([bad])).toEqual({ tlsaOutcome: 'usable', tlsaReason: null, rcode: 'NOERROR' });
  expect(await outcomes(servers.slice(1))).toEqual({
    tlsaOutcome: 'none',
    tlsaReason: 'tlsa-absent',
    rcode: 'NXDOMAIN',
  });
});

/** As the zone was before it had a TLSA RRset. */
const before = new Zone({ apex: 'example.test', servers, signed: {}, lines: lines.slice(0, 1) }, []);

function denied(parts: ReplyParts): ReplyParts {
  const authority = [...before.soa(), ...before.proof(name('mx.example.test'))];
  return { ...parts, rcode: Rcode.NXDOMAIN, answer: [], authority };
}
