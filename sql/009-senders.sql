-- What each mail server that sends would do with the mail of a domain (src/survey/judge-senders.ts).

ALTER TABLE dane.domain_verdict
  -- A letter for each sender, at its position in dane.sender: A authenticated, E encrypted, C clear, D deferred, B bounced, U unknown;
  -- null in rows of before this migration.
  ADD COLUMN senders text,
  -- Postfix dane defers what a sender without DANE delivers, though the MX RRset is insecure; null where that is not known, and in
  -- rows of before this migration.
  ADD COLUMN hurt    boolean;

-- The senders of the program that last migrated the database. A position is never given to another sender.
CREATE TABLE dane.sender (
  position      smallint PRIMARY KEY,
  sender        text NOT NULL,
  name          text NOT NULL,
  setting       text NOT NULL,
  versions      text NOT NULL,
  -- it delivers by DANE or not at all
  requires_dane boolean NOT NULL,
  -- its rules are held against the program's own logs; false where they are as documented
  seen          boolean NOT NULL
);

-- Handshakes whose certificates a program that leaves RFC 7671 verifies otherwise than dane.handshake.reason says: few have a row.
CREATE TABLE dane.verified_otherwise (
  census_id     int NOT NULL,
  host          text NOT NULL,
  address       inet NOT NULL,
  number        smallint NOT NULL,
  -- for each manner in the order of otherMannerKeys (src/dane/verifying-manner.ts) why not; empty where it verifies
  reasons       text[] NOT NULL,
  PRIMARY KEY (census_id, host, address, number)
) PARTITION BY LIST (census_id);

SELECT dane.add_partitions(census_id) FROM dane.census;
