/** The names that a certificate carries in its subjectAltName extension (RFC 5280 §4.2.1.6) or subject (RFC 6125 §6.4.4). */
import { id_ce_subjectAltName } from '@peculiar/asn1-x509';
import { asBuffer } from '../base/bytes.ts';
import type { Certificate } from './certificate.ts';
import { readDer, readDerSeries } from './der.ts';

/** dNSName [2] of GeneralName, as it stands in DER. */
const DNS_NAME = 0x82;

export interface AlternativeName {
  /** The context tag of the form as it stands in DER. */
  readonly tag: number;
  readonly contents: Uint8Array;
}

/** All general names, of every kind; none where the extension is missing or unreadable. Read by hand: there can be thousands. */
export function alternativeNames(certificate: Certificate): readonly AlternativeName[] {
  const extension = certificate.extensions.find(({ oid }) => oid === id_ce_subjectAltName);
  const sequence = extension && readDer(extension.value);
  return (sequence && readDerSeries(sequence.contents)) ?? [];
}

/** The DNS-IDs, as written in the certificate: neither lower-cased nor checked, text from the network. */
export function dnsIds(certificate: Certificate): readonly string[] {
  return alternativeNames(certificate)
    .filter(({ tag }) => tag === DNS_NAME)
    .map(({ contents }) => asBuffer(contents).toString('latin1'));
}

/** The names that a server certificate claims: its DNS-IDs; without any, its common names (RFC 7672 §3.2.3, RFC 6125 §6.4.4). */
export function presentedNames(certificate: Certificate): readonly string[] {
  const ids = dnsIds(certificate);
  if (ids.length > 0) return ids;
  const subject = certificate.x509.toLegacyObject().subject as { CN?: string | string[] } | undefined;
  return [subject?.CN ?? []].flat();
}
