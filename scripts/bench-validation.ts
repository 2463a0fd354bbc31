/**
 * How quick the hot path is: read a reply, verify it, prove a denial or a delegation, each as a share of what the bare library
 * does that has the same work in the same run (dns-packet's decoder, as many bare `crypto.verify` as there are signatures). Run it
 * with: npm run bench
 * Rates are per second of this process's CPU time; the subjects take turns, medians of the rounds are shown.
 */
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import packet from 'dns-packet';
import { DnssecAlgorithm } from '../src/dns/dnssec-algorithm.ts';
import type { Question } from '../src/dns/message.ts';
import { readMessage } from '../src/dns/message.ts';
import { name } from '../src/dns/name.ts';
import { RRType } from '../src/dns/rr-type.ts';
import { verifyAnswer } from '../src/dnssec/answer.ts';
import { verifyDelegation } from '../src/dnssec/delegation.ts';
import { DenialMemory } from '../src/dnssec/denial-memory.ts';
import { SignatureMemo } from '../src/dnssec/signature-memo.ts';
import { verifyZoneKeys } from '../src/dnssec/zone-keys.ts';
import { ask, octetsOf, type Sections, SignedZone, validation } from '../test/dnssec/signed-zone.ts';

const ROUNDS = 9;
const ROUND_MS = 100;

/** Operations per CPU second. */
function rateOf(work: () => void): number {
  const began = process.cpuUsage();
  const until = performance.now() + ROUND_MS;
  let done = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 10; i++) work();
    done += 10;
  }
  const { user, system } = process.cpuUsage(began);
  return (done * 1e6) / (user + system);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function expectThat(holds: boolean): void {
  if (!holds) throw new Error('the benchmark’s own answer is not proven');
}

interface Subject {
  readonly title: string;
  /** Another subject of the same run, as often as it has to be done for the same work. */
  readonly against?: readonly [title: string, times: number];
  readonly work: () => void;
}

const subjects: Subject[] = [];

/** Reading, against dns-packet. */
function read(what: string, octets: Buffer): void {
  const title = `dns-packet decodes ${what}`;
  subjects.push({ title, work: () => packet.decode(octets) });
  subjects.push({ title: `read ${what}`, against: [title, 1], work: () => readMessage(octets) });
}

/** Judging with nothing remembered and, where it comes with many answers, with its signatures remembered. */
function judge(title: string, bare: string, work: (memo: SignatureMemo) => boolean, isShared = false): void {
  const counting = new SignatureMemo();
  expectThat(work(counting));
  const against = [bare, Math.max(1, counting.size)] as const;
  subjects.push({ title, against, work: () => expectThat(work(new SignatureMemo())) });
  if (!isShared) return;
  const warm = new SignatureMemo();
  subjects.push({ title: `${title}, remembered`, against, work: () => expectThat(work(warm)) });
}

const isAnswered = (zone: SignedZone, [question, sections]: readonly [Question, Sections]) => {
  const keys = zone.keys();
  const reply = readMessage(octetsOf(question, sections))!;
  return (memo: SignatureMemo) =>
    verifyAnswer(keys, question, reply, validation({ memo })).status === 'secure';
};

const P256 = 'one bare P-256 crypto.verify';
const signed = Buffer.alloc(300, 1);
function bare(title: string, digest: string | null, pair: { publicKey: KeyObject; privateKey: KeyObject }) {
  const signature = sign(digest, signed, pair.privateKey);
  subjects.push({ title, work: () => verify(digest, signed, pair.publicKey, signature) });
}
bare(P256, 'sha256', generateKeyPairSync('ec', { namedCurve: 'P-256' }));
bare('one bare Ed25519 crypto.verify', null, generateKeyPairSync('ed25519'));
bare('one bare RSA-1024 crypto.verify', 'sha256', generateKeyPairSync('rsa', { modulusLength: 1024 }));

