/** What a server shows to a client that names no host (RFC 6066 §3), held against what it shows with SNI (RFC 7672 §8.1). Pure. */
import { X509Certificate } from 'node:crypto';
import type { ProbedHandshake, ProbeResult } from '../survey/probe-port.ts';
import type { SessionOutcome } from './smtp-session.ts';

type WithoutSni = Pick<ProbeResult, 'withoutSni' | 'chainWithoutSni'>;

/** Where nobody looked, or could. */
export const nothingWithoutSni: WithoutSni = { withoutSni: null, chainWithoutSni: null };

/**
 * `named` are the handshakes with SNI, one per key algorithm: which of its keys a server shows is its own choice each time.
 * `unnamed` is a connection that differs from the first of them only in having no SNI. A reset, a spent deadline or a refusal
 * before TLS can have other causes: then nothing is known.
 */
export function shownWithoutSni(named: readonly ProbedHandshake[], unnamed: SessionOutcome): WithoutSni {
  const chain = unnamed.handshake?.chain;
  if (chain === undefined) {
    const { because } = unnamed;
    const isRefused = because === 'tls-no-shared-parameters' || because === 'tls-handshake-failed';
    return { withoutSni: isRefused ? 'refused' : null, chainWithoutSni: null };
  }
  if (named.some((handshake) => areSame(handshake.chain, chain))) {
    return { withoutSni: 'same-chain', chainWithoutSni: chain };
  }
  const hasSameKey = named.some((handshake) => haveSameKey(handshake.chain[0], chain[0]));
  return { withoutSni: hasSameKey ? 'same-key' : 'other-key', chainWithoutSni: chain };
}

function areSame(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return one.length === other.length && one.every((der, at) => Buffer.compare(der, other[at]!) === 0);
}

/** Leaves that cannot be read have no key in common. */
function haveSameKey(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  try {
    return new X509Certificate(one).publicKey.equals(new X509Certificate(other).publicKey);
  } catch {
    return false;
  }
}
