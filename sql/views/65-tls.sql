-- TLS of the endpoints that came to it. What was not looked at stands in a column or row of its own, never as "not offered".

CREATE VIEW published.tls_versions AS
SELECT t.census_id, t.version, t.offered, t.not_offered, t.not_looked, t.offered + t.not_offered + t.not_looked AS endpoints,
       round(t.offered::numeric / (t.offered + t.not_offered + t.not_looked), 6) AS least_share,
       round((t.offered + t.not_looked)::numeric / (t.offered + t.not_offered + t.not_looked), 6) AS most_share
  FROM (SELECT e.census_id, v.version, count(*) FILTER (WHERE v.there) AS offered,
               count(*) FILTER (WHERE NOT v.there) AS not_offered, count(*) FILTER (WHERE v.there IS NULL) AS not_looked
          FROM dane.endpoint e
          CROSS JOIN LATERAL (VALUES ('TLSv1.2', e.tls12), ('TLSv1.3', e.tls13)) AS v (version, there)
         WHERE e.reached = 'tls'
         GROUP BY e.census_id, v.version) t;
COMMENT ON VIEW published.tls_versions IS 'How many endpoints have TLS 1.2 and TLS 1.3. A census that does not ask every TLS question sees TLS 1.2 only where it is the highest: its shares then lie far apart.';
COMMENT ON COLUMN published.tls_versions.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tls_versions.version IS 'TLSv1.2 or TLSv1.3.';
COMMENT ON COLUMN published.tls_versions.offered IS 'Endpoints that have it.';
COMMENT ON COLUMN published.tls_versions.not_offered IS 'Endpoints that have it not.';
COMMENT ON COLUMN published.tls_versions.not_looked IS 'Endpoints that came to TLS, but where this was not looked at, or could not be told.';
COMMENT ON COLUMN published.tls_versions.endpoints IS 'Endpoints that came to TLS: the sum of the three.';
COMMENT ON COLUMN published.tls_versions.least_share IS 'offered divided by endpoints: the share if none of those not looked at had it.';
COMMENT ON COLUMN published.tls_versions.most_share IS 'offered and not_looked divided by endpoints: the share if all of those not looked at had it.';

CREATE VIEW published.tls_ciphers AS
SELECT census_id, protocol, cipher, count(*) AS endpoints,
       round(count(*)::numeric / sum(count(*)) OVER (PARTITION BY census_id), 6) AS share
  FROM dane.handshake
 WHERE number = 0
 GROUP BY census_id, protocol, cipher;
COMMENT ON VIEW published.tls_ciphers IS 'What endpoints negotiate that may choose freely: the highest TLS version that they have, and the cipher suite.';
COMMENT ON COLUMN published.tls_ciphers.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tls_ciphers.protocol IS 'TLSv1, TLSv1.1, TLSv1.2, TLSv1.3.';
COMMENT ON COLUMN published.tls_ciphers.cipher IS 'Name of the cipher suite as IANA has it.';
COMMENT ON COLUMN published.tls_ciphers.endpoints IS 'Endpoints that negotiate both; each endpoint that came to TLS counts once.';
COMMENT ON COLUMN published.tls_ciphers.share IS 'endpoints divided by all endpoints that came to TLS.';

CREATE VIEW published.key_algorithms AS
SELECT k.census_id, k.key_algorithm, k.key_bits, count(*) AS endpoints, round(count(*)::numeric / max(t.endpoints), 6) AS share
  FROM (SELECT DISTINCT census_id, host, address, key_algorithm, key_bits FROM dane.handshake) k
  JOIN (SELECT census_id, count(*) AS endpoints FROM dane.handshake WHERE number = 0 GROUP BY census_id) t
    ON t.census_id = k.census_id
 GROUP BY k.census_id, k.key_algorithm, k.key_bits;
COMMENT ON VIEW published.key_algorithms IS 'Keys of the certificates that endpoints show. A second key is looked for only at some endpoints (second_keys), so that these are the least counts.';
COMMENT ON COLUMN published.key_algorithms.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.key_algorithms.key_algorithm IS 'rsa, rsa-pss, ec, ed25519, …; empty where the certificate cannot be read.';
COMMENT ON COLUMN published.key_algorithms.key_bits IS 'Size of the key in bits; null where it has none, or cannot be read.';
COMMENT ON COLUMN published.key_algorithms.endpoints IS 'Endpoints that show such a key; one that shows two keys counts at both.';
COMMENT ON COLUMN published.key_algorithms.share IS 'endpoints divided by all endpoints that came to TLS; the shares add up to more than 1 where some show two keys.';

CREATE VIEW published.second_keys AS
SELECT census_id, second_key, count(*) AS endpoints,
       CASE WHEN second_key IN ('seen', 'not-offered') THEN
         round(count(*)::numeric / nullif(sum(count(*)) FILTER (WHERE second_key IN ('seen', 'not-offered'))
                                            OVER (PARTITION BY census_id), 0), 6) END AS share
  FROM dane.endpoint
 WHERE reached = 'tls'
 GROUP BY census_id, second_key;
COMMENT ON VIEW published.second_keys IS 'Whether endpoints have certificates for both RSA and ECDSA.';
COMMENT ON COLUMN published.second_keys.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.second_keys.second_key IS 'seen, not-offered, not-looked (could not look), not-asked (no usable TLSA records, or TLS 1.1 and below).';
COMMENT ON COLUMN published.second_keys.endpoints IS 'Endpoints that came to TLS, of which this is so.';
COMMENT ON COLUMN published.second_keys.share IS 'endpoints divided by those with seen or not-offered; null for the others, which were not looked at.';

