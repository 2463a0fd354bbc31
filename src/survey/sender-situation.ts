/** What a sender's lookups tell it of an MX host, and what its rules then have it do (RFC 7672 §2.2, §2.2.1, §2.2.2). Pure. */
import { never } from '../base/never.ts';
import type { HostSituation, SenderAction, SenderRules } from '../dane/sender-rules.ts';
import type { HostForSenders } from './host-for-senders.ts';

/** Several where it is not documented which. */
export function actionsOf(
  rules: SenderRules,
  situation: HostSituation,
  mxIsSecure: boolean,
): readonly SenderAction[] {
  const secure = rules.situations[situation].does;
  const { insecureMx } = rules;
  if (mxIsSecure || insecureMx === 'as-secure') return secure;
  if (insecureMx !== 'undocumented') return insecureMx.does;
  return [...new Set([...secure, ...rules.situations['tlsa-absent'].does])];
}

/** RFC 7672 §2.2, with what the sender takes for usable and where it looks; several where it is not documented. */
export function situationsOf(rules: SenderRules, host: HostForSenders): readonly HostSituation[] {
  const { tlsaBase, aliases, a, aaaa } = host;
  const atAliasName = aliases.length > 0 && tlsaBase !== null && tlsaBase !== aliases.at(-1);
  if (!atAliasName || rules.triesAliasName === true) return [situationAtBase(rules, host)];
  const isSecure = [a, aaaa].every(({ outcome, status }) => outcome !== 'data' || status === 'secure');
  const unseen = isSecure ? 'tlsa-absent' : 'address-insecure';
  return rules.triesAliasName === false ? [unseen] : [situationAtBase(rules, host), unseen];
}

function situationAtBase(rules: SenderRules, host: HostForSenders): HostSituation {
  const { tlsaOutcome, tlsaReason, tlsaRecords } = host;
  switch (tlsaOutcome) {
    case 'usable':
      return 'tlsa-usable';
    case 'unusable': {
      const unreadable = tlsaRecords.some(({ reason }) => reason === 'data-unparsable');
      return unreadable && rules.unreadableIsMismatch ? 'tlsa-usable' : 'tlsa-unusable';
    }
    case 'lookup-failed':
      return 'tlsa-lookup-failed';
    case 'none':
      if (tlsaReason === 'address-insecure' || tlsaReason === 'tlsa-insecure') return tlsaReason;
      return 'tlsa-absent';
    default:
      return never(tlsaOutcome);
  }
}

/** What the sender could do at a host of which nothing is known. */
export function allActions(rules: SenderRules, mxIsSecure: boolean): readonly SenderAction[] {
  const situations = Object.keys(rules.situations) as HostSituation[];
  return [...new Set(situations.flatMap((situation) => actionsOf(rules, situation, mxIsSecure)))];
}
