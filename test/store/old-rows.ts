/**
 * A database as version 5 of the schema left it, with two censuses and rows in each of its tables: the numbered files of `sql/`
 * up to the fifth, run as they are, and rows written by hand, for the writers of today write today's schema.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Session } from '../../src/store/db.ts';
import { sqlDirectory } from '../../src/store/sql-files.ts';

export const OLD_VERSION = 5;

const rows = `
INSERT INTO dane.census (census_id, config, software, stage, started_at, finished_at) VALUES
  (1, '{"lists": ["a"], "jobSize": 10, "survey": {}, "lab": null}', 'old 1', 'finished', '2026-01-01', '2026-01-02'),
  (2, '{"lists": ["a"], "jobSize": 10, "survey": {}, "lab": null}', 'old 1', 'survey', '2026-02-01', NULL);
UPDATE dane.census_number SET last = 2;
INSERT INTO dane.source (census_id, source, name, complete, lines, digest, skipped, names, duplicates, invalid)
  SELECT c, 0, 'a', true, 4, '\\x01', 1, 2, 0, 1 FROM generate_series(1, 2) c;
INSERT INTO dane.invalid_name SELECT c, 0, 3, 'label-empty', 'a..b' FROM generate_series(1, 2) c;
INSERT INTO dane.domain SELECT c, n, 'd' || n || '.example', '{"sector": "gov"}' FROM generate_series(1, 2) c, generate_series(1, 2) n;
INSERT INTO dane.part (census_id, stage, part, first_ordinal, last_ordinal, bucket, done)
  SELECT c, 'domains', 0, 1, 2, NULL, true FROM generate_series(1, 2) c;
INSERT INTO dane.part (census_id, stage, part, bucket) VALUES (2, 'hosts', 0, 7);
INSERT INTO dane.domain_fact (census_id, ordinal, mail, mx_outcome, mx_status, mx_reason, mx_rcode, mx_ttl, zone_apex, zone_status,
    zone_reason, ds_algorithms, ds_digest_types, dnskey_algorithms, denial, nsec3_iterations, nsec3_opt_out, name_servers,
    soa_rname, soa_serial, soa_refresh, soa_retry, soa_expire, soa_minimum, mta_sts, tls_rpt, seen_at, mx_aliases)
  SELECT c, n, 'mx', 'data', 'secure', NULL, 'NOERROR', 3600, 'd' || n || '.example', 'secure', NULL, '{13}', '{2}', '{13}', 'nsec3',
         0, false, '{ns1.example,ns2.example}', 'hostmaster.example', 4294967295, 1, 2, 3, 4, NULL, true, '2026-01-01', '{x.example}'
    FROM generate_series(1, 2) c, generate_series(1, 2) n;
INSERT INTO dane.mx_edge SELECT c, n, 10, 'mx.example' FROM generate_series(1, 2) c, generate_series(1, 2) n;
INSERT INTO dane.host SELECT c, 'mx.example', 'mx.example', 7, c = 2 FROM generate_series(1, 2) c;
INSERT INTO dane.host_fact (census_id, host, a_outcome, a_status, a_reason, a_rcode, a_ttl, aaaa_outcome, aaaa_status, aaaa_reason,
    aaaa_rcode, aaaa_ttl, aliases, tlsa_base, tlsa_lookup, tlsa_status, tlsa_lookup_reason, tlsa_rcode, tlsa_ttl, tlsa_outcome,
    tlsa_reason, verdict, reason, seen_at, ancestor_consequence)
  SELECT c, 'mx.example', 'data', 'secure', NULL, 'NOERROR', 60, 'nodata', 'secure', NULL, 'NOERROR', NULL, '{}', 'mx.example', 'data',
         'secure', NULL, 'NOERROR', 3600, 'usable', NULL, 'dane', NULL, '2026-01-01', 'silently-unprotected' FROM generate_series(1, 2) c;
INSERT INTO dane.tlsa_record SELECT c, 'mx.example', n, 3, 1, 1, sha256('x'), CASE n WHEN 1 THEN 'tlsa-digest-length' END
    FROM generate_series(1, 2) c, generate_series(0, 1) n;
INSERT INTO dane.tlsa_ancestor SELECT c, 'mx.example', 0, '_tcp.mx.example', 'NXDOMAIN', 'denied-validly', NULL FROM generate_series(1, 2) c;
INSERT INTO dane.server_answer (census_id, subject, name, number, server, address, rcode, answer, asked, status, reason, serial, faults)
  SELECT c, 'host', 'mx.example', 0, 'ns1.example', '192.0.2.1', 'NOERROR', 'aa', '_25._tcp.mx.example', 'bogus', 'rrsig-missing', 7,
         '{name-server-stale}' FROM generate_series(1, 2) c;
INSERT INTO dane.server_answer (census_id, subject, name, number, server, address, rcode, answer, asked, status, reason, serial, faults)
  SELECT 1, 'domain', 'd1.example', 0, 'ns1.example', '192.0.2.1', 'TIMEOUT', '', NULL, NULL, NULL, NULL, '{}';
INSERT INTO dane.endpoint (census_id, host, address, reached, fault, because, banner, capabilities, capabilities_in_tls,
    starttls_offered, second_key, verdict, reason, matched, matched_depth, seen_at, tls12, tls13, without_sni, chain_without_sni,
    matched_without_sni)
  SELECT c, 'mx.example', '192.0.2.25', 'tls', NULL, NULL, 'hello', '{STARTTLS}', '{SIZE}', true, 'not-offered', 'authenticated', NULL,
         '3 1 1', 0, '2026-01-01', true, false, 'other-key', ARRAY[sha256('y')], false FROM generate_series(1, 2) c;
INSERT INTO dane.endpoint (census_id, host, address, reached, fault, because, banner, capabilities, second_key, verdict, reason, seen_at)
  VALUES (1, 'mx.example', '2001:db8::25', 'nothing', 'network', 'connection-timeout', '', '{}', 'not-asked', 'unknown',
          'connection-timeout', '2026-01-01');
INSERT INTO dane.handshake (census_id, host, address, number, key_algorithm, key_bits, protocol, cipher, chain, leaf_spki, reason,
    names_instead)
  SELECT c, 'mx.example', '192.0.2.25', 0, 'ec', 256, 'TLSv1.3', 'TLS_AES_128_GCM_SHA256', ARRAY[sha256('leaf'), sha256('issuer')],
         sha256('x'), 'ta-name-mismatch', '{other.example}' FROM generate_series(1, 2) c;
INSERT INTO dane.certificate VALUES (sha256('leaf'), 'leaf', sha256('x'), 'ec', 256, 'CN=x', 'CN=y', '2026-01-01', 'infinity', false);
INSERT INTO dane.finding SELECT c, 'host', 'mx.example', 0, 'mx-is-cname', 'detail' FROM generate_series(1, 2) c;
INSERT INTO dane.domain_verdict SELECT 1, n, 'dane', NULL FROM generate_series(1, 2) n;
INSERT INTO dane.ancestor_server SELECT c, 'mx.example', 0, '_tcp.mx.example', 'ns1.example', '192.0.2.1', 'NXDOMAIN', 'none', NULL
    FROM generate_series(1, 2) c;
INSERT INTO dane.ancestor_behaviour SELECT c, 'mx.example', 0, 'strict-minimisation', '{found,lost}', '{lost}' FROM generate_series(1, 2) c;
INSERT INTO dane.reason VALUES ('old', 'RFC', 1, NULL, 'dns', 'says', 'hint');`;

/** Into an empty database. */
export async function makeOldDatabase(session: Session): Promise<void> {
  await session.exec(`CREATE SCHEMA dane;
    CREATE TABLE dane.migration (number int PRIMARY KEY, file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE dane.view_set (sole boolean PRIMARY KEY CHECK (sole), digest text NOT NULL);`);
  for (const file of readdirSync(sqlDirectory).sort()) {
    const number = Number(/^(\d{3})-.*\.sql$/.exec(file)?.[1] ?? Number.POSITIVE_INFINITY);
    if (number > OLD_VERSION) continue;
    await session.exec(readFileSync(new URL(file, sqlDirectory), 'utf8'));
    await session.query('INSERT INTO dane.migration (number, file) VALUES ($1, $2)', [number, file]);
  }
  await session.exec(rows);
}

