-- What repeats from row to row is stored once over all censuses, in dictionaries whose keys are the first 8 octets of a SHA-256
-- over the entry (src/store/dictionary.ts): a million domains have a few hundred outcomes of lookups, some ten thousand zone
-- setups and sets of MX hosts. The former tables are views of the same names (sql/views/00-rows.sql).

-- What a validated lookup came to (src/survey/facts.ts, LookupFact), but for its TTL.
CREATE TABLE dane.lookup (
  lookup        bigint PRIMARY KEY,
  outcome       text NOT NULL,
  status        text NOT NULL,
  reason        text,
  rcode         text NOT NULL
);

-- How a zone is signed, served and refreshed.
CREATE TABLE dane.zone_setup (
  zone_setup        bigint PRIMARY KEY,
  zone_status       text,
  zone_reason       text,
  ds_algorithms     smallint[],
  ds_digest_types   smallint[],
  dnskey_algorithms smallint[],
  denial            text,
  nsec3_iterations  int,
  nsec3_opt_out     boolean,
  name_servers      text[],
  -- registrable domains of the name servers, sorted, each once; null where these are not known, and in rows of before this migration
  dns_providers     text[],
  soa_refresh       bigint,
  soa_retry         bigint,
  soa_expire        bigint,
  soa_minimum       bigint
);

-- The MX hosts of a domain, by preference and name.
CREATE TABLE dane.mx_set (
  mx_set        bigint NOT NULL,
  number        smallint NOT NULL,
  preference    int NOT NULL,
  host          text NOT NULL,
  PRIMARY KEY (mx_set, number)
);

-- EHLO keywords.
CREATE TABLE dane.ehlo (
  ehlo          bigint PRIMARY KEY,
  keywords      text[] NOT NULL
);

-- SHA-256 of each certificate as sent, leaf first.
CREATE TABLE dane.chain (
  chain         bigint PRIMARY KEY,
  certificates  bytea[] NOT NULL
);

-- The order of columns leaves no gaps between them.
CREATE TABLE dane.domain_look (
  census_id     int NOT NULL,
  ordinal       int NOT NULL,
  mx_lookup     bigint NOT NULL,
  -- null without MX hosts
  mx_set        bigint,
  -- null where the zone was not found
  zone_setup    bigint,
  soa_serial    bigint,
  seen_at       timestamptz NOT NULL,
  mx_ttl        int,
  mta_sts       boolean,
  tls_rpt       boolean,
  -- whether what was seen rests on the delegation that the list holds; where it does not, the parent's servers were asked
  delegation_from_list boolean NOT NULL DEFAULT false,
  mail          text NOT NULL,
  -- @ for the domain itself (RFC 1035 §5.1); null where the zone was not found
  zone_apex     text,
  soa_rname     text,
  -- null where there are none
  mx_aliases    text[]
) PARTITION BY LIST (census_id);

CREATE TABLE dane.host_look (
  census_id     int NOT NULL,
  a_ttl         int,
  a_lookup      bigint NOT NULL,
  aaaa_lookup   bigint NOT NULL,
  tlsa_lookup   bigint,
  seen_at       timestamptz NOT NULL,
  aaaa_ttl      int,
  tlsa_ttl      int,
  host          text NOT NULL,
  -- @ for the host itself; null where no TLSA lookup was due
  tlsa_base     text,
  tlsa_outcome  text NOT NULL CHECK (tlsa_outcome IN ('usable', 'unusable', 'none', 'lookup-failed')),
  tlsa_reason   text,
  verdict       text NOT NULL,
  reason        text,
  ancestor_consequence text,
  -- null where there are none
  aliases       text[]
) PARTITION BY LIST (census_id);

CREATE TABLE dane.endpoint_look (
  census_id     int NOT NULL,
  matched_depth smallint,
  starttls_offered boolean,
  tls12         boolean,
  ehlo          bigint NOT NULL,
  ehlo_in_tls   bigint,
  chain_without_sni bigint,
  seen_at       timestamptz NOT NULL,
  tls13         boolean,
  matched_without_sni boolean,
  host          text NOT NULL,
  address       inet NOT NULL,
  reached       text NOT NULL,
  fault         text,
  because       text,
  banner        text NOT NULL,
  second_key    text NOT NULL,
  without_sni   text CHECK (without_sni IN ('same-chain', 'same-key', 'other-key', 'refused')),
  verdict       text NOT NULL,
  reason        text,
  matched       text
) PARTITION BY LIST (census_id);

