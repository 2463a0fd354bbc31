-- Where security ends lawfully, and where it breaks: opt-out, unsigned zones and bogus denials each apart.

CREATE VIEW dane.security_end AS
SELECT f.census_id, 'domain-mx' AS lookup, f.mx_outcome AS outcome, f.mx_status AS status, f.mx_reason AS reason
  FROM dane.domain_fact f
 UNION ALL
-- of the address records that lead to the host: those that are there, else the worse denial
SELECT f.census_id, 'host-address',
       CASE WHEN f.a_outcome = 'data' OR f.aaaa_outcome <> 'data' AND f.a_status <> 'secure' THEN f.a_outcome ELSE f.aaaa_outcome END,
       CASE WHEN f.a_outcome = 'data' OR f.aaaa_outcome <> 'data' AND f.a_status <> 'secure' THEN f.a_status ELSE f.aaaa_status END,
       CASE WHEN f.a_outcome = 'data' OR f.aaaa_outcome <> 'data' AND f.a_status <> 'secure' THEN f.a_reason ELSE f.aaaa_reason END
  FROM dane.host_fact f
 UNION ALL
SELECT f.census_id, 'host-tlsa', f.tlsa_lookup, f.tlsa_status, f.tlsa_lookup_reason
  FROM dane.host_fact f
 WHERE f.tlsa_lookup IS NOT NULL;
COMMENT ON VIEW dane.security_end IS 'One row per lookup of a domain or host: its outcome, status and reason.';

CREATE VIEW published.insecure_and_bogus AS
SELECT e.census_id, e.lookup, e.outcome, e.status, e.kind, e.reason, r.says, r.mender, r.hint, r.source, e.lookups,
       sum(e.lookups) OVER (PARTITION BY e.census_id, e.lookup)::bigint AS all_lookups,
       CASE WHEN e.status <> 'indeterminate' THEN
         dane.share(e.lookups, sum(e.lookups) FILTER (WHERE e.status <> 'indeterminate')
                                 OVER (PARTITION BY e.census_id, e.lookup)) END AS share,
       CASE WHEN c.sample IS NOT NULL AND e.lookup = 'domain-mx' AND e.status <> 'indeterminate' THEN
         dane.wilson(e.lookups, sum(e.lookups) FILTER (WHERE e.status <> 'indeterminate')
                                  OVER (PARTITION BY e.census_id, e.lookup), -1) END AS share_low,
       CASE WHEN c.sample IS NOT NULL AND e.lookup = 'domain-mx' AND e.status <> 'indeterminate' THEN
         dane.wilson(e.lookups, sum(e.lookups) FILTER (WHERE e.status <> 'indeterminate')
                                  OVER (PARTITION BY e.census_id, e.lookup), 1) END AS share_high
  FROM (SELECT census_id, lookup, outcome, status, reason,
               CASE WHEN status = 'secure' THEN CASE WHEN outcome = 'data' THEN 'secure-data' ELSE 'secure-denial' END
                    WHEN status = 'indeterminate' THEN 'indeterminate'
                    WHEN status = 'insecure' AND reason = 'insecure-opt-out' THEN 'opt-out'
                    WHEN status = 'insecure' AND reason = 'insecure-delegation' THEN 'unsigned-zone'
                    WHEN status = 'insecure' THEN 'insecure-otherwise'
                    WHEN reason IN ('denial-missing', 'denial-incomplete', 'denial-contradicts', 'denial-records-too-many',
                                    'nsec3-hash-budget-spent', 'wildcard-unproven', 'ds-denial-missing') THEN 'bogus-denial'
                    ELSE 'bogus-otherwise' END AS kind, count(*) AS lookups
          FROM dane.security_end
         GROUP BY census_id, lookup, outcome, status, reason) e
  JOIN dane.census c ON c.census_id = e.census_id
  LEFT JOIN dane.reason r ON r.reason = e.reason;
COMMENT ON VIEW published.insecure_and_bogus IS 'How lookups end that are not secure, each reason apart: an insecure denial (opt-out, an unsigned zone) delivers mail as a secure one does, a bogus one stops it.';
COMMENT ON COLUMN published.insecure_and_bogus.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.insecure_and_bogus.lookup IS 'domain-mx: MX of each domain looked at. host-address: A or AAAA of each MX host looked at, the one that is there. host-tlsa: TLSA of each MX host where that was due, which is where its address records are secure.';
COMMENT ON COLUMN published.insecure_and_bogus.outcome IS 'data, nodata, nxdomain (nodata and nxdomain are denials), failed (bogus and indeterminate).';
COMMENT ON COLUMN published.insecure_and_bogus.status IS 'Security status (RFC 4033 §5): secure, insecure, bogus, indeterminate.';
COMMENT ON COLUMN published.insecure_and_bogus.kind IS 'secure-data; secure-denial; opt-out (an NSEC3 opt-out span covers the name, RFC 5155 §6); unsigned-zone (the parent proves that there is no DS); insecure-otherwise (algorithms or iterations that are not supported); bogus-denial (the proof of a denial, or of a wildcard, is missing or wrong); bogus-otherwise (signatures, keys); indeterminate (could not look).';
COMMENT ON COLUMN published.insecure_and_bogus.reason IS 'Why the status is not secure; null where it is.';
COMMENT ON COLUMN published.insecure_and_bogus.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.insecure_and_bogus.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.insecure_and_bogus.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.insecure_and_bogus.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.insecure_and_bogus.lookups IS 'Domains (domain-mx) or MX hosts (host-address, host-tlsa) of which all this is so.';
COMMENT ON COLUMN published.insecure_and_bogus.all_lookups IS 'All domains or hosts of this lookup, the indeterminate ones included.';
COMMENT ON COLUMN published.insecure_and_bogus.share IS 'lookups divided by those of the same lookup that are not indeterminate; null for indeterminate.';
COMMENT ON COLUMN published.insecure_and_bogus.share_low IS 'Lower end of the 95 % Wilson interval of share; null where the census is no sample, for indeterminate, and for hosts.';
COMMENT ON COLUMN published.insecure_and_bogus.share_high IS 'Upper end of the 95 % Wilson interval of share; null where the census is no sample, for indeterminate, and for hosts.';
