import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedData } from '../../src/dns/canonical.ts';
import { DnssecAlgorithm } from '../../src/dns/dnssec-algorithm.ts';
import type { Message, ResourceRecord } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { readSoa } from '../../src/dns/rdata.ts';
import { readDnskey, readDs, readNsec, readNsec3, readRrsig } from '../../src/dns/rdata-dnssec.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { keyTag } from '../../src/dnssec/key-tag.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { planWorld } from '../../src/lab/plan/world.ts';
import { ask, askOverTcp } from './lab-client.ts';

const size = { domains: 400, seed: 5 };
const world = planWorld(size);
let lab: Lab;
beforeAll(async () => {
  lab = await startLab(size);
});
afterAll(() => lab.close());

/** The first IPv4 address of the zone's server with this index. */
function serverOf(apex: string, index = 0): string {
  return world.zone(apex)!.servers[index]!.addresses[0]!;
}

async function asked(apex: string, owner: string, type: number): Promise<Message> {
  const reply = await ask(lab, serverOf(apex), owner, type);
  expect(reply).toBeDefined();
  return reply!;
}

const typesOf = (records: readonly ResourceRecord[]) => new Set(records.map(({ type }) => type));

/** Verifies an RRset of an ECDSA zone with nothing but node:crypto. */
async function verifies(apex: string, records: readonly ResourceRecord[], type: number): Promise<boolean> {
  const rrset = records.filter((record) => record.type === type);
  const rrsigRecord = records.find(
    (record) => readRrsig(record)?.typeCovered === type && record.type === RRType.RRSIG,
  )!;
  const rrsig = readRrsig(rrsigRecord)!;
  const { answer } = await asked(apex, apex, RRType.DNSKEY);
  const keyRecord = answer.find(
    (record) =>
      record.type === RRType.DNSKEY &&
      keyTag(record.data.subarray(record.offset, record.offset + record.length)) === rrsig.keyTag,
  )!;
  const { publicKey, algorithm } = readDnskey(keyRecord)!;
  expect(algorithm).toBe(DnssecAlgorithm.ECDSAP256SHA256);
  const x = Buffer.from(publicKey.subarray(0, 32)).toString('base64url');
  const y = Buffer.from(publicKey.subarray(32)).toString('base64url');
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const data = signedData(rrsig, rrsigRecord, rrset);
  return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, rrsig.signature);
}

