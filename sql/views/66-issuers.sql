-- Hosts that publish the keys of issuers (2 x x), and whether their set is whole: a CA signs with any of its current keys, and with
-- others next year (facts of the field, 4.8). Keys are known from dane.issuer_key (dane-census db issuers).

-- Usable records of usage 2, each with whose key it is. A 2 0 x record is told by the certificate where it was seen in some census.
-- Records of SHA2-512 name nobody: such digests are kept neither of known keys nor of certificates.
CREATE VIEW dane.issuer_record AS
SELECT a.census_id, a.host, a.number, a.matched_above, a.spki, k.family, k.name, k.state, s.subject
  FROM (SELECT t.census_id, t.host, t.number, t.matched_above,
               CASE WHEN t.selector = 1 AND t.matching_type = 1 THEN t.data
                    WHEN t.selector = 1 AND t.matching_type = 0 THEN sha256(t.data) ELSE c.spki_sha256 END AS spki
          FROM dane.tlsa_record t
          JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_outcome = 'usable'
          LEFT JOIN dane.certificate c
            ON c.sha256 = CASE WHEN t.selector = 0 AND t.matching_type = 1 THEN t.data
                               WHEN t.selector = 0 AND t.matching_type = 0 THEN sha256(t.data) END
         WHERE t.usage = 2 AND t.reason IS NULL) a
  LEFT JOIN dane.issuer_key k ON k.spki_sha256 = a.spki
  LEFT JOIN (SELECT spki_sha256, min(subject) AS subject FROM dane.certificate
              WHERE spki_sha256 IS NOT NULL GROUP BY spki_sha256) s ON s.spki_sha256 = a.spki;

CREATE VIEW dane.issuer_set AS
SELECT r.census_id, r.host, coalesce(r.family, r.subject, 'unknown') AS family, r.family IS NOT NULL AS is_known,
       count(*) AS records, count(DISTINCT r.spki) FILTER (WHERE r.state = 'current') AS current_keys,
       CASE WHEN r.family IS NOT NULL THEN max(n.keys) - count(DISTINCT r.spki) FILTER (WHERE r.state = 'current') END AS missing_keys,
       CASE WHEN r.family IS NOT NULL THEN count(DISTINCT r.spki) FILTER (WHERE r.state = 'retired') END AS retired_keys,
       string_agg(DISTINCT r.name, ' ' ORDER BY r.name) FILTER (WHERE r.state = 'current') AS current_names,
       string_agg(DISTINCT r.name, ' ' ORDER BY r.name) FILTER (WHERE r.state = 'retired') AS retired_names,
       bool_or(r.matched_above) AS in_use,
       CASE WHEN max(h.ee_records) = 0 THEN true WHEN bool_and(h.is_seen) THEN max(h.current_records) = 0 END AS rests_on_issuer
  FROM dane.issuer_record r
  JOIN dane.rollover_host h ON h.census_id = r.census_id AND h.host = r.host
  LEFT JOIN (SELECT family, count(*) AS keys FROM dane.issuer_key WHERE state = 'current' GROUP BY family) n ON n.family = r.family
 GROUP BY r.census_id, r.host, coalesce(r.family, r.subject, 'unknown'), r.family IS NOT NULL;

CREATE VIEW published.issuer_set_list AS
SELECT s.census_id, s.host, h.provider, s.family, s.is_known, s.records, s.current_keys, s.missing_keys, s.retired_keys, s.current_names,
       s.retired_names, s.in_use, s.rests_on_issuer, s.rests_on_issuer AND s.in_use AND s.missing_keys > 0 AS at_risk,
       coalesce(e.domains, 0) AS domains
  FROM dane.issuer_set s
  JOIN dane.host h ON h.census_id = s.census_id AND h.host = s.host
  LEFT JOIN (SELECT x.census_id, x.host, count(DISTINCT x.ordinal) AS domains
               FROM dane.mx_edge x
               JOIN (SELECT DISTINCT census_id, host FROM dane.issuer_set) i ON i.census_id = x.census_id AND i.host = x.host
              GROUP BY x.census_id, x.host) e ON e.census_id = s.census_id AND e.host = s.host;
