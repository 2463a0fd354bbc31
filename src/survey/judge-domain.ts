/**
 * What follows for the mail of one domain, from its facts and the verdicts of its MX hosts. Pure: no clock, no network.
 *
 * In: how the domain takes mail, its MX lookup, its MX edges by preference, and what was judged of each host by name.
 * Out: a domain verdict with its reason (see `DomainVerdict`). It does not look at endpoints: `judge-host.ts` did. Behind a
 * secure MX RRset a host counts as the senders to this domain meet it, who take a DANE-TA certificate that names the domain, or
 * the name that it is an alias of, in place of the host (RFC 7672 §3.2.2); an insecure MX RRset lends the domain no name.
 *
 * The table, first row that fits (RFC 7672 §2.1.2, §2.2, §2.2.1; RFC 7505; RFC 5321 §5.1):
 *
 * | mail, MX lookup             | hosts                                              | verdict       | reason                       |
 * | --------------------------- | -------------------------------------------------- | ------------- | ---------------------------- |
 * | null MX                     |                                                    | no-mail       | null-mx                      |
 * | none, NXDOMAIN              |                                                    | no-mail       | domain-nxdomain              |
 * | none, otherwise             |                                                    | no-mail       | no-mx-no-address             |
 * | lookup failed, our fault    |                                                    | unknown       | of the lookup                |
 * | lookup failed, otherwise    |                                                    | lookup-failed | of the lookup                |
 * | any                         | none, or all of them no-address                    | no-mail       | mx-without-address           |
 * | insecure                    | one has usable TLSA records                        | insecure-mx   | domain-unsigned              |
 * | insecure                    | one is open                                        | unknown       | of the first open host       |
 * | insecure                    | otherwise                                          | no-dane       | domain-unsigned              |
 * | secure, TLSA on some host   | one fails, another is dane, degraded or plain      | dane-degraded | some-hosts-fail              |
 * | secure                      | one is degraded                                    | dane-degraded | of the first degraded host   |
 * | secure                      | one is open                                        | unknown       | of the first open host       |
 * | secure, TLSA on no host     | one fails, another is plain                        | no-dane       | some-hosts-fail              |
 * | secure, TLSA on some host   | all fail                                           | dane-failed   | of the first host            |
 * | secure, TLSA on no host     | all fail                                           | lookup-failed | of the first host            |
 * | secure                      | all are dane                                       | dane          | none                         |
 * | secure                      | all are plain                                      | no-dane       | of the first host            |
 * | secure                      | some are dane, some plain                          | dane-partial  | some-hosts-without-dane      |
 *
 * TLSA on some host: the RRset was seen, secure, usable or not. fails: dane-failed, lookup-failed. plain: no-dane, dane-unusable. degraded: dane-degraded. no-address is left aside.
 * open: not measured, or `unknown`; behind an insecure MX only where its TLSA records are not known either. The rows
 * above an open host's hold whatever that host would turn out to be; none below them would.
 */
import { never } from '../base/never.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import type { TlsaOutcome } from '../dane/tlsa-record.ts';
import type { DomainFacts } from './facts.ts';
import { type HostToJudgeFor, judgeHostFor } from './judge-host.ts';
import { nextHopNames } from './next-hop-names.ts';
import type { JudgedDomain } from './verdicts.ts';

/** What the judge of a domain needs to know of one MX host. */
export interface HostForDomain extends HostToJudgeFor {
  readonly tlsaOutcome: TlsaOutcome;
}

