/** What comes of mail with each sender, as short as a row of a large census wants it. Pure. */
import type { DomainFacts } from './facts.ts';
import type { HostForSenders } from './host-for-senders.ts';
import { judgeSenders } from './judge-senders.ts';
import type { SendersVerdict, SenderVerdict } from './sender-verdicts.ts';

export interface SenderLetters {
  /** One letter for each sender, in the order of `senderKeys`. */
  readonly senders: string;
  /** See `SendersVerdict`. */
  readonly hurt: boolean | null;
}

export const letterOf: Readonly<Record<SenderVerdict['outcome'], string>> = {
  authenticated: 'A',
  encrypted: 'E',
  clear: 'C',
  deferred: 'D',
  bounced: 'B',
  unknown: 'U',
};

export function lettersOf({ senders, hurtThoughUnsigned }: SendersVerdict): SenderLetters {
  return { senders: senders.map(({ outcome }) => letterOf[outcome]).join(''), hurt: hurtThoughUnsigned };
}

type Facts = Pick<DomainFacts, 'domain' | 'mail' | 'mx' | 'aliases' | 'edges'>;

/**
 * A judge that remembers, for as long as the caller keeps it: domains that take mail in the same way at the same hosts have the
 * same letters, but for those whose name a certificate can bear in place of the host's (RFC 7672 §3.2.2).
 */
export function rememberingSendersJudge(
  hosts: ReadonlyMap<string, HostForSenders>,
): (facts: Facts) => SenderLetters {
  const known = new Map<string, SenderLetters>();
  return (facts) => {
    if (facts.edges.some(({ host }) => bearsOtherNames(hosts.get(host)))) {
      return lettersOf(judgeSenders(facts, hosts));
    }
    const { mail, mx, edges } = facts;
    const key = JSON.stringify([mail, mx.outcome, mx.status, mx.reason, edges]);
    const found = known.get(key) ?? lettersOf(judgeSenders(facts, hosts));
    known.set(key, found);
    return found;
  };
}

function bearsOtherNames(host: HostForSenders | undefined): boolean {
  const endpoints = host?.endpoints ?? [];
  return endpoints.some(({ handshakes }) => handshakes.some(({ namesInstead }) => namesInstead !== null));
}
