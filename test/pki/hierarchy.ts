/** One good hierarchy (root, intermediate, leaf) in which tests break one thing at a time. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { parseInstant } from '../../src/base/instant.ts';
import type { CertificateOrder } from '../../src/pki/certificate-order.ts';
import { issueCertificate } from '../../src/pki/issue-certificate.ts';

export const MX = 'mx.provider.test';
export const NOW = parseInstant('2026-06-01')!;
export const BEFORE = parseInstant('2025-01-01')!;
export const AFTER = parseInstant('2027-01-01')!;

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
export const keys = {
  root: ec(),
  intermediate: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ec: ec(),
  ed25519: generateKeyPairSync('ed25519').privateKey,
  other: ec(),
};

type Change = Partial<CertificateOrder>;

const good = { notBefore: BEFORE, notAfter: AFTER, keyIdentifiers: true };
const certSign = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;

export function root(change: Change = {}): Uint8Array {
  const self = { subject: 'Root CA', key: keys.root };
  const order = { ...good, ...self, issuer: self, serial: 1, ca: true, keyUsage: certSign };
  return issueCertificate({ ...order, ...change });
}

export function intermediate(change: Change = {}): Uint8Array {
  const issuer = { subject: 'Root CA', key: keys.root };
  const order = { ...good, subject: 'Intermediate CA', key: keys.intermediate, issuer, serial: 2 };
  return issueCertificate({ ...order, ca: true, pathLength: 0, keyUsage: certSign, ...change });
}

export function leaf(change: Change = {}): Uint8Array {
  const issuer = { subject: 'Intermediate CA', key: keys.intermediate };
  const order = { ...good, subject: MX, key: keys.ec, issuer, serial: 3, dnsNames: [MX] };
  const uses = { keyUsage: KeyUsageFlags.digitalSignature, extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] };
  return issueCertificate({ ...order, ...uses, ca: false, ...change });
}

export function selfSigned(change: Change = {}): Uint8Array {
  const self = { subject: MX, key: keys.ec };
  return issueCertificate({ ...good, ...self, issuer: self, serial: 4, dnsNames: [MX], ...change });
}

export function spkiOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

export function digest(algorithm: 'sha256' | 'sha512', octets: Uint8Array): Uint8Array {
  return createHash(algorithm).update(octets).digest();
}
