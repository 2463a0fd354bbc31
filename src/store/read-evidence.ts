/** Reads evidence back: bundles and their keys, for whom it is complete, octets of certificates. */
import { zstdDecompressSync } from 'node:zlib';
import { toHex } from '../base/bytes.ts';
import type { Session } from './db.ts';

/** Rows of keys that are read at once. */
const KEYS_AT_ONCE = 500;
/** A TLS handshake message, and so a certificate in it, has at most 2^24 octets (RFC 8446 §4). */
const MAX_DER_OCTETS = 2 ** 24;

/** The keys of every bundle, in order of their numbers, a few hundred bundles at a time. */
export async function* bundleKeys(
  session: Session,
  census: number,
): AsyncGenerator<{ readonly bundle: number; readonly keys: Uint8Array }> {
  for (let last = -1; ; ) {
    const rows = await session.query<{ bundle: number; keys: Uint8Array }>(
      `SELECT bundle, keys FROM dane.evidence WHERE census_id = $1 AND bundle > $2 ORDER BY bundle LIMIT ${KEYS_AT_ONCE}`,
      [census, last],
    );
    yield* rows;
    if (rows.length < KEYS_AT_ONCE) return;
    last = rows.at(-1)!.bundle;
  }
}

/** Compressed. Throws where it is not there: whoever asks has its number from the same table. */
export async function readBundle(session: Session, census: number, bundle: number): Promise<Uint8Array> {
  const [row] = await session.query<{ octets: Uint8Array }>(
    'SELECT octets FROM dane.evidence WHERE census_id = $1 AND bundle = $2',
    [census, bundle],
  );
  if (row === undefined) throw new Error(`internal error: evidence bundle ${bundle} is gone`);
  return row.octets;
}

/** Of these names those that evidence is kept of by name, with whether it is complete. */
export async function evidenceOf(
  session: Session,
  census: number,
  subject: 'domain' | 'host',
  names: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await session.query<{ name: string; complete: boolean }>(
    `SELECT name, complete FROM dane.evidence_subject
      WHERE census_id = $1 AND subject = $2 AND name IN (SELECT jsonb_array_elements_text($3::text::jsonb))`,
    [census, subject, JSON.stringify(names)],
  );
  return new Map(rows.map(({ name, complete }) => [name, complete]));
}

/** DER by SHA-256 (hexadecimal), of those that were kept. */
export async function readDers(
  session: Session,
  sha256s: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const rows = await session.query<{ sha256: Uint8Array; encoding: string; octets: Uint8Array }>(
    `SELECT sha256, encoding, octets FROM dane.certificate_der
      WHERE sha256 IN (SELECT decode(jsonb_array_elements_text($1::text::jsonb), 'hex'))`,
    [JSON.stringify([...new Set(sha256s)])],
  );
  return new Map(
    rows.map(({ sha256, encoding, octets }) => [
      toHex(sha256),
      encoding === 'zstd' ? zstdDecompressSync(octets, { maxOutputLength: MAX_DER_OCTETS }) : octets,
    ]),
  );
}