describe('one server of two misbehaves, the other does not', () => {
  const both = async (scenario: string, owner: string, type: number, options = {}) => {
    const apex = `${scenario}.xa`;
    const at = (index: number) => ask(lab, serverOf(apex, index), `${owner}${apex}`, type, options);
    return Promise.all([at(0), at(1)]);
  };
  const hasSignatures = (reply: Message | undefined) => typesOf(reply!.answer).has(RRType.RRSIG);
  const tlsaName = '_25._tcp.mx.';

  test('an older zone has an older serial and no TLSA records', async () => {
    const [now, before] = await both('one-server-older', '', RRType.SOA);
    const serial = (reply: Message | undefined) => readSoa(reply!.answer[0]!)!.serial;
    expect(serial(before)).toBe(serial(now) - 1);
    expect(await verifies('one-server-older.xa', before!.answer, RRType.SOA)).toBe(true);
    const [found, absent] = await both('one-server-older', tlsaName, RRType.TLSA);
    expect([found!.rcode, absent!.rcode]).toEqual([Rcode.NOERROR, Rcode.NXDOMAIN]);
  });

  test('an ancestor is denied', async () => {
    const replies = await both('one-server-ancestor-denied-nsec', '_tcp.mx.', RRType.A);
    expect(replies.map((reply) => reply!.rcode)).toEqual([Rcode.NOERROR, Rcode.NXDOMAIN]);
  });

  test('no signatures; broken ones', async () => {
    const [signed, unsigned] = await both('one-server-unsigned', tlsaName, RRType.TLSA);
    expect([hasSignatures(signed), hasSignatures(unsigned)]).toEqual([true, false]);
    const apex = 'one-server-tlsa-signatures-broken.xa';
    const [good, bad] = await both('one-server-tlsa-signatures-broken', tlsaName, RRType.TLSA);
    expect(await verifies(apex, good!.answer, RRType.TLSA)).toBe(true);
    expect(await verifies(apex, bad!.answer, RRType.TLSA)).toBe(false);
  });

  test('EDNS: FORMERR with it, an answer without it; or silence', async () => {
    const [good, bad] = await both('one-server-formerr-edns', tlsaName, RRType.TLSA);
    expect([good!.rcode, bad!.rcode, bad!.edns]).toEqual([Rcode.NOERROR, Rcode.FORMERR, undefined]);
    const [, plain] = await both('one-server-formerr-edns', tlsaName, RRType.TLSA, { edns: false });
    expect(plain!.rcode).toBe(Rcode.NOERROR);
    const [there, silent] = await both('one-server-drop-edns', '', RRType.SOA, { patienceMs: 300 });
    expect([there === undefined, silent === undefined]).toEqual([false, true]);
  });

  test('TC over UDP, and over TCP nothing', async () => {
    const [whole, cut] = await both('one-server-tlsa-no-tcp', tlsaName, RRType.TLSA);
    expect([whole!.truncated, cut!.truncated]).toEqual([false, true]);
    const apex = 'one-server-tlsa-no-tcp.xa';
    expect(await askOverTcp(lab, serverOf(apex, 1), `${tlsaName}${apex}`, RRType.TLSA)).toBeUndefined();
  });
});

describe('referrals (RFC 1034 §4.3.2, RFC 4035 §3.1.4)', () => {
  test('the root refers with DS, its signature and glue', async () => {
    const reply = await asked('.', 'two-hosts.xa', RRType.MX);
    expect(reply.authoritative).toBe(false);
    expect(typesOf(reply.authority)).toEqual(new Set([RRType.NS, RRType.DS, RRType.RRSIG]));
    expect(typesOf(reply.additional)).toEqual(new Set([RRType.A, RRType.AAAA]));
  });

  test('the DS record names a key of the child', async () => {
    const { authority } = await asked('xa', 'two-hosts.xa', RRType.MX);
    expect(await verifies('xa', authority, RRType.DS)).toBe(true);
    const ds = readDs(authority.find(({ type }) => type === RRType.DS)!)!;
    const { answer } = await asked('two-hosts.xa', 'two-hosts.xa', RRType.DNSKEY);
    const key = answer.find(({ type }) => type === RRType.DNSKEY)!;
    expect(keyTag(key.data.subarray(key.offset, key.offset + key.length))).toBe(ds.keyTag);
  });

  test('NSEC shows that there is no DS', async () => {
    const { authority } = await asked('xa', 'unsigned-plain.xa', RRType.MX);
    const nsec = authority.find(({ type }) => type === RRType.NSEC)!;
    expect(nsec.name).toBe(name('unsigned-plain.xa'));
    expect(readNsec(nsec)!.types.list()).toEqual([RRType.NS, RRType.RRSIG, RRType.NSEC]);
    expect(await verifies('xa', authority, RRType.NSEC)).toBe(true);
  });

  test('an opt-out span covers an unsigned delegation (RFC 5155 §7.2.4)', async () => {
    const { authority } = await asked('xb', 'unsigned-opt-out-plain.xb', RRType.MX);
    const nsec3 = authority.filter(({ type }) => type === RRType.NSEC3).map((record) => readNsec3(record)!);
    expect(nsec3).toHaveLength(2);
    expect(nsec3.every(({ flags }) => flags === 1)).toBe(true);
    expect(nsec3.some(({ types }) => types.has(RRType.SOA))).toBe(true);
  });

  test('the parent answers for DS, the child for all else, on the same server (RFC 4035 §3.1.4.1)', async () => {
    const child = 'mail.signed-child-on-same-servers.xa';
    const ds = await asked(child, child, RRType.DS);
    expect(ds.answer.some(({ type }) => type === RRType.DS)).toBe(true);
    const soa = await asked(child, child, RRType.SOA);
    expect(soa.answer[0]!.name).toBe(name(child));
  });
});

