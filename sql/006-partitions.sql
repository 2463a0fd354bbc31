-- One partition per census of every table that grows with it, so that a census is dropped in no time; what a census can be
-- besides a first look (another vantage, a new judgement, a sample); and the arithmetic of rates.

-- The partitions themselves: dane_census.<table>_<census>.
CREATE SCHEMA dane_census;

-- Makes the partitions of a census that are missing. Tables that later migrations add need only be partitioned by census_id.
CREATE FUNCTION dane.add_partitions(number int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE parent text;
BEGIN
  FOR parent IN SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
                 WHERE c.relnamespace = 'dane'::regnamespace ORDER BY c.relname LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS dane_census.%I PARTITION OF dane.%I FOR VALUES IN (%s)',
                   parent || '_' || number, parent, number);
  END LOOP;
END $$;

-- Everything of a census goes, but for what is kept once over all censuses.
CREATE FUNCTION dane.drop_census(number int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE parent text;
BEGIN
  FOR parent IN SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
                 WHERE c.relnamespace = 'dane'::regnamespace ORDER BY c.relname LOOP
    EXECUTE format('DROP TABLE IF EXISTS dane_census.%I', parent || '_' || number);
  END LOOP;
  DELETE FROM dane.census WHERE census_id = number;
END $$;

DO $$
DECLARE
  name text;
  number int;
  keys jsonb := '{
    "domain": "census_id, ordinal", "invalid_name": "census_id, source, line", "domain_fact": "census_id, ordinal",
    "mx_edge": "census_id, ordinal, preference, host", "host": "census_id, host", "host_fact": "census_id, host",
    "tlsa_record": "census_id, host, number", "tlsa_ancestor": "census_id, host, number",
    "server_answer": "census_id, subject, name, number", "endpoint": "census_id, host, address",
    "handshake": "census_id, host, address, number", "finding": "census_id, subject, name, number",
    "domain_verdict": "census_id, ordinal", "ancestor_server": "census_id, host, number",
    "ancestor_behaviour": "census_id, host, number"}';
BEGIN
  FOR name IN SELECT jsonb_object_keys(keys) LOOP
    EXECUTE format('ALTER TABLE dane.%I RENAME TO %I', name, 'whole_' || name);
    EXECUTE format('CREATE TABLE dane.%I (LIKE dane.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY LIST (census_id)',
                   name, 'whole_' || name);
  END LOOP;
  FOR number IN SELECT census_id FROM dane.census LOOP
    PERFORM dane.add_partitions(number);
  END LOOP;
  FOR name IN SELECT jsonb_object_keys(keys) LOOP
    EXECUTE format('INSERT INTO dane.%I SELECT * FROM dane.%I', name, 'whole_' || name);
    EXECUTE format('DROP TABLE dane.%I', 'whole_' || name);
    EXECUTE format('ALTER TABLE dane.%I ADD PRIMARY KEY (%s)', name, keys ->> name);
  END LOOP;
END $$;
ALTER TABLE dane.domain ADD UNIQUE (census_id, name);
CREATE INDEX host_pending ON dane.host (census_id, bucket, provider, host) WHERE pending;
CREATE INDEX handshake_named ON dane.handshake (census_id, host) WHERE names_instead IS NOT NULL;

ALTER TABLE dane.census
  -- the place that it was measured from, as its user calls it
  ADD COLUMN vantage       text NOT NULL DEFAULT 'default',
  -- the census whose population this one looks at too, from another vantage; null for one with lists of its own
  ADD COLUMN beside        int REFERENCES dane.census,
  -- the census whose evidence this one judges again; null for one that looked itself
  ADD COLUMN rejudged_from int,
  -- {"size": number, "seed": text, "by": tag or null}; null where the whole population was looked at
  ADD COLUMN sample        jsonb;

-- What a sample was drawn from: one stratum without a name, or one for each value of the tag that it was drawn by.
CREATE TABLE dane.sample_stratum (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  stratum       text NOT NULL,
  population    bigint NOT NULL,
  drawn         bigint NOT NULL,
  PRIMARY KEY (census_id, stratum)
);

ALTER TABLE dane.domain
  -- place in a popularity list, from 1; null where the list tells none
  ADD COLUMN rank   int,
  -- how much the domain counts in weighted figures; null where the list tells none
  ADD COLUMN weight double precision;

-- k of n, to six places; null where n is 0.
CREATE FUNCTION dane.share(k numeric, n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS
  'SELECT round(k / nullif(n, 0), 6)';

-- The ends of the Wilson score interval of k of n at 95 % (z = 1.959964), to six places: E. B. Wilson, "Probable Inference, the
-- Law of Succession, and Statistical Inference", JASA 22 (1927). Null where n is 0.
CREATE FUNCTION dane.wilson(k numeric, n numeric, side int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN n > 0 THEN
    round(least(1, greatest(0, (k / n + 3.841459 / (2 * n)
                                + side * 1.959964 * sqrt(k / n * (1 - k / n) / n + 3.841459 / (4 * n * n)))
                               / (1 + 3.841459 / n))), 6) END $$;

-- The same where the census is a sample, else null: a whole population has no sampling error. Only for rates whose units were
-- drawn, which are domains: hosts, endpoints and records come in clusters, and have no such interval.
CREATE FUNCTION dane.share_low(census int, k numeric, n numeric) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM dane.census c WHERE c.census_id = share_low.census AND c.sample IS NOT NULL)
              THEN dane.wilson(k, n, -1) END $$;
CREATE FUNCTION dane.share_high(census int, k numeric, n numeric) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM dane.census c WHERE c.census_id = share_high.census AND c.sample IS NOT NULL)
              THEN dane.wilson(k, n, 1) END $$;
