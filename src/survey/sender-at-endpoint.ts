/** What a sender that has decided how to treat a host meets at one of its addresses (RFC 3207 §4, RFC 7672 §2.2, §3). Pure. */
import { fromHex } from '../base/bytes.ts';
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SenderAction, SenderRules, SenderVerifying } from '../dane/sender-rules.ts';
import { type ChainVerdict, verifyChain } from '../dane/verify-chain.ts';
import type { HostFacts } from './facts.ts';
import type { EndpointFacts, HandshakeFact } from './probed-facts.ts';

/** DER of a certificate by its SHA-256 in hexadecimal. */
export type CertificateOf = (sha256: string) => Uint8Array | undefined;

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
  readonly host: HostFacts;
  /** See `nextHopNames`. */
  readonly nextHops: readonly string[];
  readonly certificateOf: CertificateOf;
}

/** What can come of each demand. */
export const couldBe: Readonly<Record<Demand, readonly EndpointResult[]>> = {
  authenticate: ['authenticated', 'next-host'],
  encrypt: ['encrypted', 'next-host'],
  opportunistic: ['encrypted', 'clear', 'next-host'],
};

export function tryEndpoint(demand: Demand, endpoint: EndpointFacts, tried: HostTried): EndpointTrial {
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
  { reached, because }: EndpointFacts,
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

function authenticate(endpoint: EndpointFacts, tried: HostTried): EndpointTrial {
  const { handshakes, openBecause } = shownTo(tried.rules, endpoint);
  const results = new Map<EndpointResult, ReasonKey | null>();
  for (const handshake of handshakes) {
    for (const verifying of tried.rules.verifying) {
      const verdict = verify(handshake, endpoint, tried, verifying);
      if (verdict.ok) results.set('authenticated', null);
      else if (!results.has('next-host')) results.set('next-host', verdict.reason);
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

const isRsa = ({ keyAlgorithm }: HandshakeFact) => keyAlgorithm.startsWith('rsa');

/** The certificates that the sender may be shown, and why it is not known which one; null where it is. */
function shownTo(
  { prefersKey }: SenderRules,
  { handshakes, secondKey }: EndpointFacts,
): { readonly handshakes: readonly HandshakeFact[]; readonly openBecause: ReasonKey | null } {
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

function verify(
  { chain }: HandshakeFact,
  { seenAt }: EndpointFacts,
  { host, nextHops, certificateOf }: HostTried,
  verifying: SenderVerifying,
): ChainVerdict {
  const records = host.tlsaRecords
    .filter(({ reason }) => reason === null || reason === 'superseded-digest')
    .map((record) => ({ ...record, data: fromHex(record.data)! }));
  // None is left where all that the sender takes for usable are certificates or keys that cannot be read.
  if (records.length === 0) return { ok: false, reason: 'tlsa-mismatch' };
  const ders = chain.map((sha256) => {
    const der = certificateOf(sha256);
    if (der === undefined) throw new Error(`internal error: certificate ${sha256} was not handed over`);
    return der;
  });
  return verifyChain({
    chain: ders,
    records,
    baseDomain: host.tlsaBase!,
    referenceNames: verifying.nextHopIsReference ? nextHops : [],
    at: seenAt,
    manner: verifying,
  });
}
