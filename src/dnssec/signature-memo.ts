/**
 * Remembers which signatures were verified, with their outcome: an NSEC3 record of a top-level domain comes with thousands of
 * answers and is the same each time. Validity periods are no part of it: they are checked at every use.
 */
import { hash } from 'node:crypto';
import { MAX_REMEMBERED_SIGNATURES } from './limits.ts';

/** Forgets what was used least lately. */
export class SignatureMemo {
  readonly #outcomes = new Map<string, boolean>();
  readonly #limit: number;

  constructor(limit = MAX_REMEMBERED_SIGNATURES) {
    this.#limit = limit;
  }

  /** Undefined where it is not known. */
  recall(key: string): boolean | undefined {
    const valid = this.#outcomes.get(key);
    if (valid === undefined) return undefined;
    this.#outcomes.delete(key);
    this.#outcomes.set(key, valid);
    return valid;
  }

  remember(key: string, valid: boolean): void {
    this.#outcomes.set(key, valid);
    if (this.#outcomes.size > this.#limit) {
      this.#outcomes.delete(this.#outcomes.keys().next().value as string);
    }
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
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(dnskeyRdata.length, 0);
  lengths.writeUInt32BE(signature.length, 4);
  return hash('sha256', Buffer.concat([lengths, dnskeyRdata, signature, data]), 'base64');
}
