/** Findings of domains and of hosts become rows of one table. */
import type { Finding } from '../survey/facts.ts';
import { columns } from './bulk.ts';

/** Details are text from the network; more than this helps nobody. */
const LONGEST_DETAIL = 1000;

export const findingColumns = columns(
  'census_id int, subject text, name text, number smallint, finding text, detail text',
);

export function findingRows(
  census: number,
  subject: 'domain' | 'host',
  name: string,
  findings: readonly Finding[],
): readonly (readonly unknown[])[] {
  return findings.map(({ key, detail }, number) => [
    census,
    subject,
    name,
    number,
    key,
    detail.slice(0, LONGEST_DETAIL),
  ]);
}
