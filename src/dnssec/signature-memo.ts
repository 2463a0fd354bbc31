/**
 * Remembers which signatures were verified, with their outcome: an NSEC3 record of a top-level domain comes with thousands of
 * answers and is the same each time. Validity periods are no part of it: they are checked at every use.
 */
import { hash } from 'node:crypto';
import { LruCache } from '../base/lru-cache.ts';
import { MAX_REMEMBERED_SIGNATURES } from './limits.ts';

/** Up to here the octets themselves are the key: they take a few times the room of a hash, and a tenth of its time. */
const MAX_OCTETS_AS_KEY = 512;

/** Forgets what was used least lately; an outcome holds for ever. */
export class SignatureMemo {
  readonly #outcomes: LruCache<string, boolean>;

  constructor(limit = MAX_REMEMBERED_SIGNATURES) {
    this.#outcomes = new LruCache(limit, () => 0);
  }

  /** Undefined where it is not known. */
  recall(key: string): boolean | undefined {
    return this.#outcomes.get(key);
  }

  remember(key: string, valid: boolean): void {
    this.#outcomes.set(key, valid, Number.POSITIVE_INFINITY);
  }

  get size(): number {
    return this.#outcomes.size;
  }
}

/**
 * Stands for exactly this DNSKEY RDATA, data and signature. The lengths are part of it: otherwise octets could be moved from
 * one into the next, and a stranger's valid triple would vouch for another.
 */
export function signatureKey(dnskeyRdata: Uint8Array, data: Uint8Array, signature: Uint8Array): string {
  const octets = Buffer.allocUnsafe(8 + dnskeyRdata.length + signature.length + data.length);
  octets.writeUInt32BE(dnskeyRdata.length, 0);
  octets.writeUInt32BE(signature.length, 4);
  octets.set(dnskeyRdata, 8);
  octets.set(signature, 8 + dnskeyRdata.length);
  octets.set(data, 8 + dnskeyRdata.length + signature.length);
  // A length begins with a zero octet, which is no digit of base64: neither form is taken for the other.
  return octets.length <= MAX_OCTETS_AS_KEY ? octets.toString('latin1') : hash('sha256', octets, 'base64');
}
