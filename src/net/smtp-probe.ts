/**
 * Looks at one endpoint of an MX host: how far SMTP and STARTTLS come, which certificate chains are shown, and which TLS versions
 * there are (RFC 3207, RFC 7672).
 *
 * Connections, one after the other:
 * 1. the server's free choice of version and certificate: what is negotiated is the highest that both sides have;
 * 2. where TLS failed by its protocol, the same with a legacy profile, so that old servers are reached and marked;
 * 3. where asked, for each key algorithm not seen yet (RSA, ECDSA), one that accepts only this;
 * 4. where asked, for each of TLS 1.2 and 1.3 that the others left open, one that offers only this, and one without SNI.
 * A question has its connection to itself: a server can have its second certificate for TLS 1.3 alone, so that a connection
 * restricted in key and version together would fail without telling why.
 * A later connection never takes back what an earlier one saw. No judgement of certificates, no retries later.
 */
import type { Clock } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { ProbedHandshake, ProbeEndpoint, ProbeResult } from '../survey/probe-port.ts';
import type { SecondKey } from '../survey/probed-facts.ts';
import type { Dial } from './dial.ts';
import { notReached, type SessionOutcome, smtpSession } from './smtp-session.ts';
import { defaultSmtpTimeouts, type SmtpTimeouts } from './smtp-timeouts.ts';
import { keyFamilyOf } from './tls-chain.ts';
import { sniOf } from './tls-handshake.ts';
import {
  createTlsProfiles,
  keyFamilies,
  type OneVersion,
  type TlsEra,
  type TlsProfile,
  versionsOffered,
} from './tls-profiles.ts';
import { hasVersion, type VersionLook } from './tls-versions.ts';
import { nothingWithoutSni, shownWithoutSni } from './without-sni.ts';

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

type Connect = (profile: TlsProfile | OneVersion, serverName?: string) => Promise<SessionOutcome>;

export function createSmtpProbe(options: SmtpProbeOptions): ProbeEndpoint {
  const { dialer, ehloName, clock, smtpPort = SMTP_PORT } = options;
  const timeouts = { ...defaultSmtpTimeouts, ...options.timeouts };
  const profiles = createTlsProfiles();

  return async ({ address, serverName, bothKeyAlgorithms, everyTlsQuestion }, signal) => {
    signal?.throwIfAborted();
    const seenAt = clock();
    const endsAt = performance.now() + timeouts.total;
    const target = dialer(address, smtpPort);
    if ('refused' in target) return told(notReached('theirs', 'address-not-dialled'), [], seenAt);
    const connect: Connect = (profile, name = serverName) =>
      smtpSession({
        target,
        serverName: name,
        ehloName,
        context: profiles(profile),
        timeouts,
        endsAt,
        signal,
      });

    let era: TlsEra = 'modern';
    let first = await connect({ era, onlyKey: null });
    const looks = [lookOf({ era, onlyKey: null }, first)];
    if (first.failedTls?.worthLegacy === true) {
      const again = await connect({ era: 'legacy', onlyKey: null });
      looks.push(lookOf({ era: 'legacy', onlyKey: null }, again));
      if (again.handshake !== null) {
        first = again;
        era = 'legacy';
      }
    }
    if (first.handshake === null) return told(first, looks, seenAt);
    const keys = bothKeyAlgorithms ? await otherKeys(first.handshake, era, connect) : onlyFirst;
    // What a server makes of a restricted offer says nothing about versions, but for the one that it took.
    for (const { protocol } of keys.handshakes) looks.push({ offers: [], protocol, refusesVersion: false });
    if (everyTlsQuestion) {
      for (const onlyVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        if (hasVersion(onlyVersion, looks) !== null) continue;
        looks.push(lookOf({ onlyVersion }, await connect({ onlyVersion })));
      }
    }
    const handshakes = [first.handshake, ...keys.handshakes];
    const asksWithoutSni = everyTlsQuestion && sniOf(serverName) !== '';
    const without = asksWithoutSni
      ? shownWithoutSni(handshakes, await connect({ era, onlyKey: null }, ''))
      : nothingWithoutSni;
    return { ...told(first, looks, seenAt), handshakes, secondKey: keys.secondKey, ...without };
  };
}

/** The result where there is nothing beyond the first handshake. */
function told(
  { failedTls: _, handshake, ...outcome }: SessionOutcome,
  looks: readonly VersionLook[],
  seenAt: number,
): ProbeResult {
  return {
    ...outcome,
    handshakes: handshake === null ? [] : [handshake],
    secondKey: 'not-asked',
    tls12: hasVersion('TLSv1.2', looks),
    tls13: hasVersion('TLSv1.3', looks),
    ...nothingWithoutSni,
    seenAt,
  };
}

function lookOf(profile: TlsProfile | OneVersion, { handshake, failedTls }: SessionOutcome): VersionLook {
  return {
    offers: versionsOffered(profile),
    protocol: handshake?.protocol ?? null,
    refusesVersion: failedTls?.refusesVersion === true,
  };
}

interface OtherKeys {
  readonly handshakes: readonly ProbedHandshake[];
  readonly secondKey: SecondKey;
}

const onlyFirst: OtherKeys = { handshakes: [], secondKey: 'not-asked' };

async function otherKeys(
  { protocol, chain }: ProbedHandshake,
  era: TlsEra,
  connect: Connect,
): Promise<OtherKeys> {
  // TLS 1.1 and below have no signature_algorithms extension (RFC 5246 §7.4.1.4.1).
  if (/^TLSv1(\.1)?$/.test(protocol)) return onlyFirst;
  const handshakes: ProbedHandshake[] = [];
  let secondKey: SecondKey = 'not-offered';
  for (const onlyKey of keyFamilies) {
    if (onlyKey === keyFamilyOf(chain)) continue;
    const other = await connect({ era, onlyKey });
    // A server may choose a cipher without signature, and with it the certificate that was not asked for.
    if (other.handshake !== null && keyFamilyOf(other.handshake.chain) === onlyKey) {
      handshakes.push(other.handshake);
      secondKey = 'seen';
    } else if (secondKey !== 'seen' && !saysNotOffered(other)) secondKey = 'not-looked';
  }
  return { handshakes, secondKey };
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
