/** The result types of TLS reporting (RFC 8460 §4.3) by which a sender reports why DANE or TLS failed. */
import { type ReasonKey, reasonOf } from './catalogue.ts';
import { dnssecReasons } from './dnssec.ts';
import { lookupReasons } from './lookup.ts';

/**
 * Of mail that is not delivered for this reason: null where it is no failure of TLS or DANE, or where it is ours. A lookup that
 * fails is `dnssec-invalid`: no valid records were returned from the resolver.
 */
export function resultTypeOf(key: ReasonKey): string | null {
  const { tlsrpt, mender } = reasonOf(key);
  if (tlsrpt !== undefined) return tlsrpt;
  if (mender === 'ours' || failsNoLookup.has(key)) return null;
  return key in dnssecReasons || key in lookupReasons ? 'dnssec-invalid' : null;
}

/** Why an answer is insecure, which DANE senders may use (RFC 7672 §2.2); and findings beside a lookup that works. */
const failsNoLookup: ReadonlySet<ReasonKey> = new Set<ReasonKey>([
  'insecure-delegation',
  'insecure-delegation-listed',
  'insecure-opt-out',
  'ds-unsupported-algorithm',
  'ds-unsupported-digest',
  'nsec3-iterations-insecure',
  'ancestor-denied',
  'ancestor-nxdomain-unproven',
  'ancestor-proof-contradicts',
  'tlsa-servers-differ',
  'tlsa-lookup-fails-without-tlsa',
]);
