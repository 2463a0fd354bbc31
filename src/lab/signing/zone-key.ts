/**
 * Zone keys that follow from a seed: DNSKEY RDATA, key tag, and signing in the form that RRSIG holds.
 *
 * In: a seed, an algorithm number (5, 7, 8, 10, 13, 14, 15, 16), flags. Out: a `ZoneKey`. ECDSA signatures differ from one
 * signing to the next, since OpenSSL chooses a fresh number for each; everything else is the same at every start.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import {
  DNSKEY_FLAG_SEP,
  DNSKEY_FLAG_ZONE,
  DNSKEY_PROTOCOL,
  DnssecAlgorithm,
} from '../../dns/dnssec-algorithm.ts';
import { keyTag } from '../../dnssec/key-tag.ts';
import { rsaFromSeed } from './rsa-from-seed.ts';
import { seededOctets } from './seeded-octets.ts';

export interface ZoneKey {
  readonly flags: number;
  readonly algorithm: number;
  /** RDATA of the DNSKEY record (RFC 4034 §2.1). */
  readonly dnskeyRdata: Uint8Array;
  readonly keyTag: number;
  /** The signature of `data` in wire form: RFC 3110 §3, RFC 6605 §4 (r | s), RFC 8080 §4. */
  sign(data: Uint8Array): Uint8Array;
}

/** Flags of a key that signs the zone's data. */
export const ZSK_FLAGS = DNSKEY_FLAG_ZONE;
/** Flags of a key that a DS record names. */
export const KSK_FLAGS = DNSKEY_FLAG_ZONE | DNSKEY_FLAG_SEP;

const DEFAULT_RSA_BITS = 2048;

/** `rsaBits` is looked at for RSA only. Throws for an algorithm that cannot be signed with. */
export function zoneKey(seed: string, algorithm: number, flags: number, rsaBits = DEFAULT_RSA_BITS): ZoneKey {
  const form = forms.get(algorithm);
  if (form === undefined) throw new Error(`internal error: no signer for DNSSEC algorithm ${algorithm}`);
  const privateKey = form.privateKey(`${seed}/${algorithm}`, rsaBits);
  const publicKey = form.publicKey(createPublicKey(privateKey));
  const head = Buffer.from([flags >> 8, flags & 0xff, DNSKEY_PROTOCOL, algorithm]);
  const dnskeyRdata = Buffer.concat([head, publicKey]);
  return {
    flags,
    algorithm,
    dnskeyRdata,
    keyTag: keyTag(dnskeyRdata),
    sign: (data) => sign(form.digest, data, form.signingInput(privateKey)),
  };
}

interface Form {
  /** Undefined where the algorithm hashes by itself. */
  readonly digest: string | undefined;
  privateKey(seed: string, rsaBits: number): KeyObject;
  publicKey(key: KeyObject): Uint8Array;
  signingInput(key: KeyObject): Parameters<typeof sign>[2];
}

function rsa(digest: string): Form {
  return {
    digest,
    privateKey: rsaFromSeed,
    publicKey: rsaPublicKey,
    signingInput: (key) => key,
  };
}

/** RFC 3110 §2: exponent length, exponent, modulus. */
function rsaPublicKey(key: KeyObject): Uint8Array {
  const jwk = key.export({ format: 'jwk' });
  const exponent = Buffer.from(jwk.e!, 'base64url');
  return Buffer.concat([Buffer.from([exponent.length]), exponent, Buffer.from(jwk.n!, 'base64url')]);
}

/** SEC1 ECPrivateKey (RFC 5915 §3) without the public key, which OpenSSL then derives. */
function ecdsa(digest: string, octets: number, curveOid: string): Form {
  const oid = Buffer.from(curveOid, 'hex');
  return {
    digest,
    privateKey(seed) {
      const scalar = seededOctets(seed, octets);
      // Below the group order, and not zero.
      scalar[0]! &= 0x7f;
      scalar[octets - 1]! |= 0x01;
      const parameters = Buffer.concat([Buffer.from([0xa0, oid.length]), oid]);
      const body = Buffer.concat([Buffer.from([2, 1, 1, 4, octets]), scalar, parameters]);
      const der = Buffer.concat([Buffer.from([0x30, body.length]), body]);
      return createPrivateKey({ key: der, format: 'der', type: 'sec1' });
    },
    publicKey(key) {
      const jwk = key.export({ format: 'jwk' });
      return Buffer.concat([Buffer.from(jwk.x!, 'base64url'), Buffer.from(jwk.y!, 'base64url')]);
    },
    signingInput: (key) => ({ key, dsaEncoding: 'ieee-p1363' }),
  };
}

/** PKCS#8 (RFC 8410 §7) around seeded octets. */
function edwards(octets: number, pkcs8Prefix: string): Form {
  return {
    digest: undefined,
    privateKey: (seed) =>
      createPrivateKey({
        key: Buffer.concat([Buffer.from(pkcs8Prefix, 'hex'), seededOctets(seed, octets)]),
        format: 'der',
        type: 'pkcs8',
      }),
    publicKey: (key) => Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url'),
    signingInput: (key) => key,
  };
}

const forms = new Map<number, Form>([
  [DnssecAlgorithm.RSASHA1, rsa('sha1')],
  [DnssecAlgorithm['RSASHA1-NSEC3-SHA1'], rsa('sha1')],
  [DnssecAlgorithm.RSASHA256, rsa('sha256')],
  [DnssecAlgorithm.RSASHA512, rsa('sha512')],
  [DnssecAlgorithm.ECDSAP256SHA256, ecdsa('sha256', 32, '06082a8648ce3d030107')],
  [DnssecAlgorithm.ECDSAP384SHA384, ecdsa('sha384', 48, '06052b81040022')],
  [DnssecAlgorithm.ED25519, edwards(32, '302e020100300506032b657004220420')],
  [DnssecAlgorithm.ED448, edwards(57, '3047020100300506032b6571043b0439')],
]);
