/** One DNSKEY of an apex, with what is derived from it: the key tag at once, the imported key when it is first needed. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { DNSKEY_FLAG_REVOKE, DNSKEY_FLAG_ZONE, DNSKEY_PROTOCOL } from '../dns/dnssec-algorithm.ts';
import type { ResourceRecord } from '../dns/message.ts';
import { rdataOctets } from '../dns/rdata.ts';
import { type Dnskey, readDnskey } from '../dns/rdata-dnssec.ts';
import { recordOf } from '../dns/record-of.ts';
import { type Algorithm, algorithmOf } from './algorithms.ts';
import { keyTag } from './key-tag.ts';
import { signatureKey } from './signature-memo.ts';
import type { Validation } from './validation.ts';

/** What it costs to make a key of a DNSKEY record, in microseconds of a core as in `algorithms.ts`. */
const IMPORT_MICROSECONDS = 30;
/** Octets that are hashed twice, for the signature and for the memo, in one microsecond. */
const OCTETS_PER_MICROSECOND = 400;

export type SignatureOutcome = 'valid' | 'invalid' | 'budget-spent';

export class DnskeyEntry {
  /** A copy: an entry outlives its message. */
  readonly rdata: Uint8Array;
  readonly dnskey: Dnskey;
  readonly keyTag: number;
  readonly #algorithm: Algorithm | undefined;
  #publicKey: KeyObject | 'unusable' | undefined;

  private constructor(rdata: Uint8Array, dnskey: Dnskey) {
    this.rdata = rdata;
    this.dnskey = dnskey;
    this.keyTag = keyTag(rdata);
    this.#algorithm = algorithmOf(dnskey.algorithm);
  }

  /** Undefined where the RDATA is malformed. */
  static of(record: ResourceRecord): DnskeyEntry | undefined {
    const rdata = new Uint8Array(rdataOctets(record));
    const dnskey = readDnskey(recordOf({ ...record, rdata }));
    return dnskey === undefined ? undefined : new DnskeyEntry(rdata, dnskey);
  }

  /** May sign the zone's data: Zone Key flag (RFC 4034 §2.1.1), protocol 3 (§2.1.2), not revoked (RFC 5011 §2.1). */
  get isZoneKey(): boolean {
    const { flags, protocol } = this.dnskey;
    return (
      (flags & DNSKEY_FLAG_ZONE) !== 0 && (flags & DNSKEY_FLAG_REVOKE) === 0 && protocol === DNSKEY_PROTOCOL
    );
  }

  /** Whether `signature` (as RRSIG has it) is this key's over `data`. Remembered outcomes cost nothing of the budget. */
  verify(data: Uint8Array, signature: Uint8Array, v: Validation): SignatureOutcome {
    const algorithm = this.#algorithm;
    if (algorithm === undefined) return 'invalid';
    const memoKey = signatureKey(this.rdata, data, signature);
    let valid = v.memo.recall(memoKey);
    if (valid === undefined) {
      const isNew = this.#publicKey === undefined;
      const price =
        algorithm.microseconds(this.dnskey.publicKey) +
        data.length / OCTETS_PER_MICROSECOND +
        (isNew ? IMPORT_MICROSECONDS : 0);
      if (!v.budget.takeSignature(price)) return 'budget-spent';
      valid = this.#verify(algorithm, data, signature);
      v.memo.remember(memoKey, valid);
    }
    return valid ? 'valid' : 'invalid';
  }

  #verify(algorithm: Algorithm, data: Uint8Array, signature: Uint8Array): boolean {
    this.#publicKey ??= this.#import(algorithm);
    const octets = algorithm.signature(signature);
    if (this.#publicKey === 'unusable' || octets === undefined) return false;
    try {
      return verify(algorithm.digest, data, this.#publicKey, octets);
    } catch {
      // OpenSSL takes some keys and then refuses to compute with them (an even modulus): the key is at fault, not we.
      return false;
    }
  }

  #import(algorithm: Algorithm): KeyObject | 'unusable' {
    const spki = algorithm.spki(this.dnskey.publicKey);
    if (spki === undefined) return 'unusable';
    try {
      return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    } catch {
      // A point that is not on the curve, and the like: octets from the network.
      return 'unusable';
    }
  }
}
