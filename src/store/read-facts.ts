/** What facts of domains and hosts have in common, read back from rows. */
import { toHex } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SecurityStatus } from '../base/security.ts';
import type { Finding, LookupFact } from '../survey/facts.ts';
import type { ServerAnswerFact } from '../survey/name-server-facts.ts';
import type { Session } from './db.ts';

export function instantOf(at: Date): Instant {
  return Math.floor(at.getTime() / 1000);
}

export function hexOf(octets: Uint8Array | null): string {
  return octets === null ? '' : toHex(octets);
}

export function groupedBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The lookup whose columns begin with `prefix`. */
export function lookupFrom(row: object, prefix: string): LookupFact {
  const cells = row as Record<string, unknown>;
  return {
    outcome: cells[`${prefix}_outcome`] as LookupFact['outcome'],
    status: cells[`${prefix}_status`] as SecurityStatus,
    reason: cells[`${prefix}_reason`] as ReasonKey | null,
    rcode: cells[`${prefix}_rcode`] as string,
    ttl: cells[`${prefix}_ttl`] as number | null,
  };
}

type Subject = 'domain' | 'host';

/** By name. */
export async function findingsOf(
  session: Session,
  census: number,
  subject: Subject,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const rows = await session.query<{ name: string; key: ReasonKey; detail: string }>(
    `SELECT name, finding AS key, detail FROM dane.finding
      WHERE census_id = $1 AND subject = $2 AND name IN (SELECT jsonb_array_elements_text($3::text::jsonb))
      ORDER BY name, number`,
    [census, subject, JSON.stringify(names)],
  );
  return new Map(
    [...groupedBy(rows, ({ name }) => name)].map(([name, group]) => [
      name,
      group.map(({ key, detail }) => ({ key, detail })),
    ]),
  );
}

/** By name. */
export async function serverAnswersOf(
  session: Session,
  census: number,
  subject: Subject,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly ServerAnswerFact[]>> {
  const rows = await session.query<{ of: string; fact: ServerAnswerFact }>(
    `SELECT name AS of, json_build_object('server', server, 'address', address, 'name', asked, 'rcode', rcode,
              'answer', answer, 'status', status, 'reason', reason, 'serial', serial, 'faults', faults) AS fact
       FROM dane.server_answer
      WHERE census_id = $1 AND subject = $2 AND name IN (SELECT jsonb_array_elements_text($3::text::jsonb))
      ORDER BY name, number`,
    [census, subject, JSON.stringify(names)],
  );
  return new Map(
    [...groupedBy(rows, ({ of }) => of)].map(([name, group]) => [name, group.map(({ fact }) => fact)]),
  );
}
