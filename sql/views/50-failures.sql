-- What is broken or odd, why, and who can mend it.

CREATE VIEW published.failures_by_reason AS
SELECT b.census_id, b.subject, b.verdict, b.reason, count(*) AS affected, r.says, r.mender, r.hint, r.source, r.ede, r.tlsrpt
  FROM (SELECT census_id, 'domain' AS subject, verdict, reason FROM dane.domain_verdict
         WHERE verdict IN ('dane-degraded', 'dane-failed', 'lookup-failed')
         UNION ALL
        SELECT census_id, 'host', verdict, reason FROM dane.host_fact
         WHERE verdict IN ('dane-degraded', 'dane-failed', 'dane-unusable', 'lookup-failed')
         UNION ALL
        SELECT census_id, 'endpoint', verdict, reason FROM dane.endpoint
         WHERE verdict IN ('degraded', 'failed')) b
  LEFT JOIN dane.reason r ON r.reason = b.reason
 GROUP BY b.census_id, b.subject, b.verdict, b.reason, r.says, r.mender, r.hint, r.source, r.ede, r.tlsrpt;
COMMENT ON VIEW published.failures_by_reason IS 'What is broken, by reason. Broken are: domains dane-degraded, dane-failed, lookup-failed; hosts dane-degraded, dane-failed, dane-unusable, lookup-failed; endpoints degraded, failed. What could not be looked at is not here (endpoint_reach, census_overview).';
COMMENT ON COLUMN published.failures_by_reason.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.failures_by_reason.subject IS 'What is counted: domain, host or endpoint.';
COMMENT ON COLUMN published.failures_by_reason.verdict IS 'The verdict that says that it is broken.';
COMMENT ON COLUMN published.failures_by_reason.reason IS 'Why it is broken, as a key of the catalogue of reasons.';
COMMENT ON COLUMN published.failures_by_reason.affected IS 'How many domains, hosts or endpoints.';
COMMENT ON COLUMN published.failures_by_reason.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.failures_by_reason.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.failures_by_reason.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.failures_by_reason.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.failures_by_reason.ede IS 'Extended DNS Error code (RFC 8914 §4), where there is one.';
COMMENT ON COLUMN published.failures_by_reason.tlsrpt IS 'Result type of TLS reporting (RFC 8460 §4.3), where there is one.';

CREATE VIEW published.finding_list AS
SELECT f.census_id, f.subject, f.name, f.finding, f.detail, r.says, r.mender, r.hint, r.source
  FROM dane.finding f
  LEFT JOIN dane.reason r ON r.reason = f.finding;
COMMENT ON VIEW published.finding_list IS 'One row per finding: what is odd about a domain or an MX host beside its verdict.';
COMMENT ON COLUMN published.finding_list.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.finding_list.subject IS 'domain or host.';
COMMENT ON COLUMN published.finding_list.name IS 'The domain or the MX host.';
COMMENT ON COLUMN published.finding_list.finding IS 'What was found.';
COMMENT ON COLUMN published.finding_list.detail IS 'What was seen; text from the network.';
COMMENT ON COLUMN published.finding_list.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.finding_list.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.finding_list.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.finding_list.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';

CREATE VIEW published.findings_by_reason AS
SELECT f.census_id, f.subject, f.finding, count(DISTINCT f.name) AS affected, r.says, r.mender, r.hint, r.source
  FROM dane.finding f
  LEFT JOIN dane.reason r ON r.reason = f.finding
 GROUP BY f.census_id, f.subject, f.finding, r.says, r.mender, r.hint, r.source;
COMMENT ON VIEW published.findings_by_reason IS 'How many domains and MX hosts have each finding.';
COMMENT ON COLUMN published.findings_by_reason.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.findings_by_reason.subject IS 'domain or host.';
COMMENT ON COLUMN published.findings_by_reason.finding IS 'What was found.';
COMMENT ON COLUMN published.findings_by_reason.affected IS 'Different domains or MX hosts that have it.';
COMMENT ON COLUMN published.findings_by_reason.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.findings_by_reason.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.findings_by_reason.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.findings_by_reason.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
