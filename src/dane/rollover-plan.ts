/**
 * The two ways to change keys that the how-to knows to work ("Reliable certificate rollover", RFC 7671 §8.1), as steps. Pure.
 *
 * In: records of what is and what will be, the TTL, when to begin. Out: for each scheme its steps in order, each with the
 * earliest instant, where every step before it was done at its own, and the whole TLSA RRset from then on.
 *
 * Between two steps that hang on what senders have in their caches lie two TTLs: one until the last name server shows the new
 * RRset and old answers run out, and one for caches that answer late. The steps of both schemes:
 * - `publish`: the records of what is in use, and of what will still match after the change.
 * - `deploy`, two TTLs later: the new key and certificate, at every address. The RRset stays.
 * - `replace`, when the new key was tested at every address: the record of the old key goes, that of the next change comes.
 * - `again`, two TTLs later: from here the next change can be made.
 */
import type { Instant } from '../base/instant.ts';
import type { TlsaRecord } from './tlsa-record.ts';

export const rolloverSchemes = ['current-next', 'current-issuer'] as const;
export type RolloverScheme = (typeof rolloverSchemes)[number];

export type RolloverAction = 'publish' | 'deploy' | 'replace' | 'again';

export interface PlannedRecord {
  /** What it describes; `after-next` is the key that follows the next one. */
  readonly of: 'current' | 'next' | 'after-next' | 'issuer';
  /** Null where what it describes has not been made yet: a 3 1 1 record. */
  readonly record: TlsaRecord | null;
}

export interface RolloverStep {
  readonly action: RolloverAction;
  readonly notBefore: Instant;
  readonly records: readonly PlannedRecord[];
}

export interface RolloverPlan {
  readonly scheme: RolloverScheme;
  readonly steps: readonly RolloverStep[];
}

export interface RolloverInput {
  /** One for each key in use: a server with RSA and ECDSA has two. At least one. */
  readonly current: readonly TlsaRecord[];
  /** One for each next key; empty where they are not made yet. */
  readonly next: readonly TlsaRecord[];
  /** Of issuing CAs that the server sends; empty without one. */
  readonly issuers: readonly TlsaRecord[];
  /** In seconds. */
  readonly ttl: number;
  readonly start: Instant;
}

/** Current + next needs the next keys, since their records come first; current + issuer needs an issuer. */
export function rolloverPlans(input: RolloverInput): readonly RolloverPlan[] {
  const plans: RolloverPlan[] = [];
  if (input.next.length > 0) plans.push(currentAndNext(input));
  if (input.issuers.length > 0) plans.push(currentAndIssuer(input));
  return plans;
}

function currentAndNext({ current, next, ttl, start }: RolloverInput): RolloverPlan {
  const before = [...described('current', current), ...described('next', next)];
  const after = [...described('next', next), ...notMade('after-next', next.length)];
  return { scheme: 'current-next', steps: steps(start, ttl, before, after) };
}

/** The next key may be made when it is deployed: its certificate is under the issuer whose record is there already. */
function currentAndIssuer({ current, next, issuers, ttl, start }: RolloverInput): RolloverPlan {
  const anchors = described('issuer', issuers);
  const replaced = next.length > 0 ? described('next', next) : notMade('next', current.length);
  const before = [...described('current', current), ...anchors];
  return { scheme: 'current-issuer', steps: steps(start, ttl, before, [...replaced, ...anchors]) };
}

function steps(
  start: Instant,
  ttl: number,
  before: readonly PlannedRecord[],
  after: readonly PlannedRecord[],
): readonly RolloverStep[] {
  const deployed = start + 2 * ttl;
  return [
    { action: 'publish', notBefore: start, records: before },
    { action: 'deploy', notBefore: deployed, records: before },
    { action: 'replace', notBefore: deployed, records: after },
    { action: 'again', notBefore: deployed + 2 * ttl, records: after },
  ];
}

function described(of: PlannedRecord['of'], records: readonly TlsaRecord[]): PlannedRecord[] {
  return records.map((record) => ({ of, record }));
}

function notMade(of: PlannedRecord['of'], count: number): PlannedRecord[] {
  return Array.from({ length: count }, () => ({ of, record: null }));
}
