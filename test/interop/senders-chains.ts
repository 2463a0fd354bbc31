/** Chains that mail servers show to real senders, valid today, and TLSA records for them. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { asBuffer, toHex } from '../../src/base/bytes.ts';
import { association } from '../../src/dane/tlsa-match.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { intermediate, keys, leaf, root, selfSigned } from '../pki/hierarchy.ts';

const DAY = 86_400;
const now = Math.floor(Date.now() / 1000);
const valid = { notBefore: now - 30 * DAY, notAfter: now + 365 * DAY };
const expired = { notBefore: now - 60 * DAY, notAfter: now - 30 * DAY };

/** A private key and the certificates in the order sent. */
export interface ServerChain {
  readonly key: KeyObject;
  readonly certificates: readonly Uint8Array[];
}

export const theRoot = root(valid);
export const theIntermediate = intermediate(valid);
const others = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Self-signed, for DANE-EE: whom it names does not matter. */
export const ec: ServerChain = {
  key: keys.ec,
  certificates: [selfSigned({ ...valid, subject: 'whoever.example', dnsNames: ['whoever.example'] })],
};
export const rsa: ServerChain = {
  key: keys.rsa,
  certificates: [
    selfSigned({ ...valid, key: keys.rsa, issuer: { subject: 'mx.provider.test', key: keys.rsa } }),
  ],
};
/** Another key than `ec`. */
export const stranger: ServerChain = {
  key: others,
  certificates: [selfSigned({ ...valid, key: others, issuer: { subject: 'mx.provider.test', key: others } })],
};
export const expiredEc: ServerChain = { key: keys.ec, certificates: [selfSigned({ ...expired })] };

/** Leaf and what is above it: `intermediate` and `root` as far as they are sent. */
export function issued(
  name: string,
  { above = [theIntermediate, theRoot], isExpired = false }: IssuedOptions = {},
): ServerChain {
  const order = { ...(isExpired ? expired : valid), subject: name, dnsNames: [name] };
  return { key: keys.ec, certificates: [leaf(order), ...above] };
}

export interface IssuedOptions {
  readonly above?: readonly Uint8Array[];
  readonly isExpired?: boolean;
}

/** As `smtpd_tls_chain_files` wants it. */
export function pemOf({ key, certificates }: ServerChain): string {
  const armoured = certificates.map((der) => {
    const base64 = asBuffer(der).toString('base64');
    return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  });
  return `${key.export({ type: 'pkcs8', format: 'pem' })}${armoured.join('')}`;
}

/** "3 1 1 2b0f…" for the certificate. */
export function tlsa(usage: number, selector: number, matchingType: number, der: Uint8Array): string {
  const data = association(parseCertificate(der)!, selector, matchingType);
  return `${usage} ${selector} ${matchingType} ${toHex(data)}`;
}
