/** Chains of trust that end, lawfully or not (RFC 4033-4035, 5155, 6840, 9276), at domains and at their MX hosts. */
import type { ReasonKey } from '../../base/reasons/catalogue.ts';
import { RRType } from '../../dns/rr-type.ts';
import { danePasses, type HostProfile, noDane } from '../plan/host-profile.ts';
import { chainFor, tlsa } from '../plan/tlsa-of-chain.ts';
import type { DsPlan, SignatureFault, SigningPlan } from '../plan/zone-plan.ts';
import type { Reasons } from '../truth.ts';
import { ecdsaNsec, ecdsaNsec3, type HostDraft, type ScenarioDraft } from './draft.ts';

const current: HostProfile['tlsa'] = (host) => [tlsa('3 1 1', chainFor(host))];
const dane = danePasses(current);
const absent = noDane('tlsa-absent');
const unsignedHost = noDane('address-insecure');

/** The TLSA lookup fails; `records` are published all the same. */
export function tlsaLookupFails(reasons: Reasons, records: HostProfile['tlsa'] = () => []): HostProfile {
  const { endpoints } = absent;
  return { tlsa: records, outcome: 'lookup-failed', verdict: 'lookup-failed', reasons, endpoints };
}

/** A host whose TLSA lookup fails although there is no TLSA RRset. */
export function hostWithoutTlsa(...reasons: ReasonKey[]): HostDraft {
  return {
    profile: tlsaLookupFails(reasons),
    findings: ['tlsa-lookup-fails-without-tlsa'],
  };
}

/** A host whose TLSA lookup fails although there is one, which nobody can see. */
export function hostWithTlsa(...reasons: ReasonKey[]): HostDraft {
  return {
    profile: tlsaLookupFails(reasons, current),
    findings: ['tlsa-lookup-fails-without-tlsa'],
  };
}

/** Nothing is learnt of the domain, so that its host is never met. */
function bogusDomain(name: string, reason: ReasonKey, over: Partial<ScenarioDraft>): ScenarioDraft {
  return {
    name,
    mx: ['@ 3600 MX 10 mx'],
    lines: ['mx 3600 A 5.45.255.254'],
    mail: 'unknown',
    mxStatus: 'bogus',
    verdict: 'lookup-failed',
    reasons: [reason],
    ...over,
  };
}

const faultReasons: readonly (readonly [SignatureFault, ReasonKey])[] = [
  ['expired', 'rrsig-expired'],
  ['not-yet-valid', 'rrsig-not-yet-valid'],
  ['broken', 'signature-invalid'],
  ['missing', 'rrsig-missing'],
];

/** The zone is signed in a way that counts as unsigned. */
function unsignedByDs(name: string, ds: DsPlan): ScenarioDraft {
  return {
    name,
    ds,
    mxStatus: 'insecure',
    hosts: [{ profile: unsignedHost }],
    verdict: 'no-dane',
    reasons: ['domain-unsigned'],
  };
}

const withIterations = (iterations: number): SigningPlan => ({
  algorithm: 13,
  nsec3: { iterations, salt: 'aabbccdd', optOut: false },
});

/** RFC 5155 §6: below an opt-out span nothing is proven to be absent. */
function absentFrom(signing: SigningPlan): HostProfile {
  const reasons: Reasons = ['tlsa-absent', 'tlsa-insecure', 'insecure-opt-out'];
  return signing.nsec3?.optOut ? { ...absent, reasons } : absent;
}

const signings: Readonly<Record<string, SigningPlan>> = {
  nsec: ecdsaNsec,
  nsec3: ecdsaNsec3,
  'nsec3-salt': { algorithm: 13, nsec3: { iterations: 5, salt: 'c0ffee', optOut: false } },
  'nsec3-opt-out': { algorithm: 13, nsec3: { iterations: 0, salt: '', optOut: true } },
  rsasha256: { algorithm: 8, nsec3: null },
  ed25519: { algorithm: 15, nsec3: null },
};

export const dnssecFaults: readonly ScenarioDraft[] = [
  ...Object.entries(signings).flatMap(([name, signing]): ScenarioDraft[] => [
    { name: `signed-${name}`, signing, hosts: [{ profile: dane }] },
    { name: `signed-${name}-absent`, tld: 'xb', signing, hosts: [{ profile: absentFrom(signing) }] },
  ]),
  ...faultReasons.flatMap(([fault, reason]): ScenarioDraft[] => [
    bogusDomain(`zone-signatures-${fault}`, reason, { signatures: [{ on: {}, fault }] }),
    bogusDomain(`mx-signature-${fault}`, reason, {
      tld: 'xb',
      signatures: [{ on: { types: [RRType.MX] }, fault }],
    }),
    {
      name: `tlsa-signature-${fault}`,
      signatures: [{ on: { types: [RRType.TLSA] }, fault }],
      hosts: [hostWithTlsa(reason)],
    },
  ]),
  {
    name: 'address-signatures-expired',
    signatures: [{ on: { types: [RRType.A, RRType.AAAA] }, fault: 'expired' }],
    hosts: [{ profile: tlsaLookupFails(['rrsig-expired'], current), addressesLost: true }],
  },
  bogusDomain('ds-mismatch', 'dnskey-no-ds-match', { ds: 'mismatch' }),
  bogusDomain('ds-mismatch-nsec3', 'dnskey-no-ds-match', { tld: 'xb', signing: ecdsaNsec3, ds: 'mismatch' }),
  bogusDomain('ds-without-dnskey', 'dnskey-missing', { signing: null, ds: 'mismatch' }),
  unsignedByDs('ds-unsupported-algorithm', 'unsupported-algorithm'),
  unsignedByDs('ds-unsupported-digest', 'unsupported-digest'),
  unsignedByDs('island-of-security', 'absent'),
  { ...unsignedByDs('island-of-security-opt-out', 'absent'), tld: 'xb' },
  {
    name: 'nsec3-many-iterations-dane',
    signing: withIterations(150),
    hosts: [{ profile: dane }],
  },
  {
    name: 'nsec3-many-iterations-absent',
    signing: withIterations(150),
    hosts: [
      {
        profile: { ...absent, reasons: ['tlsa-absent', 'tlsa-insecure', 'nsec3-iterations-insecure'] },
      },
    ],
  },
  {
    name: 'nsec3-far-too-many-iterations',
    signing: withIterations(600),
    hosts: [{ profile: { ...absent, reasons: ['tlsa-insecure'] } }],
  },
  {
    name: 'tlsa-denial-missing',
    replies: [{ to: { types: [RRType.TLSA] }, reply: 'denial-missing' }],
    hosts: [hostWithoutTlsa('denial-missing')],
  },
  {
    name: 'tlsa-denial-broken',
    replies: [{ to: { types: [RRType.TLSA] }, reply: 'denial-broken' }],
    hosts: [hostWithoutTlsa('signature-invalid')],
  },
  {
    name: 'tlsa-denial-broken-nsec3',
    signing: ecdsaNsec3,
    replies: [{ to: { types: [RRType.TLSA] }, reply: 'denial-broken' }],
    hosts: [hostWithoutTlsa('signature-invalid')],
  },
  {
    name: 'signed-child-on-same-servers',
    hosts: [{ child: 'mail', profile: dane }],
    children: [{ label: 'mail', signing: ecdsaNsec3 }],
  },
  {
    name: 'unsigned-child-on-same-servers',
    hosts: [{ child: 'mail', profile: unsignedHost }],
    children: [{ label: 'mail', signing: null }],
  },
];
