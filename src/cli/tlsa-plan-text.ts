/** A roll-over plan in words and as JSON. Pure. */
import { formatInstant, type Instant } from '../base/instant.ts';
import { never } from '../base/never.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import type { PlannedRecord, RolloverAction, RolloverPlan, RolloverScheme } from '../dane/rollover-plan.ts';
import { formatTlsa, formatTlsaLine } from '../dane/tlsa-text.ts';

export interface Warning {
  /** The TTL, the number of keys, or the chain that the issuer's record would not authenticate. */
  readonly about: 'ttl' | 'keys' | 'current' | 'next';
  readonly key: ReasonKey;
}

export interface ToldPlan {
  readonly owner: string;
  /** In seconds. */
  readonly ttl: number;
  readonly start: Instant;
  readonly plans: readonly RolloverPlan[];
  readonly warnings: readonly Warning[];
}

export function planText({ owner, ttl, plans, warnings }: ToldPlan): string {
  const lines = [
    `Change of keys for ${owner} with a TTL of ${ttl} seconds: two TTLs are ${2 * ttl} seconds.`,
    'Each instant is the earliest; a step done later moves those behind it.',
  ];
  for (const warning of warnings) lines.push(...warningLines(warning));
  for (const { scheme, steps } of plans) {
    lines.push('', schemeTitle(scheme));
    for (const [i, { action, notBefore, records }] of steps.entries()) {
      lines.push(`  ${i + 1}. from ${formatInstant(notBefore)}: ${actionSentence(action, scheme)}`);
      if (action === 'publish' || action === 'replace') {
        for (const record of records) lines.push(`       ${recordLine(owner, record)}`);
      }
    }
  }
  for (const missing of missingSchemes(plans)) lines.push('', missing);
  return `${lines.join('\n')}\n`;
}

export function planJson({ owner, ttl, start, plans, warnings }: ToldPlan): object {
  return {
    owner,
    ttl,
    start: formatInstant(start),
    plans: plans.map(({ scheme, steps }) => ({
      scheme,
      steps: steps.map(({ action, notBefore, records }, i) => ({
        step: i + 1,
        action,
        notBefore: formatInstant(notBefore),
        says: actionSentence(action, scheme),
        records: records.map(({ of, record }) => ({
          of,
          rr: record === null ? null : formatTlsa(record),
          line: record === null ? null : formatTlsaLine(owner, record),
        })),
      })),
    })),
    warnings: warnings.map(({ about, key }) => ({
      about,
      key,
      says: reasonOf(key).says,
      hint: reasonOf(key).hint,
    })),
  };
}

function warningLines({ about, key }: Warning): string[] {
  const { says, hint } = reasonOf(key);
  const isChain = about === 'current' || about === 'next';
  const chain = !isChain ? '' : `the record of the issuer does not carry the ${about} chain: `;
  return [`Beware: ${chain}${says}`, ...(hint === '' ? [] : [`  hint: ${hint}`])];
}

function schemeTitle(scheme: RolloverScheme): string {
  switch (scheme) {
    case 'current-next':
      return 'Current + next: the next key is pinned before it is used';
    case 'current-issuer':
      return 'Current + issuer: the next certificate comes from the CA that is pinned';
    default:
      return never(scheme);
  }
}

function actionSentence(action: RolloverAction, scheme: RolloverScheme): string {
  const isNext = scheme === 'current-next';
  switch (action) {
    case 'publish':
      return 'publish these records; two TTLs begin when every name server of the zone, asked directly, shows them';
    case 'deploy':
      return isNext
        ? 'ask every name server again, then deploy the next key and its certificate at every address'
        : 'ask every name server again, then deploy a new key and a certificate of the same CA that names the host, with its whole chain';
    case 'replace':
      return isNext
        ? 'test every IPv4 and IPv6 address with each key algorithm; make the key after next; publish these records'
        : 'test every IPv4 and IPv6 address with each key algorithm; publish these records';
    case 'again':
      return isNext
        ? 'the next change can be made: deploy the key after next'
        : 'the next change can be made; a new CA comes first as a record, two TTLs before its certificate';
    default:
      return never(action);
  }
}

function recordLine(owner: string, { of, record }: PlannedRecord): string {
  const line =
    record === null ? `${owner} IN TLSA 3 1 1 (made by: tlsa generate)` : formatTlsaLine(owner, record);
  return `${line} ; ${partOf(of)}`;
}

function partOf(of: PlannedRecord['of']): string {
  switch (of) {
    case 'current':
      return 'the key in use';
    case 'next':
      return 'the next key';
    case 'after-next':
      return 'the key after next';
    case 'issuer':
      return 'the issuing CA';
    default:
      return never(of);
  }
}

function missingSchemes(plans: readonly RolloverPlan[]): string[] {
  const has = (scheme: RolloverScheme) => plans.some((plan) => plan.scheme === scheme);
  const missing: string[] = [];
  if (!has('current-next')) missing.push('For current + next, make the next key and give it with --next.');
  if (!has('current-issuer')) {
    missing.push('For current + issuer, give the whole chain with --current, or the CA with --issuer.');
  }
  return missing;
}
