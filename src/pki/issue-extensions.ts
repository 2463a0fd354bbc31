/** The extensions of a certificate to be made (RFC 5280 §4.2). */
import { createHash, type KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
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
  NameConstraints,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import {
  arrayBufferOf,
  type CertificateOrder,
  type ConstrainedName,
  distinguishedName,
  subjectPublicKeyInfo,
} from './certificate-order.ts';

/** In the order of RFC 5280; whatever else was ordered stands last. */
export function extensionsOf(order: CertificateOrder): Extension[] {
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
