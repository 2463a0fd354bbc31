/**
 * How quick the hot path is: read a reply, verify it, prove a denial, each as a ratio against the bare library that does the
 * same work in the same run (dns-packet's decoder, one `crypto.verify`). Run it with: npm run bench
 * Rates are per second of this process's CPU time; the subjects take turns, medians of the rounds are shown.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import packet from 'dns-packet';
import type { Message, Question } from '../src/dns/message.ts';
import { readMessage } from '../src/dns/message.ts';
import { name } from '../src/dns/name.ts';
import { RRType } from '../src/dns/rr-type.ts';
import { verifyAnswer } from '../src/dnssec/answer.ts';
import { verifyDelegation } from '../src/dnssec/delegation.ts';
import { DenialMemory } from '../src/dnssec/denial-memory.ts';
import { SignatureMemo } from '../src/dnssec/signature-memo.ts';
import { ask, message, octetsOf, type Sections, SignedZone, validation } from '../test/dnssec/signed-zone.ts';

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

const hosts = '@ MX 10 mx\n@ MX 20 mx2\nmx A 192.0.2.1\nmx2 A 192.0.2.2\n';
const zone = new SignedZone('example.test', hosts, { nsec3: {} });
const keys = zone.keys();

const positive: [Question, Sections] = [
  ask('example.test', RRType.MX),
  { answer: zone.signed('example.test', RRType.MX) },
];
const absent = 'absent.example.test';
const denial: [Question, Sections] = [
  ask(absent, RRType.A),
  {
    rcode: 3,
    authority: [
      ...zone.soa(),
      ...zone.match('example.test'),
      ...zone.cover(absent),
      ...zone.cover('*.example.test'),
    ],
  },
];
const positiveOctets = octetsOf(...positive);
const denialOctets = octetsOf(...denial);
const positiveMessage = readMessage(positiveOctets)!;
const denialMessage = readMessage(denialOctets)!;
const warm = new SignatureMemo();

function judge(question: Question, message: Message, memo: SignatureMemo): void {
  if (verifyAnswer(keys, question, message, validation({ memo })).status !== 'secure') {
    throw new Error('the benchmark’s own answer is not secure');
  }
}

/** A referral to an unsigned child in an opt-out span, as a large parent zone gives them by the million. */
const parent = new SignedZone('nl', '', { nsec3: { optOut: true } });
const parentKeys = parent.keys();
const child = name('child.nl');
const referral = message(ask('child.nl', RRType.A), {
  authority: [
    { ...parent.rrset('nl', RRType.NS)[0]!, name: child },
    ...parent.match('nl'),
    ...parent.cover('child.nl'),
  ],
});
const denials = new DenialMemory(() => performance.now());
const remembering = () => validation({ memo: warm, denials });

function delegate(memo: SignatureMemo): void {
  const { kind } = verifyDelegation(parentKeys, child, referral, validation({ memo }));
  if (kind !== 'insecure') throw new Error('the benchmark’s own delegation is not insecure');
}

verifyDelegation(parentKeys, child, referral, remembering());

function standingFromSpans(): void {
  const [records] = denials.recordsOf(parentKeys, remembering());
  if (records?.standing(child).kind !== 'absent') throw new Error('the span is not remembered');
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signed = Buffer.alloc(300, 1);
const signature = sign('sha256', signed, privateKey);

/** What is measured, and against which other subject of the same run. */
const subjects: readonly [title: string, against: string | null, work: () => void][] = [
  ['dns-packet decodes the MX reply', null, () => packet.decode(positiveOctets)],
  ['dns-packet decodes the denial', null, () => packet.decode(denialOctets)],
  ['one bare P-256 crypto.verify', null, () => verify('sha256', signed, publicKey, signature)],
  ['read the MX reply', 'dns-packet decodes the MX reply', () => readMessage(positiveOctets)],
  ['read the denial', 'dns-packet decodes the denial', () => readMessage(denialOctets)],
  [
    'verify the MX reply, nothing remembered',
    'one bare P-256 crypto.verify',
    () => judge(positive[0], positiveMessage, new SignatureMemo()),
  ],
  [
    'prove the denial (NSEC3), nothing remembered',
    'one bare P-256 crypto.verify',
    () => judge(denial[0], denialMessage, new SignatureMemo()),
  ],
  [
    'prove the denial (NSEC3), signatures remembered',
    'one bare P-256 crypto.verify',
    () => judge(denial[0], denialMessage, warm),
  ],
  // The last line says what a referral would save whose span is known: some 16 microseconds. It is not done, since looking in vain
  // costs a third of that, and large zones have millions of spans, so that the next child is seldom in a known one.
  [
    'judge an unsigned delegation (opt-out), nothing remembered',
    'one bare P-256 crypto.verify',
    () => delegate(new SignatureMemo()),
  ],
  [
    'judge an unsigned delegation (opt-out), signatures remembered',
    'one bare P-256 crypto.verify',
    () => delegate(warm),
  ],
  [
    'find it in remembered spans instead',
    'judge an unsigned delegation (opt-out), signatures remembered',
    standingFromSpans,
  ],
];

const rates = new Map<string, number[]>(subjects.map(([title]) => [title, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [title, , work] of subjects) rates.get(title)!.push(rateOf(work));
}
for (const [title, against] of subjects) {
  const rate = median(rates.get(title)!);
  const ratio = against === null ? '' : `  ${(rate / median(rates.get(against)!)).toFixed(2)} x ${against}`;
  process.stdout.write(`${Math.round(rate).toLocaleString('en').padStart(10)} /CPU-s  ${title}${ratio}\n`);
}
