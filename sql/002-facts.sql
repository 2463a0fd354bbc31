-- What was seen (src/survey/facts.ts). Every row is written once; a second writer of the same key changes nothing.

CREATE TABLE dane.domain_fact (
  census_id         int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  ordinal           int NOT NULL,
  mail              text NOT NULL,
  mx_outcome        text NOT NULL,
  mx_status         text NOT NULL,
  mx_reason         text,
  mx_rcode          text NOT NULL,
  mx_ttl            int,
  zone_apex         text,
  zone_status       text,
  zone_reason       text,
  ds_algorithms     smallint[],
  ds_digest_types   smallint[],
  dnskey_algorithms smallint[],
  denial            text,
  nsec3_iterations  int,
  nsec3_opt_out     boolean,
  name_servers      text[],
  soa_rname         text,
  soa_serial        bigint,
  soa_refresh       bigint,
  soa_retry         bigint,
  soa_expire        bigint,
  soa_minimum       bigint,
  mta_sts           boolean,
  tls_rpt           boolean,
  seen_at           timestamptz NOT NULL,
  PRIMARY KEY (census_id, ordinal)
);

CREATE TABLE dane.mx_edge (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  ordinal       int NOT NULL,
  preference    int NOT NULL,
  host          text NOT NULL,
  PRIMARY KEY (census_id, ordinal, preference, host)
);

-- A host enters when the first domain names it; its bucket groups it with the other hosts of its provider.
CREATE TABLE dane.host (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  provider      text NOT NULL,
  bucket        int NOT NULL,
  -- not looked at yet
  pending       boolean NOT NULL DEFAULT true,
  PRIMARY KEY (census_id, host)
);
CREATE INDEX host_pending ON dane.host (census_id, bucket, provider, host) WHERE pending;

CREATE TABLE dane.host_fact (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  a_outcome     text NOT NULL,
  a_status      text NOT NULL,
  a_reason      text,
  a_rcode       text NOT NULL,
  a_ttl         int,
  aaaa_outcome  text NOT NULL,
  aaaa_status   text NOT NULL,
  aaaa_reason   text,
  aaaa_rcode    text NOT NULL,
  aaaa_ttl      int,
  aliases       text[] NOT NULL,
  tlsa_base     text,
  -- null where no TLSA lookup was due
  tlsa_lookup   text,
  tlsa_status   text,
  tlsa_lookup_reason text,
  tlsa_rcode    text,
  tlsa_ttl      int,
  tlsa_outcome  text NOT NULL CHECK (tlsa_outcome IN ('usable', 'unusable', 'none', 'lookup-failed')),
  tlsa_reason   text,
  verdict       text NOT NULL,
  reason        text,
  seen_at       timestamptz NOT NULL,
  PRIMARY KEY (census_id, host)
);

CREATE TABLE dane.tlsa_record (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  number        smallint NOT NULL,
  usage         smallint NOT NULL,
  selector      smallint NOT NULL,
  matching_type smallint NOT NULL,
  data          bytea NOT NULL,
  -- null where the record is usable
  reason        text,
  PRIMARY KEY (census_id, host, number)
);

CREATE TABLE dane.tlsa_ancestor (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  number        smallint NOT NULL,
  name          text NOT NULL,
  rcode         text NOT NULL,
  proof         text NOT NULL,
  reason        text,
  PRIMARY KEY (census_id, host, number)
);

CREATE TABLE dane.server_answer (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  number        smallint NOT NULL,
  server        text NOT NULL,
  address       text NOT NULL,
  rcode         text NOT NULL,
  answer        text NOT NULL,
  PRIMARY KEY (census_id, host, number)
);

CREATE TABLE dane.endpoint (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  address       inet NOT NULL,
  reached       text NOT NULL,
  fault         text,
  because       text,
  banner        text NOT NULL,
  capabilities  text[] NOT NULL,
  capabilities_in_tls text[],
  starttls_offered boolean,
  second_key    text NOT NULL,
  verdict       text NOT NULL,
  reason        text,
  matched       text,
  matched_depth smallint,
  seen_at       timestamptz NOT NULL,
  PRIMARY KEY (census_id, host, address)
);

CREATE TABLE dane.handshake (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  host          text NOT NULL,
  address       inet NOT NULL,
  number        smallint NOT NULL,
  key_algorithm text NOT NULL,
  key_bits      int,
  protocol      text NOT NULL,
  cipher        text NOT NULL,
  -- SHA-256 of each certificate as sent, leaf first
  chain         bytea[] NOT NULL,
  leaf_spki     bytea,
  PRIMARY KEY (census_id, host, address, number)
);

-- Each certificate once, over all censuses.
CREATE TABLE dane.certificate (
  sha256        bytea PRIMARY KEY,
  der           bytea NOT NULL,
  spki_sha256   bytea,
  key_algorithm text NOT NULL,
  key_bits      int,
  subject       text NOT NULL,
  issuer        text NOT NULL,
  not_before    timestamptz,
  not_after     timestamptz,
  self_signed   boolean NOT NULL
);

-- What is a fact of its own beside the verdict. The detail is text from the network.
CREATE TABLE dane.finding (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  subject       text NOT NULL CHECK (subject IN ('domain', 'host')),
  name          text NOT NULL,
  number        smallint NOT NULL,
  finding       text NOT NULL,
  detail        text NOT NULL,
  PRIMARY KEY (census_id, subject, name, number)
);

CREATE TABLE dane.domain_verdict (
  census_id     int NOT NULL REFERENCES dane.census ON DELETE CASCADE,
  ordinal       int NOT NULL,
  verdict       text NOT NULL,
  reason        text,
  PRIMARY KEY (census_id, ordinal)
);