const text =
  '@ MX 10 mx\n@ MX 20 mx2\nmx A 192.0.2.1\nmx2 A 192.0.2.2\nchild NS ns1.test.\nchild NS ns2.test.\n';
const apex = 'example.test';
const absent = `absent.${apex}`;
const child = `child.${apex}`;
const hashed = new SignedZone(apex, text, { nsec3: {} });
const optOut = new SignedZone(apex, text, { nsec3: { optOut: true } });
const ordered = new SignedZone(apex, text);

const mxOf = (zone: SignedZone) => [ask(apex, RRType.MX), { answer: zone.signed(apex, RRType.MX) }] as const;
const denialOf = (zone: SignedZone, proof: Sections['authority'] = []) =>
  [ask(absent, RRType.A), { rcode: 3, authority: [...zone.soa(), ...proof] }] as const;
const nsec3Denial = denialOf(hashed, [
  ...hashed.match(apex),
  ...hashed.cover(absent),
  ...hashed.cover(`*.${apex}`),
]);
const nsecDenial = denialOf(ordered, ordered.cover(absent));
const referral = [
  ask(child, RRType.A),
  { authority: [...optOut.rrset(child, RRType.NS), ...optOut.match(apex), ...optOut.cover(child)] },
] as const;

read('the MX reply', octetsOf(...mxOf(hashed)));
read('the denial (NSEC3)', octetsOf(...nsec3Denial));
read('the referral of an unsigned child (NSEC3 opt-out)', octetsOf(...referral));
judge('verify the MX reply', P256, isAnswered(hashed, mxOf(hashed)));
for (const [algorithm, against] of [
  ['ED25519', 'one bare Ed25519 crypto.verify'],
  ['RSASHA256', 'one bare RSA-1024 crypto.verify'],
] as const) {
  const zone = new SignedZone(apex, text, { algorithm: DnssecAlgorithm[algorithm] });
  judge(`verify the MX reply, ${algorithm}`, against, isAnswered(zone, mxOf(zone)));
}
judge('prove the denial (NSEC3)', P256, isAnswered(hashed, nsec3Denial), true);
judge('prove the denial (NSEC)', P256, isAnswered(ordered, nsecDenial), true);

const optOutKeys = optOut.keys();
const referred = readMessage(octetsOf(...referral))!;
judge(
  'prove an unsigned child’s referral (NSEC3 opt-out)',
  P256,
  (memo) => verifyDelegation(optOutKeys, name(child), referred, validation({ memo })).kind === 'insecure',
  true,
);
/**
 * What it would save to look for the span among those remembered of the zone. It is not done: looking in vain costs as much as
 * finding, and large zones have millions of spans, so that the next child is seldom in a known one.
 */
const denials = new DenialMemory(() => performance.now());
verifyDelegation(optOutKeys, name(child), referred, validation({ memo: new SignatureMemo(), denials }));
judge('find the span of that referral among those remembered instead', P256, (memo) => {
  const [records] = denials.recordsOf(optOutKeys, validation({ memo }));
  return records?.standing(name(child)).kind === 'absent';
});
const ds = [hashed.ds()];
const keyReply = hashed.keyReply();
judge(
  'match DS, import and verify the DNSKEY RRset of a fresh child',
  P256,
  (memo) => verifyZoneKeys(hashed.apex, ds, keyReply, validation({ memo })).status === 'secure',
);

const rates = new Map<string, number[]>(subjects.map(({ title }) => [title, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const { title, work } of subjects) rates.get(title)!.push(rateOf(work));
}
for (const { title, against } of subjects) {
  const rate = median(rates.get(title)!);
  let ratio = '';
  if (against !== undefined) {
    const [other, times] = against;
    const share = (rate * times) / median(rates.get(other)!);
    ratio = `  ${share.toFixed(2)} x ${other}${times === 1 ? '' : `, ${times} times`}`;
  }
  process.stdout.write(`${Math.round(rate).toLocaleString('en').padStart(10)} /CPU-s  ${title}${ratio}\n`);
}
