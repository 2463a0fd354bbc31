/**
 * Fuzzes the validator: good messages of a signed zone, spoiled in their octets or record by record, with genuine records of
 * other answers mixed in.
 *
 * Invariants: nothing is thrown; whatever is not bogus says exactly what the unspoiled message says.
 */
import type { Random } from '../../src/base/random.ts';
import { canonicalRdata } from '../../src/dns/canonical.ts';
import { type Message, type Question, readMessage } from '../../src/dns/message.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { type AnswerVerdict, verifyAnswer } from '../../src/dnssec/answer.ts';
import { type DelegationVerdict, verifyDelegation } from '../../src/dnssec/delegation.ts';
import { verifyZoneKeys } from '../../src/dnssec/zone-keys.ts';
import {
  ask,
  EXAMPLE,
  message,
  octetsOf,
  type Sections,
  SignedZone,
  validation,
} from '../dnssec/signed-zone.ts';
import { mutateOctets } from './mutate-octets.ts';
import { mutateReply } from './mutate-reply.ts';
import { holds, type Target } from './target.ts';

const { A, MX, TXT, TLSA, CNAME, DNAME, DS, DNSKEY } = RRType;

interface Case {
  readonly zone: SignedZone;
  readonly question: Question;
  readonly sections: Sections;
  /** In few words, what a verdict on it says. */
  readonly judge: (message: Message | undefined) => string;
  readonly truth: string;
}

export function validator(): Target {
  const zones = [
    new SignedZone('example.', EXAMPLE),
    new SignedZone('example.', EXAMPLE, { algorithm: 15, nsec3: { iterations: 1 } }),
    new SignedZone('example.', EXAMPLE, { algorithm: 8, nsec3: { optOut: true } }),
  ];
  const casesOf = new Map(zones.map((zone, i) => [zone, zoneCases(zone, i === 2)]));
  const strangersOf = new Map([...casesOf].map(([zone, cases]) => [zone, genuineRecords(cases)]));
  return {
    title: 'validator',
    feed(random) {
      const zone = zones[random(zones.length)]!;
      const cases = casesOf.get(zone)!;
      const { question, sections, judge, truth } = cases[random(cases.length)]!;
      const found = judge(spoilt(question, sections, strangersOf.get(zone)!, random));
      holds(
        found === 'bogus' || found === truth,
        () => `${JSON.stringify(question)}: ${found}, truly ${truth}`,
      );
    },
  };
}

function spoilt(
  question: Question,
  sections: Sections,
  strangers: readonly PlainRecord[],
  random: Random,
): Message | undefined {
  const mixed = random(3) > 0 ? mutateReply({ rcode: 0, ...sections }, strangers, random) : sections;
  const octets = octetsOf(question, mixed);
  return readMessage(mixed === sections || random(4) === 0 ? mutateOctets(octets, random) : octets);
}

function genuineRecords(cases: readonly Case[]): PlainRecord[] {
  return cases.flatMap(({ sections }) => [...(sections.answer ?? []), ...(sections.authority ?? [])]);
}

function zoneCases(zone: SignedZone, isOptOut: boolean): Case[] {
  const keys = zone.keys();
  const withTruth = (given: Omit<Case, 'truth' | 'zone'>): Case => ({
    ...given,
    zone,
    truth: given.judge(message(given.question, given.sections)),
  });
  const answered = (owner: string, type: number, sections: Sections): Case => {
    const question = ask(owner, type);
    return withTruth({
      question,
      sections,
      judge: (read) =>
        read === undefined ? 'bogus' : said(verifyAnswer(keys, question, read, validation())),
    });
  };
  const delegated = (child: string, sections: Sections): Case => {
    const question = ask(child, DS);
    return withTruth({
      question,
      sections,
      judge: (read) =>
        read === undefined ? 'bogus' : saidOf(verifyDelegation(keys, question.name, read, validation())),
    });
  };
  // Opt-out: it has no record of its own.
  const noDs = isOptOut
    ? [...zone.match('example.'), ...zone.cover('unsigned.example.')]
    : zone.match('unsigned.example.');
  const owners = ['example.', 'mail.example.', 'host.wild.example.'];
  return [
    answered('example.', MX, { answer: zone.signed('example.', MX) }),
    answered('mail.example.', MX, { answer: zone.signed('mail.example.', MX) }),
    answered('_25._tcp.mail.example.', TLSA, { answer: zone.signed('_25._tcp.mail.example.', TLSA) }),
    answered('alias.example.', MX, { answer: zone.signed('alias.example.', CNAME) }),
    answered('a.redirected.example.', MX, { answer: zone.signed('redirected.example.', DNAME) }),
    answered('x.wild.example.', TXT, {
      answer: zone.expanded('*.wild.example.', 'x.wild.example.', TXT),
      authority: zone.cover('x.wild.example.'),
    }),
    ...owners.map((owner) => answered(owner, TLSA, { authority: [...zone.soa(), ...zone.match(owner)] })),
    answered('nope.example.', A, {
      rcode: Rcode.NXDOMAIN,
      authority: [
        zone.soa(),
        zone.match('example.'),
        zone.cover('nope.example.'),
        zone.cover('*.example.'),
      ].flat(),
    }),
    delegated('signed.example.', {
      authority: [...zone.rrset('signed.example.', RRType.NS), ...zone.signed('signed.example.', DS)],
    }),
    delegated('unsigned.example.', {
      authority: [...zone.rrset('unsigned.example.', RRType.NS), ...noDs],
    }),
    delegated('mail.example.', { authority: [...zone.soa(), ...zone.match('mail.example.')] }),
    withTruth({
      question: ask('example.', DNSKEY),
      sections: { answer: [...zone.rrset('example.', DNSKEY), zone.sign(zone.rrset('example.', DNSKEY))] },
      judge: (read) => {
        const verdict = verifyZoneKeys(zone.apex, [zone.ds()], read, validation());
        if (verdict.status !== 'secure') return verdict.status;
        return hexOf(verdict.keys.entries.map((entry) => entry.rdata));
      },
    }),
  ];
}

function hexOf(all: readonly Uint8Array[]): string {
  return [...new Set(all.map((octets) => Buffer.from(octets).toString('hex')))].sort().join(' ');
}

/** Without what an attacker may change unnoticed: TTLs, case, order. */
function said(verdict: AnswerVerdict): string {
  if (verdict.status === 'bogus') return 'bogus';
  // In an opt-out span anything unsigned may be, so that nothing vouches for the RCODE.
  if (verdict.status === 'insecure' && verdict.rrset === undefined) return 'insecure denial';
  const { status, kind, rrset, target } = verdict;
  return JSON.stringify([
    status,
    kind,
    rrset?.name,
    rrset?.type,
    hexOf(rrset?.records.map(canonicalRdata) ?? []),
    target,
  ]);
}

function saidOf(verdict: DelegationVerdict): string {
  if (verdict.kind !== 'signed') return verdict.kind;
  return JSON.stringify(verdict.ds.map(({ digest, ...rest }) => [rest, hexOf([digest])]).sort());
}
