/**
 * Signs RRsets and makes DS and DNSKEY records (RFC 4034 §3, §5): for the lab's name servers and for tests.
 *
 * In: records of one RRset and a `ZoneKey`. Out: the RRSIG record. Any field can be told otherwise, so that wrong signatures
 * can be made too.
 */
import { hash } from 'node:crypto';
import type { Instant } from '../../base/instant.ts';
import { signedData } from '../../dns/canonical.ts';
import { DigestType } from '../../dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../../dns/message-writer.ts';
import { isWildcard, labelCount, type Name, nameToBytes } from '../../dns/name.ts';
import type { Rrsig } from '../../dns/rdata-dnssec.ts';
import { recordOf } from '../../dns/record-of.ts';
import { RRType } from '../../dns/rr-type.ts';
import type { ZoneKey } from './zone-key.ts';

export interface SigningOptions {
  readonly key: ZoneKey;
  /** The apex of the zone. */
  readonly signer: Name;
  readonly inception: Instant;
  readonly expiration: Instant;
  /** The Labels field; by default the owner's labels, a leading `*` left out (RFC 4034 §3.1.3). */
  readonly labels?: number;
  /** By default the records' TTL. */
  readonly originalTtl?: number;
  /** By default the key's own. */
  readonly keyTag?: number;
  /** By default the key's own. */
  readonly algorithm?: number;
}

/** The RRSIG over `records`: one RRset, at least one record. */
export function signRRset(records: readonly PlainRecord[], options: SigningOptions): PlainRecord {
  const first = records[0]!;
  const { key, signer, inception, expiration } = options;
  const algorithm = options.algorithm ?? key.algorithm;
  const labels = options.labels ?? labelCount(first.name) - (isWildcard(first.name) ? 1 : 0);
  const originalTtl = options.originalTtl ?? first.ttl;
  const tag = options.keyTag ?? key.keyTag;

  const signerOctets = nameToBytes(signer);
  const head = Buffer.alloc(18 + signerOctets.length);
  head.writeUInt16BE(first.type, 0);
  head[2] = algorithm;
  head[3] = labels;
  head.writeUInt32BE(originalTtl, 4);
  head.writeUInt32BE(expiration >>> 0, 8);
  head.writeUInt32BE(inception >>> 0, 12);
  head.writeUInt16BE(tag, 16);
  head.set(signerOctets, 18);

  const unsigned: Rrsig = {
    typeCovered: first.type,
    algorithm,
    labels,
    originalTtl,
    expiration,
    inception,
    keyTag: tag,
    signer,
    signatureAt: head.length,
    signature: new Uint8Array(0),
  };
  const rrsig = { name: first.name, type: RRType.RRSIG, ttl: first.ttl, rdata: head };
  const data = signedData(unsigned, recordOf(rrsig), records.map(recordOf));
  return { ...rrsig, rdata: Buffer.concat([head, key.sign(data)]) };
}

/** The DNSKEY record of `key` at the apex `owner`. */
export function dnskeyOf(key: ZoneKey, owner: Name, ttl: number): PlainRecord {
  return { name: owner, type: RRType.DNSKEY, ttl, rdata: key.dnskeyRdata };
}

const digestNames = new Map<number, string>([
  [DigestType['SHA-1'], 'sha1'],
  [DigestType['SHA-256'], 'sha256'],
  [DigestType['SHA-384'], 'sha384'],
]);

/** The DS record that names `key` of the zone `owner` (RFC 4034 §5.1.4). Throws for a digest type that is not known here. */
export function dsOf(key: ZoneKey, owner: Name, digestType: number, ttl: number): PlainRecord {
  const digestName = digestNames.get(digestType);
  if (digestName === undefined) throw new Error(`internal error: no digest for DS digest type ${digestType}`);
  const digest = hash(digestName, Buffer.concat([nameToBytes(owner), key.dnskeyRdata]), 'buffer');
  const head = Buffer.from([key.keyTag >> 8, key.keyTag & 0xff, key.algorithm, digestType]);
  return { name: owner, type: RRType.DS, ttl, rdata: Buffer.concat([head, digest]) };
}