describe('answers', () => {
  test('an MX RRset verifies with node:crypto alone', async () => {
    const { answer, authoritative } = await asked('two-hosts.xa', 'two-hosts.xa', RRType.MX);
    expect(authoritative).toBe(true);
    expect(await verifies('two-hosts.xa', answer, RRType.MX)).toBe(true);
  });

  test('without DO there are no signatures', async () => {
    const reply = await ask(lab, serverOf('two-hosts.xa'), 'two-hosts.xa', RRType.MX, { edns: false });
    expect(typesOf(reply!.answer)).toEqual(new Set([RRType.MX]));
    expect(reply!.edns).toBeUndefined();
  });

  test('what is too long comes over TCP (RFC 7766 §5)', async () => {
    const apex = 'large-tlsa-answer.xa';
    const owner = `_25._tcp.mx.${apex}`;
    const short = await asked(apex, owner, RRType.TLSA);
    expect([short.truncated, short.answer.length]).toEqual([true, 0]);
    const whole = await askOverTcp(lab, serverOf(apex), owner, RRType.TLSA);
    expect(whole!.answer.filter(({ type }) => type === RRType.TLSA)).toHaveLength(3);
    expect(await verifies(apex, whole!.answer, RRType.TLSA)).toBe(true);
  });

  test('a wildcard is expanded, signed as a wildcard, and proven (RFC 4035 §3.1.3.3)', async () => {
    const apex = 'wildcard-tlsa.xa';
    const reply = await asked(apex, `_25._tcp.mx.${apex}`, RRType.TLSA);
    const rrsig = readRrsig(reply.answer.find(({ type }) => type === RRType.RRSIG)!)!;
    expect(rrsig.labels).toBe(4);
    expect(await verifies(apex, reply.answer, RRType.TLSA)).toBe(true);
    expect(typesOf(reply.authority).has(RRType.NSEC)).toBe(true);
  });

  test('an alias leads on within the zone', async () => {
    const reply = await asked('mx-cname.xa', 'alias.mx-cname.xa', RRType.A);
    expect(reply.answer.filter(({ type }) => type !== RRType.RRSIG).map(({ type }) => type)).toEqual([
      RRType.CNAME,
      RRType.A,
    ]);
  });
});

describe('denial (RFC 4035 §3.1.3, RFC 5155 §7.2)', () => {
  test('NXDOMAIN by NSEC', async () => {
    const reply = await asked('xa', 'nxdomain.xa', RRType.MX);
    expect(reply.rcode).toBe(Rcode.NXDOMAIN);
    expect(typesOf(reply.authority)).toEqual(new Set([RRType.SOA, RRType.RRSIG, RRType.NSEC]));
  });

  test('NXDOMAIN by NSEC3: closest encloser, next closer, wildcard', async () => {
    const reply = await asked('xb', 'nxdomain-opt-out.xb', RRType.A);
    expect(reply.rcode).toBe(Rcode.NXDOMAIN);
    expect(reply.authority.filter(({ type }) => type === RRType.NSEC3).length).toBeGreaterThanOrEqual(2);
  });

  test('an empty non-terminal is no NXDOMAIN (RFC 8020 §2)', async () => {
    for (const apex of ['signed-nsec.xa', 'signed-nsec3.xa']) {
      const reply = await asked(apex, `_tcp.mx.${apex}`, RRType.A);
      expect([reply.rcode, reply.answer.length]).toEqual([Rcode.NOERROR, 0]);
    }
  });

  test.each([
    ['ancestor-unproven-nsec.xa', false],
    ['ancestor-denied-nsec.xa', true],
    ['ancestor-contradictory-nsec.xa', true],
    ['ancestor-denied-nsec3.xb', true],
  ])('%s denies _tcp and has the TLSA RRset below it', async (apex, proven) => {
    const denied = await asked(apex, `_tcp.mx.${apex}`, RRType.A);
    expect(denied.rcode).toBe(Rcode.NXDOMAIN);
    const types = typesOf(denied.authority);
    expect(types.has(RRType.NSEC) || types.has(RRType.NSEC3)).toBe(proven);
    const direct = await asked(apex, `_25._tcp.mx.${apex}`, RRType.TLSA);
    expect(direct.answer.some(({ type }) => type === RRType.TLSA)).toBe(true);
  });
});

