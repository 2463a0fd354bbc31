-- What each TLSA record matches, the zone that holds it, who runs the name servers, and the keys of well-known CAs.

-- Each null where no endpoint showed a certificate, and in rows of before this migration (src/survey/tlsa-matches.ts).
ALTER TABLE dane.tlsa_record
  ADD COLUMN matched_leaf  boolean,
  ADD COLUMN matched_above boolean,
  -- key algorithms of the leaves of the chains that it matches: rsa, ec, …
  ADD COLUMN matched_keys  text[];

-- The registrable domain of the server's name (public suffix list), the name itself where there is none; null in rows of
-- before this migration.
ALTER TABLE dane.server_answer ADD COLUMN operator_domain text;
ALTER TABLE dane.ancestor_server ADD COLUMN operator_domain text;

-- The zone that holds the TLSA RRset of a host, with the newest SOA that its servers showed. No row where no server was looked
-- at, or none showed its SOA.
CREATE TABLE dane.tlsa_zone (
  census_id     int NOT NULL,
  host          text NOT NULL,
  apex          text NOT NULL,
  soa_rname     text NOT NULL,
  soa_serial    bigint NOT NULL,
  soa_refresh   bigint NOT NULL,
  soa_retry     bigint NOT NULL,
  soa_expire    bigint NOT NULL,
  soa_minimum   bigint NOT NULL,
  PRIMARY KEY (census_id, host)
) PARTITION BY LIST (census_id);
SELECT dane.add_partitions(census_id) FROM dane.census;

-- Keys of CAs: those of sql/issuer-keys.csv, which each migration loads anew, and those of the user, which it leaves.
CREATE TABLE dane.issuer_key (
  spki_sha256   bytea PRIMARY KEY CHECK (length(spki_sha256) = 32),
  -- keys of one family can stand in for each other: the next certificate may be signed by any that is current
  family        text NOT NULL,
  name          text NOT NULL,
  state         text NOT NULL CHECK (state IN ('current', 'retired')),
  retired_on    date,
  source        text NOT NULL,
  by_user       boolean NOT NULL DEFAULT false
);
