-- How MX hosts are prepared for the next change of key or certificate, as far as one look can tell: the how-to's advice on two sets of
-- TLSA records. Whether a key was announced two TTLs before its use is a matter of history (rollovers_seen), and not here.

-- Per MX host with usable TLSA records, what they match (src/survey/tlsa-matches.ts). Keys are counted as the records of one usage,
-- selector and matching type: those differ in what they describe, others may be of the same key or certificate.
CREATE VIEW dane.rollover_host AS
SELECT f.census_id, f.host, r.usable_records, r.ee_records, r.ta_records, coalesce(r.is_seen, false) AS is_seen,
       coalesce(r.current_records, 0) AS current_records, coalesce(r.current_keys, 0) AS current_keys,
       coalesce(r.next_keys, 0) AS next_keys, coalesce(r.issuer_records, 0) AS issuer_records,
       coalesce(r.issuer_keys, 0) AS issuer_keys, coalesce(r.ta_at_leaf, 0) AS ta_at_leaf,
       coalesce(r.ta_astray, 0) AS ta_astray, coalesce(r.matching_nothing, 0) AS matching_nothing,
       coalesce(k.algorithms, 0) AS algorithms, coalesce(k.current_algorithms, 0) AS current_algorithms,
       coalesce(k.anchored_algorithms, 0) AS anchored_algorithms, k.shown, coalesce(e.partly_seen, false) AS partly_seen
  FROM dane.host_fact f
  JOIN (SELECT census_id, host, sum(records)::int AS usable_records,
               (coalesce(sum(records) FILTER (WHERE usage = 3), 0))::int AS ee_records,
               (coalesce(sum(records) FILTER (WHERE usage = 2), 0))::int AS ta_records, bool_and(is_seen) AS is_seen,
               (sum(at_leaf) FILTER (WHERE usage = 3))::int AS current_records,
               (max(at_leaf) FILTER (WHERE usage = 3))::int AS current_keys,
               (max(astray) FILTER (WHERE usage = 3))::int AS next_keys,
               (sum(above_only) FILTER (WHERE usage = 2))::int AS issuer_records,
               (max(records - at_leaf) FILTER (WHERE usage = 2))::int AS issuer_keys,
               (sum(at_leaf) FILTER (WHERE usage = 2))::int AS ta_at_leaf,
               (sum(astray) FILTER (WHERE usage = 2))::int AS ta_astray, sum(astray)::int AS matching_nothing
          FROM (SELECT census_id, host, usage, selector, matching_type, count(*) AS records,
                       bool_and(matched_leaf IS NOT NULL) AS is_seen, count(*) FILTER (WHERE matched_leaf) AS at_leaf,
                       count(*) FILTER (WHERE matched_above AND NOT matched_leaf) AS above_only,
                       count(*) FILTER (WHERE NOT matched_above AND NOT matched_leaf) AS astray
                  FROM dane.tlsa_record
                 WHERE reason IS NULL
                 GROUP BY census_id, host, usage, selector, matching_type) p
         GROUP BY census_id, host) r ON r.census_id = f.census_id AND r.host = f.host
  LEFT JOIN (SELECT s.census_id, s.host, count(*) AS algorithms, count(*) FILTER (WHERE m.is_current) AS current_algorithms,
                    count(*) FILTER (WHERE m.is_anchored) AS anchored_algorithms,
                    string_agg(s.key_algorithm, ' ' ORDER BY s.key_algorithm) AS shown
               FROM (SELECT DISTINCT census_id, host, key_algorithm FROM dane.handshake WHERE key_algorithm <> '') s
               LEFT JOIN (SELECT t.census_id, t.host, one.key, bool_or(t.usage = 3 AND t.matched_leaf) AS is_current,
                                 bool_or(t.usage = 2 AND t.matched_above AND NOT t.matched_leaf) AS is_anchored
                            FROM dane.tlsa_record t
                            CROSS JOIN LATERAL unnest(t.matched_keys) AS one (key)
                           WHERE t.reason IS NULL
                           GROUP BY t.census_id, t.host, one.key) m
                 ON m.census_id = s.census_id AND m.host = s.host AND m.key = s.key_algorithm
              GROUP BY s.census_id, s.host) k ON k.census_id = f.census_id AND k.host = f.host
  LEFT JOIN (SELECT census_id, host, bool_or(verdict = 'unknown' OR second_key = 'not-looked') AS partly_seen
               FROM dane.endpoint GROUP BY census_id, host) e ON e.census_id = f.census_id AND e.host = f.host
 WHERE f.tlsa_outcome = 'usable';

