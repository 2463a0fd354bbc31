import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalRdata } from '../../src/dns/canonical.ts';
import { type Question, readMessage } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { type AnswerVerdict, verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { verifyZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { ask, EXAMPLE, octetsOf, type Sections, SignedZone, validation } from './signed-zone.ts';

const { MX, TXT, TLSA, CNAME, DNAME, DS, DNSKEY } = RRType;
const nsec = new SignedZone('example.', EXAMPLE);
const nsec3 = new SignedZone('example.', EXAMPLE, { nsec3: { iterations: 1 } });

const answers: [string, SignedZone, Question, Sections][] = [
  ['MX', nsec, ask('example.', MX), { answer: nsec.signed('example.', MX) }],
  [
    'TLSA',
    nsec,
    ask('_25._tcp.mail.example.', TLSA),
    { answer: nsec.signed('_25._tcp.mail.example.', TLSA) },
  ],
  ['CNAME', nsec, ask('alias.example.', MX), { answer: nsec.signed('alias.example.', CNAME) }],
  ['DNAME', nsec, ask('a.redirected.example.', MX), { answer: nsec.signed('redirected.example.', DNAME) }],
  [
    'wildcard',
    nsec3,
    ask('x.wild.example.', TXT),
    {
      answer: nsec3.expanded('*.wild.example.', 'x.wild.example.', TXT),
      authority: nsec3.cover('x.wild.example.'),
    },
  ],
  [
    'NODATA by NSEC',
    nsec,
    ask('mail.example.', TXT),
    { authority: [...nsec.soa(), ...nsec.match('mail.example.')] },
  ],
  [
    'NXDOMAIN by NSEC',
    nsec,
    ask('nope.example.', MX),
    {
      rcode: Rcode.NXDOMAIN,
      authority: [...nsec.soa(), ...nsec.cover('nope.example.'), ...nsec.cover('*.example.')],
    },
  ],
  [
    'NXDOMAIN by NSEC3',
    nsec3,
    ask('nope.example.', MX),
    {
      rcode: Rcode.NXDOMAIN,
      authority: [...nsec3.match('example.'), ...nsec3.cover('nope.example.'), ...nsec3.cover('*.example.')],
    },
  ],
];

/** All that a verdict says of the data; what an attacker may change without notice (TTLs, case, order) left out. */
function said(verdict: AnswerVerdict): string {
  if (verdict.status === 'bogus') return 'bogus';
  const rdatas = verdict.rrset?.records.map((record) => Buffer.from(canonicalRdata(record)).toString('hex'));
  return JSON.stringify([
    verdict.status,
    verdict.kind,
    verdict.rrset?.type,
    [...new Set(rdatas?.sort())],
    verdict.target,
  ]);
}

/** Up to four octets written over anywhere. */
const spoilings = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
  minLength: 1,
  maxLength: 4,
});

function spoil(octets: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const spoiled = Buffer.from(octets);
  for (const [at, value] of changes) spoiled[at % spoiled.length] = value;
  return spoiled;
}

describe('RFC 4035 §5: octets changed on the way never change what is believed', () => {
  test.each(answers)('%s', (_, zone, question, sections) => {
    const octets = octetsOf(question, sections);
    const keys = zone.keys();
    const good = verifyAnswer(keys, question, readMessage(octets)!, validation());
    expect(good.status).toBe('secure');
    fc.assert(
      fc.property(spoilings, (changes) => {
        const spoiled = readMessage(spoil(octets, changes));
        if (spoiled === undefined) return;
        const verdict = said(verifyAnswer(keys, question, spoiled, validation()));
        expect(['bogus', said(good)]).toContain(verdict);
      }),
      { numRuns: 700 },
    );
  });

  test('DNSKEY', () => {
    const octets = nsec.keyReply().octets;
    const rdatas = nsec.keys().entries.map((entry) => Buffer.from(entry.rdata).toString('hex'));
    fc.assert(
      fc.property(spoilings, (changes) => {
        const verdict = verifyZoneKeys(
          nsec.apex,
          [nsec.ds()],
          readMessage(spoil(octets, changes)),
          validation(),
        );
        expect(verdict.status).not.toBe('insecure');
        if (verdict.status !== 'secure') return;
        expect(verdict.keys.entries.map((entry) => Buffer.from(entry.rdata).toString('hex'))).toEqual(rdatas);
      }),
      { numRuns: 700 },
    );
  });

  test('delegations: signed never becomes insecure, nor another set of keys', () => {
    const child = name('signed.example.');
    const octets = octetsOf(ask('signed.example.', DS), { answer: nsec.signed('signed.example.', DS) });
    fc.assert(
      fc.property(spoilings, (changes) => {
        const spoiled = readMessage(spoil(octets, changes));
        if (spoiled === undefined) return;
        const verdict = verifyDelegation(nsec.keys(), child, spoiled, validation());
        expect(['bogus', 'signed']).toContain(verdict.kind);
        if (verdict.kind === 'signed') expect(verdict.ds).toMatchObject([{ keyTag: 1, algorithm: 13 }]);
      }),
      { numRuns: 500 },
    );
  });

  test('octets that are no message of ours at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 200 }), (octets) => {
        octets[4] = 0;
        const noise = readMessage(octets);
        if (noise === undefined) return;
        const question = ask('example.', DNSKEY);
        expect(verifyAnswer(nsec3.keys(), question, noise, validation()).status).toBe('bogus');
        expect(verifyDelegation(nsec3.keys(), name('a.example.'), noise, validation()).kind).toBe('bogus');
        expect(verifyZoneKeys(nsec3.apex, [nsec3.ds()], noise, validation()).status).toBe('bogus');
      }),
      { numRuns: 300 },
    );
  });
});