COMMENT ON VIEW published.issuer_set_list IS 'One row per MX host that publishes usable 2 x x records and family of CA keys that they name: what is missing from the set, and what is in it that the CA has retired.';
COMMENT ON COLUMN published.issuer_set_list.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.issuer_set_list.host IS 'The MX host.';
COMMENT ON COLUMN published.issuer_set_list.provider IS 'The registrable domain of the host.';
COMMENT ON COLUMN published.issuer_set_list.family IS 'The family of the keys (db issuers); of a key that is not there the subject of a certificate that has it, text from the network; unknown where none was seen, and for records of SHA2-512.';
COMMENT ON COLUMN published.issuer_set_list.is_known IS 'Whether the keys are in the list of db issuers; where they are not, nothing can be said of siblings and retirement.';
COMMENT ON COLUMN published.issuer_set_list.records IS 'Usable records of usage 2 of the host that name such a key.';
COMMENT ON COLUMN published.issuer_set_list.current_keys IS 'Different keys among them that are current.';
COMMENT ON COLUMN published.issuer_set_list.missing_keys IS 'Current keys of the family that the host does not publish; null where the keys are not known.';
COMMENT ON COLUMN published.issuer_set_list.retired_keys IS 'Different keys among them that the CA has retired; null where the keys are not known.';
COMMENT ON COLUMN published.issuer_set_list.current_names IS 'The names of the current keys published; null where there are none.';
COMMENT ON COLUMN published.issuer_set_list.retired_names IS 'The names of the retired keys published; null where there are none.';
COMMENT ON COLUMN published.issuer_set_list.in_use IS 'Whether a record of the family matches a certificate that the host sends above its own; null where no certificate was seen.';
COMMENT ON COLUMN published.issuer_set_list.rests_on_issuer IS 'Whether no record of usage 3 matches, so that issuers alone authenticate the host; null where that was not seen.';
COMMENT ON COLUMN published.issuer_set_list.at_risk IS 'Whether the host rests on issuers, this family is in use, and keys are missing: the first certificate that one of those signs stops mail. Null where that cannot be told.';
COMMENT ON COLUMN published.issuer_set_list.domains IS 'Domains that name the host.';

CREATE VIEW published.issuer_set_health AS
SELECT c.census_id, c.family, c.is_known, c.hosts, c.whole, c.lacking, c.lacking_all, c.retired, c.not_seen, c.at_risk,
       dane.share(c.lacking, c.lacking + c.whole) AS lacking_share, dane.share(c.retired, c.lacking + c.whole) AS retired_share,
       dane.share(c.at_risk, c.lacking + c.whole - c.not_seen) AS at_risk_share, coalesce(d.domains, 0) AS domains,
       coalesce(d.domains_at_risk, 0) AS domains_at_risk, dane.share(d.domains_at_risk, d.domains_seen) AS domains_at_risk_share,
       dane.share_low(c.census_id, d.domains_at_risk, d.domains_seen) AS domains_at_risk_share_low,
       dane.share_high(c.census_id, d.domains_at_risk, d.domains_seen) AS domains_at_risk_share_high, d.weight_at_risk
  FROM (SELECT census_id, family, is_known, count(*) AS hosts, count(*) FILTER (WHERE missing_keys = 0) AS whole,
               count(*) FILTER (WHERE missing_keys > 0) AS lacking,
               count(*) FILTER (WHERE missing_keys > 0 AND current_keys = 0) AS lacking_all,
               count(*) FILTER (WHERE retired_keys > 0) AS retired,
               count(*) FILTER (WHERE is_known AND (in_use IS NULL OR rests_on_issuer IS NULL)) AS not_seen,
               count(*) FILTER (WHERE rests_on_issuer AND in_use AND missing_keys > 0) AS at_risk
          FROM dane.issuer_set GROUP BY census_id, family, is_known) c
  LEFT JOIN (SELECT u.census_id, u.family, u.is_known, count(*) AS domains, count(*) FILTER (WHERE u.seen) AS domains_seen,
                    count(*) FILTER (WHERE u.at_risk) AS domains_at_risk,
                    CASE WHEN count(w.weight) > 0 THEN coalesce(round(sum(w.weight::numeric) FILTER (WHERE u.at_risk), 6)::float8, 0) END AS weight_at_risk
               FROM (SELECT s.census_id, s.family, s.is_known, e.ordinal,
                            bool_or(s.is_known AND s.in_use IS NOT NULL AND s.rests_on_issuer IS NOT NULL) AS seen,
                            coalesce(bool_or(s.rests_on_issuer AND s.in_use AND s.missing_keys > 0), false) AS at_risk
                       FROM dane.issuer_set s
                       JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host
                      GROUP BY s.census_id, s.family, s.is_known, e.ordinal) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.family, u.is_known) d
    ON d.census_id = c.census_id AND d.family = c.family AND d.is_known = c.is_known;
