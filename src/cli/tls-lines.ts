/** What `check` prints of the TLS of an endpoint: handshakes, versions, keys, and what is shown without SNI. Pure. */
import { never } from '../base/never.ts';
import type { EndpointFacts } from '../survey/probed-facts.ts';

/** Each begins with `indent`; none where the endpoint did not come to TLS. */
export function tlsLines(indent: string, endpoint: EndpointFacts): readonly string[] {
  const { handshakes, secondKey, tls12, tls13 } = endpoint;
  if (handshakes.length === 0) return [];
  const lines = handshakes.map(({ protocol, cipher, keyAlgorithm, keyBits, chain }) => {
    const key = `${keyAlgorithm}${keyBits === null ? '' : ` ${keyBits} bits`}`;
    return `${protocol} ${cipher}, key ${key}, ${chain.length} certificates sent`;
  });
  lines.push(`TLS 1.2: ${offered(tls12)}; TLS 1.3: ${offered(tls13)}`);
  if (secondKey === 'not-looked') {
    lines.push('could not look whether there is a certificate of another key algorithm');
  }
  lines.push(...withoutSni(endpoint));
  return lines.map((line) => `${indent}${line}`);
}

function offered(there: boolean | null): string {
  if (there === null) return 'could not look';
  return there ? 'yes' : 'no';
}

function withoutSni({ withoutSni: shown, matchedWithoutSni }: EndpointFacts): readonly string[] {
  const match =
    matchedWithoutSni === null
      ? ''
      : matchedWithoutSni
        ? ', which a TLSA record matches'
        : ', which no TLSA record matches';
  switch (shown) {
    case null:
      return [];
    case 'same-chain':
      return ['without SNI: the same certificates'];
    case 'same-key':
      return [`without SNI: other certificates with the same key${match}`];
    case 'other-key':
      return [`without SNI: a certificate of another key${match}`];
    case 'refused':
      return ['without SNI: TLS fails'];
    default:
      return never(shown);
  }
}
