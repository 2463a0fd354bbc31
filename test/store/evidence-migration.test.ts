/** sql/007-evidence.sql, over a database that keeps certificates as versions before it did. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDers } from '../../src/store/read-evidence.ts';
import { sqlDirectory } from '../../src/store/sql-files.ts';
import { writeDers } from '../../src/store/write-evidence.ts';
import { freshDatabase } from './template.ts';

const [early, late] = ['aa'.repeat(32), 'bb'.repeat(32)] as [string, string];

test('octets of certificates of before are kept as they are, those of later are compressed, and both are read alike', async () => {
  const db = await freshDatabase();
  await db.exec(`
    DROP TABLE dane.evidence, dane.evidence_subject, dane.certificate_der, dane.rejudgement CASCADE;
    DROP SEQUENCE dane.evidence_bundle;
    ALTER TABLE dane.certificate ADD COLUMN der bytea;
    INSERT INTO dane.certificate (sha256, der, key_algorithm, subject, issuer, self_signed)
    VALUES ('\\x${early}', '\\x0102', 'ec', '', '', false);`);
  await db.exec(readFileSync(new URL('007-evidence.sql', sqlDirectory), 'utf8'));
  const der = new Uint8Array(1000).fill(3);
  // Whoever shows it again does not change it.
  await writeDers(db, [
    { sha256: early, der },
    { sha256: late, der },
  ]);
  const read = await readDers(db, [early, late, 'cc'.repeat(32)]);
  expect([...read].sort().map(([sha256, octets]) => [sha256, [...octets]])).toEqual([
    [early, [1, 2]],
    [late, [...der]],
  ]);
  const [kept] = await db.query<{ octets: number }>(
    `SELECT length(octets) AS octets FROM dane.certificate_der WHERE sha256 = '\\x${late}'`,
  );
  expect(kept!.octets).toBeLessThan(100);
  expect(await db.query(`SELECT sha256 FROM dane.certificate WHERE sha256 = '\\x${early}'`)).toHaveLength(1);
});