COMMENT ON VIEW published.issuer_set_health IS 'One row per family of CA keys that MX hosts publish as 2 x x: how many of these sets are whole (facts of the field, 4.8). A host that publishes keys of two families counts at both.';
COMMENT ON COLUMN published.issuer_set_health.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.issuer_set_health.family IS 'As in issuer_set_list.';
COMMENT ON COLUMN published.issuer_set_health.is_known IS 'Whether the keys are in the list of db issuers: where they are not, only hosts and domains say something.';
COMMENT ON COLUMN published.issuer_set_health.hosts IS 'MX hosts with usable TLSA records that publish a key of the family.';
COMMENT ON COLUMN published.issuer_set_health.whole IS 'Of hosts, those that publish all current keys of the family.';
COMMENT ON COLUMN published.issuer_set_health.lacking IS 'Of hosts, those that lack some of them.';
COMMENT ON COLUMN published.issuer_set_health.lacking_all IS 'Of lacking, those that publish no current key of it: retired ones only.';
COMMENT ON COLUMN published.issuer_set_health.retired IS 'Of hosts, those that publish a key which the CA has retired: harmless by itself, and never right again.';
COMMENT ON COLUMN published.issuer_set_health.not_seen IS 'Of hosts, those where no certificate was seen, so that nobody knows whether they are at risk: not in at_risk_share. 0 where the keys are not known.';
COMMENT ON COLUMN published.issuer_set_health.at_risk IS 'Of lacking, those where issuers alone authenticate, by this family: the first certificate that a missing key signs stops mail.';
COMMENT ON COLUMN published.issuer_set_health.lacking_share IS 'lacking divided by whole and lacking; null where the keys are not known.';
COMMENT ON COLUMN published.issuer_set_health.retired_share IS 'retired divided by whole and lacking; null where the keys are not known.';
COMMENT ON COLUMN published.issuer_set_health.at_risk_share IS 'at_risk divided by whole and lacking less not_seen; null where that is 0.';
COMMENT ON COLUMN published.issuer_set_health.domains IS 'Domains that name one of hosts.';
COMMENT ON COLUMN published.issuer_set_health.domains_at_risk IS 'Domains that name a host of at_risk.';
COMMENT ON COLUMN published.issuer_set_health.domains_at_risk_share IS 'domains_at_risk divided by the domains that name a host of the family of which it could be told; null where there are none.';
COMMENT ON COLUMN published.issuer_set_health.domains_at_risk_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.issuer_set_health.domains_at_risk_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.issuer_set_health.weight_at_risk IS 'Sum of the weights of domains_at_risk; null where no list gave any.';

CREATE VIEW published.issuer_keys AS
SELECT c.census_id, k.family, k.name, k.state, k.retired_on::text AS retired_on, encode(k.spki_sha256, 'hex') AS spki_sha256, count(DISTINCT r.host) AS hosts,
       count(DISTINCT r.host) FILTER (WHERE r.matched_above) AS hosts_in_use, k.source
  FROM dane.census c
  CROSS JOIN dane.issuer_key k
  LEFT JOIN dane.issuer_record r ON r.census_id = c.census_id AND r.spki = k.spki_sha256
 GROUP BY c.census_id, k.family, k.name, k.state, k.retired_on, k.spki_sha256, k.source;
COMMENT ON VIEW published.issuer_keys IS 'One row per known CA key: how many MX hosts publish it (as dane-users counts for X3, X4, R3, R4, E1 and E2: facts of the field, 2.5).';
COMMENT ON COLUMN published.issuer_keys.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.issuer_keys.family IS 'The family: its keys can stand in for each other.';
COMMENT ON COLUMN published.issuer_keys.name IS 'The name of the key as the CA calls it.';
COMMENT ON COLUMN published.issuer_keys.state IS 'current or retired, as the list of this database has it now (not at the time of the census).';
COMMENT ON COLUMN published.issuer_keys.retired_on IS 'When the CA retired it, as 2026-05-13; null where it is current, or where the day is not known.';
COMMENT ON COLUMN published.issuer_keys.spki_sha256 IS 'SHA-256 of the SubjectPublicKeyInfo, hexadecimal: what 2 1 1 records of it hold.';
COMMENT ON COLUMN published.issuer_keys.hosts IS 'MX hosts with usable TLSA records that publish it as 2 1 1, 2 1 0, 2 0 1 or 2 0 0.';
COMMENT ON COLUMN published.issuer_keys.hosts_in_use IS 'Of hosts, those where such a record matches a certificate that is sent above the leaf.';
COMMENT ON COLUMN published.issuer_keys.source IS 'Where the digest and the state are from.';
