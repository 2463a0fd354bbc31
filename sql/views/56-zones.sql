-- DNSSEC of the zones that hold the domains. One zone counts once, however many domains of the census are in it.

-- Zones that hold a domain of the census that exists. Where replies for several domains tell different things of one zone, that
-- for which the zone was secure and its way of denial was seen speaks for it, and after that the first of the list.
CREATE VIEW dane.zone_seen AS
SELECT z.census_id, z.zone_apex AS apex, z.domains, f.zone_status AS status, f.zone_reason AS reason,
       coalesce(f.ds_algorithms, '{}') AS ds_algorithms, coalesce(f.ds_digest_types, '{}') AS ds_digest_types,
       coalesce(f.dnskey_algorithms, '{}') AS dnskey_algorithms, f.denial, f.nsec3_iterations, f.nsec3_opt_out
  FROM (SELECT census_id, zone_apex, count(*) AS domains,
               coalesce(min(ordinal) FILTER (WHERE zone_status = 'secure' AND denial IS NOT NULL),
                        min(ordinal) FILTER (WHERE zone_status = 'secure'),
                        min(ordinal) FILTER (WHERE zone_status <> 'indeterminate'), min(ordinal)) AS ordinal
          FROM dane.domain_fact
         WHERE zone_apex IS NOT NULL AND mx_outcome <> 'nxdomain'
         GROUP BY census_id, zone_apex) z
  JOIN dane.domain_fact f ON f.census_id = z.census_id AND f.ordinal = z.ordinal;

CREATE VIEW published.zone_security AS
SELECT z.census_id, z.status, z.reason, count(*) AS zones, sum(z.domains)::bigint AS domains,
       CASE WHEN z.status <> 'indeterminate' THEN
         dane.share(count(*), sum(count(*)) FILTER (WHERE z.status <> 'indeterminate') OVER (PARTITION BY z.census_id)) END
         AS zones_share,
       r.says, r.mender, r.hint, r.source
  FROM dane.zone_seen z
  LEFT JOIN dane.reason r ON r.reason = z.reason
 GROUP BY z.census_id, z.status, z.reason, r.says, r.mender, r.hint, r.source;
COMMENT ON VIEW published.zone_security IS 'Security status of the zones that hold the domains, by reason. Names that do not exist have no zone here, nor have domains whose zone a forwarder did not show.';
COMMENT ON COLUMN published.zone_security.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.zone_security.status IS 'Security status of the zone (RFC 4033 §5): secure, insecure, bogus, indeterminate (could not look).';
COMMENT ON COLUMN published.zone_security.reason IS 'Why the status is not secure; null where it is.';
COMMENT ON COLUMN published.zone_security.zones IS 'Different zones of which this is so.';
COMMENT ON COLUMN published.zone_security.domains IS 'Domains of the census in these zones, those without mail included.';
COMMENT ON COLUMN published.zone_security.zones_share IS 'zones divided by all zones whose status is not indeterminate; null for indeterminate.';
COMMENT ON COLUMN published.zone_security.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.zone_security.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.zone_security.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.zone_security.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';

-- Algorithm numbers of the IANA registry, and what it says of signing with them (RFC 9904 §3; RFC 9905, RFC 9906).
CREATE VIEW dane.dnssec_algorithm AS
SELECT * FROM (VALUES
  (1, 'RSAMD5', 'must-not'), (3, 'DSA', 'must-not'), (5, 'RSASHA1', 'must-not'), (6, 'DSA-NSEC3-SHA1', 'must-not'),
  (7, 'RSASHA1-NSEC3-SHA1', 'must-not'), (8, 'RSASHA256', 'recommended'), (10, 'RSASHA512', 'not-recommended'),
  (12, 'ECC-GOST', 'must-not'), (13, 'ECDSAP256SHA256', 'recommended'), (14, 'ECDSAP384SHA384', 'may'),
  (15, 'ED25519', 'recommended'), (16, 'ED448', 'may')) AS a (algorithm, mnemonic, advice);

