/**
 * Makes certificates (RFC 5280 §4) for the lab and for tests, sound ones and broken ones.
 *
 * Keys, serial number and times are parameters: with an RSA key of the issuer the same order yields the same octets
 * (RSASSA-PKCS1-v1_5 is deterministic; ECDSA is not, Ed25519 is). Nothing is checked: an order for nonsense is carried out.
 */
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { Instant } from '../base/instant.ts';

export interface CertificateOrder {
  /** Common name; an empty one makes an empty subject. */
  readonly subject: string;
  /** The subject's key, public or private. */
  readonly key: KeyObject;
  /** The issuer's common name and private key; the subject's own for a self-signed certificate. */
  readonly issuer: { readonly subject: string; readonly key: KeyObject };
  /** A positive number. */
  readonly serial: number;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly dnsNames?: readonly string[];
  /** Writes basicConstraints; without it there is no such extension. */
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** The bits of `KeyUsageFlags` in @peculiar/asn1-x509; without it there is no such extension. */
  readonly keyUsage?: number;
  /** Object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  readonly nameConstraints?: {
    readonly permitted?: readonly ConstrainedName[];
    readonly excluded?: readonly ConstrainedName[];
  };
  /** Subject and authority key identifiers (RFC 5280 §4.2.1.1, §4.2.1.2). */
  readonly keyIdentifiers?: boolean;
  readonly extraExtensions?: readonly { oid: string; critical: boolean; value: Uint8Array }[];
  /** 1 leaves all extensions away. */
  readonly version?: 1 | 3;
}

export type ConstrainedName =
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly commonName: string };

/** DER. */
export function issueCertificate(order: CertificateOrder): Uint8Array {
  const spki = subjectPublicKeyInfo(order.key);
  const scheme = signatureScheme(order.issuer.key);
  const algorithm = new AlgorithmIdentifier({
    algorithm: scheme.oid,
    ...(scheme.nullParameters ? { parameters: new Uint8Array([0x05, 0x00]).buffer } : {}),
  });
  const tbs = new TBSCertificate({
    version: order.version === 1 ? Version.v1 : Version.v3,
    serialNumber: serialNumber(order.serial),
    signature: algorithm,
    issuer: distinguishedName(order.issuer.subject),
    validity: validity(order),
    subject: distinguishedName(order.subject),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    ...(order.version === 1 ? {} : { extensions: new Extensions(extensionsOf(order)) }),
  });
  const signed = AsnConvert.serialize(tbs);
  const signature = sign(scheme.digest, new Uint8Array(signed), order.issuer.key);
  const certificate = new Certificate({
    tbsCertificate: tbs,
    tbsCertificateRaw: signed,
    signatureAlgorithm: algorithm,
    signatureValue: arrayBufferOf(signature),
  });
  return new Uint8Array(AsnConvert.serialize(certificate));
}

/** RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3. */
function signatureScheme(key: KeyObject): { oid: string; digest: string | null; nullParameters: boolean } {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { oid: '1.2.840.113549.1.1.11', digest: 'sha256', nullParameters: true };
    case 'ec':
      return { oid: '1.2.840.10045.4.3.2', digest: 'sha256', nullParameters: false };
    case 'ed25519':
      return { oid: '1.3.101.112', digest: null, nullParameters: false };
    default:
      throw new Error(`cannot issue certificates with a key of type ${key.asymmetricKeyType}`);
  }
}

/** INTEGER contents: big-endian, with a leading zero octet where the first bit is set. */
function serialNumber(serial: number): ArrayBuffer {
  const hex = serial.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return arrayBufferOf(octets[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets);
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after. */
function validity({ notBefore, notAfter }: CertificateOrder): Validity {
  const made = new Validity();
  made.notBefore = time(notBefore);
  made.notAfter = time(notAfter);
  return made;
}

function time(at: Instant): Time {
  const date = new Date(at * 1000);
  return new Time(date.getUTCFullYear() < 2050 ? { utcTime: date } : { generalTime: date });
}

const ID_COMMON_NAME = '2.5.4.3';

function distinguishedName(commonName: string): Name {
  if (commonName === '') return new Name();
  const value = new AttributeValue({ utf8String: commonName });
  return new Name([
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type: ID_COMMON_NAME, value })]),
  ]);
}

function extensionsOf(order: CertificateOrder): Extension[] {
  const made: Extension[] = [];
  const add = (extnID: string, critical: boolean, value: unknown) =>
    made.push(new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) }));

  if (order.ca !== undefined) {
    const { ca: cA, pathLength: pathLenConstraint } = order;
    const constraints = pathLenConstraint === undefined ? { cA } : { cA, pathLenConstraint };
    add(id_ce_basicConstraints, true, new BasicConstraints(constraints));
  }
  if (order.keyUsage !== undefined) add(id_ce_keyUsage, true, new KeyUsage(order.keyUsage));
  if (order.extendedKeyUsage !== undefined) {
    add(id_ce_extKeyUsage, false, new ExtendedKeyUsage([...order.extendedKeyUsage]));
  }
  if (order.nameConstraints !== undefined) {
    add(id_ce_nameConstraints, true, nameConstraints(order.nameConstraints));
  }
  if (order.dnsNames !== undefined) {
    const names = order.dnsNames.map((dNSName) => new GeneralName({ dNSName }));
    add(id_ce_subjectAltName, false, new SubjectAlternativeName(names));
  }
  if (order.keyIdentifiers) {
    add(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(order.key)));
    const authority = new AuthorityKeyIdentifier({
      keyIdentifier: new KeyIdentifier(keyIdentifier(order.issuer.key)),
    });
    add(id_ce_authorityKeyIdentifier, false, authority);
  }
  for (const { oid, critical, value } of order.extraExtensions ?? []) {
    made.push(new Extension({ extnID: oid, critical, extnValue: new OctetString(value) }));
  }
  return made;
}

function nameConstraints(order: NonNullable<CertificateOrder['nameConstraints']>): NameConstraints {
  const made = new NameConstraints();
  if (order.permitted) made.permittedSubtrees = new GeneralSubtrees(order.permitted.map(subtree));
  if (order.excluded) made.excludedSubtrees = new GeneralSubtrees(order.excluded.map(subtree));
  return made;
}

function subtree(name: ConstrainedName): GeneralSubtree {
  if ('dns' in name) return new GeneralSubtree({ base: new GeneralName({ dNSName: name.dns }) });
  if ('email' in name) return new GeneralSubtree({ base: new GeneralName({ rfc822Name: name.email }) });
  const directoryName = distinguishedName(name.commonName);
  return new GeneralSubtree({ base: new GeneralName({ directoryName }) });
}

/** RFC 5280 §4.2.1.2 lets the maker choose; the digest of the whole SubjectPublicKeyInfo, cut to 20 octets, is unique enough. */
function keyIdentifier(key: KeyObject): ArrayBuffer {
  return arrayBufferOf(createHash('sha256').update(subjectPublicKeyInfo(key)).digest().subarray(0, 20));
}

function subjectPublicKeyInfo(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

function arrayBufferOf(octets: Uint8Array): ArrayBuffer {
  return new Uint8Array(octets).buffer;
}