describe('misbehaviour', () => {
  test.each([
    ['refused', Rcode.REFUSED],
    ['servfail', Rcode.SERVFAIL],
    ['notimp', Rcode.NOTIMP],
    ['formerr', Rcode.FORMERR],
  ])('%s for TLSA alone', async (word, rcode) => {
    const apex = `tlsa-${word}.xa`;
    expect((await asked(apex, `_25._tcp.mx.${apex}`, RRType.TLSA)).rcode).toBe(rcode);
    expect((await asked(apex, `mx.${apex}`, RRType.A)).rcode).toBe(Rcode.NOERROR);
  });

  test('one server of two', async () => {
    const apex = 'one-server-refused.xa';
    const replies = [0, 1].map((index) => ask(lab, serverOf(apex, index), apex, RRType.MX));
    expect((await Promise.all(replies)).map((reply) => reply!.rcode)).toEqual([Rcode.REFUSED, Rcode.NOERROR]);
  });

  test('silence', async () => {
    const apex = 'tlsa-drop.xa';
    const options = { patienceMs: 200 };
    expect(await ask(lab, serverOf(apex), `_25._tcp.mx.${apex}`, RRType.TLSA, options)).toBeUndefined();
  });

  test('the servers show different TLSA RRsets', async () => {
    const apex = 'tlsa-servers-differ.xa';
    const counts = [0, 1].map(async (index) => {
      const reply = await ask(lab, serverOf(apex, index), `_25._tcp.mx.${apex}`, RRType.TLSA);
      return reply!.answer.filter(({ type }) => type === RRType.TLSA).length;
    });
    expect(await Promise.all(counts)).toEqual([2, 1]);
  });

  test('a name that the server does not hold is refused', async () => {
    expect((await asked('two-hosts.xa', 'example.com', RRType.A)).rcode).toBe(Rcode.REFUSED);
  });

  test.each([
    ['expired', false, true],
    ['broken', false, false],
    ['missing', true, false],
  ])('MX signatures: %s', async (fault, isMissing, isSound) => {
    const apex = `mx-signature-${fault}.xb`;
    const { answer } = await asked(apex, apex, RRType.MX);
    expect(typesOf(answer).has(RRType.RRSIG)).toBe(!isMissing);
    if (isMissing) return;
    expect(await verifies(apex, answer, RRType.MX)).toBe(isSound);
    const { expiration } = readRrsig(answer.find(({ type }) => type === RRType.RRSIG)!)!;
    expect(expiration < lab.now).toBe(fault === 'expired');
  });
});

test('the same size and seed give the same anchor and keys; the map leads to other ports only', async () => {
  const again = await startLab(size);
  try {
    expect(again.trustAnchors).toBe(lab.trustAnchors);
    expect(again.rootHints).toBe(lab.rootHints);
    const keys = await Promise.all(
      [lab, again].map(async (each) => (await ask(each, serverOf('xa'), 'xa', RRType.DNSKEY))!.answer),
    );
    const rdata = keys.map((records) =>
      records
        .filter(({ type }) => type === RRType.DNSKEY)
        .map(({ data, offset, length }) =>
          Buffer.from(data.subarray(offset, offset + length)).toString('hex'),
        ),
    );
    expect(rdata[0]).toEqual(rdata[1]);
  } finally {
    await again.close();
  }
});