CREATE VIEW published.without_sni AS
SELECT census_id, without_sni, count(*) AS endpoints,
       count(*) FILTER (WHERE matched IS NOT NULL AND (without_sni = 'refused' OR NOT matched_without_sni)
                          AND without_sni <> 'same-chain') AS match_needs_sni,
       CASE WHEN without_sni IS NOT NULL THEN
         round(count(*)::numeric / nullif(sum(count(*)) FILTER (WHERE without_sni IS NOT NULL)
                                            OVER (PARTITION BY census_id), 0), 6) END AS share
  FROM dane.endpoint
 WHERE reached = 'tls'
 GROUP BY census_id, without_sni;
COMMENT ON VIEW published.without_sni IS 'What endpoints show to clients that send no SNI. DANE senders send it (RFC 7672 §8.1).';
COMMENT ON COLUMN published.without_sni.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.without_sni.without_sni IS 'same-chain, same-key (another chain), other-key, refused (TLS fails); null for endpoints where it was not looked at.';
COMMENT ON COLUMN published.without_sni.endpoints IS 'Endpoints that came to TLS, of which this is so.';
COMMENT ON COLUMN published.without_sni.match_needs_sni IS 'Of endpoints, those where a TLSA record matches with SNI and none matches without.';
COMMENT ON COLUMN published.without_sni.share IS 'endpoints divided by those that were looked at; null for the row of those that were not.';

CREATE VIEW published.tls_by_tlsa_outcome AS
SELECT s.census_id, f.tlsa_outcome, s.protocol, s.key_algorithm, s.key_bits, count(*) AS endpoints,
       (sum(count(*)) OVER (PARTITION BY s.census_id, f.tlsa_outcome))::bigint AS of_endpoints,
       dane.share(count(*), sum(count(*)) OVER (PARTITION BY s.census_id, f.tlsa_outcome)) AS share
  FROM dane.handshake s
  JOIN dane.host_fact f ON f.census_id = s.census_id AND f.host = s.host
 WHERE s.number = 0
 GROUP BY s.census_id, f.tlsa_outcome, s.protocol, s.key_algorithm, s.key_bits;
COMMENT ON VIEW published.tls_by_tlsa_outcome IS 'What endpoints negotiate that may choose freely, and the key that they show then, of MX hosts with usable TLSA records against the others. Second keys are left out: they are looked for at hosts with usable TLSA records only.';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.tlsa_outcome IS 'Of the host: usable (DANE), unusable, none, lookup-failed (nobody knows).';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.protocol IS 'TLSv1, TLSv1.1, TLSv1.2, TLSv1.3: the highest that it has.';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.key_algorithm IS 'Key of the leaf certificate: rsa, rsa-pss, ec, ed25519, …; empty where the certificate cannot be read.';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.key_bits IS 'Size of the key in bits; null where it has none, or cannot be read.';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.endpoints IS 'Endpoints of such hosts that came to TLS, of which all this is so; each counts once.';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.of_endpoints IS 'Endpoints of hosts with this outcome that came to TLS: the denominator.';
COMMENT ON COLUMN published.tls_by_tlsa_outcome.share IS 'endpoints divided by of_endpoints.';

CREATE VIEW published.tls_versions_by_tlsa_outcome AS
SELECT t.census_id, t.tlsa_outcome, t.version, t.offered, t.not_offered, t.not_looked,
       t.offered + t.not_offered + t.not_looked AS endpoints,
       dane.share(t.offered, t.offered + t.not_offered + t.not_looked) AS least_share,
       dane.share(t.offered + t.not_looked, t.offered + t.not_offered + t.not_looked) AS most_share
  FROM (SELECT e.census_id, f.tlsa_outcome, v.version, count(*) FILTER (WHERE v.there) AS offered,
               count(*) FILTER (WHERE NOT v.there) AS not_offered, count(*) FILTER (WHERE v.there IS NULL) AS not_looked
          FROM dane.endpoint e
          JOIN dane.host_fact f ON f.census_id = e.census_id AND f.host = e.host
          CROSS JOIN LATERAL (VALUES ('TLSv1.2', e.tls12), ('TLSv1.3', e.tls13)) AS v (version, there)
         WHERE e.reached = 'tls'
         GROUP BY e.census_id, f.tlsa_outcome, v.version) t;
COMMENT ON VIEW published.tls_versions_by_tlsa_outcome IS 'tls_versions by the TLSA outcome of the MX host.';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.tlsa_outcome IS 'Of the host: usable (DANE), unusable, none, lookup-failed (nobody knows).';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.version IS 'TLSv1.2 or TLSv1.3.';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.offered IS 'Endpoints that have it.';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.not_offered IS 'Endpoints that have it not.';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.not_looked IS 'Endpoints that came to TLS, but where this was not looked at, or could not be told.';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.endpoints IS 'Endpoints of such hosts that came to TLS: the sum of the three.';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.least_share IS 'offered divided by endpoints: the share if none of those not looked at had it.';
COMMENT ON COLUMN published.tls_versions_by_tlsa_outcome.most_share IS 'offered and not_looked divided by endpoints: the share if all of those not looked at had it.';
