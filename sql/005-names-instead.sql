-- Certificates that fail by their name alone, so that a domain whose name they bear can be judged (RFC 7672 §3.2.2).

ALTER TABLE dane.handshake
  -- why the usable TLSA records do not authenticate it; null where they do, without any, and in rows of before this migration
  ADD COLUMN reason text,
  -- the names that the leaf presents, where nothing but the name is amiss; else null
  ADD COLUMN names_instead text[];
CREATE INDEX handshake_named ON dane.handshake (census_id, host) WHERE names_instead IS NOT NULL;

-- the names that CNAME records lead the MX lookup through; null in rows of before this migration
ALTER TABLE dane.domain_fact ADD COLUMN mx_aliases text[];
