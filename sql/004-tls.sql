-- Which TLS versions an endpoint has, and what it shows without SNI (src/survey/facts.ts).

-- each null where nobody looked, or could, and in rows of before this migration
ALTER TABLE dane.endpoint
  ADD COLUMN tls12  boolean,
  ADD COLUMN tls13  boolean,
  ADD COLUMN without_sni text CHECK (without_sni IN ('same-chain', 'same-key', 'other-key', 'refused')),
  -- SHA-256 of each certificate as sent without SNI, leaf first
  ADD COLUMN chain_without_sni bytea[],
  ADD COLUMN matched_without_sni boolean;
