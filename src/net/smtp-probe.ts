/**
 * Looks at one endpoint of an MX host: how far SMTP and STARTTLS come, and which certificate chains are shown (RFC 3207, RFC 7672).
 *
 * Connections, one after the other, at most four:
 * 1. the server's free choice of certificate;
 * 2. where TLS failed by its protocol, the same with a legacy profile, so that old servers are reached and marked;
 * 3. where asked, for each key algorithm not seen yet (RSA, ECDSA), one that accepts only this.
 * A later connection never takes back what an earlier one saw. No judgement of certificates, no retries later.
 */
import type { Clock } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SecondKey } from '../survey/facts.ts';
import type { ProbedHandshake, ProbeEndpoint } from '../survey/probe-port.ts';
import type { Dial } from './dial.ts';
import { notReached, type SessionOutcome, smtpSession } from './smtp-session.ts';
import { defaultSmtpTimeouts, type SmtpTimeouts } from './smtp-timeouts.ts';
import { keyFamilyOf } from './tls-chain.ts';
import { createTlsProfiles, keyFamilies, type TlsProfile } from './tls-profiles.ts';

/** RFC 5321 §4.5.4.2. */
export const SMTP_PORT = 25;

export interface SmtpProbeOptions {
  readonly dialer: Dial;
  /** What EHLO says: a host name that resolves to this machine, or an address literal. */
  readonly ehloName: string;
  readonly smtpPort?: number | undefined;
  readonly timeouts?: Partial<SmtpTimeouts> | undefined;
  readonly clock: Clock;
}

export function createSmtpProbe(options: SmtpProbeOptions): ProbeEndpoint {
  const { dialer, ehloName, clock, smtpPort = SMTP_PORT } = options;
  const timeouts = { ...defaultSmtpTimeouts, ...options.timeouts };
  const profiles = createTlsProfiles();

  return async ({ address, serverName, bothKeyAlgorithms }, signal) => {
    signal?.throwIfAborted();
    const seenAt = clock();
    const endsAt = performance.now() + timeouts.total;
    const target = dialer(address, smtpPort);
    if ('refused' in target) {
      return told(notReached('theirs', 'address-not-dialled'), [], 'not-asked');
    }
    const session = (profile: TlsProfile) =>
      smtpSession({ target, serverName, ehloName, context: profiles(profile), timeouts, endsAt, signal });

    let era: TlsProfile['era'] = 'modern';
    let first = await session({ era, onlyKey: null });
    if (first.worthLegacy) {
      const again = await session({ era: 'legacy', onlyKey: null });
      if (again.handshake !== null) {
        first = again;
        era = 'legacy';
      }
    }
    if (first.handshake === null) return told(first, [], 'not-asked');
    const handshakes = [first.handshake];
    // TLS 1.1 and below have no signature_algorithms extension (RFC 5246 §7.4.1.4.1).
    if (!bothKeyAlgorithms || /^TLSv1(\.1)?$/.test(first.handshake.protocol))
      return told(first, handshakes, 'not-asked');
    let secondKey: SecondKey = 'not-offered';
    for (const onlyKey of keyFamilies) {
      if (onlyKey === keyFamilyOf(first.handshake.chain)) continue;
      const other = await session({ era, onlyKey });
      // A server may choose a cipher without signature, and with it the certificate that was not asked for.
      if (other.handshake !== null && keyFamilyOf(other.handshake.chain) === onlyKey) {
        handshakes.push(other.handshake);
        secondKey = 'seen';
      } else if (secondKey !== 'seen' && !saysNotOffered(other)) secondKey = 'not-looked';
    }
    return told(first, handshakes, secondKey);

    function told(
      { worthLegacy: _, handshake: __, ...outcome }: SessionOutcome,
      seen: readonly ProbedHandshake[],
      second: SecondKey,
    ) {
      return { ...outcome, handshakes: seen, secondKey: second, seenAt };
    }
  };
}

/** Whether the end of a restricted connection means that there is no such certificate, and not only that nobody could look. */
function saysNotOffered({ reached, because, handshake }: SessionOutcome): boolean {
  if (handshake !== null) return true;
  if (reached !== 'starttls') return false;
  const answers: readonly (ReasonKey | null)[] = [
    'tls-handshake-failed',
    'tls-no-shared-parameters',
    'connection-reset',
  ];
  return answers.includes(because);
}