CREATE TABLE dane.handshake_look (
  census_id     int NOT NULL,
  key_bits      int,
  chain         bigint NOT NULL,
  number        smallint NOT NULL,
  host          text NOT NULL,
  address       inet NOT NULL,
  key_algorithm text NOT NULL,
  protocol      text NOT NULL,
  cipher        text NOT NULL,
  leaf_spki     bytea,
  reason        text,
  names_instead text[]
) PARTITION BY LIST (census_id);

SELECT dane.add_partitions(census_id) FROM dane.census;

-- Keys of rows of before: no matter how they are made, as long as equal entries have equal keys.
CREATE FUNCTION pg_temp.entry_key(entry text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT ('x' || left(encode(sha256(convert_to(entry, 'UTF8')), 'hex'), 16))::bit(64)::bigint $$;
CREATE FUNCTION pg_temp.lookup_key(outcome text, status text, reason text, rcode text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT pg_temp.entry_key(to_jsonb(ARRAY[outcome, status, reason, rcode])::text) $$;

INSERT INTO dane.lookup
SELECT DISTINCT pg_temp.lookup_key(outcome, status, reason, rcode), outcome, status, reason, rcode
  FROM (SELECT mx_outcome, mx_status, mx_reason, mx_rcode FROM dane.domain_fact
        UNION SELECT a_outcome, a_status, a_reason, a_rcode FROM dane.host_fact
        UNION SELECT aaaa_outcome, aaaa_status, aaaa_reason, aaaa_rcode FROM dane.host_fact
        UNION SELECT tlsa_lookup, tlsa_status, tlsa_lookup_reason, tlsa_rcode FROM dane.host_fact WHERE tlsa_lookup IS NOT NULL
       ) AS seen (outcome, status, reason, rcode);

CREATE TEMP TABLE setup_of ON COMMIT DROP AS
SELECT f.census_id, f.ordinal, pg_temp.entry_key(row_to_json(z)::text) AS zone_setup, z.*
  FROM dane.domain_fact f
  CROSS JOIN LATERAL (SELECT f.zone_status, f.zone_reason, f.ds_algorithms, f.ds_digest_types, f.dnskey_algorithms, f.denial,
                             f.nsec3_iterations, f.nsec3_opt_out, f.name_servers, f.soa_refresh, f.soa_retry, f.soa_expire,
                             f.soa_minimum) z
 WHERE f.zone_apex IS NOT NULL OR f.soa_rname IS NOT NULL;
INSERT INTO dane.zone_setup
  (zone_setup, zone_status, zone_reason, ds_algorithms, ds_digest_types, dnskey_algorithms, denial, nsec3_iterations, nsec3_opt_out,
   name_servers, soa_refresh, soa_retry, soa_expire, soa_minimum)
SELECT DISTINCT ON (zone_setup) zone_setup, zone_status, zone_reason, ds_algorithms, ds_digest_types, dnskey_algorithms, denial,
       nsec3_iterations, nsec3_opt_out, name_servers, soa_refresh, soa_retry, soa_expire, soa_minimum
  FROM setup_of;

CREATE TEMP TABLE edges_of ON COMMIT DROP AS
SELECT census_id, ordinal, pg_temp.entry_key(jsonb_agg(jsonb_build_array(preference, host) ORDER BY preference, host COLLATE "C")::text) AS mx_set
  FROM dane.mx_edge GROUP BY census_id, ordinal;
INSERT INTO dane.mx_set
SELECT o.mx_set, row_number() OVER (PARTITION BY o.mx_set ORDER BY m.preference, m.host COLLATE "C") - 1, m.preference, m.host
  FROM (SELECT DISTINCT ON (mx_set) mx_set, census_id, ordinal FROM edges_of) o
  JOIN dane.mx_edge m ON m.census_id = o.census_id AND m.ordinal = o.ordinal;

INSERT INTO dane.domain_look
  (census_id, ordinal, mx_lookup, mx_set, zone_setup, soa_serial, seen_at, mx_ttl, mta_sts, tls_rpt, mail, zone_apex, soa_rname, mx_aliases)
SELECT f.census_id, f.ordinal, pg_temp.lookup_key(mx_outcome, mx_status, mx_reason, mx_rcode), m.mx_set, s.zone_setup, f.soa_serial,
       f.seen_at, f.mx_ttl, f.mta_sts, f.tls_rpt, f.mail, CASE WHEN f.zone_apex = d.name THEN '@' ELSE f.zone_apex END, f.soa_rname,
       nullif(f.mx_aliases, '{}')
  FROM dane.domain_fact f
  JOIN dane.domain d ON d.census_id = f.census_id AND d.ordinal = f.ordinal
  LEFT JOIN edges_of m ON m.census_id = f.census_id AND m.ordinal = f.ordinal
  LEFT JOIN setup_of s ON s.census_id = f.census_id AND s.ordinal = f.ordinal;

INSERT INTO dane.host_look
  (census_id, a_ttl, a_lookup, aaaa_lookup, tlsa_lookup, seen_at, aaaa_ttl, tlsa_ttl, host, tlsa_base, tlsa_outcome, tlsa_reason,
   verdict, reason, ancestor_consequence, aliases)
SELECT census_id, a_ttl, pg_temp.lookup_key(a_outcome, a_status, a_reason, a_rcode),
       pg_temp.lookup_key(aaaa_outcome, aaaa_status, aaaa_reason, aaaa_rcode),
       CASE WHEN tlsa_lookup IS NOT NULL THEN pg_temp.lookup_key(tlsa_lookup, tlsa_status, tlsa_lookup_reason, tlsa_rcode) END,
       seen_at, aaaa_ttl, tlsa_ttl, host, CASE WHEN tlsa_base = host THEN '@' ELSE tlsa_base END, tlsa_outcome, tlsa_reason,
       verdict, reason, ancestor_consequence, nullif(aliases, '{}')
  FROM dane.host_fact;

INSERT INTO dane.ehlo
SELECT DISTINCT pg_temp.entry_key(keywords::text), keywords
  FROM (SELECT capabilities FROM dane.endpoint UNION SELECT capabilities_in_tls FROM dane.endpoint) AS seen (keywords)
 WHERE keywords IS NOT NULL;
INSERT INTO dane.chain
SELECT DISTINCT pg_temp.entry_key(certificates::text), certificates
  FROM (SELECT chain FROM dane.handshake UNION SELECT chain_without_sni FROM dane.endpoint) AS seen (certificates)
 WHERE certificates IS NOT NULL;
INSERT INTO dane.endpoint_look
  (census_id, matched_depth, starttls_offered, tls12, ehlo, ehlo_in_tls, chain_without_sni, seen_at, tls13, matched_without_sni,
   host, address, reached, fault, because, banner, second_key, without_sni, verdict, reason, matched)
SELECT census_id, matched_depth, starttls_offered, tls12, pg_temp.entry_key(capabilities::text),
       pg_temp.entry_key(capabilities_in_tls::text), pg_temp.entry_key(chain_without_sni::text), seen_at, tls13,
       matched_without_sni, host, address, reached, fault, because, banner, second_key, without_sni, verdict, reason, matched
  FROM dane.endpoint;
INSERT INTO dane.handshake_look
  (census_id, key_bits, chain, number, host, address, key_algorithm, protocol, cipher, leaf_spki, reason, names_instead)
SELECT census_id, key_bits, pg_temp.entry_key(chain::text), number, host, address, key_algorithm, protocol, cipher, leaf_spki,
       reason, names_instead
  FROM dane.handshake;

DROP TABLE dane.domain_fact, dane.mx_edge, dane.host_fact, dane.endpoint, dane.handshake;
ALTER TABLE dane.domain_look ADD PRIMARY KEY (census_id, ordinal);
ALTER TABLE dane.host_look ADD PRIMARY KEY (census_id, host);
ALTER TABLE dane.endpoint_look ADD PRIMARY KEY (census_id, host, address);
ALTER TABLE dane.handshake_look ADD PRIMARY KEY (census_id, host, address, number);
CREATE INDEX handshake_named ON dane.handshake_look (census_id, host) WHERE names_instead IS NOT NULL;

-- The planner's statistics of a census that has grown from nothing; the embedded database has nobody else to make them. Joins are
-- planned by the statistics of the parents, which hardly change once there are some censuses, and cost the more to make the more
-- there are: with many, only the new partitions are looked at.
CREATE FUNCTION dane.analyze_census(number int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
  few CONSTANT int := 8;
  parents boolean := (SELECT count(*) FROM dane.census) < few;
BEGIN
  FOR name IN SELECT CASE WHEN parents THEN format('dane.%I', relname) ELSE format('dane_census.%I', relname || '_' || number) END
                FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
               WHERE c.relnamespace = 'dane'::regnamespace
              UNION ALL SELECT format('dane.%I', relname) FROM pg_class WHERE relnamespace = 'dane'::regnamespace AND relkind = 'r' LOOP
    EXECUTE 'ANALYZE ' || name;
  END LOOP;
END $$;

SELECT dane.analyze_census(census_id) FROM dane.census;
