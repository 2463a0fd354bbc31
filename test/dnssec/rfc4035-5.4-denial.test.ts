import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { AT, ask, EXAMPLE, message, type Sections, SignedZone, validation } from './signed-zone.ts';

const { MX, TLSA, TXT, A, DS, CNAME, NS, SOA } = RRType;
const nsec = new SignedZone('example.', EXAMPLE);
const nsec3 = new SignedZone('example.', EXAMPLE, {
  nsec3: { iterations: 3, salt: Buffer.from('ab', 'hex') },
});

function judge(zone: SignedZone, owner: string, type: number, sections: Sections) {
  const question = ask(owner, type);
  return verifyAnswer(zone.keys(), question, message(question, sections), validation());
}

/** Each group once: one record often proves two things. */
function flat(groups: readonly PlainRecord[][]): PlainRecord[] {
  const byOwner = new Map(groups.map((group) => [group[0]!.name, group]));
  return [...byOwner.values()].flat();
}

interface Case {
  readonly title: string;
  readonly owner: string;
  readonly type: number;
  readonly rcode?: number;
  readonly answer?: PlainRecord[];
  /** What the proof is made of. */
  readonly proof: PlainRecord[][];
  readonly said: object;
}

const nsecCases: Case[] = [
  {
    title: 'RFC 4035 §5.4: NXDOMAIN',
    owner: 'nope.example.',
    type: MX,
    rcode: Rcode.NXDOMAIN,
    proof: [nsec.cover('nope.example.'), nsec.cover('*.example.')],
    said: { kind: 'nxdomain' },
  },
  {
    title: 'RFC 4035 §5.4: NXDOMAIN behind the last name of the zone',
    owner: 'zzz.example.',
    type: MX,
    rcode: Rcode.NXDOMAIN,
    proof: [nsec.cover('zzz.example.'), nsec.cover('*.example.')],
    said: { kind: 'nxdomain' },
  },
  {
    title: 'RFC 4035 §5.4: NXDOMAIN below a name that exists',
    owner: 'a.b.mail.example.',
    type: A,
    rcode: Rcode.NXDOMAIN,
    proof: [nsec.cover('a.b.mail.example.'), nsec.cover('*.mail.example.')],
    said: { kind: 'nxdomain' },
  },
  {
    title: 'RFC 4035 §5.4: NODATA',
    owner: 'mail.example.',
    type: TXT,
    proof: [nsec.match('mail.example.')],
    said: { kind: 'nodata' },
  },
  {
    title: 'RFC 4035 §5.4: NODATA at the apex',
    owner: 'example.',
    type: A,
    proof: [nsec.match('example.')],
    said: { kind: 'nodata' },
  },
  {
    title: 'RFC 4592 §2.2.2: NODATA at an empty non-terminal',
    owner: '_tcp.mail.example.',
    type: TLSA,
    proof: [nsec.cover('_tcp.mail.example.')],
    said: { kind: 'nodata' },
  },
  {
    title: 'RFC 4035 §5.4: wildcard NODATA',
    owner: 'x.wild.example.',
    type: MX,
    proof: [nsec.cover('x.wild.example.'), nsec.match('*.wild.example.')],
    said: { kind: 'nodata', wildcard: name('*.wild.example.') },
  },
  {
    title: 'RFC 4035 §5.4: NODATA for DS at an insecure delegation',
    owner: 'unsigned.example.',
    type: DS,
    proof: [nsec.match('unsigned.example.')],
    said: { kind: 'nodata' },
  },
  {
    title: 'RFC 4035 §5.3.4: wildcard answer',
    owner: 'x.wild.example.',
    type: TXT,
    answer: nsec.expanded('*.wild.example.', 'x.wild.example.', TXT),
    proof: [nsec.cover('x.wild.example.')],
    said: { kind: 'answer', wildcard: name('*.wild.example.') },
  },
  {
    title: 'RFC 4035 §5.3.4: wildcard answer several labels down',
    owner: 'z.y.x.wild.example.',
    type: TXT,
    answer: nsec.expanded('*.wild.example.', 'z.y.x.wild.example.', TXT),
    proof: [nsec.cover('z.y.x.wild.example.')],
    said: { kind: 'answer', wildcard: name('*.wild.example.') },
  },
  {
    title: 'RFC 4035 §5.3.4: wildcard CNAME',
    owner: 'x.aliases.example.',
    type: MX,
    answer: nsec.expanded('*.aliases.example.', 'x.aliases.example.', CNAME),
    proof: [nsec.cover('x.aliases.example.')],
    said: { kind: 'cname', target: name('mail.example.'), wildcard: name('*.aliases.example.') },
  },
];