CREATE VIEW published.dnssec_algorithms AS
SELECT u.census_id, u.record, u.algorithm, a.mnemonic, a.advice, u.zones, u.alone, u.domains, n.zones AS of_zones,
       dane.share(u.zones, n.zones) AS zones_share
  FROM (SELECT s.census_id, s.record, one.algorithm::int AS algorithm, count(*) AS zones,
               count(*) FILTER (WHERE cardinality(s.algorithms) = 1) AS alone, sum(s.domains)::bigint AS domains
          FROM (SELECT z.census_id, v.record, v.algorithms, z.domains
                  FROM dane.zone_seen z
                  CROSS JOIN LATERAL (VALUES ('DS', z.ds_algorithms), ('DNSKEY', z.dnskey_algorithms)) AS v (record, algorithms)
               ) s
          CROSS JOIN LATERAL unnest(s.algorithms) AS one (algorithm)
         GROUP BY s.census_id, s.record, one.algorithm) u
  JOIN (SELECT census_id, v.record, count(*) FILTER (WHERE v.there) AS zones
          FROM dane.zone_seen z
          CROSS JOIN LATERAL (VALUES ('DS', cardinality(z.ds_algorithms) > 0),
                                     ('DNSKEY', cardinality(z.dnskey_algorithms) > 0)) AS v (record, there)
         GROUP BY census_id, v.record) n ON n.census_id = u.census_id AND n.record = u.record
  LEFT JOIN dane.dnssec_algorithm a ON a.algorithm = u.algorithm;
COMMENT ON VIEW published.dnssec_algorithms IS 'Which DNSSEC algorithms stand in the DS records of the zones, and which in the keys of those that are secure. A zone with several counts at each, so that the shares add up to more than 1.';
COMMENT ON COLUMN published.dnssec_algorithms.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.dnssec_algorithms.record IS 'DS (at the parent: of every zone that has one) or DNSKEY (in the zone: of secure zones only, whose keys are known to be theirs).';
COMMENT ON COLUMN published.dnssec_algorithms.algorithm IS 'Number of the algorithm (IANA, DNS Security Algorithm Numbers).';
COMMENT ON COLUMN published.dnssec_algorithms.mnemonic IS 'Its name; null for one that is not in the registry.';
COMMENT ON COLUMN published.dnssec_algorithms.advice IS 'What the registry says of signing with it (RFC 9904, RFC 9905, RFC 9906): recommended, may, not-recommended, must-not.';
COMMENT ON COLUMN published.dnssec_algorithms.zones IS 'Different zones with such a record.';
COMMENT ON COLUMN published.dnssec_algorithms.alone IS 'Of zones, those that have no other algorithm in these records.';
COMMENT ON COLUMN published.dnssec_algorithms.domains IS 'Domains of the census in these zones.';
COMMENT ON COLUMN published.dnssec_algorithms.of_zones IS 'Different zones with any such record: the denominator of the share.';
COMMENT ON COLUMN published.dnssec_algorithms.zones_share IS 'zones divided by of_zones.';

CREATE VIEW published.dnssec_algorithm_mixtures AS
SELECT census_id, array_to_string(ds_algorithms, ' ') AS ds_algorithms,
       array_to_string(dnskey_algorithms, ' ') AS dnskey_algorithms, count(*) AS zones, sum(domains)::bigint AS domains,
       dane.share(count(*), sum(count(*)) OVER (PARTITION BY census_id)) AS zones_share
  FROM dane.zone_seen
 WHERE status = 'secure'
 GROUP BY census_id, ds_algorithms, dnskey_algorithms;
COMMENT ON VIEW published.dnssec_algorithm_mixtures IS 'Which algorithms stand together in the DS records and the keys of secure zones: several are a roll-over, or one that was not finished.';
COMMENT ON COLUMN published.dnssec_algorithm_mixtures.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.dnssec_algorithm_mixtures.ds_algorithms IS 'Algorithm numbers of the DS RRset, ascending, each once.';
COMMENT ON COLUMN published.dnssec_algorithm_mixtures.dnskey_algorithms IS 'Algorithm numbers of the DNSKEY RRset, ascending, each once.';
COMMENT ON COLUMN published.dnssec_algorithm_mixtures.zones IS 'Different secure zones with exactly these.';
COMMENT ON COLUMN published.dnssec_algorithm_mixtures.domains IS 'Domains of the census in these zones.';
COMMENT ON COLUMN published.dnssec_algorithm_mixtures.zones_share IS 'zones divided by all secure zones.';

