-- Evidence: what name servers said, and certificates as sent; and what it is good for, a new judgement of an old census.

-- Exchanges with name servers, many in one compressed piece (src/evidence/bundle.ts).
CREATE SEQUENCE dane.evidence_bundle;
CREATE TABLE dane.evidence (
  census_id     int NOT NULL,
  bundle        bigint NOT NULL DEFAULT nextval('dane.evidence_bundle'),
  -- five octets for each name that was asked for: the beginning of the SHA-256 of its wire form
  keys          bytea NOT NULL,
  octets        bytea NOT NULL,
  PRIMARY KEY (census_id, bundle)
) PARTITION BY LIST (census_id);
-- compressed already
ALTER TABLE dane.evidence ALTER COLUMN octets SET STORAGE EXTERNAL, ALTER COLUMN keys SET STORAGE EXTERNAL;

-- Where only findings are kept: the subjects that have something to be proved.
CREATE TABLE dane.evidence_subject (
  census_id     int NOT NULL,
  subject       text NOT NULL CHECK (subject IN ('domain', 'host')),
  name          text NOT NULL,
  -- surveyed again from the evidence alone, the subject showed the same
  complete      boolean NOT NULL,
  -- the bundle that stays only as long as a verdict of one of its subjects calls for it; null for evidence that stays
  provisional   bigint,
  PRIMARY KEY (census_id, subject, name)
) PARTITION BY LIST (census_id);
CREATE INDEX evidence_subject_provisional ON dane.evidence_subject (census_id, provisional)
  WHERE provisional IS NOT NULL;

DO $$
DECLARE number int;
BEGIN
  FOR number IN SELECT census_id FROM dane.census LOOP
    PERFORM dane.add_partitions(number);
  END LOOP;
END $$;

-- The octets of a certificate, where they are kept: once over all censuses, as the facts about it are.
CREATE TABLE dane.certificate_der (
  sha256        bytea PRIMARY KEY,
  encoding      text NOT NULL CHECK (encoding IN ('raw', 'zstd')),
  octets        bytea NOT NULL
);
ALTER TABLE dane.certificate_der ALTER COLUMN octets SET STORAGE EXTERNAL;
INSERT INTO dane.certificate_der SELECT sha256, 'raw', der FROM dane.certificate;
ALTER TABLE dane.certificate DROP COLUMN der;

-- A census that is judged again: how many subjects were surveyed again from evidence, and how many were taken over as they were
-- found, since there is no complete evidence of them.
CREATE TABLE dane.rejudgement (
  census_id        int PRIMARY KEY REFERENCES dane.census ON DELETE CASCADE,
  domains_replayed int NOT NULL DEFAULT 0,
  domains_carried  int NOT NULL DEFAULT 0,
  hosts_replayed   int NOT NULL DEFAULT 0,
  hosts_carried    int NOT NULL DEFAULT 0
);