-- In this order, so that what looks like a scheme and is none (the same key twice, usage 2 on the leaf or on what is not above it,
-- RSA and ECDSA both current) comes out as what it is. A single DANE-EE record is one whatever it matches.
CREATE VIEW dane.rollover_scheme AS
SELECT h.*,
       CASE
         WHEN usable_records = 1 AND ee_records = 1 THEN 'single'
         WHEN NOT is_seen THEN 'unknown'
         WHEN current_records > 0 AND next_keys > 0 AND next_keys >= algorithms THEN 'current-next'
         WHEN algorithms > 0 AND anchored_algorithms = algorithms THEN
           CASE WHEN current_records > 0 THEN 'current-issuer'
                WHEN issuer_keys > 1 THEN 'issuer-set' ELSE 'issuer-only' END
         WHEN current_records > 0 AND next_keys > 0 AND anchored_algorithms > 0
              AND next_keys >= algorithms - anchored_algorithms THEN 'current-next'
         WHEN current_records > 0 AND next_keys = 0 AND ta_astray = 0 AND current_algorithms > 1 THEN 'both-key-algorithms'
         WHEN current_records > 0 AND next_keys = 0 AND ta_astray = 0 AND issuer_records = 0 AND current_keys = 1 THEN 'single'
         ELSE 'other'
       END AS scheme,
       CASE
         WHEN usable_records = 1 AND ee_records = 1 THEN 'tlsa-single-record'
         WHEN NOT is_seen THEN NULL
         WHEN current_records > 0 AND next_keys > 0 AND next_keys >= algorithms THEN NULL
         WHEN algorithms > 0 AND anchored_algorithms = algorithms THEN
           CASE WHEN current_records = 0 THEN 'rollover-issuer-only' END
         WHEN current_records > 0 AND next_keys > 0 THEN
           CASE WHEN anchored_algorithms = 0 OR next_keys < algorithms - anchored_algorithms THEN 'rollover-one-algorithm' END
         WHEN current_records = 0 THEN 'tlsa-mismatch'
         WHEN ta_astray > 0 THEN 'rollover-ta-not-served'
         WHEN ta_at_leaf > 0 THEN 'rollover-ta-is-leaf'
         WHEN current_algorithms > 1 THEN 'rollover-both-current'
         WHEN current_keys = 1 AND issuer_records = 0 THEN 'rollover-same-key'
         ELSE 'rollover-absent'
       END AS why
  FROM dane.rollover_host h;

CREATE VIEW published.rollover_scheme_list AS
SELECT s.census_id, s.host, h.provider, s.scheme, s.why, r.says, r.hint, s.usable_records, s.current_records, s.issuer_records,
       s.matching_nothing, s.shown AS key_algorithms, s.partly_seen, coalesce(e.domains, 0) AS domains
  FROM dane.rollover_scheme s
  JOIN dane.host h ON h.census_id = s.census_id AND h.host = s.host
  LEFT JOIN (SELECT x.census_id, x.host, count(DISTINCT x.ordinal) AS domains
               FROM dane.mx_edge x
               JOIN dane.host_fact f ON f.census_id = x.census_id AND f.host = x.host AND f.tlsa_outcome = 'usable'
              GROUP BY x.census_id, x.host) e
    ON e.census_id = s.census_id AND e.host = s.host
  LEFT JOIN dane.reason r ON r.reason = s.why;
