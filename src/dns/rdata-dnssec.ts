/**
 * RDATA of DS, DNSKEY, RRSIG, NSEC and NSEC3 (RFC 4034, RFC 5155): typed readers, each bounded by RDLENGTH.
 *
 * In: a `ResourceRecord`. Out: the fields as views into the message, or undefined where the RDATA is malformed.
 */
import type { ResourceRecord } from './message.ts';
import { type Name, nameFromWire } from './name.ts';
import { octet, octets2, octets4, rdataFrom, rdataName, rdataOctets } from './rdata.ts';
import { readTypeBitmap, type TypeBitmap } from './type-bitmap.ts';

export interface Ds {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
}

/** DS (RFC 4034 §5.1). */
export function readDs(record: ResourceRecord): Ds | undefined {
  if (record.length < 5) return undefined;
  return {
    keyTag: octets2(record, 0),
    algorithm: octet(record, 2),
    digestType: octet(record, 3),
    digest: rdataFrom(record, 4),
  };
}

export interface Dnskey {
  readonly flags: number;
  readonly protocol: number;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
}

/** DNSKEY (RFC 4034 §2.1). */
export function readDnskey(record: ResourceRecord): Dnskey | undefined {
  if (record.length < 5) return undefined;
  return {
    flags: octets2(record, 0),
    protocol: octet(record, 2),
    algorithm: octet(record, 3),
    publicKey: rdataFrom(record, 4),
  };
}

export interface Rrsig {
  readonly typeCovered: number;
  readonly algorithm: number;
  readonly labels: number;
  readonly originalTtl: number;
  /** Seconds modulo 2^32, to be compared in serial arithmetic (RFC 4034 §3.1.5). */
  readonly expiration: number;
  readonly inception: number;
  readonly keyTag: number;
  readonly signer: Name;
  /** Where the signature begins in the RDATA: what is before it is covered by it (RFC 4034 §3.1.8.1). */
  readonly signatureAt: number;
  readonly signature: Uint8Array;
}

/** The Type Covered field of an RRSIG (RFC 4034 §3.1.1), which need not be well-formed otherwise; undefined where it is cut off. */
export function typeCovered(record: ResourceRecord): number | undefined {
  return record.length < 2 ? undefined : octets2(record, 0);
}

/** RRSIG (RFC 4034 §3.1). */
export function readRrsig(record: ResourceRecord): Rrsig | undefined {
  const signer = record.length < 19 ? undefined : rdataName(record, 18);
  if (signer === undefined || signer.end >= record.length) return undefined;
  return {
    typeCovered: octets2(record, 0),
    algorithm: octet(record, 2),
    labels: octet(record, 3),
    originalTtl: octets4(record, 4),
    expiration: octets4(record, 8),
    inception: octets4(record, 12),
    keyTag: octets2(record, 16),
    signer: nameFromWire(signer.octets),
    signatureAt: signer.end,
    signature: rdataFrom(record, signer.end),
  };
}

export interface Nsec {
  readonly next: Name;
  readonly types: TypeBitmap;
}

/** NSEC (RFC 4034 §4.1). */
export function readNsec(record: ResourceRecord): Nsec | undefined {
  const next = rdataName(record, 0);
  const types = next === undefined ? undefined : readTypeBitmap(rdataFrom(record, next.end));
  return types === undefined ? undefined : { next: nameFromWire(next!.octets), types };
}

export interface Nsec3 {
  readonly hashAlgorithm: number;
  readonly flags: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly nextHashed: Uint8Array;
  readonly types: TypeBitmap;
}

/** NSEC3 (RFC 5155 §3.2). */
export function readNsec3(record: ResourceRecord): Nsec3 | undefined {
  const octets = rdataOctets(record);
  const saltEnd = 5 + (octets[4] ?? 0);
  const hashEnd = saltEnd + 1 + (octets[saltEnd] ?? 0);
  if (octets.length < 6 || hashEnd > octets.length || octets[saltEnd] === 0) return undefined;
  const types = readTypeBitmap(octets.subarray(hashEnd));
  if (types === undefined) return undefined;
  return {
    hashAlgorithm: octets[0]!,
    flags: octets[1]!,
    iterations: octets2(record, 2),
    salt: octets.subarray(5, saltEnd),
    nextHashed: octets.subarray(saltEnd + 1, hashEnd),
    types,
  };
}
