-- What lists tell of a domain besides its name: tags, rank and weight, and how its registry delegates it.

-- Each combination of tags once over all censuses. The key is the first 8 octets of SHA-256 of the tags as JSON without blanks, their
-- names in order, as a signed number: of a million combinations two are taken for one with a chance of one in 37 million.
CREATE TABLE dane.tag_set (
  tag_set       bigint PRIMARY KEY,
  tags          jsonb NOT NULL
);

CREATE FUNCTION dane.tag_set_key(tags jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT ('x' || substr(encode(sha256(convert_to(
           '{' || string_agg(to_json(key)::text || ':' || to_json(value)::text, ',' ORDER BY key COLLATE "C") || '}', 'UTF8')), 'hex'), 1, 16))::bit(64)::bigint
    FROM jsonb_each_text(tags) $$;

ALTER TABLE dane.domain ADD COLUMN tag_set bigint;
INSERT INTO dane.tag_set SELECT DISTINCT ON (key) key, tags
  FROM (SELECT dane.tag_set_key(tags) AS key, tags FROM dane.domain WHERE tags IS NOT NULL AND tags <> '{}') t;
UPDATE dane.domain SET tag_set = dane.tag_set_key(tags) WHERE tags IS NOT NULL AND tags <> '{}';
ALTER TABLE dane.domain DROP COLUMN tags;
DROP FUNCTION dane.tag_set_key(jsonb);

-- what the list was read as: plain, csv or zone; null in rows of before this migration
ALTER TABLE dane.source ADD COLUMN format text;
-- the zone that a zone file holds; null for other lists
ALTER TABLE dane.source ADD COLUMN apex text;

-- Each set of name servers once over all censuses; the key is that of the JSON array of their names in order, made as for tags.
CREATE TABLE dane.delegation_set (
  delegation_set bigint PRIMARY KEY,
  name_servers  text[] NOT NULL
);

-- How the zone file that names a domain delegates it: what stands together there.
CREATE TABLE dane.delegation (
  census_id     int NOT NULL,
  ordinal       int NOT NULL,
  source        smallint NOT NULL,
  -- null where the file cannot be followed here, so that the parent is asked
  delegation_set bigint,
  -- RDATA of its DS records; null for none
  ds            bytea[],
  PRIMARY KEY (census_id, ordinal)
) PARTITION BY LIST (census_id);

-- NS and DS records of a delegation that stand elsewhere in the file than the first of them, by their owner.
CREATE TABLE dane.delegation_apart (
  census_id     int NOT NULL,
  source        smallint NOT NULL,
  line          bigint NOT NULL,
  owner         text NOT NULL,
  -- null where the file cannot be followed here
  name_servers  text[],
  ds            bytea[],
  PRIMARY KEY (census_id, source, line)
) PARTITION BY LIST (census_id);
CREATE INDEX delegation_apart_owner ON dane.delegation_apart (census_id, owner);

-- Addresses that zone files hold; those of the names of name servers are glue.
CREATE TABLE dane.listed_address (
  census_id     int NOT NULL,
  source        smallint NOT NULL,
  host          text NOT NULL,
  address       inet NOT NULL,
  PRIMARY KEY (census_id, source, host, address)
) PARTITION BY LIST (census_id);

DO $$
DECLARE number int;
BEGIN
  FOR number IN SELECT census_id FROM dane.census LOOP
    PERFORM dane.add_partitions(number);
  END LOOP;
END $$;

-- false where the lists were so long that the population is estimated
ALTER TABLE dane.sample_stratum ADD COLUMN exact boolean NOT NULL DEFAULT true;