/** Every table of schema dane with its columns; those of the program itself apart. */
export async function oldTables(session: Session): Promise<Map<string, string[]>> {
  const found = await session.query<{ table: string; columns: string[] }>(
    `SELECT c.relname::text AS "table", array_agg(a.attname::text ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'dane'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('migration', 'view_set', 'reason')
      GROUP BY c.relname ORDER BY c.relname`,
  );
  return new Map(found.map(({ table, columns }) => [table, columns]));
}

/** Where the columns of old tables stand today that do not stand in the table any more. */
export const movedColumns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  domain: { tags: '(SELECT s.tags FROM dane.tag_set s WHERE s.tag_set = t.tag_set)' },
  certificate: { der: '(SELECT o.octets FROM dane.certificate_der o WHERE o.sha256 = t.sha256)' },
};

/** All rows of these columns, each as JSON text, sorted. */
export async function rowsOf(
  session: Session,
  table: string,
  columns: readonly string[],
  moved: (typeof movedColumns)[string] = {},
): Promise<string[]> {
  const list = columns.map((column) => `'${column}', ${moved[column] ?? `t."${column}"`}`).join(', ');
  const found = await session.query<{ row: string }>(
    `SELECT jsonb_build_object(${list})::text AS row FROM dane."${table}" t ORDER BY 1`,
  );
  return found.map(({ row }) => row);
}
