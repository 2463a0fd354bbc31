-- Validity of the leaf certificates. Out of date is what the instant of the probe lies outside of.

CREATE VIEW dane.leaf_validity AS
SELECT s.census_id, s.host, s.address, s.reason, e.matched, f.tlsa_outcome, s.chain[1] AS sha256,
       CASE WHEN c.not_after < e.seen_at THEN 'expired' WHEN c.not_before > e.seen_at THEN 'not-yet'
            WHEN c.not_before IS NULL OR c.not_after IS NULL THEN 'unreadable' ELSE 'valid' END AS validity
  FROM dane.handshake s
  JOIN dane.endpoint e ON e.census_id = s.census_id AND e.host = s.host AND e.address = s.address
  JOIN dane.host_fact f ON f.census_id = s.census_id AND f.host = s.host
  JOIN dane.certificate c ON c.sha256 = s.chain[1]
 WHERE cardinality(s.chain) > 0;

CREATE VIEW published.certificate_expiry AS
SELECT v.*, dane.share(v.expired, v.endpoints) AS expired_share, dane.share(v.ee_expired, v.ee_endpoints) AS ee_expired_share,
       dane.share(v.ee_hosts_expired, v.ee_hosts) AS ee_hosts_expired_share
  FROM (SELECT census_id, count(DISTINCT (host, address)) AS endpoints,
               count(DISTINCT (host, address)) FILTER (WHERE validity = 'expired') AS expired,
               count(DISTINCT (host, address)) FILTER (WHERE validity = 'not-yet') AS not_yet,
               count(DISTINCT (host, address)) FILTER (WHERE matched LIKE '3 %') AS ee_endpoints,
               count(DISTINCT (host, address)) FILTER (WHERE matched LIKE '3 %' AND reason IS NULL AND validity = 'expired') AS ee_expired,
               count(DISTINCT (host, address)) FILTER (WHERE matched LIKE '3 %' AND reason IS NULL AND validity = 'not-yet') AS ee_not_yet,
               count(DISTINCT host) FILTER (WHERE matched LIKE '3 %') AS ee_hosts,
               count(DISTINCT host) FILTER (WHERE matched LIKE '3 %' AND reason IS NULL AND validity = 'expired') AS ee_hosts_expired,
               count(DISTINCT (host, address)) FILTER (WHERE reason = 'ta-expired') AS ta_failed
          FROM dane.leaf_validity
         GROUP BY census_id) v;
COMMENT ON VIEW published.certificate_expiry IS 'One row per census: leaf certificates out of date. To a DANE-EE record that is no failure (RFC 7672 §3.1.1; facts of the field, 1.2: S14), and it is counted apart.';
COMMENT ON COLUMN published.certificate_expiry.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.certificate_expiry.endpoints IS 'Endpoints that showed a certificate: the denominator of expired_share.';
COMMENT ON COLUMN published.certificate_expiry.expired IS 'Of endpoints, those that show an expired leaf certificate, with DANE or without.';
COMMENT ON COLUMN published.certificate_expiry.not_yet IS 'Of endpoints, those that show a leaf certificate which is not valid yet.';
COMMENT ON COLUMN published.certificate_expiry.ee_endpoints IS 'Of endpoints, those authenticated by a record of usage 3 (DANE-EE): the denominator of ee_expired_share.';
COMMENT ON COLUMN published.certificate_expiry.ee_expired IS 'Of ee_endpoints, those where a certificate that authenticates has expired: no failure, and a sign of neglect.';
COMMENT ON COLUMN published.certificate_expiry.ee_not_yet IS 'Of ee_endpoints, those where a certificate that authenticates is not valid yet.';
COMMENT ON COLUMN published.certificate_expiry.ee_hosts IS 'Different MX hosts of ee_endpoints: the denominator of ee_hosts_expired_share.';
COMMENT ON COLUMN published.certificate_expiry.ee_hosts_expired IS 'Different MX hosts of ee_expired.';
COMMENT ON COLUMN published.certificate_expiry.ta_failed IS 'Of endpoints, those where a record of usage 2 (DANE-TA) would match, had the certificates not expired: to DANE-TA that is a failure.';
COMMENT ON COLUMN published.certificate_expiry.expired_share IS 'expired divided by endpoints.';
COMMENT ON COLUMN published.certificate_expiry.ee_expired_share IS 'ee_expired divided by ee_endpoints; null where that is 0.';
COMMENT ON COLUMN published.certificate_expiry.ee_hosts_expired_share IS 'ee_hosts_expired divided by ee_hosts; null where that is 0.';

CREATE VIEW published.certificate_lifetimes AS
SELECT census_id, tlsa_outcome, lifetime, count(*) AS certificates,
       CASE WHEN lifetime <> 'unreadable' THEN
         dane.share(count(*), sum(count(*)) FILTER (WHERE lifetime <> 'unreadable') OVER (PARTITION BY census_id, tlsa_outcome)) END
         AS certificates_share
  FROM (SELECT v.census_id, v.tlsa_outcome, v.sha256,
               CASE WHEN c.not_before IS NULL OR c.not_after IS NULL OR NOT isfinite(c.not_before) THEN 'unreadable'
                    WHEN NOT isfinite(c.not_after) OR c.not_after - c.not_before > interval '825 days 1 hour' THEN 'over 825 days'
                    WHEN c.not_after - c.not_before > interval '398 days 1 hour' THEN '399 to 825 days'
                    WHEN c.not_after - c.not_before > interval '200 days 1 hour' THEN '201 to 398 days'
                    WHEN c.not_after - c.not_before > interval '100 days 1 hour' THEN '101 to 200 days'
                    WHEN c.not_after - c.not_before > interval '47 days 1 hour' THEN '48 to 100 days'
                    WHEN c.not_after - c.not_before > interval '10 days 1 hour' THEN '11 to 47 days'
                    ELSE 'up to 10 days' END AS lifetime
          FROM (SELECT DISTINCT census_id, tlsa_outcome, sha256 FROM dane.leaf_validity) v
          JOIN dane.certificate c ON c.sha256 = v.sha256) l
 GROUP BY census_id, tlsa_outcome, lifetime;
COMMENT ON VIEW published.certificate_lifetimes IS 'For how long leaf certificates are issued, by the TLSA outcome of the hosts that show them. The bounds are those that CAs of the web have or had (398, 200, 100, 47 and 10 days).';
COMMENT ON COLUMN published.certificate_lifetimes.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.certificate_lifetimes.tlsa_outcome IS 'Of the host: usable, unusable, none, lookup-failed.';
COMMENT ON COLUMN published.certificate_lifetimes.lifetime IS 'From notBefore to notAfter, in days of 24 hours, an hour more let pass; unreadable where a date cannot be read.';
COMMENT ON COLUMN published.certificate_lifetimes.certificates IS 'Different leaf certificates that hosts with this outcome show; one that hosts of two outcomes show counts at both.';
COMMENT ON COLUMN published.certificate_lifetimes.certificates_share IS 'certificates divided by all of hosts with this outcome that can be read; null for unreadable.';
