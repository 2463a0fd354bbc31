/** What is a finding of an MX host beside its verdict, by the TLS of its endpoints. Pure: one finding per key, with the addresses. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Finding } from './facts.ts';
import type { EndpointFacts, HandshakeFact } from './probed-facts.ts';

/** RFC 9325 §4.5: the least sizes of a server's key, in bits. */
const LEAST_RSA_BITS = 2048;
const LEAST_EC_BITS = 224;

export function endpointFindings(endpoints: readonly EndpointFacts[]): readonly Finding[] {
  return [
    ...finding(
      'tls-version-old',
      endpoints.filter(isOld).map(({ address }) => address),
    ),
    ...finding('tls-key-small', endpoints.flatMap(smallKeys)),
    ...finding(
      'tlsa-match-needs-sni',
      endpoints.filter(matchNeedsSni).map(({ address }) => address),
    ),
    ...finding(
      'tlsa-match-without-sni-only',
      endpoints.filter(matchesUnnamed).map(({ address }) => address),
    ),
  ];
}

function finding(key: ReasonKey, details: readonly string[]): readonly Finding[] {
  return details.length === 0 ? [] : [{ key, detail: details.join(', ') }];
}

/** The first handshake takes the highest version that both sides have. */
function isOld({ handshakes }: EndpointFacts): boolean {
  return /^TLSv1(\.1)?$/.test(handshakes[0]?.protocol ?? '');
}

function smallKeys({ address, handshakes }: EndpointFacts): readonly string[] {
  return handshakes.filter(isSmall).map((shown) => `${address} ${shown.keyAlgorithm} ${shown.keyBits}`);
}

function isSmall({ keyAlgorithm, keyBits }: HandshakeFact): boolean {
  if (keyBits === null) return false;
  if (keyAlgorithm.startsWith('rsa')) return keyBits < LEAST_RSA_BITS;
  return keyAlgorithm === 'ec' && keyBits < LEAST_EC_BITS;
}

/** A record matches with SNI, and without it either another chain is shown, which none matches, or none. */
function matchNeedsSni({ matched, matchedWithoutSni, withoutSni }: EndpointFacts): boolean {
  if (matched === null || withoutSni === 'same-chain') return false;
  return withoutSni === 'refused' || matchedWithoutSni === false;
}

function matchesUnnamed({ verdict, matchedWithoutSni }: EndpointFacts): boolean {
  return verdict === 'failed' && matchedWithoutSni === true;
}
