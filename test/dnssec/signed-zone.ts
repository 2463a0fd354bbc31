/** A signed zone in a few lines, and messages from it: the good case that the tests here spoil, one thing at a time. */
import type { Instant } from '../../src/base/instant.ts';
import { DigestType, DnssecAlgorithm } from '../../src/dns/dnssec-algorithm.ts';
import { type Message, type Question, readMessage } from '../../src/dns/message.ts';
import { type PlainRecord, writeReply } from '../../src/dns/message-writer.ts';
import { type Name, name } from '../../src/dns/name.ts';
import { type Ds, readDs } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { CLASS_IN, RRType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { Budget } from '../../src/dnssec/budget.ts';
import { SignatureMemo } from '../../src/dnssec/signature-memo.ts';
import type { Validation } from '../../src/dnssec/validation.ts';
import { verifyZoneKeys, type ZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { nsecChain } from '../../src/lab/signing/nsec-chain.ts';
import { type Nsec3Parameters, nsec3Chain, nsec3paramRdata } from '../../src/lab/signing/nsec3-chain.ts';
import { dnskeyOf, dsOf, type SigningOptions, signRRset } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, type ZoneKey, ZSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';
import type { ZoneName } from '../../src/lab/signing/zone-names.ts';

export const AT: Instant = 1_750_000_000;
export const INCEPTION = AT - 86_400;
export const EXPIRATION = AT + 86_400;

export function validation(overrides: Partial<Validation> = {}): Validation {
  return { at: AT, budget: new Budget(), memo: new SignatureMemo(), ...overrides };
}

export function ask(text: string, type: number): Question {
  return { name: name(text), type, class: CLASS_IN };
}

export interface Sections {
  readonly rcode?: number;
  readonly answer?: readonly PlainRecord[];
  readonly authority?: readonly PlainRecord[];
}

/** As it comes from the wire. */
export function message(question: Question, sections: Sections): Message {
  return readMessage(octetsOf(question, sections))!;
}

export function octetsOf(question: Question, { rcode = 0, answer = [], authority = [] }: Sections): Buffer {
  return writeReply({ id: 7, rcode, authoritative: true, question, answer, authority });
}

export interface ZoneOptions {
  readonly algorithm?: number;
  readonly nsec3?: Partial<Nsec3Parameters>;
}

export class SignedZone {
  readonly apex: Name;
  readonly ksk: ZoneKey;
  readonly zsk: ZoneKey;
  readonly records: readonly PlainRecord[];
  readonly #chain: { matching(name: Name): PlainRecord | undefined; covering(name: Name): PlainRecord };

  /** `text` is a zone file relative to `apex`. */
  constructor(apex: string, text: string, options: ZoneOptions = {}) {
    const algorithm = options.algorithm ?? DnssecAlgorithm.ECDSAP256SHA256;
    this.apex = name(apex);
    this.ksk = zoneKey(`${apex} ksk`, algorithm, KSK_FLAGS, 1024);
    this.zsk = zoneKey(`${apex} zsk`, algorithm, ZSK_FLAGS, 1024);
    const soa = `@ SOA ns. hostmaster. 1 3600 900 604800 300\n@ NS ns.\n`;
    const lines = `$TTL 3600\n${soa}${text}`.split('\n');
    const records = [...parseZoneFile(lines, apex, this.apex)];
    records.push(dnskeyOf(this.ksk, this.apex, 3600), dnskeyOf(this.zsk, this.apex, 3600));
    const parameters = { iterations: 0, salt: Buffer.alloc(0), optOut: false, ...options.nsec3 };
    if (options.nsec3 !== undefined) {
      const rdata = nsec3paramRdata(parameters);
      records.push({ name: this.apex, type: RRType.NSEC3PARAM, ttl: 0, rdata });
    }
    this.records = records;
    const names = zoneNames(records);
    this.#chain =
      options.nsec3 === undefined ? nsecChain(names, 300) : nsec3Chain(this.apex, names, parameters, 300);
  }

  sign(records: readonly PlainRecord[], options: Partial<SigningOptions> = {}): PlainRecord {
    const key = records[0]!.type === RRType.DNSKEY ? this.ksk : this.zsk;
    const base = { key, signer: this.apex, inception: INCEPTION, expiration: EXPIRATION };
    return signRRset(records, { ...base, ...options });
  }

  rrset(owner: string, type: number): PlainRecord[] {
    return this.records.filter((record) => record.name === name(owner) && record.type === type);
  }

  /** The RRset with its RRSIG. */
  signed(owner: string, type: number, options: Partial<SigningOptions> = {}): PlainRecord[] {
    const records = this.rrset(owner, type);
    return [...records, this.sign(records, options)];
  }

  /** The RRset of the wildcard `source` as it is expanded to `owner`, with its RRSIG. */
  expanded(source: string, owner: string, type: number): PlainRecord[] {
    return this.signed(source, type).map((record) => ({ ...record, name: name(owner) }));
  }

  soa(): PlainRecord[] {
    const [soa] = this.records;
    return [soa!, this.sign([soa!])];
  }

  match(owner: string): PlainRecord[] {
    const record = this.#chain.matching(name(owner))!;
    return [record, this.sign([record])];
  }

  cover(owner: string): PlainRecord[] {
    const record = this.#chain.covering(name(owner));
    return [record, this.sign([record])];
  }

  ds(digestType: number = DigestType['SHA-256'], key = this.ksk): Ds {
    return readDs(recordOf(dsOf(key, this.apex, digestType, 3600)))!;
  }

  dsRecord(digestType: number = DigestType['SHA-256']): PlainRecord {
    return dsOf(this.ksk, this.apex, digestType, 3600);
  }

  keyReply(answer: readonly PlainRecord[] = this.#signedKeys()): Message {
    return message({ name: this.apex, type: RRType.DNSKEY, class: CLASS_IN }, { answer });
  }

  keys(): ZoneKeys {
    const verdict = verifyZoneKeys(this.apex, [this.ds()], this.keyReply(), validation());
    if (verdict.status !== 'secure') throw new Error(`not secure: ${verdict.because}`);
    return verdict.keys;
  }

  #signedKeys(): PlainRecord[] {
    const keys = this.records.filter((record) => record.type === RRType.DNSKEY);
    return [...keys, this.sign(keys)];
  }
}

function zoneNames(records: readonly PlainRecord[]): ZoneName[] {
  const types = new Map<Name, Set<number>>();
  for (const record of records) {
    types.set(record.name, (types.get(record.name) ?? new Set()).add(record.type));
  }
  return [...types].map(([owner, owned]) => ({ name: owner, types: [...owned] }));
}

/** A zone of every kind of name. */
export const EXAMPLE = `
@ MX 10 mail
mail A 192.0.2.25
mail MX 10 mail
_25._tcp.mail TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
alias CNAME mail
redirected DNAME elsewhere.test.
*.wild TXT "expanded"
host.wild TXT "own"
*.aliases CNAME mail
signed NS ns.signed
signed DS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
unsigned NS ns.unsigned
`;
