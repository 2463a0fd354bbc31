/**
 * Keys of CAs that TLSA records of usage 2 name: the seed of this program (`sql/issuer-keys.csv`), and those of the user, which
 * stand before the seed and stay when that is loaded anew.
 *
 * The form: lines of `spki_sha256,family,name,state,retired_on,source`. The first is the header, `#` begins a comment, the last
 * field may hold commas, none is quoted.
 */
import { UsageError } from '../base/usage-error.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';

export interface IssuerKey {
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: what a TLSA record 2 1 1 holds. */
  readonly spki: string;
  /** Keys of one family can stand in for each other. */
  readonly family: string;
  readonly name: string;
  readonly state: 'current' | 'retired';
  /** As 2026-05-13; null where it is current, or where the day is not known. */
  readonly retiredOn: string | null;
  readonly source: string;
}

export interface ListedIssuerKey extends IssuerKey {
  readonly byUser: boolean;
}

const HEADER = 'spki_sha256,family,name,state,retired_on,source';
const FIELDS = HEADER.split(',');

/** Throws UsageError, with the line, for anything that is not of the form. */
export function parseIssuerKeys(text: string, file: string): IssuerKey[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, at) => ({ line: line.trim(), where: `${file}, line ${at + 1}` }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
  const [header, ...rows] = lines;
  if (header?.line !== HEADER) throw new UsageError(header?.where ?? file, header?.line ?? '', HEADER);
  return rows.map(({ line, where }) => parseRow(line, where));
}

function parseRow(line: string, where: string): IssuerKey {
  const [spki = '', family = '', name = '', state = '', retiredOn = '', ...source] = line.split(',');
  const refuse = (field: string, expected: string) => new UsageError(where, field, expected);
  if (source.length === 0) throw refuse(line, `${FIELDS.length} fields: ${HEADER}`);
  if (!/^[0-9a-f]{64}$/i.test(spki)) throw refuse(spki, '64 hexadecimal digits');
  if (family === '' || name === '') throw refuse(line, 'a family and a name');
  if (state !== 'current' && state !== 'retired') throw refuse(state, 'current or retired');
  if (retiredOn !== '' && !isDay(retiredOn)) throw refuse(retiredOn, 'a day such as 2026-05-13, or nothing');
  if (retiredOn !== '' && state === 'current') throw refuse(line, 'no day of retirement of a current key');
  const retired = retiredOn === '' ? null : retiredOn;
  return { spki: spki.toLowerCase(), family, name, state, retiredOn: retired, source: source.join(',') };
}

/** A day that there is: 2026-02-30 is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const keyColumns = columns(
  'spki_sha256 bytea, family text, name text, state text, retired_on date, source text',
);

/** Replaces what an earlier seed left; a key that the user has given stays as the user has it. */
export async function loadIssuerSeed(session: Session, text: string): Promise<void> {
  const keys = parseIssuerKeys(text, 'sql/issuer-keys.csv');
  await session.exec('DELETE FROM dane.issuer_key WHERE NOT by_user');
  await session.bulk(
    'dane.issuer_key',
    keyColumns,
    keys.map(({ spki, family, name, state, retiredOn, source }) => [
      spki,
      family,
      name,
      state,
      retiredOn,
      source,
    ]),
  );
}

/** The user's keys, each in place of what is known of it. */
export async function putIssuerKeys(session: Session, keys: readonly IssuerKey[]): Promise<void> {
  for (const { spki, family, name, state, retiredOn, source } of keys) {
    await session.query(
      `INSERT INTO dane.issuer_key (spki_sha256, family, name, state, retired_on, source, by_user)
       VALUES (decode($1, 'hex'), $2, $3, $4, $5::text::date, $6, true)
       ON CONFLICT (spki_sha256) DO UPDATE
         SET family = excluded.family, name = excluded.name, state = excluded.state,
             retired_on = excluded.retired_on, source = excluded.source, by_user = true`,
      [spki, family, name, state, retiredOn, source],
    );
  }
}

/** By family, the current ones first, then by name. */
export function listIssuerKeys(session: Session): Promise<ListedIssuerKey[]> {
  return session.query<ListedIssuerKey>(
    `SELECT encode(spki_sha256, 'hex') AS spki, family, name, state, retired_on::text AS "retiredOn", source, by_user AS "byUser"
       FROM dane.issuer_key ORDER BY family COLLATE "C", state, name COLLATE "C", spki_sha256`,
  );
}
