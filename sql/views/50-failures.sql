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

CREATE VIEW published.ancestors_denied AS
SELECT a.census_id, a.host, a.name, a.rcode, a.proof, a.reason, r.says, r.mender, r.hint, r.source
  FROM dane.tlsa_ancestor a
  LEFT JOIN dane.reason r ON r.reason = a.reason
 WHERE a.proof <> 'exists';
COMMENT ON VIEW published.ancestors_denied IS 'One row per ancestor of a TLSA name that does not answer as an existing name (RFC 8020), though the TLSA name below it was asked for.';
COMMENT ON COLUMN published.ancestors_denied.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestors_denied.host IS 'The MX host.';
COMMENT ON COLUMN published.ancestors_denied.name IS 'The ancestor of the TLSA name.';
COMMENT ON COLUMN published.ancestors_denied.rcode IS 'Its response code when asked directly.';
COMMENT ON COLUMN published.ancestors_denied.proof IS 'denied-validly, denied-unproven, denied-contradictory, failed.';
COMMENT ON COLUMN published.ancestors_denied.reason IS 'The reason; null where there is none.';
COMMENT ON COLUMN published.ancestors_denied.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.ancestors_denied.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.ancestors_denied.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.ancestors_denied.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';

CREATE VIEW published.tlsa_servers_differ AS
SELECT a.census_id, a.host, a.server, a.address, a.rcode, a.answer
  FROM dane.server_answer a
  JOIN (SELECT census_id, host FROM dane.server_answer
         GROUP BY census_id, host HAVING count(DISTINCT (rcode, answer)) > 1) d
    ON d.census_id = a.census_id AND d.host = a.host;
COMMENT ON VIEW published.tlsa_servers_differ IS 'The answers of each name server address for the TLSA RRset of those MX hosts where they are not all the same.';
COMMENT ON COLUMN published.tlsa_servers_differ.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_servers_differ.host IS 'The MX host.';
COMMENT ON COLUMN published.tlsa_servers_differ.server IS 'Name of the name server.';
COMMENT ON COLUMN published.tlsa_servers_differ.address IS 'Its address that was asked.';
COMMENT ON COLUMN published.tlsa_servers_differ.rcode IS 'The response code.';
COMMENT ON COLUMN published.tlsa_servers_differ.answer IS 'Digest of the RRset that it showed; empty where it showed none.';
