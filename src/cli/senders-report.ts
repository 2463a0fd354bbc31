/** What `check` prints of the senders: a line for each outcome, with those that come to it. Pure. */
import { reasonOf } from '../base/reasons/catalogue.ts';
import { senders } from '../dane/senders.ts';
import type { SendersVerdict, SenderVerdict } from '../survey/sender-verdicts.ts';

/** Senders with one outcome for one reason stand together, in the order in which the first of each comes. */
export function sendersLines({ senders: verdicts, hurtThoughUnsigned }: SendersVerdict): string[] {
  const groups = new Map<string, SenderVerdict[]>();
  for (const verdict of verdicts) {
    const key = `${verdict.outcome} ${verdict.possible.join()} ${verdict.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  const lines = ['  what senders do with its mail (*: as documented, not seen):'];
  for (const group of groups.values()) {
    const { outcome, possible, reason } = group[0]!;
    const either = possible.length > 1 ? ` (${possible.join(' or ')})` : '';
    const who = group.length === verdicts.length ? 'all of them' : group.map(nameOf).join(', ');
    lines.push(`    ${outcome}${either}: ${who}`);
    if (reason !== null) lines.push(`      because ${reasonOf(reason).says}`);
  }
  if (hurtThoughUnsigned === true) {
    lines.push('  TLSA records of its MX hosts hold up its mail, though it is not signed itself');
  }
  return lines;
}

function nameOf({ sender }: SenderVerdict): string {
  const { name, situations } = senders[sender];
  return situations['tlsa-usable'].evidence === 'seen' ? name : `${name}*`;
}
