/**
 * Makes certificates (RFC 5280 §4) for the lab and for tests, sound ones and broken ones.
 *
 * Keys, serial number and times are parameters: with an RSA key of the issuer the same order yields the same octets
 * (RSASSA-PKCS1-v1_5 is deterministic; ECDSA is not, Ed25519 is). Nothing is checked: an order for nonsense is carried out.
 */
import { type KeyObject, sign } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  Certificate,
  Extensions,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { Instant } from '../base/instant.ts';
import {
  arrayBufferOf,
  type CertificateOrder,
  distinguishedName,
  subjectPublicKeyInfo,
} from './certificate-order.ts';
import { extensionsOf } from './issue-extensions.ts';

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
