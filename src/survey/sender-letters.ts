/** What comes of mail with each sender, as short as a row of a large census wants it. Pure. */
import type { DomainFacts } from './facts.ts';
import type { EndpointForSenders, HostForSenders } from './host-for-senders.ts';
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
 * A judge that remembers, for as long as the caller keeps it: letters hang on what was seen of the hosts and not on their names, so
 * that most domains have the letters of another; but for those whose name a certificate can bear in place of the host's
 * (RFC 7672 §3.2.2).
 */
export function rememberingSendersJudge(
  hosts: ReadonlyMap<string, HostForSenders>,
): (facts: Facts) => SenderLetters {
  const known = new Map<string, SenderLetters>();
  const seen = new Map<string, string | null>();
  const seenOf = (name: string): string | null => {
    const found = seen.get(name);
    if (found !== undefined) return found;
    const host = hosts.get(name);
    const text = host === undefined ? '' : bearsOtherNames(host) ? null : textOf(host);
    seen.set(name, text);
    return text;
  };
  return (facts) => {
    const { mail, mx, edges } = facts;
    const key = JSON.stringify([mail, mx.outcome, mx.status, mx.reason]);
    const parts = edges.map(({ host, preference }) => [preference, seenOf(host)] as const);
    if (parts.some(([, text]) => text === null)) return lettersOf(judgeSenders(facts, hosts));
    const whole = [key, ...parts.map((part) => part.join(' '))].join('\n');
    const found = known.get(whole) ?? lettersOf(judgeSenders(facts, hosts));
    known.set(whole, found);
    return found;
  };
}

function bearsOtherNames({ endpoints }: HostForSenders): boolean {
  return endpoints.some(({ handshakes }) => handshakes.some(({ namesInstead }) => namesInstead !== null));
}

/** All that the judge reads of a host; of names only how they stand to each other. */
function textOf(host: HostForSenders): string {
  const { a, aaaa, aliases, tlsaBase, tlsaOutcome, tlsaReason, tlsaRecords, endpoints } = host;
  const canonical = aliases.at(-1);
  const names = [canonical !== undefined, tlsaBase !== null, tlsaBase === canonical];
  const lookups = [a, aaaa].map(({ outcome, status, reason }) => [outcome, status, reason]);
  const why = tlsaRecords.map(({ reason }) => reason);
  return JSON.stringify([lookups, names, tlsaOutcome, tlsaReason, why, endpoints.map(endpointParts)]);
}

function endpointParts({ reached, because, secondKey, verdict, reason, handshakes }: EndpointForSenders) {
  const shown = handshakes.map((one) => [one.keyAlgorithm, one.protocol, one.reason, one.inOtherManners]);
  return [reached, because, secondKey, verdict, reason, shown];
}