const nsec3Cases: Case[] = [
  {
    title: 'RFC 5155 §8.4: NXDOMAIN',
    owner: 'nope.example.',
    type: MX,
    rcode: Rcode.NXDOMAIN,
    proof: [nsec3.match('example.'), nsec3.cover('nope.example.'), nsec3.cover('*.example.')],
    said: { kind: 'nxdomain' },
  },
  {
    title: 'RFC 5155 §8.4: NXDOMAIN several labels down',
    owner: 'a.b.c.mail.example.',
    type: MX,
    rcode: Rcode.NXDOMAIN,
    proof: [nsec3.match('mail.example.'), nsec3.cover('c.mail.example.'), nsec3.cover('*.mail.example.')],
    said: { kind: 'nxdomain' },
  },
  {
    title: 'RFC 5155 §8.5: NODATA',
    owner: 'mail.example.',
    type: TXT,
    proof: [nsec3.match('mail.example.')],
    said: { kind: 'nodata' },
  },
  {
    title: 'RFC 5155 §8.5: NODATA at an empty non-terminal',
    owner: '_tcp.mail.example.',
    type: TLSA,
    proof: [nsec3.match('_tcp.mail.example.')],
    said: { kind: 'nodata' },
  },
  {
    title: 'RFC 5155 §8.6: NODATA for DS',
    owner: 'unsigned.example.',
    type: DS,
    proof: [nsec3.match('unsigned.example.')],
    said: { kind: 'nodata' },
  },
  {
    title: 'RFC 5155 §8.7: wildcard NODATA',
    owner: 'x.wild.example.',
    type: MX,
    proof: [nsec3.match('wild.example.'), nsec3.cover('x.wild.example.'), nsec3.match('*.wild.example.')],
    said: { kind: 'nodata', wildcard: name('*.wild.example.') },
  },
  {
    title: 'RFC 5155 §8.8: wildcard answer',
    owner: 'z.x.wild.example.',
    type: TXT,
    answer: nsec3.expanded('*.wild.example.', 'z.x.wild.example.', TXT),
    proof: [nsec3.cover('x.wild.example.')],
    said: { kind: 'answer', wildcard: name('*.wild.example.') },
  },
];

describe.each([
  { kind: 'nsec', zone: nsec, cases: nsecCases },
  { kind: 'nsec3', zone: nsec3, cases: nsec3Cases },
])('$kind', ({ kind, zone, cases }) => {
  describe.each(cases)('$title', ({ owner, type, rcode = 0, answer = [], proof, said }) => {
    const sections = (groups: PlainRecord[][]) => ({
      rcode,
      answer,
      authority: [...(answer.length === 0 ? zone.soa() : []), ...flat(groups)],
    });
    const absent = answer.length > 0 ? ['wildcard-unproven'] : ['denial-missing', 'denial-incomplete'];

    test('is proven', () => {
      const verdict = judge(zone, owner, type, sections(proof));
      expect(verdict).toMatchObject({ status: 'secure', until: AT + 300, denial: { kind }, ...said });
    });

    test('is not, without any one of its records', () => {
      const owners = [...new Set(proof.map((group) => group[0]!.name))];
      for (const left of owners) {
        const rest = proof.filter((group) => group[0]!.name !== left);
        const verdict = judge(zone, owner, type, sections(rest));
        expect(verdict.status).toBe('bogus');
        expect(absent).toContain(verdict.status === 'bogus' && verdict.because);
      }
    });

    test('is not, without any one of their signatures', () => {
      for (const left of proof) {
        const rest = proof.map((group) => (group[0]!.name === left[0]!.name ? [group[0]!] : group));
        expect(judge(zone, owner, type, sections(rest))).toEqual({
          status: 'bogus',
          because: 'rrsig-missing',
        });
      }
    });

    test('is not, with any of them expired', () => {
      for (const left of proof) {
        const expired = [left[0]!, zone.sign([left[0]!], { expiration: AT - 1 })];
        const rest = proof.map((group) => (group[0]!.name === left[0]!.name ? expired : group));
        expect(judge(zone, owner, type, sections(rest))).toEqual({
          status: 'bogus',
          because: 'rrsig-expired',
        });
      }
    });

    test('is contradicted by the other rcode', () => {
      if (answer.length > 0) return;
      const other = { ...sections(proof), rcode: rcode === 0 ? Rcode.NXDOMAIN : 0 };
      expect(judge(zone, owner, type, other)).toEqual({ status: 'bogus', because: 'denial-contradicts' });
    });
  });
});