CREATE VIEW published.ds_digest_types AS
SELECT u.census_id, u.digest_type, d.mnemonic, u.zones, u.alone, u.domains, n.zones AS of_zones,
       dane.share(u.zones, n.zones) AS zones_share
  FROM (SELECT z.census_id, one.digest_type::int AS digest_type, count(*) AS zones,
               count(*) FILTER (WHERE cardinality(z.ds_digest_types) = 1) AS alone, sum(z.domains)::bigint AS domains
          FROM dane.zone_seen z
          CROSS JOIN LATERAL unnest(z.ds_digest_types) AS one (digest_type)
         GROUP BY z.census_id, one.digest_type) u
  JOIN (SELECT census_id, count(*) AS zones FROM dane.zone_seen WHERE cardinality(ds_digest_types) > 0 GROUP BY census_id) n
    ON n.census_id = u.census_id
  LEFT JOIN (VALUES (1, 'SHA-1'), (2, 'SHA-256'), (3, 'GOST R 34.11-94'), (4, 'SHA-384'), (5, 'GOST R 34.11-2012'), (6, 'SM3'))
    AS d (digest_type, mnemonic) ON d.digest_type = u.digest_type;
COMMENT ON VIEW published.ds_digest_types IS 'Digest types of the DS records of the zones. A zone with several counts at each, so that the shares add up to more than 1.';
COMMENT ON COLUMN published.ds_digest_types.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ds_digest_types.digest_type IS 'Number of the digest type (IANA, Digest Algorithms of DS records). Type 1 must not be used (RFC 9905 §2).';
COMMENT ON COLUMN published.ds_digest_types.mnemonic IS 'Its name; null for one that is not in the registry.';
COMMENT ON COLUMN published.ds_digest_types.zones IS 'Different zones with such a DS record.';
COMMENT ON COLUMN published.ds_digest_types.alone IS 'Of zones, those whose DS records are all of this type.';
COMMENT ON COLUMN published.ds_digest_types.domains IS 'Domains of the census in these zones.';
COMMENT ON COLUMN published.ds_digest_types.of_zones IS 'Different zones with a DS record: the denominator of the share.';
COMMENT ON COLUMN published.ds_digest_types.zones_share IS 'zones divided by of_zones.';

CREATE VIEW published.denial_of_existence AS
SELECT census_id, denial, nsec3_iterations AS iterations, nsec3_opt_out AS opt_out, count(*) AS zones,
       sum(domains)::bigint AS domains,
       CASE WHEN denial IS NOT NULL THEN
         dane.share(count(*), sum(count(*)) FILTER (WHERE denial IS NOT NULL) OVER (PARTITION BY census_id)) END AS zones_share
  FROM dane.zone_seen
 WHERE status = 'secure'
 GROUP BY census_id, denial, nsec3_iterations, nsec3_opt_out;
COMMENT ON VIEW published.denial_of_existence IS 'How secure zones deny names: NSEC, or NSEC3 with how many further hashes, with opt-out or not.';
COMMENT ON COLUMN published.denial_of_existence.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.denial_of_existence.denial IS 'nsec or nsec3; null for zones of which no negative answer was seen: what they use is not known.';
COMMENT ON COLUMN published.denial_of_existence.iterations IS 'Additional hash iterations (RFC 5155 §3.1.3), which shall be 0 (RFC 9276 §3.1); null without NSEC3.';
COMMENT ON COLUMN published.denial_of_existence.opt_out IS 'Whether the NSEC3 record seen has the opt-out flag (RFC 5155 §3.1.2.1): unsigned delegations below are then not proven to be absent; null without NSEC3.';
COMMENT ON COLUMN published.denial_of_existence.zones IS 'Different secure zones of which this is so.';
COMMENT ON COLUMN published.denial_of_existence.domains IS 'Domains of the census in these zones.';
COMMENT ON COLUMN published.denial_of_existence.zones_share IS 'zones divided by all secure zones whose way of denial was seen; null for those where it was not.';

