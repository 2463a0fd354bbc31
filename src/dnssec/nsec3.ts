/**
 * What NSEC3 records prove (RFC 5155 §8, RFC 9276 §3.2): which record matches a name, which covers it. The closest encloser
 * proof that is made of these is in `closest-encloser.ts`. Only the records that a proof rests on are verified; each name is
 * hashed once.
 */
import { equalBytes } from '../base/bytes.ts';
import { fromBase32Hex } from '../dns/base32hex.ts';
import { NSEC3_FLAG_OPT_OUT, Nsec3Hash } from '../dns/dnssec-algorithm.ts';
import type { Message, ResourceRecord } from '../dns/message.ts';
import { labelsOf, type Name, parentOf } from '../dns/name.ts';
import { type Nsec3, readNsec3 } from '../dns/rdata-dnssec.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import { findRRset } from '../dns/rrset.ts';
import type { Budget } from './budget.ts';
import { type Found, type HashedRecords, hashedExpansion, hashedStanding } from './closest-encloser.ts';
import { keepProven } from './keep-proven.ts';
import { NSEC3_ITERATION_LIMITS } from './limits.ts';
import { NSEC3_HASH_OCTETS, nsec3Hash, nsec3HashBlocks } from './nsec3-hash.ts';
import { type SecureRRset, type SigningKeys, verifyUnexpandedRRset } from './rrset-signature.ts';
import type { DenialKind, DenialRecords, Standing } from './standing.ts';
import { type Bogus, bogus, type DnssecReason, type Validation } from './validation.ts';

/** One NSEC3 record; hashes as 20 characters, one for each octet, whose order is that of the octets. */
export interface Nsec3Span {
  readonly owner: Name;
  readonly nsec3: Nsec3;
  readonly from: string;
  readonly to: string;
}

interface Candidate extends Nsec3Span {
  verdict: SecureRRset | Bogus | undefined;
}

export class Nsec3Records implements DenialRecords, HashedRecords {
  readonly #authority: readonly ResourceRecord[];
  readonly #zone: SigningKeys;
  readonly #v: Validation;
  /** At least one, all with the same parameters. */
  readonly #spans: readonly Candidate[];
  readonly #isCutShort: boolean;
  readonly #hashes = new Map<Name, string>();
  #usesOptOut = false;

  private constructor(
    authority: readonly ResourceRecord[],
    zone: SigningKeys,
    v: Validation,
    spans: readonly Candidate[],
    isCutShort: boolean,
  ) {
    this.#authority = authority;
    this.#zone = zone;
    this.#v = v;
    this.#spans = spans;
    this.#isCutShort = isCutShort;
  }

  /** Undefined where the message has none of this zone that can be understood. */
  static of(message: Message, zone: SigningKeys, v: Validation): Nsec3Records | undefined {
    const spans: Candidate[] = [];
    let isCutShort = false;
    for (const record of message.authority) {
      if (record.type !== RRType.NSEC3 || record.class !== CLASS_IN) continue;
      isCutShort = spans.length >= v.budget.limits.denialRecords;
      if (isCutShort) break;
      const span = nsec3SpanOf(record, zone.apex);
      // RFC 5155 §8.2: records of one response have the same parameters; the first record says which.
      if (span !== undefined && (spans.length === 0 || hasSameParameters(span.nsec3, spans[0]!.nsec3))) {
        spans.push({ ...span, verdict: undefined });
      }
    }
    return spans.length === 0 ? undefined : new Nsec3Records(message.authority, zone, v, spans, isCutShort);
  }

  get denial(): DenialKind {
    return { kind: 'nsec3', iterations: this.#iterations, optOut: this.#usesOptOut };
  }

  standing(name: Name): Standing {
    return this.#dismissal() ?? this.#told(hashedStanding(this, this.#zone.apex, name));
  }

  expansion(name: Name, encloser: Name): Standing {
    return this.#dismissal() ?? this.#told(hashedExpansion(this, name, encloser));
  }

  /** What is missing may be among the records that were left out. */
  #told(standing: Standing): Standing {
    const isMissing = standing.kind === 'unproven' && standing.because === 'denial-incomplete';
    return isMissing && this.#isCutShort ? { ...standing, because: 'denial-records-too-many' } : standing;
  }

  matching(name: Name): Found {
    const hash = this.#hash(name);
    if (hash === undefined) return bogus('nsec3-hash-budget-spent');
    return this.#genuine((span) => span.from === hash);
  }