describe('proofs that are genuine and prove something else', () => {
  const denied = (zone: SignedZone, owner: string, type: number, rcode: number, ...proof: PlainRecord[][]) =>
    judge(zone, owner, type, { rcode, authority: [...zone.soa(), ...flat(proof)] });
  const because = (reason: string) => ({ status: 'bogus', because: reason });

  test('RFC 4035 §5.4: NODATA where the bitmap has the type', () => {
    const [n, n3] = [nsec.match('mail.example.'), nsec3.match('mail.example.')];
    expect(denied(nsec, 'mail.example.', MX, 0, n)).toEqual(because('denial-contradicts'));
    expect(denied(nsec3, 'mail.example.', MX, 0, n3)).toEqual(because('denial-contradicts'));
  });

  test('RFC 6840 §4.3: NODATA where the bitmap has CNAME', () => {
    expect(denied(nsec, 'alias.example.', MX, 0, nsec.match('alias.example.'))).toEqual(
      because('denial-contradicts'),
    );
    expect(denied(nsec3, 'alias.example.', MX, 0, nsec3.match('alias.example.'))).toEqual(
      because('denial-contradicts'),
    );
  });

  test('RFC 6840 §4.3: wildcard NODATA where the wildcard has CNAME', () => {
    const proof = [nsec.cover('x.aliases.example.'), nsec.match('*.aliases.example.')];
    expect(denied(nsec, 'x.aliases.example.', MX, 0, ...proof)).toEqual(because('denial-contradicts'));
  });

  test('RFC 6840 §4.1, §4.4: the parent side of a cut denies nothing of the child but DS', () => {
    for (const zone of [nsec, nsec3]) {
      const proof = zone.match('signed.example.');
      expect(denied(zone, 'signed.example.', MX, 0, proof)).toEqual(because('denial-incomplete'));
    }
  });

  test('RFC 6840 §4.1: an ancestor delegation NSEC denies no name below it', () => {
    const proof = [nsec.cover('www.signed.example.'), nsec.cover('*.signed.example.')];
    expect(proof[0]![0]!.name).toBe(name('signed.example.'));
    expect(denied(nsec, 'www.signed.example.', MX, Rcode.NXDOMAIN, ...proof)).toEqual(
      because('denial-incomplete'),
    );
  });

  test('RFC 5155 §8.3: nor does an ancestor delegation as closest encloser', () => {
    const proof = [
      nsec3.match('signed.example.'),
      nsec3.cover('www.signed.example.'),
      nsec3.cover('*.signed.example.'),
    ];
    expect(denied(nsec3, 'www.signed.example.', MX, Rcode.NXDOMAIN, ...proof)).toEqual(
      because('denial-incomplete'),
    );
  });

  test('RFC 6840 §4.1, RFC 5155 §8.3: nothing is denied below a DNAME', () => {
    const n = [nsec.cover('x.redirected.example.'), nsec.cover('*.redirected.example.')];
    expect(denied(nsec, 'x.redirected.example.', MX, Rcode.NXDOMAIN, ...n)).toEqual(
      because('denial-incomplete'),
    );
    const n3 = [
      nsec3.match('redirected.example.'),
      nsec3.cover('x.redirected.example.'),
      nsec3.cover('*.redirected.example.'),
    ];
    expect(denied(nsec3, 'x.redirected.example.', MX, Rcode.NXDOMAIN, ...n3)).toEqual(
      because('denial-incomplete'),
    );
  });

  test('RFC 6840 §4.4, RFC 5155 §8.6: the apex of the child does not deny its DS', () => {
    for (const zone of [nsec, nsec3]) {
      expect(denied(zone, 'example.', DS, 0, zone.match('example.'))).toEqual(because('denial-incomplete'));
    }
  });

  test('RFC 4035 §2.4: a zone does not vouch for itself with DS records at its apex', () => {
    const zone = new SignedZone('example.', '@ DS 1 13 2 00');
    const verdict = judge(zone, 'example.', DS, { answer: zone.signed('example.', DS) });
    expect(verdict).toEqual(because('rrsig-wrong-signer'));
  });

  test('the root has no parent: its apex denies DS', () => {
    const zone = new SignedZone('.', 'test NS ns.test');
    expect(denied(zone, '.', DS, 0, zone.match('.'))).toMatchObject({ status: 'secure', kind: 'nodata' });
  });

  test('an NSEC expanded from a wildcard is no proof', () => {
    const replayed = nsec
      .match('*.wild.example.')
      .map((record) => ({ ...record, name: name('host.wild.example.') }));
    expect(denied(nsec, 'host.wild.example.', MX, 0, replayed)).toEqual(because('wildcard-unproven'));
  });

  test('RFC 4592 §4.2: nor do NS, SOA, DS come from a wildcard', () => {
    const zone = new SignedZone('example.', '*.wild NS ns.wild\n*.wild DS 1 13 2 00');
    for (const type of [NS, DS]) {
      const owned = zone.rrset('*.wild.example.', type);
      const answer = [...owned, zone.sign(owned)].map((record) => ({
        ...record,
        name: name('x.wild.example.'),
      }));
      const authority = zone.cover('x.wild.example.');
      expect(judge(zone, 'x.wild.example.', type, { answer, authority })).toEqual(
        because('wildcard-unproven'),
      );
    }
  });

  test('RFC 4592 §3.3.1: a wildcard does not reach past a name that exists', () => {
    const answer = nsec.expanded('*.wild.example.', 'x.host.wild.example.', TXT);
    const authority = nsec.cover('x.host.wild.example.');
    expect(judge(nsec, 'x.host.wild.example.', TXT, { answer, authority })).toEqual(
      because('denial-contradicts'),
    );
    const answer3 = nsec3.expanded('*.wild.example.', 'host.wild.example.', TXT);
    expect(
      judge(nsec3, 'host.wild.example.', TXT, {
        answer: answer3,
        authority: nsec3.match('host.wild.example.'),
      }),
    ).toEqual(because('denial-contradicts'));
  });

  test('RFC 4592 §3.3.1: the proof of another name does not excuse a wildcard', () => {
    const answer = nsec.expanded('*.wild.example.', 'host.wild.example.', TXT);
    const authority = nsec.cover('x.wild.example.');
    expect(judge(nsec, 'host.wild.example.', TXT, { answer, authority }).status).toBe('bogus');
  });

  test('NXDOMAIN where the wildcard exists', () => {
    const proof = [nsec.cover('x.wild.example.'), nsec.match('*.wild.example.')];
    expect(denied(nsec, 'x.wild.example.', TXT, Rcode.NXDOMAIN, ...proof)).toEqual(
      because('denial-contradicts'),
    );
    const proof3 = [
      nsec3.match('wild.example.'),
      nsec3.cover('x.wild.example.'),
      nsec3.match('*.wild.example.'),
    ];
    expect(denied(nsec3, 'x.wild.example.', TXT, Rcode.NXDOMAIN, ...proof3)).toEqual(
      because('denial-contradicts'),
    );
  });

  test('RFC 8020 §2: NXDOMAIN for the ancestor of a TLSA name, by a chain without the empty non-terminal', () => {
    const rectified = { nsec3: { iterations: 0 } };
    const without = new SignedZone('example.', 'mail A 192.0.2.1', rectified);
    const proof = [
      without.match('mail.example.'),
      without.cover('_tcp.mail.example.'),
      without.cover('*.mail.example.'),
    ];
    expect(denied(without, '_tcp.mail.example.', TLSA, Rcode.NXDOMAIN, ...proof)).toMatchObject({
      status: 'secure',
      kind: 'nxdomain',
    });
  });

  test('records of another zone, of another class of proof, or none', () => {
    const other = new SignedZone('example.com.', EXAMPLE);
    expect(denied(nsec, 'mail.example.', TXT, 0, other.match('mail.example.com.'))).toEqual(
      because('denial-missing'),
    );
    expect(denied(nsec, 'mail.example.', TXT, 0)).toEqual(because('denial-missing'));
    expect(denied(nsec, 'mail.example.', TXT, 0, nsec.match('example.'))).toEqual(
      because('denial-incomplete'),
    );
    expect(judge(nsec, 'mail.example.', TXT, { rcode: Rcode.SERVFAIL })).toEqual(because('denial-missing'));
    expect(judge(nsec, 'mail.example.', SOA, { authority: nsec.rrset('unsigned.example.', NS) }).status).toBe(
      'bogus',
    );
  });
});
