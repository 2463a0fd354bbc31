/**
 * What NSEC3 records prove (RFC 5155 §8, RFC 9276 §3.2): which record matches a name, which covers it. The closest encloser
 * proof that is made of these is in `closest-encloser.ts`. Only the records that a proof rests on are verified; each name is
 * hashed once.
 */
import { equalBytes } from '../base/bytes.ts';
import { fromBase32Hex } from '../dns/base32hex.ts';
import { NSEC3_FLAG_OPT_OUT, Nsec3Hash } from '../dns/dnssec-algorithm.ts';
import type { Message, ResourceRecord } from '../dns/message.ts';
import { labelCount, labelsOf, type Name, parentOf, rightmost } from '../dns/name.ts';
import { type Nsec3, readNsec3 } from '../dns/rdata-dnssec.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import { findRRset } from '../dns/rrset.ts';
import { closestEncloser, type Found, type HashedRecords } from './closest-encloser.ts';
import { NSEC3_ITERATION_LIMITS } from './limits.ts';
import { NSEC3_HASH_OCTETS, nsec3Hash, nsec3HashBlocks } from './nsec3-hash.ts';
import { type SecureRRset, type SigningKeys, verifyUnexpandedRRset } from './rrset-signature.ts';
import type { DenialKind, DenialRecords, Standing } from './standing.ts';
import { type Bogus, bogus, type DnssecReason, type Validation } from './validation.ts';

/** One NSEC3 record; hashes as 20 characters, one for each octet, whose order is that of the octets. */
interface Span {
  readonly owner: Name;
  readonly nsec3: Nsec3;
  readonly from: string;
  readonly to: string;
  verdict: SecureRRset | Bogus | undefined;
}

export class Nsec3Records implements DenialRecords, HashedRecords {
  readonly #authority: readonly ResourceRecord[];
  readonly #zone: SigningKeys;
  readonly #v: Validation;
  /** At least one, all with the same parameters. */
  readonly #spans: readonly Span[];
  readonly #isCutShort: boolean;
  readonly #hashes = new Map<Name, string>();
  #usesOptOut = false;

  private constructor(
    authority: readonly ResourceRecord[],
    zone: SigningKeys,
    v: Validation,
    spans: readonly Span[],
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
    const spans: Span[] = [];
    let isCutShort = false;
    for (const record of message.authority) {
      if (record.type !== RRType.NSEC3 || record.class !== CLASS_IN) continue;
      isCutShort = spans.length >= v.budget.limits.denialRecords;
      if (isCutShort) break;
      const span = spanOf(record, zone.apex);
      // RFC 5155 §8.2: records of one response have the same parameters; the first record says which.
      if (span !== undefined && (spans.length === 0 || hasSameParameters(span.nsec3, spans[0]!.nsec3))) {
        spans.push(span);
      }
    }
    return spans.length === 0 ? undefined : new Nsec3Records(message.authority, zone, v, spans, isCutShort);
  }

  get denial(): DenialKind {
    return { kind: 'nsec3', iterations: this.#iterations, optOut: this.#usesOptOut };
  }

  standing(name: Name): Standing {
    const dismissed = this.#dismissal();
    if (dismissed !== undefined) return dismissed;
    const exact = this.matching(name);
    if (exact === undefined) return this.#told(closestEncloser(this, this.#zone.apex, name));
    return exact.status === 'bogus'
      ? { kind: 'unproven', because: exact.because }
      : { kind: 'exists', types: exact.types, witness: exact.witness, until: exact.until };
  }

  /** RFC 5155 §8.8: the wildcard itself shows the closest encloser, so that covering the next closer name is enough. */
  expansion(name: Name, encloser: Name): Standing {
    const dismissed = this.#dismissal();
    if (dismissed !== undefined) return dismissed;
    const nextCloser = rightmost(name, labelCount(encloser) + 1);
    const covering = this.covering(nextCloser);
    if (covering?.status === 'bogus') return { kind: 'unproven', because: covering.because };
    if (covering !== undefined) {
      const { optOut, witness, until } = covering;
      return { kind: 'absent', encloser, optOut, witness, until };
    }
    const exists = this.matching(nextCloser)?.status === 'secure';
    return this.#told({ kind: 'unproven', because: exists ? 'denial-contradicts' : 'denial-incomplete' });
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
    // The last span of the zone reaches over the end to the first hash.
    return this.#genuine(({ from, to }) => (from < to ? from < hash && hash < to : from < hash || hash < to));
  }

  get #iterations(): number {
    return this.#spans[0]!.nsec3.iterations;
  }

  /**
   * RFC 9276 §3.2: too many iterations make the answer insecure or bogus, without a hash being computed; but only after a
   * signature has shown that nobody else raised them.
   */
  #dismissal(): Standing | undefined {
    const { insecureAbove, bogusAbove } = this.#v.nsec3Iterations ?? NSEC3_ITERATION_LIMITS;
    if (this.#iterations <= insecureAbove && this.#iterations <= bogusAbove) return undefined;
    const genuine = this.#genuine(() => true)!;
    if (genuine.status === 'bogus') return { kind: 'unproven', because: genuine.because };
    if (this.#iterations > bogusAbove) return { kind: 'unproven', because: 'nsec3-iterations-bogus' };
    const { witness, until } = genuine;
    return { kind: 'not-to-be-trusted', because: 'nsec3-iterations-insecure', witness, until };
  }

  #genuine(fits: (span: Span) => boolean): Found {
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

  #verify(span: Span): SecureRRset | Bogus {
    span.verdict ??= verifyUnexpandedRRset(
      findRRset(this.#authority, span.owner, RRType.NSEC3)!,
      this.#zone,
      this.#v,
    );
    return span.verdict;
  }

  /** Undefined where the budget is spent. */
  #hash(name: Name): string | undefined {
    const known = this.#hashes.get(name);
    if (known !== undefined) return known;
    const { salt } = this.#spans[0]!.nsec3;
    if (!this.#v.budget.takeNsec3Hash(nsec3HashBlocks(salt, this.#iterations))) return undefined;
    const octets = nsec3Hash(name, salt, this.#iterations);
    const hash = Buffer.from(octets).toString('latin1');
    this.#hashes.set(name, hash);
    return hash;
  }
}

/** Undefined for what RFC 5155 §8.1 and §8.2 say to ignore: unknown hash algorithms and flags, owners that are no hash. */
function spanOf(record: ResourceRecord, apex: Name): Span | undefined {
  const nsec3 = readNsec3(record);
  const [label] = labelsOf(record.name);
  if (nsec3 === undefined || label === undefined || parentOf(record.name) !== apex) return undefined;
  if (nsec3.hashAlgorithm !== Nsec3Hash['SHA-1']) return undefined;
  if ((nsec3.flags & ~NSEC3_FLAG_OPT_OUT) !== 0) return undefined;
  const hash = fromBase32Hex(label);
  if (hash?.length !== NSEC3_HASH_OCTETS || nsec3.nextHashed.length !== NSEC3_HASH_OCTETS) return undefined;
  const from = Buffer.from(hash).toString('latin1');
  const to = Buffer.from(nsec3.nextHashed).toString('latin1');
  return { owner: record.name, nsec3, from, to, verdict: undefined };
}

function hasSameParameters(a: Nsec3, b: Nsec3): boolean {
  return a.iterations === b.iterations && equalBytes(a.salt, b.salt);
}