  covering(name: Name): Found {
    const hash = this.#hash(name);
    if (hash === undefined) return bogus('nsec3-hash-budget-spent');
    return this.#genuine((span) => coversHash(span, hash));
  }

  get #iterations(): number {
    return this.#spans[0]!.nsec3.iterations;
  }

  /**
   * RFC 9276 §3.2: too many iterations make the answer insecure or indeterminate, without a hash being computed; but only after
   * a signature has shown that nobody else raised them.
   */
  #dismissal(): Standing | undefined {
    const { insecureAbove, indeterminateAbove } = this.#v.nsec3Iterations ?? NSEC3_ITERATION_LIMITS;
    const isTooMany = this.#iterations > indeterminateAbove;
    if (!isTooMany && this.#iterations <= insecureAbove) return undefined;
    const genuine = this.#genuine(() => true)!;
    if (genuine.status === 'bogus') return { kind: 'unproven', because: genuine.because };
    const { witness, until } = genuine;
    return isTooMany
      ? { kind: 'not-looked-into', because: 'nsec3-iterations-indeterminate', witness, until }
      : { kind: 'not-to-be-trusted', because: 'nsec3-iterations-insecure', witness, until };
  }

  #genuine(fits: (span: Nsec3Span) => boolean): Found {
    let because: DnssecReason | undefined;
    for (const span of this.#spans) {
      if (!fits(span)) continue;
      const verdict = this.#verify(span);
      if (verdict.status === 'bogus') {
        because = verdict.because;
        continue;
      }
      const optOut = (span.nsec3.flags & NSEC3_FLAG_OPT_OUT) !== 0;
      this.#usesOptOut ||= optOut;
      const witness = [{ name: span.owner, type: RRType.NSEC3 }];
      return { status: 'secure', types: span.nsec3.types, optOut, witness, until: verdict.until };
    }
    return because === undefined ? undefined : bogus(because);
  }

  #verify(span: Candidate): SecureRRset | Bogus {
    if (span.verdict !== undefined) return span.verdict;
    const rrset = findRRset(this.#authority, span.owner, RRType.NSEC3)!;
    span.verdict = verifyUnexpandedRRset(rrset, this.#zone, this.#v);
    keepProven(rrset, span.verdict, this.#authority, this.#zone, this.#v);
    return span.verdict;
  }

  /** Undefined where the budget is spent. */
  #hash(name: Name): string | undefined {
    const known = this.#hashes.get(name);
    if (known !== undefined) return known;
    const hash = budgetedHash(name, this.#spans[0]!.nsec3, this.#v.budget);
    if (hash !== undefined) this.#hashes.set(name, hash);
    return hash;
  }
}

/** The hash as spans have it; undefined where the budget is spent. */
export function budgetedHash(name: Name, { salt, iterations }: Nsec3, budget: Budget): string | undefined {
  if (!budget.takeNsec3Hash(nsec3HashBlocks(salt, iterations))) return undefined;
  return Buffer.from(nsec3Hash(name, salt, iterations)).toString('latin1');
}

/** The last span of the zone reaches over the end to the first hash. */
export function coversHash({ from, to }: Nsec3Span, hash: string): boolean {
  return from < to ? from < hash && hash < to : from < hash || hash < to;
}

/** Undefined for what RFC 5155 §8.1 and §8.2 say to ignore: unknown hash algorithms and flags, owners that are no hash. */
export function nsec3SpanOf(record: ResourceRecord, apex: Name): Nsec3Span | undefined {
  const nsec3 = readNsec3(record);
  const [label] = labelsOf(record.name);
  if (nsec3 === undefined || label === undefined || parentOf(record.name) !== apex) return undefined;
  if (nsec3.hashAlgorithm !== Nsec3Hash['SHA-1']) return undefined;
  if ((nsec3.flags & ~NSEC3_FLAG_OPT_OUT) !== 0) return undefined;
  const hash = fromBase32Hex(label);
  if (hash?.length !== NSEC3_HASH_OCTETS || nsec3.nextHashed.length !== NSEC3_HASH_OCTETS) return undefined;
  const from = Buffer.from(hash).toString('latin1');
  const to = Buffer.from(nsec3.nextHashed).toString('latin1');
  return { owner: record.name, nsec3, from, to };
}

export function hasSameParameters(a: Nsec3, b: Nsec3): boolean {
  return a.iterations === b.iterations && equalBytes(a.salt, b.salt);
}
