/** The advice that a domain does not follow, as `check` prints it. Pure. */
import { reasonOf } from '../base/reasons/catalogue.ts';
import type { Advice } from '../survey/advice.ts';
import { safe } from './terminal-text.ts';

/** Nothing where all advice is followed. */
export function adviceLines(advice: readonly Advice[]): readonly string[] {
  if (advice.length === 0) return [];
  const lines = ['', '  advice that is not followed:'];
  for (const { key, host, detail } of advice) {
    const { says, hint, source } = reasonOf(key);
    const about = host === null ? '' : `${host}: `;
    lines.push(`    ${about}${says}${detail === '' ? '' : ` [${safe(detail)}]`} (${source})`);
    if (hint !== '') lines.push(`      ${hint}`);
  }
  return lines;
}

/** Key and sentences, for machines. */
export function adviceJson(advice: readonly Advice[]): readonly object[] {
  return advice.map(({ key, host, detail }) => {
    const { says, hint, source } = reasonOf(key);
    return { key, host, detail, says, hint, source };
  });
}
