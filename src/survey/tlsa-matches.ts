/**
 * What each TLSA record of a host matches of the certificates that its addresses show: which of them is current, which names an
 * issuer, which nothing that is in use. Pure.
 *
 * In: the records as published, unusable ones included, and the handshakes of all endpoints with their certificates in DER. Out: for
 * each record, in the same order, where it matches and in chains of which keys; nulls where no endpoint showed a certificate, or a limit
 * ended the search: then nobody could look.
 *
 * - At the leaf: its octets are those of the server's own certificate or key (RFC 6698 §2.1), whatever its usage.
 * - Above: of a certificate that is sent above the leaf and is another one. A record of usage 2 must lead there: the certificate, or
 *   the one that a 2 x 0 record holds in full, issued the leaf by way of those sent (RFC 7671 §5.2); a stranger in the chain counts
 *   for nothing. Whether names and dates are right too is the business of the verdict, not of the record.
 */
import { fromHex } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { matcherOf } from '../dane/tlsa-match.ts';
import { CertificateUsage, MatchingType, Selector } from '../dane/tlsa-parameters.ts';
import type { TlsaRecord } from '../dane/tlsa-record.ts';
import { MAX_CHAIN_CERTIFICATES, verifyChain } from '../dane/verify-chain.ts';
import { parseCertificate, sameCertificate } from '../pki/certificate.ts';
import type { PublishedTlsa, TlsaMatches } from './facts.ts';
import type { HandshakeFact } from './probed-facts.ts';

/** Own limit: paths that are searched for one host. Honest hosts have some chains and some records of usage 2. */
export const MAX_PATH_SEARCHES = 256;

export interface ShownToTlsa {
  readonly handshakes: readonly Pick<HandshakeFact, 'keyAlgorithm' | 'chain'>[];
  /** DER of a certificate of `chain`. */
  readonly derOf: (sha256: string) => Uint8Array;
  /** Null where no TLSA lookup was due; then there are no records. */
  readonly baseDomain: string | null;
  readonly at: Instant;
}

interface Matched {
  leaf: boolean;
  above: boolean;
  /** The limit ended the search for a path. */
  isPartlySeen: boolean;
  readonly keys: Set<string>;
}

export function tlsaMatches(
  published: readonly PublishedTlsa[],
  { handshakes, derOf, baseDomain, at }: ShownToTlsa,
): readonly TlsaMatches[] {
  if (handshakes.length === 0 || baseDomain === null) return published.map(() => unseen);
  const chains = new Map(handshakes.map((one) => [`${one.keyAlgorithm} ${one.chain.join()}`, one]));
  const records = published.map((fact) => ({ ...fact, data: fromHex(fact.data)! }));
  const matches = records.map(
    (): Matched => ({ leaf: false, above: false, isPartlySeen: false, keys: new Set() }),
  );
  let searches = 0;
  const leadsThere = (chain: readonly Uint8Array[], record: TlsaRecord) => {
    if (searches++ >= MAX_PATH_SEARCHES) return undefined;
    const verdict = verifyChain({ chain, records: [record], baseDomain, referenceNames: [], at });
    return verdict.ok || verdict.reason === 'ta-name-mismatch' || verdict.reason === 'ta-expired';
  };
  for (const { keyAlgorithm, chain } of chains.values()) {
    const ders = chain.slice(0, MAX_CHAIN_CERTIFICATES).map(derOf);
    const places = placesIn(ders);
    for (const [at, record] of records.entries()) {
      if (!isComparable(record)) continue;
      const isLeaf = places.leaf(record);
      const isSent = places.above.some((matches) => matches(record));
      const isAnchor = record.usage === CertificateUsage['DANE-TA'];
      const mayLead = isSent || (isAnchor && record.matchingType === MatchingType.Full);
      const match = matches[at]!;
      const led = isAnchor && mayLead ? leadsThere(ders, record) : isSent;
      if (led === undefined) match.isPartlySeen = true;
      const isAbove = led === true;
      match.leaf ||= isLeaf;
      match.above ||= isAbove;
      if ((isLeaf || isAbove) && keyAlgorithm !== '') match.keys.add(keyAlgorithm);
    }
  }
  return matches.map(({ leaf, above, isPartlySeen, keys }) =>
    isPartlySeen && !above
      ? unseen
      : { matchedLeaf: leaf, matchedAbove: above, matchedKeys: [...keys].sort() },
  );
}

const unseen: TlsaMatches = { matchedLeaf: null, matchedAbove: null, matchedKeys: null };

/** RFC 6698 §2.1.2, §2.1.3: what another selector or matching type chooses, nobody knows. */
function isComparable({ selector, matchingType }: TlsaRecord): boolean {
  return selector <= Selector.SPKI && matchingType <= MatchingType['SHA2-512'];
}

type Matcher = ReturnType<typeof matcherOf>;

function placesIn(ders: readonly Uint8Array[]): {
  readonly leaf: Matcher;
  readonly above: readonly Matcher[];
} {
  const [leaf, ...others] = ders.map(parseCertificate);
  return {
    leaf: leaf === undefined ? () => false : matcherOf(leaf),
    above: others
      .filter((other) => other !== undefined)
      .filter((other) => leaf === undefined || !sameCertificate(other, leaf))
      .map(matcherOf),
  };
}
