/**
 * Failures of single servers, weighed against one another: which may pass, and which one speaks for a zone none of whose servers
 * gave a usable reply. Pure.
 */
import { Rcode } from '../dns/rcode.ts';
import type { LookupFailure } from './session.ts';

/** What an error reply means for the question. */
export function failureOf(rcode: number): LookupFailure {
  if (rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH) return 'refused';
  if (rcode === Rcode.NOTIMP) return 'notimp';
  if (rcode === Rcode.FORMERR || rcode === Rcode.BADVERS) return 'formerr';
  return 'servfail';
}

/** What a second round can change: loss and overload, not configuration. */
export function mayPass(failure: LookupFailure): boolean {
  return (
    failure === 'timeout' ||
    failure === 'servfail' ||
    failure === 'tcp-failed' ||
    failure === 'malformed-reply'
  );
}

/** The first that anybody reported, in this order: what a server said counts more than silence, silence more than our limits. */
const telling: readonly LookupFailure[] = [
  'servfail',
  'refused',
  'notimp',
  'formerr',
  'tcp-failed',
  'malformed-reply',
  'lame',
  'timeout',
  'special-use-address',
  'network-unreachable',
  'name-server-loop',
  'name-server-depth',
  'server-name-budget-spent',
  'query-budget-spent',
  'forwarder-servfail',
  'forwarder-refuses',
  'forwarder-not-recursive',
  'forwarder-without-dnssec',
  'forwarder-tcp-failed',
  'forwarder-malformed-reply',
  'forwarder-silent',
  'reply-octets-budget-spent',
  'time-budget-spent',
];

/** The one failure that speaks for all. */
export function mostTelling(failures: readonly LookupFailure[]): LookupFailure {
  return telling.find((failure) => failures.includes(failure)) ?? 'no-name-server-address';
}
