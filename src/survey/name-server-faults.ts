/**
 * What is wrong with each address of a zone's name servers, once all of them were heard: what a server does by itself, and what it
 * does otherwise than the others. Pure.
 *
 * A fault is told only of a server that could be asked. A server that answers with its own older data is `stale`; where serials
 * tell nothing, the answer that prevails decides (`prevailing-answer.ts`). Unsigned and bogus need a server that does better:
 * where none does it is the zone's fault, and the lookup says so.
 */
import { isOlderSerial } from '../dns/serial.ts';
import { isOfUse, type ServerHeard } from './ask-name-server.ts';
import type { NameServerFault } from './name-server-facts.ts';
import { type ServerAnswerSummary, showsSignatures } from './server-answer.ts';

export interface HeardWithAnswer {
  readonly heard: ServerHeard;
  readonly answer: ServerAnswerSummary;
  readonly serial: number | undefined;
}

/** For each, in the same order: keys by the alphabet. `prevailing` is undefined where no secure answer leads. */
export function faultsOf(
  servers: readonly HeardWithAnswer[],
  prevailing: ServerAnswerSummary | undefined,
): NameServerFault[][] {
  const serials = servers.map(({ serial }) => serial).filter((serial) => serial !== undefined);
  const isStale = (serial: number | undefined) =>
    serial !== undefined && serials.some((other) => isOlderSerial(serial, other));
  /** Servers that show the answer which prevails may be the stale ones. */
  const isNewer = (serial: number | undefined, { key }: ServerAnswerSummary) =>
    serial !== undefined &&
    servers.some(
      (other) =>
        other.answer.key === key && other.serial !== undefined && isOlderSerial(other.serial, serial),
    );
  const someIsSecure = servers.some(({ heard }) => heard.security?.status === 'secure');
  return servers.map(({ heard, answer, serial }) => {
    const faults = new Set<NameServerFault>(ofItself(heard));
    if (isStale(serial)) faults.add('name-server-stale');
    if (someIsSecure && heard.security !== undefined) {
      const worse = worseThanOthers(heard);
      if (worse !== undefined) faults.add(worse);
      const isSecure = heard.security.status === 'secure';
      const differs = prevailing !== undefined && answer.key !== prevailing.key;
      if (isSecure && differs && !isNewer(serial, prevailing)) faults.add('name-server-stale');
    }
    return [...faults].sort();
  });
}

/** Whatever the others do. */
function ofItself(heard: ServerHeard): NameServerFault[] {
  const { said, soa, keepsCase, dropsEdns } = heard;
  const faults: NameServerFault[] = [];
  if (said.kind === 'not-asked' || soa?.kind === 'not-asked') return faults;
  if (keepsCase === false) faults.push('name-server-mangles-case');
  if (dropsEdns) faults.push('name-server-drops-edns');
  if (isOfUse(said)) {
    // RFC 9499 §7: a server that hands on what it has from elsewhere has no authority for the zone.
    if (!said.message.authoritative) faults.push('name-server-lame');
    return faults;
  }
  // It hands the name on to a zone below: more than the others know, perhaps, but no fault.
  if (said.kind === 'reply' && said.reply.kind === 'referral') return faults;
  if (said.kind === 'nothing' && said.because === 'tcp-failed') return [...faults, 'name-server-no-tcp'];
  if (isOfUse(soa) && soa.message.authoritative) return [...faults, 'name-server-drops-type'];
  const isMute = said.kind === 'nothing' && soa?.kind === 'nothing';
  return [...faults, isMute ? 'name-server-silent' : 'name-server-lame'];
}

function worseThanOthers({ said, security }: ServerHeard): NameServerFault | undefined {
  if (security?.status !== 'bogus' || said.kind !== 'reply') return undefined;
  return showsSignatures(said.message) ? 'name-server-bogus' : 'name-server-unsigned';
}