COMMENT ON VIEW published.rollover_scheme_list IS 'One row per MX host with usable TLSA records: which scheme for the next change of key they follow, as one look can tell.';
COMMENT ON COLUMN published.rollover_scheme_list.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.rollover_scheme_list.host IS 'The MX host.';
COMMENT ON COLUMN published.rollover_scheme_list.provider IS 'The registrable domain of the host.';
COMMENT ON COLUMN published.rollover_scheme_list.scheme IS 'current-next (a 3 x x record matches, and for each key algorithm shown another matches nothing: a next key, or an old one); current-issuer (a 3 x x record matches, and in every chain a 2 x x record a certificate above the leaf that issued it); issuer-only (such a 2 x x record, and no 3 x x that matches); issuer-set (the same with several 2 x x); both-key-algorithms (RSA and ECDSA both current, nothing beside: no scheme); single (one 3 x x record, or several of one key or certificate); other; unknown (no certificate was seen).';
COMMENT ON COLUMN published.rollover_scheme_list.why IS 'Why it is no scheme, or not a whole one, as a key of the catalogue of reasons; null where it is one, or unknown.';
COMMENT ON COLUMN published.rollover_scheme_list.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.rollover_scheme_list.hint IS 'What to publish instead.';
COMMENT ON COLUMN published.rollover_scheme_list.usable_records IS 'TLSA records that can authenticate.';
COMMENT ON COLUMN published.rollover_scheme_list.current_records IS 'Of them, those of usage 3 that match the certificate of an endpoint.';
COMMENT ON COLUMN published.rollover_scheme_list.issuer_records IS 'Of them, those of usage 2 that match a certificate which is sent above the leaf and issued it.';
COMMENT ON COLUMN published.rollover_scheme_list.matching_nothing IS 'Of them, those that match no certificate seen.';
COMMENT ON COLUMN published.rollover_scheme_list.key_algorithms IS 'Key algorithms of the certificates that the host shows; null where none was seen.';
COMMENT ON COLUMN published.rollover_scheme_list.partly_seen IS 'Whether some address, or its second key, could not be looked at: a record that matches nothing may match there.';
COMMENT ON COLUMN published.rollover_scheme_list.domains IS 'Domains that name the host.';

CREATE VIEW published.rollover_schemes AS
SELECT c.census_id, c.scheme, c.hosts, c.partly_seen,
       CASE WHEN c.scheme <> 'unknown' THEN
         dane.share(c.hosts, sum(c.hosts) FILTER (WHERE c.scheme <> 'unknown') OVER (PARTITION BY c.census_id)) END AS hosts_share,
       coalesce(d.domains, 0) AS domains, n.domains AS of_domains,
       CASE WHEN c.scheme <> 'unknown' THEN dane.share(coalesce(d.domains, 0), n.domains) END AS domains_share,
       CASE WHEN c.scheme <> 'unknown' THEN dane.share_low(c.census_id, coalesce(d.domains, 0), n.domains) END AS domains_share_low,
       CASE WHEN c.scheme <> 'unknown' THEN dane.share_high(c.census_id, coalesce(d.domains, 0), n.domains) END AS domains_share_high,
       d.weight
  FROM (SELECT census_id, scheme, count(*) AS hosts, count(*) FILTER (WHERE partly_seen) AS partly_seen
          FROM dane.rollover_scheme GROUP BY census_id, scheme) c
  LEFT JOIN (SELECT u.census_id, u.scheme, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT s.census_id, s.scheme, e.ordinal
                       FROM dane.rollover_scheme s
                       JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.scheme) d ON d.census_id = c.census_id AND d.scheme = c.scheme
  LEFT JOIN (SELECT s.census_id, count(DISTINCT e.ordinal) AS domains
               FROM dane.rollover_scheme s
               JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host
              WHERE s.scheme <> 'unknown'
              GROUP BY s.census_id) n ON n.census_id = c.census_id;
