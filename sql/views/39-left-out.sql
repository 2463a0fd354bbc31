-- What is in no rate, why, and whose fault that is.

CREATE VIEW dane.left_out AS
SELECT census_id, 'domain' AS unit, CASE WHEN is_open THEN 'not-judged' ELSE verdict END AS left_out_as,
       CASE WHEN NOT is_open THEN reason END AS reason, NULL::text AS fault, count(*) AS left_out,
       sum(count(*)) OVER (PARTITION BY census_id)::bigint AS all_units, is_judged
  FROM dane.domain_state
 GROUP BY census_id, is_open, verdict, reason, is_judged
 UNION ALL
SELECT h.census_id, 'host', coalesce(f.verdict, 'not-looked-at'), f.reason, NULL, count(*),
       sum(count(*)) OVER (PARTITION BY h.census_id)::bigint, coalesce(f.verdict NOT IN ('unknown', 'no-address'), false)
  FROM dane.host h
  LEFT JOIN dane.host_fact f ON f.census_id = h.census_id AND f.host = h.host
 GROUP BY h.census_id, f.verdict, f.reason
 UNION ALL
SELECT census_id, 'endpoint', verdict, because, fault, count(*), sum(count(*)) OVER (PARTITION BY census_id)::bigint,
       verdict <> 'unknown'
  FROM dane.endpoint
 GROUP BY census_id, verdict, because, fault;
COMMENT ON VIEW dane.left_out IS 'Domains, hosts and endpoints counted by verdict and reason.';

CREATE VIEW published.left_out_of_rates AS
SELECT l.census_id, l.unit, l.left_out_as,
       CASE WHEN l.left_out_as = 'no-mail' OR l.left_out_as = 'no-address' THEN 'nobody'
            WHEN l.left_out_as IN ('not-judged', 'not-looked-at') OR l.reason = 'host-not-measured' THEN 'ours'
            WHEN r.mender = 'nobody' THEN 'nobody'
            WHEN l.fault IS NOT NULL THEN l.fault
            WHEN r.source LIKE '%own limit%' AND r.mender <> 'network' THEN 'limits'
            WHEN r.mender IN ('ours', 'network') THEN r.mender
            ELSE 'theirs' END AS fault,
       l.reason, r.says, r.mender, r.hint, r.source, sum(l.left_out)::bigint AS left_out, l.all_units,
       dane.share(sum(l.left_out), l.all_units) AS share,
       CASE WHEN c.sample IS NOT NULL AND l.unit = 'domain' THEN dane.wilson(sum(l.left_out), l.all_units, -1) END AS share_low,
       CASE WHEN c.sample IS NOT NULL AND l.unit = 'domain' THEN dane.wilson(sum(l.left_out), l.all_units, 1) END AS share_high
  FROM dane.left_out l
  JOIN dane.census c ON c.census_id = l.census_id
  LEFT JOIN dane.reason r ON r.reason = l.reason
 WHERE NOT l.is_judged
 GROUP BY l.census_id, l.unit, l.left_out_as, l.reason, l.fault, r.says, r.mender, r.hint, r.source, l.all_units, c.sample;
COMMENT ON VIEW published.left_out_of_rates IS 'What is in no rate of adoption and of verdicts, and why: domains without mail, unknown or not judged yet; MX hosts without an address, unknown or not looked at yet; endpoints that could not be looked at. Lines that name no domain are in invalid_name, and how far the probes of all endpoints came in endpoint_reach.';
COMMENT ON COLUMN published.left_out_of_rates.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.left_out_of_rates.unit IS 'What is counted: domain, host or endpoint.';
COMMENT ON COLUMN published.left_out_of_rates.left_out_as IS 'domain: no-mail, unknown, not-judged. host: no-address, unknown, not-looked-at. endpoint: unknown.';
COMMENT ON COLUMN published.left_out_of_rates.fault IS 'Whose: ours (this machine, its address that servers turn away, or the census is not finished), network, theirs (the server or the DNS, before it showed anything of DANE), limits (one of this program''s own), nobody (there is no mail, or its owner asked not to be looked at).';
COMMENT ON COLUMN published.left_out_of_rates.reason IS 'Why; null where nobody has looked yet.';
COMMENT ON COLUMN published.left_out_of_rates.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.left_out_of_rates.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.left_out_of_rates.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.left_out_of_rates.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.left_out_of_rates.left_out IS 'How many domains, hosts or endpoints.';
COMMENT ON COLUMN published.left_out_of_rates.all_units IS 'All domains, hosts or endpoints of the census: the denominator of share.';
COMMENT ON COLUMN published.left_out_of_rates.share IS 'left_out divided by all_units.';
COMMENT ON COLUMN published.left_out_of_rates.share_low IS 'Lower end of the 95 % Wilson interval of share; null where the census is no sample, and for hosts and endpoints.';
COMMENT ON COLUMN published.left_out_of_rates.share_high IS 'Upper end of the 95 % Wilson interval of share; null where the census is no sample, and for hosts and endpoints.';