/** `hosts` is keyed by the names in `facts.edges`; a host that is not in it has not been measured. */
export function judgeDomain(
  facts: Pick<DomainFacts, 'domain' | 'mail' | 'mx' | 'aliases' | 'edges'>,
  hosts: ReadonlyMap<string, HostForDomain>,
): JudgedDomain {
  const { mail, mx } = facts;
  switch (mail) {
    case 'null-mx':
      return { verdict: 'no-mail', reason: 'null-mx' };
    case 'none':
      return {
        verdict: 'no-mail',
        reason: mx.outcome === 'nxdomain' ? 'domain-nxdomain' : 'no-mx-no-address',
      };
    case 'unknown':
      return judgeFailedLookup(mx.reason);
    case 'mx':
    case 'implicit-mx':
      break;
    default:
      return never(mail);
  }
  if (mx.outcome === 'failed') return judgeFailedLookup(mx.reason);

  const addressed = facts.edges
    .map(({ host }) => hosts.get(host) ?? notMeasured)
    .filter(({ verdict }) => verdict !== 'no-address');
  if (addressed.length === 0) return { verdict: 'no-mail', reason: 'mx-without-address' };
  if (mx.status !== 'secure') return judgeInsecureMx(addressed);
  const names = nextHopNames(facts);
  return judgeSecureMx(addressed.map((host) => ({ ...host, ...judgeHostFor(host, names) })));
}

const notMeasured: HostForDomain = {
  verdict: 'unknown',
  reason: 'host-not-measured',
  tlsaOutcome: 'lookup-failed',
  endpoints: [],
};

/** RFC 7672 §2.1.2: mail is delayed; unless it was we who could not ask. */
function judgeFailedLookup(reason: ReasonKey | null): JudgedDomain {
  const ours = reason !== null && reasonOf(reason).mender === 'ours';
  return { verdict: ours ? 'unknown' : 'lookup-failed', reason };
}

/** RFC 7672 §2.2.1: DANE need not be used, though some senders use it (Postfix: smtp_tls_dane_insecure_mx_policy). */
function judgeInsecureMx(hosts: readonly HostForDomain[]): JudgedDomain {
  if (hosts.some(({ tlsaOutcome }) => tlsaOutcome === 'usable')) {
    return { verdict: 'insecure-mx', reason: 'domain-unsigned' };
  }
  const open = hosts.find(
    ({ verdict, tlsaOutcome }) => verdict === 'unknown' && tlsaOutcome === 'lookup-failed',
  );
  if (open !== undefined) return { verdict: 'unknown', reason: open.reason };
  return { verdict: 'no-dane', reason: 'domain-unsigned' };
}

/** RFC 7672 §2.2: a host that fails is skipped; mail is delayed where none is left. */
function judgeSecureMx(hosts: readonly HostForDomain[]): JudgedDomain {
  const failing = hosts.find((host) => wayOf(host) === 'fails');
  const degraded = hosts.find((host) => wayOf(host) === 'degraded');
  const open = hosts.find((host) => wayOf(host) === 'open');
  const dane = hosts.find((host) => wayOf(host) === 'dane');
  const plain = hosts.find((host) => wayOf(host) === 'plain');

  // Without a TLSA RRset on any host it is no matter of DANE, though DANE senders are the ones that notice.
  const hasTlsa = hosts.some(({ tlsaOutcome }) => tlsaOutcome === 'usable' || tlsaOutcome === 'unusable');
  if (failing && hasTlsa && (dane || degraded || plain)) {
    return { verdict: 'dane-degraded', reason: 'some-hosts-fail' };
  }
  if (degraded) return { verdict: 'dane-degraded', reason: degraded.reason };
  if (open) return { verdict: 'unknown', reason: open.reason };
  if (failing && plain) return { verdict: 'no-dane', reason: 'some-hosts-fail' };
  if (failing) return { verdict: hasTlsa ? 'dane-failed' : 'lookup-failed', reason: failing.reason };
  if (!plain) return { verdict: 'dane', reason: null };
  if (!dane) return { verdict: 'no-dane', reason: plain.reason };
  return { verdict: 'dane-partial', reason: 'some-hosts-without-dane' };
}

/** Which way mail has through one host. */
function wayOf({ verdict }: HostForDomain): 'dane' | 'degraded' | 'fails' | 'plain' | 'open' {
  switch (verdict) {
    case 'dane':
      return 'dane';
    case 'dane-degraded':
      return 'degraded';
    case 'dane-failed':
    case 'lookup-failed':
      return 'fails';
    case 'dane-unusable':
    case 'no-dane':
      return 'plain';
    case 'unknown':
      return 'open';
    case 'no-address':
      throw new Error('internal error: a host without address is no way for mail');
    default:
      return never(verdict);
  }
}
