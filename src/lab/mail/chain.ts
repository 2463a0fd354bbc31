/**
 * The certificates of the lab's mail servers, made from their plans: the same plan gives the same octets at every start, since
 * every key follows from the seed and every certificate is signed with RSA PKCS #1 v1.5.
 */
import { createHash, createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
import type { Instant } from '../../base/instant.ts';
import { issueCertificate } from '../../pki/issue-certificate.ts';
import type { ChainPlan } from '../plan/mail-plan.ts';
import type { TlsaPlan } from '../plan/zone-plan.ts';
import { recent } from '../recent.ts';
import { rsaFromSeed } from '../signing/rsa-from-seed.ts';
import { seededOctets } from '../signing/seeded-octets.ts';

export interface Chain {
  readonly leafKey: KeyObject;
  /** DER of leaf, intermediate and root, whether they are sent or not; of the leaf alone where it is self-signed. */
  readonly certificates: readonly Uint8Array[];
  readonly sent: readonly Uint8Array[];
}

export interface ChainMaker {
  chain(plan: ChainPlan): Chain;
  /** RDATA of a TLSA record (RFC 6698 §2.1). */
  tlsaRdata(plan: TlsaPlan): Uint8Array;
  /** Makes the RSA keys, which take tens of milliseconds each, before somebody waits for them. */
  warmUp(): void;
}

const DAY = 86_400;
const YEAR = 365 * DAY;
const RSA_BITS = 2048;
const SMALL_RSA_BITS = 1024;
/** RSA keys are dear to make, so that leaves share these few; RSA leaves of one host never need two. */
const RSA_LEAF_KEYS = 4;
/** Chains in memory; each holds some kilobytes. */
const CHAINS_KEPT = 2_000;

/** `now` is the lab's clock: certificates are valid around it. */
export function createChainMaker(seed: number, now: Instant): ChainMaker {
  const rsaOf = (bits: number) =>
    recent(16, (label) => rsaFromSeed(`lab ${seed} certificate ${label}`, bits));
  const rsaKey = rsaOf(RSA_BITS);
  const smallRsaKey = rsaOf(SMALL_RSA_BITS);
  const leafKey = recent(CHAINS_KEPT, (label) => {
    const [type, ...rest] = label.split(' ');
    if (type === 'ec') return p256FromSeed(`lab ${seed} certificate ${rest.join(' ')}`);
    const shared = `leaf ${hash('sha256', label, 'buffer')[0]! % RSA_LEAF_KEYS}`;
    return type === 'rsa-1024' ? smallRsaKey(shared) : rsaKey(shared);
  });
  const authority = recent(8, (label) => makeAuthority(label, rsaKey, now));
  const chains = recent(CHAINS_KEPT, (text) => make(JSON.parse(text)));

  function make(plan: ChainPlan): Chain {
    const key = leafKey(`${plan.keyType} ${plan.key}`);
    const subject = plan.names[0] ?? '';
    const isExpired = plan.validity === 'expired';
    const { root, intermediate } = authority(plan.issuer === 'self' ? 'ca-one' : plan.issuer);
    const order = {
      subject,
      key,
      serial: serialOf(`${seed} ${JSON.stringify(plan)}`),
      notBefore: now - (isExpired ? YEAR : 30 * DAY),
      notAfter: now + (isExpired ? -30 * DAY : 60 * DAY),
      dnsNames: plan.names,
      keyIdentifiers: true,
    };
    if (plan.issuer === 'self') {
      const certificates = [issueCertificate({ ...order, issuer: { subject, key } })];
      return { leafKey: key, certificates, sent: certificates };
    }
    const certificates = [
      issueCertificate({ ...order, issuer: intermediate }),
      intermediate.certificate,
      root.certificate,
    ];
    return { leafKey: key, certificates, sent: certificates.slice(0, plan.sent) };
  }

  return {
    chain: (plan) => chains(JSON.stringify(plan)),
    tlsaRdata({ of, depth, usage, selector, matchingType, spoilt }) {
      const selected = selector === 1 ? spkiAt(of, depth) : certificateAt(of, depth);
      const data =
        matchingType === 0 ? selected : hash(matchingType === 2 ? 'sha512' : 'sha256', selected, 'buffer');
      const kept = spoilt === 'cut' ? data.subarray(0, -1) : data;
      return Buffer.concat([Buffer.from([usage, selector, matchingType]), kept]);
    },
    warmUp() {
      for (const label of ['ca-one', 'ca-two']) authority(label);
      for (let index = 0; index < RSA_LEAF_KEYS; index++) rsaKey(`leaf ${index}`);
    },
  };

  function certificateAt(of: ChainPlan, depth: number): Uint8Array {
    const certificate = chains(JSON.stringify(of)).certificates[depth];
    if (certificate === undefined) throw new Error('internal error: a TLSA record of no certificate');
    return certificate;
  }

  /** Without issuing anything: most records need no more. */
  function spkiAt({ keyType, key, issuer }: ChainPlan, depth: number): Uint8Array {
    if (depth === 0 || issuer === 'self') return spkiOf(leafKey(`${keyType} ${key}`));
    const { root, intermediate } = authority(issuer);
    return spkiOf(depth === 1 ? intermediate.key : root.key);
  }
}

interface Issuer {
  readonly subject: string;
  readonly key: KeyObject;
  readonly certificate: Uint8Array;
}

function makeAuthority(
  label: string,
  rsaKey: (label: string) => KeyObject,
  now: Instant,
): { readonly root: Issuer; readonly intermediate: Issuer } {
  const dates = { notBefore: now - YEAR, notAfter: now + 5 * YEAR, ca: true, keyIdentifiers: true };
  const ofRoot = { subject: `Lab ${label} root`, key: rsaKey(`${label} root`) };
  const root = issueCertificate({ ...dates, ...ofRoot, issuer: ofRoot, serial: 1 });
  const ofIntermediate = { subject: `Lab ${label} intermediate`, key: rsaKey(`${label} intermediate`) };
  const intermediate = issueCertificate({
    ...dates,
    ...ofIntermediate,
    issuer: ofRoot,
    serial: 2,
    pathLength: 0,
  });
  return {
    root: { ...ofRoot, certificate: root },
    intermediate: { ...ofIntermediate, certificate: intermediate },
  };
}

/** SEC1 ECPrivateKey (RFC 5915 §3) without the public key, which OpenSSL derives. */
function p256FromSeed(seed: string): KeyObject {
  const scalar = seededOctets(seed, 32);
  // Below the group order, and not zero.
  scalar[0]! &= 0x7f;
  scalar[31]! |= 0x01;
  const head = Buffer.from('303102010104' + '20', 'hex');
  const curve = Buffer.from('a00a06082a8648ce3d030107', 'hex');
  return createPrivateKey({ key: Buffer.concat([head, scalar, curve]), format: 'der', type: 'sec1' });
}

function serialOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) + 1;
}

function spkiOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}