CREATE VIEW published.dnssec_practice AS
SELECT p.*, dane.share(p.sha1_algorithm, p.secure_zones) AS sha1_algorithm_share,
       dane.share(p.sha1_digest, p.ds_zones) AS sha1_digest_share, dane.share(p.nsec3, p.nsec + p.nsec3) AS nsec3_share,
       dane.share(p.iterated, p.nsec3) AS iterated_share, dane.share(p.opt_out, p.nsec3) AS opt_out_share
  FROM (SELECT census_id, count(*) AS zones, count(*) FILTER (WHERE status = 'secure') AS secure_zones,
               count(*) FILTER (WHERE status = 'secure' AND dnskey_algorithms && '{5,7}'::smallint[]) AS sha1_algorithm,
               count(*) FILTER (WHERE status = 'secure' AND dnskey_algorithms <@ '{1,3,5,6,7,12}'::smallint[]) AS only_deprecated,
               count(*) FILTER (WHERE cardinality(ds_digest_types) > 0) AS ds_zones,
               count(*) FILTER (WHERE 1 = ANY (ds_digest_types)) AS sha1_digest,
               count(*) FILTER (WHERE ds_digest_types = '{1}'::smallint[]) AS sha1_digest_only,
               count(*) FILTER (WHERE status = 'secure' AND denial = 'nsec') AS nsec,
               count(*) FILTER (WHERE status = 'secure' AND denial = 'nsec3') AS nsec3,
               count(*) FILTER (WHERE status = 'secure' AND denial IS NULL) AS denial_not_seen,
               count(*) FILTER (WHERE status = 'secure' AND nsec3_iterations > 0) AS iterated,
               count(*) FILTER (WHERE status = 'secure' AND nsec3_opt_out) AS opt_out
          FROM dane.zone_seen
         GROUP BY census_id) p;
COMMENT ON VIEW published.dnssec_practice IS 'One row per census: how many zones still use what the DNSSEC of today advises against.';
COMMENT ON COLUMN published.dnssec_practice.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.dnssec_practice.zones IS 'Different zones that hold a domain of the census that exists, whatever their status.';
COMMENT ON COLUMN published.dnssec_practice.secure_zones IS 'Of zones, those that are secure (RFC 4033 §5).';
COMMENT ON COLUMN published.dnssec_practice.sha1_algorithm IS 'Of secure_zones, those with a key of algorithm 5 or 7 (RSA with SHA-1: must not be used to sign, RFC 9905 §2).';
COMMENT ON COLUMN published.dnssec_practice.only_deprecated IS 'Of secure_zones, those whose keys are all of algorithms that must not be used to sign (1, 3, 5, 6, 7, 12).';
COMMENT ON COLUMN published.dnssec_practice.ds_zones IS 'Of zones, those with a DS record, whatever their status.';
COMMENT ON COLUMN published.dnssec_practice.sha1_digest IS 'Of ds_zones, those with a DS record of digest type 1 (SHA-1: must not be used for delegations, RFC 9905 §2).';
COMMENT ON COLUMN published.dnssec_practice.sha1_digest_only IS 'Of ds_zones, those whose DS records are all of digest type 1.';
COMMENT ON COLUMN published.dnssec_practice.nsec IS 'Of secure_zones, those that deny with NSEC.';
COMMENT ON COLUMN published.dnssec_practice.nsec3 IS 'Of secure_zones, those that deny with NSEC3.';
COMMENT ON COLUMN published.dnssec_practice.denial_not_seen IS 'Of secure_zones, those of which no negative answer was seen: in none of the shares of NSEC and NSEC3.';
COMMENT ON COLUMN published.dnssec_practice.iterated IS 'Of nsec3, those with additional hash iterations (shall be 0, RFC 9276 §3.1).';
COMMENT ON COLUMN published.dnssec_practice.opt_out IS 'Of nsec3, those where the record seen has the opt-out flag.';
COMMENT ON COLUMN published.dnssec_practice.sha1_algorithm_share IS 'sha1_algorithm divided by secure_zones; null where that is 0.';
COMMENT ON COLUMN published.dnssec_practice.sha1_digest_share IS 'sha1_digest divided by ds_zones; null where that is 0.';
COMMENT ON COLUMN published.dnssec_practice.nsec3_share IS 'nsec3 divided by nsec and nsec3; null where that is 0.';
COMMENT ON COLUMN published.dnssec_practice.iterated_share IS 'iterated divided by nsec3; null where that is 0.';
COMMENT ON COLUMN published.dnssec_practice.opt_out_share IS 'opt_out divided by nsec3; null where that is 0.';
