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

-- Where the content of the DER element at an offset begins (X.690 §8.1.3); null where the octets end before.
CREATE FUNCTION dane.der_content(der bytea, at int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN at + 2 <= length(der) THEN at + 2 + greatest(get_byte(der, at + 1) - 128, 0) END $$;

-- The offset behind the DER element at an offset; null where it is of indefinite length, or the octets end before.
CREATE FUNCTION dane.der_end(der bytea, at int) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  content int := dane.der_content(der, at);
  size int := 0;
BEGIN
  IF content IS NULL OR content > length(der) OR content - at > 5 OR get_byte(der, at + 1) = 128 THEN RETURN NULL; END IF;
  IF content = at + 2 THEN
    size := get_byte(der, at + 1);
  ELSE
    FOR place IN at + 2 .. content - 1 LOOP size := size * 256 + get_byte(der, place); END LOOP;
  END IF;
  RETURN CASE WHEN size <= length(der) - content THEN content + size END;
END $$;

-- The SubjectPublicKeyInfo of a certificate (RFC 5280 §4.1): the sixth element of TBSCertificate, its version not counted.
-- Null where it is not found; the caller compares its digest with the one that the certificate's reader found.
CREATE FUNCTION dane.spki_of(der bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE at int := dane.der_content(der, dane.der_content(der, 0));
BEGIN
  IF at >= length(der) THEN RETURN NULL; END IF;
  -- [0] EXPLICIT version
  IF get_byte(der, at) = 160 THEN at := dane.der_end(der, at); END IF;
  FOR element IN 1 .. 5 LOOP at := dane.der_end(der, at); END LOOP;
  RETURN substring(der FROM at + 1 FOR dane.der_end(der, at) - at);
END $$;

-- Whatever TLSA data may match a certificate by selectors 0 and 1 (RFC 6698 §2.1); full data (matching type 0) by its SHA-256.
CREATE FUNCTION dane.tlsa_digests(der bytea, spki_sha256 bytea) RETURNS bytea[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_remove(ARRAY[sha256(der), sha512(der), spki_sha256,
                            CASE WHEN sha256(dane.spki_of(der)) = spki_sha256 THEN sha512(dane.spki_of(der)) END], NULL) $$;
