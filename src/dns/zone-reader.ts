/**
 * One master file (RFC 1035 §5.1, RFC 2308 §4), line by line. In: lines in order, without their ends. Out, for each: nothing yet, a
 * record, a record of a type that is not wanted, or what is wrong. $ORIGIN and $TTL are followed; $INCLUDE and any other
 * directive is a fault that ends the reading, since what it would bring cannot be told. The text is hostile: a record has a greatest
 * length and a greatest depth of parentheses. Throws nothing.
 */
import { type Name, root } from './name.ts';
import { parseRdata, type Token } from './rdata-text.ts';
import { parseType, RRType } from './rr-type.ts';
import { nothing, unwanted, type ZoneFault, type ZoneLine } from './zone-line.ts';
import { proofLine } from './zone-proof-line.ts';
import { tokensOfLine } from './zone-tokens.ts';
import { absoluteName, parseTtl } from './zone-words.ts';

/** Text of one record over all its lines, in characters: 65,535 octets of RDATA, each as `\DDD`, and their owner. */
export const MAX_RECORD_TEXT = 300_000;
/** RFC 1035 §5.1 knows one pair; more are read, since BIND does, up to here. */
export const MAX_PARENTHESES = 16;
/** A day, used where no record and no $TTL has said one yet (RFC 1035 §5.1 leaves it open). */
const FALLBACK_TTL = 86_400;

const proofTypes = [RRType.RRSIG, RRType.NSEC, RRType.NSEC3];

export class ZoneReader {
  readonly #wanted: ReadonlySet<number> | undefined;
  readonly #passesProofs: boolean;
  #origin: Name | undefined;
  #defaultTtl: number | undefined;
  #lastTtl: number | undefined;
  #owner: Name | undefined;
  /** The owner as it was spelled, so that the next record of the same need not read it again. */
  #spelled: string | undefined;
  /** The owner of the last record, where that was passed over and has not been read yet. */
  #passed: string | undefined;
  /** Of the record under way: its tokens, its first line, its text so far, open parentheses. */
  #tokens: Token[] = [];
  #ownerBlank = false;
  #startedAt = 0;
  #text = 0;
  #depth = 0;

  /**
   * Where there is no origin, relative names are a fault until $ORIGIN has said one. RDATA of types that are not `wanted` is not
   * looked at; all are where it is left out.
   */
  constructor(origin: Name | undefined, wanted?: ReadonlySet<number>) {
    this.#origin = origin;
    this.#wanted = wanted;
    this.#passesProofs = wanted !== undefined && proofTypes.every((type) => !wanted.has(type));
  }

  get origin(): Name | undefined {
    return this.#origin;
  }

  read(text: string, line: number): ZoneLine {
    if (this.#depth === 0) {
      const proof = this.#passesProofs ? proofLine(text) : undefined;
      if (proof !== undefined) {
        this.#lastTtl = proof.ttl ?? this.#lastTtl;
        this.#passed = proof.owner;
        return unwanted;
      }
      if (this.#passed !== undefined && this.#passed !== this.#spelled) {
        this.#owner = this.#nameOf(this.#passed);
        this.#spelled = undefined;
      }
      this.#passed = undefined;
      this.#tokens = [];
      this.#ownerBlank = text.startsWith(' ') || text.startsWith('\t');
      this.#startedAt = line;
      this.#text = 0;
    }
    this.#text += text.length + 1;
    if (this.#text > MAX_RECORD_TEXT) {
      return this.#lost(line, `a record of over ${MAX_RECORD_TEXT} characters`, 'a closing )', true);
    }
    const read = tokensOfLine(text, this.#depth);
    if (this.#tokens.length === 0) this.#tokens = read.tokens;
    else this.#tokens.push(...read.tokens);
    if ('stray' in read) return this.#lost(line, read.stray, 'a closed quote', false);
    this.#depth = read.depth;
    if (read.lowest < 0) return this.#lost(line, ')', 'no more ) than (', false);
    if (read.highest > MAX_PARENTHESES) {
      return this.#lost(
        line,
        '('.repeat(read.highest),
        `at most ${MAX_PARENTHESES} ( within each other`,
        true,
      );
    }
    return this.#depth > 0 || this.#tokens.length === 0 ? nothing : this.#record(this.#tokens);
  }

  /** What is wrong with the end. */
  end(): ZoneLine {
    return this.#depth > 0 ? this.#lost(this.#startedAt, 'an open (', 'a closing )', true) : nothing;
  }

  #lost(line: number, got: string, expected: string, isFatal: boolean): ZoneFault {
    const first = this.#ownerBlank ? undefined : this.#tokens[0];
    const owner = this.#ownerBlank ? this.#owner : first && this.#nameOf(first.text);
    this.#depth = 0;
    this.#owner = undefined;
    this.#spelled = undefined;
    return { kind: 'fault', line, got, expected, owner, isFatal };
  }

