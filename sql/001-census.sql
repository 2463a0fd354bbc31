-- A census, its lists, the domains that they name, and the parts of the work that are open.
-- Tables are private (schema dane); the views of schema published are the interface.

-- The last number given to a census. Not a sequence: those jump when a process is killed, and a number is never used twice.
CREATE TABLE dane.census_number (
  sole          boolean PRIMARY KEY CHECK (sole),
  last          int NOT NULL
);
INSERT INTO dane.census_number VALUES (true, 0);

CREATE TABLE dane.census (
  census_id     int PRIMARY KEY,
  -- what was asked for, so that a census can be resumed and understood
  config        jsonb NOT NULL,
  software      text NOT NULL,
  -- intake: lists are read; survey: domains and hosts are looked at; judging: domain verdicts; finished
  stage         text NOT NULL DEFAULT 'intake' CHECK (stage IN ('intake', 'survey', 'judging', 'finished')),
  started_at    timestamptz NOT NULL,
  finished_at   timestamptz
);

-- One list. The position is that of the last line whose names are stored; the digest covers all lines up to there.
CREATE TABLE dane.source (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  source        smallint NOT NULL,
  name          text NOT NULL,
  complete      boolean NOT NULL DEFAULT false,
  lines         bigint NOT NULL DEFAULT 0,
  digest        bytea,
  -- lines without a name: blank, comment, header
  skipped       bigint NOT NULL DEFAULT 0,
  -- valid names, the duplicates among them included
  names         bigint NOT NULL DEFAULT 0,
  duplicates    bigint NOT NULL DEFAULT 0,
  invalid       bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (census_id, source)
);

CREATE TABLE dane.invalid_name (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  source        smallint NOT NULL,
  line          bigint NOT NULL,
  reason        text NOT NULL,
  -- the line's field, cut
  text          text NOT NULL,
  PRIMARY KEY (census_id, source, line)
);

-- The ordinal is the count of valid names up to this one; a duplicate leaves its ordinal unused.
CREATE TABLE dane.domain (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  ordinal       int NOT NULL,
  name          text NOT NULL,
  tags          jsonb,
  PRIMARY KEY (census_id, ordinal),
  UNIQUE (census_id, name)
);

-- What the job queue works on, and the only word on what is done: a part is closed in the transaction that ends its
-- job, and open parts can be put into the queue again at any time. Domain and verdict parts are ranges of ordinals,
-- a host part is one turn of a bucket of providers.
CREATE TABLE dane.part (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  stage         text NOT NULL CHECK (stage IN ('domains', 'hosts', 'verdicts')),
  part          int NOT NULL,
  first_ordinal int,
  last_ordinal  int,
  bucket        int,
  done          boolean NOT NULL DEFAULT false,
  failures      smallint NOT NULL DEFAULT 0,
  last_error    text,
  PRIMARY KEY (census_id, stage, part)
);
CREATE INDEX part_open ON dane.part (census_id, stage) WHERE NOT done;
-- one provider is dealt with in one place
CREATE UNIQUE INDEX part_bucket_open ON dane.part (census_id, bucket) WHERE stage = 'hosts' AND NOT done;

-- The catalogue of reasons of the program that last migrated the database.
CREATE TABLE dane.reason (
  reason        text PRIMARY KEY,
  source        text NOT NULL,
  ede           smallint,
  tlsrpt        text,
  mender        text NOT NULL,
  says          text NOT NULL,
  hint          text NOT NULL
);
