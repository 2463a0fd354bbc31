-- What is remembered over all censuses of a vantage, so that roll-overs and adoption can be followed over years, and dropping an
-- old census loses none of it. dane.remember (views/90-remember.sql) writes it when a census finishes.
--
-- Why these tables, and not views over the censuses: a roll-over shows only between censuses, so that such a view reads the TLSA
-- records and handshakes of every census there is, and what retention drops is gone from it. These grow with what changes: a row
-- per record and per certificate of the MX hosts that have, or had, usable TLSA records.

-- False until dane.remember has been here; a census that judges an older one's evidence again never is.
ALTER TABLE dane.census ADD COLUMN remembered boolean NOT NULL DEFAULT false;

-- The denominators and counts of a finished census (published.adoption_over_time). Without a reference: it outlives the census.
CREATE TABLE dane.census_total (
  census_id     int PRIMARY KEY,
  vantage       text NOT NULL,
  started_at    timestamptz NOT NULL,
  finished_at   timestamptz NOT NULL,
  sampled       boolean NOT NULL,
  domains       bigint NOT NULL,
  no_mail       bigint NOT NULL,
  unknown       bigint NOT NULL,
  judged        bigint NOT NULL,
  mx_secure     bigint NOT NULL,
  dane_any      bigint NOT NULL,
  dane          bigint NOT NULL,
  dane_partial  bigint NOT NULL,
  dane_degraded bigint NOT NULL,
  dane_failed   bigint NOT NULL,
  insecure_mx   bigint NOT NULL,
  lookup_failed bigint NOT NULL
);

-- The MX hosts that are followed: those that have, or had, a usable TLSA record.
CREATE TABLE dane.host_seen (
  vantage       text NOT NULL,
  host          text NOT NULL,
  -- the last time that the TLSA RRset, or its absence, was seen securely; null where it never was
  tlsa_at       timestamptz,
  -- the last time that every endpoint showed the keys of both algorithms, or that it has one; null where they never did
  keys_at       timestamptz,
  keys_census   int,
  PRIMARY KEY (vantage, host)
);

CREATE TABLE dane.tlsa_seen (
  vantage       text NOT NULL,
  host          text NOT NULL,
  usage         smallint NOT NULL,
  selector      smallint NOT NULL,
  matching_type smallint NOT NULL,
  -- the association data; of matching type 0 its SHA-256, so that a row stays small
  digest        bytea NOT NULL,
  -- the greatest TTL of the RRset that it was seen in; null where a forwarder told of it and no signature does
  ttl           int,
  first_census  int NOT NULL,
  last_census   int NOT NULL,
  first_at      timestamptz NOT NULL,
  last_at       timestamptz NOT NULL,
  -- the last secure look before first_at; null where there was none
  absent_at     timestamptz,
  -- the first secure look after last_at; null where there was none
  gone_at       timestamptz,
  gone_census   int,
  PRIMARY KEY (vantage, host, usage, selector, matching_type, digest)
);

CREATE TABLE dane.key_seen (
  vantage       text NOT NULL,
  host          text NOT NULL,
  -- SHA-256 of the leaf, and of its key; the latter null where the certificate cannot be read
  certificate   bytea NOT NULL,
  spki          bytea,
  key_algorithm text NOT NULL,
  -- SHA-256 of each certificate as sent when it was first seen, leaf first
  chain         bytea[] NOT NULL,
  -- whatever TLSA data may match the leaf, and what is above it and is not the leaf: SHA-256 and SHA-512 of certificates and keys
  digests       bytea[],
  above         bytea[],
  first_census  int NOT NULL,
  last_census   int NOT NULL,
  first_at      timestamptz NOT NULL,
  last_at       timestamptz NOT NULL,
  -- the last look before first_at at all keys of all endpoints; null where there was none
  absent_at     timestamptz,
  -- the first such look after last_at; null where there was none
  gone_at       timestamptz,
  gone_census   int,
  PRIMARY KEY (vantage, host, certificate)
);

-- The other digests that TLSA data may be (RFC 6698 §2.1.3, matching type 2), of certificates that hosts with such records send.
CREATE TABLE dane.certificate_sha512 (
  sha256        bytea PRIMARY KEY,
  sha512        bytea NOT NULL,
  -- null where the certificate cannot be read
  spki_sha512   bytea
);