  #fault(got: string, expected: string, isFatal = false): ZoneFault {
    return { kind: 'fault', line: this.#startedAt, got, expected, owner: this.#owner, isFatal };
  }

  #nameOf(text: string): Name | undefined {
    return absoluteName(text, this.#origin);
  }

  #noName(text: string): ZoneFault {
    const isRelative = this.#origin === undefined && absoluteName(text, root) !== undefined;
    return isRelative
      ? this.#fault(text, 'names with a final dot, or $ORIGIN before', true)
      : this.#fault(text, 'a domain name');
  }

  #record(tokens: readonly Token[]): ZoneLine {
    let at = 0;
    if (!this.#ownerBlank) {
      const { text, quoted } = tokens[at++]!;
      if (!quoted && text.startsWith('$')) return this.#directive(text, tokens[at]?.text ?? '');
      if (text !== this.#spelled) {
        this.#owner = this.#nameOf(text);
        this.#spelled = this.#owner === undefined ? undefined : text;
        if (this.#owner === undefined) return this.#noName(text);
      }
    }
    const owner = this.#owner;
    if (owner === undefined) {
      return this.#fault('a record without an owner name', 'an owner name on the first record');
    }
    // TTL and class in either order, each of them left out or not (RFC 1035 §5.1).
    let ttl: number | undefined;
    let type: number | undefined;
    while (at < tokens.length && type === undefined) {
      const { text } = tokens[at++]!;
      const isDigit = text >= '0' && text < ':';
      if (isDigit && ttl === undefined) {
        ttl = parseTtl(text);
        if (ttl === undefined) return this.#fault(text, 'a TTL in seconds');
      } else if (!isClassIn(text)) {
        type = parseType(text);
        if (type === undefined) return this.#fault(text, 'a record type');
      }
    }
    if (type === undefined) return this.#fault('no record type', 'OWNER [TTL] [IN] TYPE RDATA');
    this.#lastTtl = ttl ?? this.#defaultTtl ?? this.#lastTtl ?? FALLBACK_TTL;
    const line = this.#startedAt;
    if (this.#wanted?.has(type) === false) return unwanted;
    const rest = tokens.slice(at);
    const bad: string[] = [];
    const toName = (text: string) => {
      const name = this.#nameOf(text);
      if (name === undefined) bad.push(text);
      return name ?? root;
    };
    const rdata = parseRdata(type, rest, toName);
    if (bad[0] !== undefined) return this.#noName(bad[0]);
    if (typeof rdata === 'string') return this.#fault(rest.map(({ text }) => text).join(' '), rdata);
    return { kind: 'record', record: { name: owner, type, ttl: this.#lastTtl, rdata }, line };
  }

  #directive(text: string, value: string): ZoneLine {
    switch (text.toUpperCase()) {
      case '$ORIGIN': {
        const origin = this.#nameOf(value);
        if (origin === undefined) return this.#fault(value, 'a domain name', true);
        this.#origin = origin;
        this.#spelled = undefined;
        return nothing;
      }
      case '$TTL':
        this.#defaultTtl = parseTtl(value);
        return this.#defaultTtl === undefined ? this.#fault(value, 'a TTL in seconds') : nothing;
      default:
        return this.#fault(text, '$ORIGIN or $TTL', true);
    }
  }
}

/** The one class that there is here, by its name or as RFC 3597 §5 writes it. */
function isClassIn(text: string): boolean {
  return text === 'IN' || text === 'in' || /^(?:in|class1)$/i.test(text);
}