COMMENT ON VIEW published.rollover_schemes IS 'How many MX hosts, and domains behind them, follow which scheme for the next change of key (rollover_scheme_list).';
COMMENT ON COLUMN published.rollover_schemes.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.rollover_schemes.scheme IS 'As in rollover_scheme_list.';
COMMENT ON COLUMN published.rollover_schemes.hosts IS 'MX hosts with usable TLSA records of which this is so.';
COMMENT ON COLUMN published.rollover_schemes.partly_seen IS 'Of hosts, those where some address, or its second key, could not be looked at: a record that matches nothing may match there.';
COMMENT ON COLUMN published.rollover_schemes.hosts_share IS 'hosts divided by all such MX hosts whose scheme is not unknown; null for unknown.';
COMMENT ON COLUMN published.rollover_schemes.domains IS 'Domains that name one of hosts; a domain with hosts of two schemes counts at both.';
COMMENT ON COLUMN published.rollover_schemes.of_domains IS 'Domains that name a host with usable TLSA records whose scheme is not unknown: the denominator of domains_share.';
COMMENT ON COLUMN published.rollover_schemes.domains_share IS 'domains divided by of_domains; the shares may add up to more than 1; null for unknown.';
COMMENT ON COLUMN published.rollover_schemes.domains_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.rollover_schemes.domains_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.rollover_schemes.weight IS 'Sum of the weights of domains; null where no list gave any.';

CREATE VIEW dane.leaf_of_dane_host AS
SELECT DISTINCT s.census_id, s.host, s.leaf_spki
  FROM dane.handshake s
  JOIN dane.host_fact f ON f.census_id = s.census_id AND f.host = s.host AND f.tlsa_outcome = 'usable'
 WHERE s.leaf_spki IS NOT NULL;

-- Domains with two or more hosts with usable TLSA records that showed a key, and whether one key is shown by all of them (S9).
CREATE VIEW dane.one_key_domain AS
SELECT k.census_id, k.ordinal, max(n.hosts) AS hosts, bool_or(k.hosts = n.hosts) AS is_one_key
  FROM (SELECT e.census_id, e.ordinal, s.leaf_spki, count(DISTINCT e.host) AS hosts
          FROM dane.leaf_of_dane_host s
          JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host
         GROUP BY e.census_id, e.ordinal, s.leaf_spki) k
  JOIN (SELECT e.census_id, e.ordinal, count(DISTINCT e.host) AS hosts
          FROM (SELECT DISTINCT census_id, host FROM dane.leaf_of_dane_host) s
          JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host
         GROUP BY e.census_id, e.ordinal
        HAVING count(DISTINCT e.host) > 1) n ON n.census_id = k.census_id AND n.ordinal = k.ordinal
 GROUP BY k.census_id, k.ordinal;

CREATE VIEW published.one_key_domains AS
SELECT o.census_id, d.name AS domain, o.hosts
  FROM dane.one_key_domain o
  JOIN dane.domain d ON d.census_id = o.census_id AND d.ordinal = o.ordinal
 WHERE o.is_one_key;
COMMENT ON VIEW published.one_key_domains IS 'One row per domain all of whose MX hosts with usable TLSA records show one key, where there are several such hosts (facts of the field, 1.2: S9): one mistake at its change stops all of them.';
COMMENT ON COLUMN published.one_key_domains.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.one_key_domains.domain IS 'The domain.';
COMMENT ON COLUMN published.one_key_domains.hosts IS 'Its MX hosts with usable TLSA records that showed a certificate, two at least.';

