/** What follows from the facts, of an endpoint, an MX host and a domain: the words that statistics count. `judge-*.ts` decides. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';

export const endpointVerdicts = [
  'authenticated',
  'degraded',
  'failed',
  'encrypted',
  'cleartext',
  'unknown',
] as const;

/**
 * What a DANE-aware sender meets at one address:
 * - `authenticated`: every certificate that it shows matches a usable TLSA record.
 * - `degraded`: one of its key algorithms matches and another does not.
 * - `failed`: TLSA records demand what it does not show; mail is not delivered here.
 * - `encrypted`: STARTTLS works; nothing demands or allows authentication.
 * - `cleartext`: no working STARTTLS, and nothing demands it.
 * - `unknown`: could not look.
 */
export type EndpointVerdict = (typeof endpointVerdicts)[number];

export const hostVerdicts = [
  'dane',
  'dane-degraded',
  'dane-failed',
  'dane-unusable',
  'no-dane',
  'lookup-failed',
  'no-address',
  'unknown',
] as const;

/**
 * What follows for one MX host by its own name. To a domain whose name a DANE-TA certificate bears in place of the host's it is
 * better than that (RFC 7672 §3.2.2), which counts in the verdict of the domain:
 * - `dane`: usable TLSA, and every endpoint that was reached is authenticated.
 * - `dane-degraded`: usable TLSA; some endpoint (or key algorithm) is authenticated, some fails.
 * - `dane-failed`: usable TLSA (or unusable, without STARTTLS), and no reached endpoint meets it.
 * - `dane-unusable`: secure TLSA that cannot authenticate; STARTTLS works.
 * - `no-dane`: DANE does not apply.
 * - `lookup-failed`: the address or TLSA lookup failed, so that a DANE sender skips the host.
 * - `no-address`: the host has none.
 * - `unknown`: DANE applies, but no endpoint could be looked at.
 */
export type HostVerdict = (typeof hostVerdicts)[number];

export const domainVerdicts = [
  'dane',
  'dane-degraded',
  'dane-partial',
  'dane-failed',
  'insecure-mx',
  'no-dane',
  'lookup-failed',
  'no-mail',
  'unknown',
] as const;

/**
 * What follows for the mail of one domain:
 * - `dane`: secure MX RRset, every MX host with an address is `dane`.
 * - `dane-degraded`: some host or endpoint fails, mail still finds a way.
 * - `dane-partial`: none fails, but some hosts have DANE and others have not.
 * - `dane-failed`: some host has TLSA records, and none can be used by a DANE sender: mail is deferred.
 * - `insecure-mx`: the MX RRset is insecure, but an MX host has secure usable TLSA records.
 * - `no-dane`: DANE does not apply to any host (and the lookups of some may fail).
 * - `lookup-failed`: the MX lookup failed, or the lookups of every MX host, and no TLSA records are known: mail is deferred.
 * - `no-mail`: null MX, no such domain, no MX and no address.
 * - `unknown`: could not look.
 */
export type DomainVerdict = (typeof domainVerdicts)[number];

export interface JudgedDomain {
  readonly verdict: DomainVerdict;
  readonly reason: ReasonKey | null;
}
