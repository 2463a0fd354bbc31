/** RFC 5155 Appendix B, with the keys and signatures that the RFC prints (RSASHA1-NSEC3-SHA1, to April 2015). */
import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { readDnskey } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { DnskeyEntry } from '../../src/dnssec/dnskey-entry.ts';
import { verifyZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { PublishedZone, secondsOf } from './published-zone.ts';
import { ask, message, type Sections, validation } from './signed-zone.ts';

const { A, NS, SOA, MX, AAAA, DS, DNSKEY, NSEC3, NSEC3PARAM } = RRType;
const AT = secondsOf('20080301000000');
const until = AT + 3600;

/** Appendix A. */
const zone = new PublishedZone(`
example. 3600 SOA ns1.example. bugs.x.w.example. 1 3600 300 3600000 3600
example. 3600 RRSIG SOA 7 1 3600 20150420235959 20051021000000 40430 example. Hu25UIyNPmvPIVBrldN+9Mlp9Zql39qaUd8iq4ZLlYWfUUbbAS41pG+68z81q1xhkYAcEyHdVI2LmKusbZsT0Q==
example. 3600 NS ns1.example.
example. 3600 NS ns2.example.
example. 3600 RRSIG NS 7 1 3600 20150420235959 20051021000000 40430 example. PVOgtMK1HHeSTau+HwDWC8Ts+6C8qtqd4pQJqOtdEVgg+MA+ai4fWDEhu3qHJyLcQ9tbD2vvCnMXjtz6SyObxA==
example. 3600 DNSKEY 256 3 7 AwEAAaetidLzsKWUt4swWR8yu0wPHPiUi8LUsAD0QPWU+wzt89epO6tHzkMBVDkC7qphQO2hTY4hHn9npWFRw5BYubE=
example. 3600 DNSKEY 257 3 7 AwEAAcUlFV1vhmqx6NSOUOq2R/dsR7Xm3upJj7IommWSpJABVfW8Q0rOvXdM6kzt+TAu92L9AbsUdblMFin8CVF3n4s=
example. 3600 RRSIG DNSKEY 7 1 3600 20150420235959 20051021000000 12708 example. AuU4juU9RaxescSmStrQks3Gh9FblGBlVU31uzMZ/U/FpsUb8aC6QZS+sTsJXnLnz7flGOsmMGQZf3bH+QsCtg==
example. 3600 NSEC3PARAM 1 0 12 aabbccdd
example. 3600 RRSIG NSEC3PARAM 7 1 3600 20150420235959 20051021000000 40430 example. C1Gl8tPZNtnjlrYWDeeUV/sGLCyy/IHie2rerN05XSA3Pq0U3+4VvGWYWdUMfflOdxqnXHwJTLQsjlkynhG6Cg==
0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 3600 NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY NSEC3PARAM
0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. OSgWSm26B+cS+dDL8b5QrWr/dEWhtCsKlwKLIBHYH6blRxK9rC0bMJPwQ4mLIuw85H2EY762BOCXJZMnpuwhpA==
2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 3600 NSEC3 1 1 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG
2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. OmBvJ1Vgg1hCKMXHFiNeIYHK9XVW0iLDLwJN4TFoNxZuP03gAXEI634YwOc4YBNITrj413iqNI6mRk/r1dOSUw==
35mthgpgcu1qg68fab165klnsnk3dpvl.example. 3600 NSEC3 1 1 12 aabbccdd b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG
35mthgpgcu1qg68fab165klnsnk3dpvl.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. g6jPUUpduAJKRljUsN8gB4UagAX0NxY9shwQAynzo8EUWH+z6hEIBlUTPGj15eZll6VhQqgZXtAIR3chwgW+SA==
b4um86eghhds6nea196smvmlo4ors995.example. 3600 NSEC3 1 1 12 aabbccdd gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG
b4um86eghhds6nea196smvmlo4ors995.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. ZkPG3M32lmoHM6pa3D6gZFGB/rhL//Bs3Omh5u4m/CUiwtblEVOaAKKZd7S959OeiX43aLX3pOv0TSTyiTxIZg==
gjeqe526plbf1g8mklp59enfd789njgi.example. 3600 NSEC3 1 1 12 aabbccdd ji6neoaepv8b5o6k4ev33abha8ht9fgc A HINFO AAAA RRSIG
gjeqe526plbf1g8mklp59enfd789njgi.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. IVnezTJ9iqblFF97vPSmfXZ5Zozngx3KX3byLTZC4QBH2dFWhf6scrGFZB980AfCxoD9qbbKDy+rdGIeRSVNyw==
ji6neoaepv8b5o6k4ev33abha8ht9fgc.example. 3600 NSEC3 1 1 12 aabbccdd k8udemvp1j2f7eg6jebps17vp3n8i58h
ji6neoaepv8b5o6k4ev33abha8ht9fgc.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. gPkFp1s2QDQ6wQzcg1uSebZ61W33rUBDcTj72F3kQ490fEdp7k1BUIfbcZtPbX3YCpE+sIt0MpzVSKfTwx4uYA==
k8udemvp1j2f7eg6jebps17vp3n8i58h.example. 3600 NSEC3 1 1 12 aabbccdd kohar7mbb8dc2ce8a9qvl8hon4k53uhi
k8udemvp1j2f7eg6jebps17vp3n8i58h.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. FtXGbvF0+wf8iWkyo73enAuVx03klN+pILBKS6qCcftVtfH4yVzsEZquJ27NHR7ruxJWDNMtOtx7w9WfcIg62A==
q04jkcevqvmu85r014c7dkba38o0ji5r.example. 3600 NSEC3 1 1 12 aabbccdd r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG
q04jkcevqvmu85r014c7dkba38o0ji5r.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. hV5I89b+4FHJDATp09g4bbN0R1F845CaXpL3ZxlMKimoPAyqletMlEWwLfFia7sdpSzn+ZlNNlkxWcLsIlMmUg==
r53bq7cc2uvmubfu5ocmm6pers9tk9en.example. 3600 NSEC3 1 1 12 aabbccdd t644ebqk9bibcna874givr6joj62mlhv MX RRSIG
r53bq7cc2uvmubfu5ocmm6pers9tk9en.example. 3600 RRSIG NSEC3 7 2 3600 20150420235959 20051021000000 40430 example. aupviViruXs4bDg9rCbezzBMf9h1ZlDvbW/CZFKulIGXXLj8B/fsDJarXVDA9bnUoRhEbKp+HF1FWKW7RIJdtQ==
2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 3600 A 192.0.2.127
2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 3600 RRSIG A 7 2 3600 20150420235959 20051021000000 40430 example. h6c++bzhRuWWt2bykN6mjaTNBcXNq5UuL5EdK+iDP4eY8I0kSiKaCjg3tC1SQkeloMeub2GWk8p6xHMPZumXlw==
ai.example. 3600 A 192.0.2.9
ai.example. 3600 RRSIG A 7 2 3600 20150420235959 20051021000000 40430 example. hVe+wKYMlObTRPhX0NL67GxeZfdxqr/QeR6FtfdAj5+FgYxyzPEjIzvKWy00hWIl6wD3Vws+rznEn8sQ64UdqA==
ai.example. 3600 AAAA 2001:db8::f00:baa9
ai.example. 3600 RRSIG AAAA 7 2 3600 20150420235959 20051021000000 40430 example. LcdxKaCB5bGZwPDg+3JJ4O02zoMBrjxqlf6WuaHQZZfTUpb9Nf2nxFGe2XRPfR5tpJT6GdRGcHueLuXkMjBArQ==
ns1.example. 3600 A 192.0.2.1
ns1.example. 3600 RRSIG A 7 2 3600 20150420235959 20051021000000 40430 example. bu6kx73n6XEunoVGuRfAgY7EF/AJqHy7hj0jkiqJjB0dOrx3wuz9SaBeGfqWIdn/uta3SavN4FRvZR9SCFHF5Q==
ns2.example. 3600 A 192.0.2.2
ns2.example. 3600 RRSIG A 7 2 3600 20150420235959 20051021000000 40430 example. ktQ3TqE0CfRfki0Rb/Ip5BM0VnxelbuejCC4zpLbFKA/7eD7UNAwxMgxJPtbdST+syjYSJaj4IHfeX6n8vfoGA==
*.w.example. 3600 MX 1 ai.example.
*.w.example. 3600 RRSIG MX 7 2 3600 20150420235959 20051021000000 40430 example. CikebjQwGQPwijVcxgcZcSJKtfynugtlBiKb9FcBTrmOoyQ4InoWVudhCWsh/URX3lc4WRUMivEBP6+4KS3ldA==
`);

const dnskeys = zone.rrset('example.', DNSKEY);
const keyReply = message(ask('example.', DNSKEY), { answer: zone.signed('example.', DNSKEY) });
const trusted = { name: name('example.'), ds: [], keys: [readDnskey(recordOf(dnskeys[1]!))!] };
const found = verifyZoneKeys(name('example.'), trusted, keyReply, validation({ at: AT }));
if (found.status !== 'secure') throw new Error(found.because);
const { keys } = found;

function judge(owner: string, type: number, sections: Sections) {
  const question = ask(owner, type);
  return verifyAnswer(keys, question, message(question, sections), validation({ at: AT }));
}

/** The NSEC3 record of a hash, by its first characters. */
const hashes = [
  '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom',
  '2t7b4g4vsa5smi47k61mv5bv1a22bojr',
  '35mthgpgcu1qg68fab165klnsnk3dpvl',
  'b4um86eghhds6nea196smvmlo4ors995',
  'gjeqe526plbf1g8mklp59enfd789njgi',
  'ji6neoaepv8b5o6k4ev33abha8ht9fgc',
  'k8udemvp1j2f7eg6jebps17vp3n8i58h',
  'q04jkcevqvmu85r014c7dkba38o0ji5r',
  'r53bq7cc2uvmubfu5ocmm6pers9tk9en',
];
const nsec3 = (start: string) =>
  zone.signed(`${hashes.find((hash) => hash.startsWith(start))}.example.`, NSEC3);

test('RFC 5155 Appendix A: the key tags are those of the RRSIG records', () => {
  expect(dnskeys.map((record) => DnskeyEntry.of(recordOf(record))!.keyTag)).toEqual([40430, 12708]);
});

describe('RFC 5155 Appendix A: answers', () => {
  test.each([
    ['example.', SOA],
    ['example.', NS],
    ['example.', NSEC3PARAM],
    ['2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.', A],
    ['ai.example.', A],
    ['ai.example.', AAAA],
    ['ns1.example.', A],
    ['ns2.example.', A],
    ['*.w.example.', MX],
  ])('%s type %i', (owner, type) => {
    const answer = zone.signed(owner, type);
    expect(judge(owner, type, { answer })).toMatchObject({ status: 'secure', kind: 'answer', until });
  });
});

interface Denial {
  readonly title: string;
  readonly owner: string;
  readonly type: number;
  readonly rcode?: number;
  readonly answer?: PlainRecord[];
  readonly proof: PlainRecord[][];
  readonly said: object;
}

/** All spans of the zone have the Opt-Out flag: what rests on one that covers the next closer name is insecure (§9.2). */
const insecure = { status: 'insecure', because: 'insecure-opt-out' };
const secure = { status: 'secure' };

const denials: Denial[] = [
  {
    title: 'B.1: name error',
    owner: 'a.c.x.w.example.',
    type: A,
    rcode: Rcode.NXDOMAIN,
    proof: [nsec3('0p9m'), nsec3('b4um'), nsec3('35mt')],
    said: { ...insecure, kind: 'nxdomain' },
  },
  {
    title: 'B.2: no data',
    owner: 'ns1.example.',
    type: MX,
    proof: [nsec3('2t7b')],
    said: { ...secure, kind: 'nodata' },
  },
  {
    title: 'B.2.1: no data, empty non-terminal',
    owner: 'y.w.example.',
    type: A,
    proof: [nsec3('ji6n')],
    said: { ...secure, kind: 'nodata' },
  },
  {
    title: 'B.4: wildcard expansion',
    owner: 'a.z.w.example.',
    type: MX,
    answer: zone.signed('*.w.example.', MX, 'a.z.w.example.'),
    proof: [nsec3('q04j')],
    said: { ...insecure, kind: 'answer', wildcard: name('*.w.example.') },
  },
  {
    title: 'B.5: wildcard no data',
    owner: 'a.z.w.example.',
    type: AAAA,
    proof: [nsec3('k8ud'), nsec3('q04j'), nsec3('r53b')],
    said: { ...insecure, kind: 'nodata' },
  },
  {
    title: 'B.6 in reverse: no data for DS at a name that is no zone cut',
    owner: 'ai.example.',
    type: DS,
    proof: [nsec3('gjeq')],
    said: { ...secure, kind: 'nodata' },
  },
];

describe.each(denials)('RFC 5155 Appendix $title', ({ owner, type, rcode = 0, answer = [], proof, said }) => {
  const sections = (groups: PlainRecord[][]) => ({
    rcode,
    answer,
    authority: [...(answer.length === 0 ? zone.signed('example.', SOA) : []), ...groups.flat()],
  });
  /** NODATA from an opt-out span needs no word on the wildcard: an unsigned delegation may hide there (§6). */
  const dispensable = (group: PlainRecord[]) => group === proof[2] && type === AAAA;

  test('is proven', () => {
    expect(judge(owner, type, sections(proof))).toMatchObject({
      until,
      denial: { kind: 'nsec3', iterations: 12 },
      ...said,
    });
  });

  test('is not, without any one of its records', () => {
    for (const left of proof.filter((group) => !dispensable(group))) {
      const verdict = judge(owner, type, sections(proof.filter((group) => group !== left)));
      expect(verdict.status).toBe('bogus');
    }
  });

  test('is not, with any octet of flags, iterations, salt or next hash changed', () => {
    for (const left of proof.filter((group) => !dispensable(group))) {
      for (const at of [1, 3, 5, 12]) {
        const rdata = Buffer.from(left[0]!.rdata);
        rdata[at]! ^= 1;
        const spoilt = [{ ...left[0]!, rdata }, ...left.slice(1)];
        const rest = proof.map((group) => (group === left ? spoilt : group));
        expect(judge(owner, type, sections(rest)).status).toBe('bogus');
      }
    }
  });
});

describe('RFC 5155 Appendix B.3, B.6: zone cuts', () => {
  const cut = (child: string, ...groups: PlainRecord[][]) =>
    verifyDelegation(
      keys,
      name(child),
      message(ask(`mc.${child}`, MX), { authority: groups.flat() }),
      validation({ at: AT }),
    );

  test('B.3: a referral to an unsigned zone in an opt-out span', () => {
    expect(cut('c.example.', nsec3('35mt'), nsec3('0p9m'))).toMatchObject({
      kind: 'insecure',
      because: 'insecure-opt-out',
      until,
    });
    expect(cut('c.example.', nsec3('35mt'))).toMatchObject({ because: 'denial-incomplete' });
    expect(cut('c.example.', nsec3('0p9m'))).toMatchObject({ because: 'denial-incomplete' });
  });

  test('§8.9: the same records do not excuse a delegation with a DS RRset', () => {
    expect(cut('a.example.', nsec3('35mt'), nsec3('0p9m'))).toEqual({
      kind: 'bogus',
      because: 'denial-contradicts',
    });
  });

  test('B.6: the child’s own denial of its DS RRset says nothing of the parent’s', () => {
    const authority = [...zone.signed('example.', SOA), ...nsec3('0p9m')];
    expect(judge('example.', DS, { authority })).toEqual({ status: 'bogus', because: 'denial-incomplete' });
  });
});
