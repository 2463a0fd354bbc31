/** What a sender that has decided how to treat a host meets at one of its addresses (RFC 3207 §4, RFC 7672 §2.2, §3). Pure. */
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SenderAction, SenderRules, SenderVerifying } from '../dane/sender-rules.ts';
import type { EndpointForSenders, HandshakeForSenders, HostForSenders } from './host-for-senders.ts';
import { namesOneInstead } from './judge-endpoint.ts';

/** How a host is treated once it is connected to. */
export type Demand = Extract<SenderAction, 'authenticate' | 'encrypt' | 'opportunistic'>;

export type EndpointResult = 'authenticated' | 'encrypted' | 'clear' | 'next-host';

export interface EndpointTrial {
  /** What can come of it, each with why it is not better. */
  readonly results: ReadonlyMap<EndpointResult, ReasonKey | null>;
  /** Why we do not know which; null where it is certain. */
  readonly openBecause: ReasonKey | null;
  /** Why mail goes there in clear after all, once it has waited because no host took it; null where it does not. */
  readonly clearLater: ReasonKey | null;
}

export interface HostTried {
  readonly rules: SenderRules;
  readonly host: HostForSenders;
  /** See `nextHopNames`. */
  readonly nextHops: readonly string[];
}

/** What can come of each demand. */
export const couldBe: Readonly<Record<Demand, readonly EndpointResult[]>> = {
  authenticate: ['authenticated', 'next-host'],
  encrypt: ['encrypted', 'next-host'],
  opportunistic: ['encrypted', 'clear', 'next-host'],
};

export function tryEndpoint(demand: Demand, endpoint: EndpointForSenders, tried: HostTried): EndpointTrial {
  if (endpoint.verdict === 'unknown') return anyOf(demand, endpoint.reason ?? 'endpoint-not-reached');
  const first = endpoint.handshakes[0];
  if (first === undefined) return tryWithoutTls(demand, endpoint, tried.rules);
  const isOld = first.protocol === 'TLSv1' || first.protocol === 'TLSv1.1';
  if (isOld && tried.rules.oldTls === 'depends') return anyOf(demand, 'tls-version-old');
  return demand === 'authenticate' ? authenticate(endpoint, tried) : certain('encrypted', null);
}

/** The server said that there is no TLS; after anything else the session is lost. */
const sessionGoesOn: ReadonlySet<ReasonKey> = new Set<ReasonKey>([
  'starttls-not-offered',
  'starttls-refused',
  'ehlo-rejected',
]);

function tryWithoutTls(
  demand: Demand,
  { reached, because }: EndpointForSenders,
  rules: SenderRules,
): EndpointTrial {
  const failure = because ?? 'starttls-not-offered';
  // Some programs throw the plain text away and go on (CVE-2011-0411 asks for no more).
  if (failure === 'plaintext-after-starttls') return anyOf(demand, failure);
  if (demand !== 'opportunistic') return certain('next-host', failure);
  if (sessionGoesOn.has(failure)) return certain('clear', failure);
  if (reached !== 'starttls') return anyOf(demand, failure);
  switch (rules.afterFailedTls) {
    case 'clear':
      return certain('clear', failure);
    case 'clear-later':
      return { ...certain('next-host', failure), clearLater: failure };
    case 'undocumented':
      return {
        results: new Map([
          ['clear', failure],
          ['next-host', failure],
        ]),
        openBecause: 'sender-undocumented',
        clearLater: null,
      };
    default:
      return never(rules.afterFailedTls);
  }
}

function anyOf(demand: Demand, because: ReasonKey): EndpointTrial {
  const results = new Map(couldBe[demand].map((result) => [result, because]));
  return { results, openBecause: because, clearLater: null };
}

function certain(result: EndpointResult, because: ReasonKey | null): EndpointTrial {
  return { results: new Map([[result, because]]), openBecause: null, clearLater: null };
}

function authenticate(endpoint: EndpointForSenders, tried: HostTried): EndpointTrial {
  const { handshakes, openBecause } = shownTo(tried.rules, endpoint);
  const results = new Map<EndpointResult, ReasonKey | null>();
  for (const handshake of handshakes) {
    for (const verifying of tried.rules.verifying) {
      const reason = whyNotVerified(handshake, tried, verifying);
      if (reason === null) results.set('authenticated', null);
      else if (!results.has('next-host')) results.set('next-host', reason);
    }
  }
  if (openBecause === 'second-key-not-looked') {
    for (const result of couldBe.authenticate) if (!results.has(result)) results.set(result, openBecause);
  }
  return {
    results,
    openBecause: results.size > 1 ? (openBecause ?? 'sender-undocumented') : null,
    clearLater: null,
  };
}

const isRsa = ({ keyAlgorithm }: HandshakeForSenders) => keyAlgorithm.startsWith('rsa');

/** The certificates that the sender may be shown, and why it is not known which one; null where it is. */
function shownTo(
  { prefersKey }: SenderRules,
  { handshakes, secondKey }: EndpointForSenders,
): { readonly handshakes: readonly HandshakeForSenders[]; readonly openBecause: ReasonKey | null } {
  const first = handshakes[0]!;
  const notLooked = secondKey === 'not-looked' ? 'second-key-not-looked' : null;
  switch (prefersKey) {
    case 'free-choice':
      return { handshakes: [first], openBecause: null };
    case 'rsa': {
      const rsa = handshakes.find(isRsa);
      return { handshakes: [rsa ?? first], openBecause: rsa === undefined ? notLooked : null };
    }
    case 'undocumented':
      return { handshakes, openBecause: notLooked };
    default:
      return never(prefersKey);
  }
}

/** Null where it is. What hangs on certificates was found out when they were shown. */
function whyNotVerified(
  handshake: HandshakeForSenders,
  { host, nextHops }: HostTried,
  verifying: SenderVerifying,
): ReasonKey | null {
  // No record is left where all that the sender takes for usable are certificates or keys that cannot be read.
  if (host.tlsaOutcome !== 'usable') return 'tlsa-mismatch';
  if (verifying.manner !== 'rfc7671') {
    return handshake.inOtherManners === null ? handshake.reason : handshake.inOtherManners[verifying.manner];
  }
  return verifying.nextHopIsReference && namesOneInstead(handshake, nextHops) ? null : handshake.reason;
}
