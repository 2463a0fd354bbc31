-- What each address of each name server shows, and what follows from a denied ancestor (src/survey/name-server-facts.ts).

-- Of MX hosts the TLSA question, of domains the MX question.
ALTER TABLE dane.server_answer DROP CONSTRAINT server_answer_pkey;
ALTER TABLE dane.server_answer RENAME COLUMN host TO name;
ALTER TABLE dane.server_answer
  ADD COLUMN subject text NOT NULL DEFAULT 'host' CHECK (subject IN ('domain', 'host')),
  -- the name that was asked for; null in rows of before this migration
  ADD COLUMN asked   text,
  -- of its own reply; null where there was none to be judged
  ADD COLUMN status  text,
  ADD COLUMN reason  text,
  ADD COLUMN serial  bigint,
  ADD COLUMN faults  text[] NOT NULL DEFAULT '{}';
ALTER TABLE dane.server_answer ALTER COLUMN subject DROP DEFAULT, ALTER COLUMN faults DROP DEFAULT;
ALTER TABLE dane.server_answer ADD PRIMARY KEY (census_id, subject, name, number);

CREATE TABLE dane.ancestor_server (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  number        smallint NOT NULL,
  name          text NOT NULL,
  server        text NOT NULL,
  address       text NOT NULL,
  rcode         text NOT NULL,
  proof         text NOT NULL,
  reason        text,
  PRIMARY KEY (census_id, host, number)
);

CREATE TABLE dane.ancestor_behaviour (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  number        smallint NOT NULL,
  behaviour     text NOT NULL,
  fates         text[] NOT NULL,
  fates_after_ancestor text[] NOT NULL,
  PRIMARY KEY (census_id, host, number)
);

-- null where no ancestor is denied, and in rows of before this migration
ALTER TABLE dane.host_fact ADD COLUMN ancestor_consequence text;
