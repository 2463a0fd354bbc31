-- One count per status, outcome and verdict; what could not be looked at has no share.

CREATE VIEW published.mx_security AS
SELECT m.census_id, m.mx_status, m.domains, dane.share(m.domains, m.known) AS share,
       dane.share_low(m.census_id, m.domains, m.known) AS share_low, dane.share_high(m.census_id, m.domains, m.known) AS share_high
  FROM (SELECT census_id, mx_status, count(*) AS domains,
               CASE WHEN mx_status <> 'indeterminate' THEN
                 sum(count(*)) FILTER (WHERE mx_status <> 'indeterminate') OVER (PARTITION BY census_id) END AS known
          FROM dane.domain_fact
         GROUP BY census_id, mx_status) m;
COMMENT ON VIEW published.mx_security IS 'Security status of the MX answers.';
COMMENT ON COLUMN published.mx_security.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.mx_security.mx_status IS 'Security status of the MX answer or of its denial (RFC 4033 §5).';
COMMENT ON COLUMN published.mx_security.domains IS 'Domains looked at that have it, those without mail included.';
COMMENT ON COLUMN published.mx_security.share IS 'domains divided by all domains looked at whose status is not indeterminate; null for indeterminate, which means: could not look.';
COMMENT ON COLUMN published.mx_security.share_low IS 'Lower end of the Wilson interval of share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.mx_security.share_high IS 'Upper end of the same interval.';

CREATE VIEW published.tlsa_outcomes AS
SELECT f.census_id, f.tlsa_outcome, count(*) AS hosts, sum(coalesce(d.domains, 0))::bigint AS uses,
       count(*) FILTER (WHERE r.mender = 'ours') AS ours,
       round((count(*) - count(*) FILTER (WHERE r.mender = 'ours'))::numeric
             / nullif(sum(count(*) - count(*) FILTER (WHERE r.mender = 'ours')) OVER (PARTITION BY f.census_id), 0), 6)
         AS share
  FROM dane.host_fact f
  LEFT JOIN dane.reason r ON r.reason = f.tlsa_reason
  LEFT JOIN dane.host_use d
    ON d.census_id = f.census_id AND d.host = f.host
 GROUP BY f.census_id, f.tlsa_outcome;
COMMENT ON VIEW published.tlsa_outcomes IS 'The four outcomes of asking for the TLSA records of an MX host.';
COMMENT ON COLUMN published.tlsa_outcomes.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_outcomes.tlsa_outcome IS 'usable, unusable, none, lookup-failed.';
COMMENT ON COLUMN published.tlsa_outcomes.hosts IS 'MX hosts looked at with this outcome.';
COMMENT ON COLUMN published.tlsa_outcomes.uses IS 'How often domains name these hosts: the sum over the hosts of the domains that name each.';
COMMENT ON COLUMN published.tlsa_outcomes.ours IS 'Of hosts, those where the outcome is a fault of ours; not in the share.';
COMMENT ON COLUMN published.tlsa_outcomes.share IS 'hosts less ours, divided by the same over all outcomes.';

CREATE VIEW published.host_verdicts AS
SELECT census_id, verdict, count(*) AS hosts,
       CASE WHEN verdict <> 'unknown' THEN
         round(count(*)::numeric / nullif(sum(count(*)) FILTER (WHERE verdict <> 'unknown')
                                            OVER (PARTITION BY census_id), 0), 6) END AS share
  FROM dane.host_fact
 GROUP BY census_id, verdict;
COMMENT ON VIEW published.host_verdicts IS 'Verdicts of the MX hosts.';
COMMENT ON COLUMN published.host_verdicts.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.host_verdicts.verdict IS 'dane, dane-degraded, dane-failed, dane-unusable, no-dane, lookup-failed, no-address, unknown.';
COMMENT ON COLUMN published.host_verdicts.hosts IS 'MX hosts looked at that have it.';
COMMENT ON COLUMN published.host_verdicts.share IS 'hosts divided by all hosts looked at whose verdict is not unknown; null for unknown, which means: could not look.';

CREATE VIEW published.domain_verdicts AS
SELECT v.census_id, v.verdict, v.domains, dane.share(v.domains, v.judged) AS share,
       dane.share_low(v.census_id, v.domains, v.judged) AS share_low, dane.share_high(v.census_id, v.domains, v.judged) AS share_high
  FROM (SELECT census_id, verdict, count(*) AS domains,
               CASE WHEN verdict NOT IN ('no-mail', 'unknown') THEN
                 sum(count(*)) FILTER (WHERE verdict NOT IN ('no-mail', 'unknown')) OVER (PARTITION BY census_id) END AS judged
          FROM dane.domain_verdict
         GROUP BY census_id, verdict) v;
COMMENT ON VIEW published.domain_verdicts IS 'Verdicts of the domains.';
COMMENT ON COLUMN published.domain_verdicts.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.domain_verdicts.verdict IS 'dane, dane-degraded, dane-partial, dane-failed, insecure-mx, no-dane, lookup-failed, no-mail, unknown.';
COMMENT ON COLUMN published.domain_verdicts.domains IS 'Domains that have it.';
COMMENT ON COLUMN published.domain_verdicts.share IS 'domains divided by all domains with a verdict other than no-mail and unknown; null for these two.';
COMMENT ON COLUMN published.domain_verdicts.share_low IS 'Lower end of the Wilson interval of share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.domain_verdicts.share_high IS 'Upper end of the same interval.';

CREATE VIEW published.endpoint_verdicts AS
SELECT census_id, verdict, count(*) AS endpoints,
       CASE WHEN verdict <> 'unknown' THEN
         round(count(*)::numeric / nullif(sum(count(*)) FILTER (WHERE verdict <> 'unknown')
                                            OVER (PARTITION BY census_id), 0), 6) END AS share
  FROM dane.endpoint
 GROUP BY census_id, verdict;
COMMENT ON VIEW published.endpoint_verdicts IS 'Verdicts of the endpoints (MX host and address).';
COMMENT ON COLUMN published.endpoint_verdicts.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.endpoint_verdicts.verdict IS 'authenticated, degraded, failed, encrypted, cleartext, unknown.';
COMMENT ON COLUMN published.endpoint_verdicts.endpoints IS 'Endpoints that have it.';
COMMENT ON COLUMN published.endpoint_verdicts.share IS 'endpoints divided by all endpoints whose verdict is not unknown; null for unknown, which means: could not look.';

CREATE VIEW published.endpoint_reach AS
SELECT e.census_id, e.reached, e.fault, e.because, count(*) AS endpoints, r.says, r.mender, r.hint, r.source
  FROM dane.endpoint e
  LEFT JOIN dane.reason r ON r.reason = e.because
 GROUP BY e.census_id, e.reached, e.fault, e.because, r.says, r.mender, r.hint, r.source;
COMMENT ON VIEW published.endpoint_reach IS 'How far the probes of endpoints came, whose fault it was, and what stopped them.';
COMMENT ON COLUMN published.endpoint_reach.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.endpoint_reach.reached IS 'nothing, connect, greeting, ehlo, starttls, tls.';
COMMENT ON COLUMN published.endpoint_reach.fault IS 'theirs, network, ours; null where the probe came to TLS.';
COMMENT ON COLUMN published.endpoint_reach.because IS 'What stopped it; null where it came to TLS.';
COMMENT ON COLUMN published.endpoint_reach.endpoints IS 'Endpoints of which all this is so.';
COMMENT ON COLUMN published.endpoint_reach.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.endpoint_reach.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.endpoint_reach.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.endpoint_reach.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
