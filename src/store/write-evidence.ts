/** Writes the evidence of a slice, in the transaction of its rows, and takes back what verdicts do not call for. */
import { zstdCompressSync } from 'node:zlib';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';

/** As `evidence/evidence-slice.ts` has it. */
export interface EvidenceToWrite {
  readonly bundle: BundleToWrite | undefined;
  readonly provisional: BundleToWrite | undefined;
  readonly subjects: readonly {
    readonly subject: 'domain' | 'host';
    readonly name: string;
    readonly complete: boolean;
    readonly provisional: boolean;
  }[];
}

interface BundleToWrite {
  readonly keys: Uint8Array;
  readonly octets: Uint8Array;
}

const subjectColumns = columns(
  'census_id int, subject text, name text, complete boolean, provisional bigint',
);
const derColumns = columns('sha256 bytea, encoding text, octets bytea');

export async function writeEvidence(
  session: Session,
  census: number,
  { bundle, provisional, subjects }: EvidenceToWrite,
): Promise<void> {
  if (bundle !== undefined) await writeBundle(session, census, bundle);
  const held = provisional && (await writeBundle(session, census, provisional));
  const rows = subjects.map((one) => [
    census,
    one.subject,
    one.name,
    one.complete,
    one.provisional ? held : null,
  ]);
  await session.bulk('dane.evidence_subject', subjectColumns, rows);
}

/** Its number. */
async function writeBundle(
  session: Session,
  census: number,
  { keys, octets }: BundleToWrite,
): Promise<number> {
  const [row] = await session.query<{ bundle: number }>(
    'INSERT INTO dane.evidence (census_id, keys, octets) VALUES ($1, $2, $3) RETURNING bundle',
    [census, keys, octets],
  );
  return row!.bundle;
}

/**
 * `domains` turned out to have nothing to be proved: of those whose evidence was kept until then, it is kept no longer. A bundle
 * goes with the last of its subjects.
 */
export async function dropProvisionalEvidence(
  session: Session,
  census: number,
  domains: readonly string[],
): Promise<void> {
  await session.query(
    `WITH gone AS (
       DELETE FROM dane.evidence_subject
        WHERE census_id = $1 AND subject = 'domain' AND provisional IS NOT NULL
          AND name IN (SELECT jsonb_array_elements_text($2::text::jsonb))
       RETURNING name, provisional)
     DELETE FROM dane.evidence e
      WHERE e.census_id = $1 AND e.bundle IN (SELECT provisional FROM gone)
        AND NOT EXISTS (SELECT FROM dane.evidence_subject s
                         WHERE s.census_id = $1 AND s.provisional = e.bundle
                           AND s.name NOT IN (SELECT name FROM gone))`,
    [census, JSON.stringify(domains)],
  );
}

/** Octets of certificates, compressed, each once over all censuses. */
export async function writeDers(
  session: Session,
  certificates: readonly { readonly sha256: string; readonly der: Uint8Array }[],
): Promise<void> {
  await session.bulk(
    'dane.certificate_der',
    derColumns,
    certificates.map(({ sha256, der }) => [sha256, 'zstd', zstdCompressSync(der)]),
  );
}