CREATE VIEW published.single_points_of_failure AS
SELECT h.census_id, h.hosts, h.single_record, h.single_key, dane.share(h.single_record, h.hosts) AS single_record_share,
       dane.share(h.single_key, h.hosts) AS single_key_share, d.domains, d.all_single, dane.share(d.all_single, d.domains) AS all_single_share,
       dane.share_low(h.census_id, d.all_single, d.domains) AS all_single_share_low,
       dane.share_high(h.census_id, d.all_single, d.domains) AS all_single_share_high, d.weight_all_single,
       coalesce(o.several_hosts, 0) AS several_hosts, coalesce(o.one_key, 0) AS one_key,
       dane.share(o.one_key, o.several_hosts) AS one_key_share,
       dane.share_low(h.census_id, o.one_key, o.several_hosts) AS one_key_share_low,
       dane.share_high(h.census_id, o.one_key, o.several_hosts) AS one_key_share_high, o.weight_one_key
  FROM (SELECT census_id, count(*) AS hosts, count(*) FILTER (WHERE usable_records = 1) AS single_record,
               count(*) FILTER (WHERE scheme = 'single' AND usable_records > 1) AS single_key
          FROM dane.rollover_scheme GROUP BY census_id) h
  LEFT JOIN (SELECT u.census_id, count(*) AS domains, count(*) FILTER (WHERE u.all_single) AS all_single,
                    CASE WHEN count(w.weight) > 0 THEN coalesce(round(sum(w.weight::numeric) FILTER (WHERE u.all_single), 6)::float8, 0) END AS weight_all_single
               FROM (SELECT s.census_id, e.ordinal, bool_and(s.usable_records = 1 OR s.scheme = 'single') AS all_single
                       FROM dane.rollover_scheme s
                       JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host
                      GROUP BY s.census_id, e.ordinal) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id) d ON d.census_id = h.census_id
  LEFT JOIN (SELECT u.census_id, count(*) AS several_hosts, count(*) FILTER (WHERE u.is_one_key) AS one_key,
                    CASE WHEN count(w.weight) > 0 THEN coalesce(round(sum(w.weight::numeric) FILTER (WHERE u.is_one_key), 6)::float8, 0) END AS weight_one_key
               FROM dane.one_key_domain u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id) o ON o.census_id = h.census_id;
COMMENT ON VIEW published.single_points_of_failure IS 'One row per census: where the next change of one key, certificate or record stops mail.';
COMMENT ON COLUMN published.single_points_of_failure.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.single_points_of_failure.hosts IS 'MX hosts with usable TLSA records: the denominator of the shares of hosts.';
COMMENT ON COLUMN published.single_points_of_failure.single_record IS 'Of hosts, those with one record that can authenticate, of whatever usage, seen to match or not.';
COMMENT ON COLUMN published.single_points_of_failure.single_key IS 'Of hosts, those with several that are all of one key or certificate: they stop matching together. Hosts where no certificate was seen cannot be told to be so, and are not counted here.';
COMMENT ON COLUMN published.single_points_of_failure.single_record_share IS 'single_record divided by hosts.';
COMMENT ON COLUMN published.single_points_of_failure.single_key_share IS 'single_key divided by hosts.';
COMMENT ON COLUMN published.single_points_of_failure.domains IS 'Domains that name at least one of hosts: the denominator of all_single_share; null where there are none.';
COMMENT ON COLUMN published.single_points_of_failure.all_single IS 'Of domains, those all of whose MX hosts with usable TLSA records are of single_record or single_key. Hosts of theirs without TLSA records play no part.';
COMMENT ON COLUMN published.single_points_of_failure.all_single_share IS 'all_single divided by domains.';
COMMENT ON COLUMN published.single_points_of_failure.all_single_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.single_points_of_failure.all_single_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.single_points_of_failure.weight_all_single IS 'Sum of the weights of all_single; null where no list gave any.';
COMMENT ON COLUMN published.single_points_of_failure.several_hosts IS 'Domains with two or more MX hosts with usable TLSA records that showed a certificate: the denominator of one_key_share.';
COMMENT ON COLUMN published.single_points_of_failure.one_key IS 'Of several_hosts, those where one key is shown by all of these hosts (facts of the field, 1.2: S9).';
COMMENT ON COLUMN published.single_points_of_failure.one_key_share IS 'one_key divided by several_hosts; null where that is 0.';
COMMENT ON COLUMN published.single_points_of_failure.one_key_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.single_points_of_failure.one_key_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.single_points_of_failure.weight_one_key IS 'Sum of the weights of one_key; null where there are none of several_hosts, or no list gave weights.';
