-- What evidence there is, and what was judged again from it.

CREATE VIEW published.evidence_kept AS
SELECT c.census_id,
       coalesce(c.config ->> 'evidence', 'none') AS policy,
       (SELECT count(*) FROM dane.evidence e WHERE e.census_id = c.census_id) AS bundles,
       (SELECT coalesce(sum(length(e.octets) + length(e.keys)), 0) FROM dane.evidence e WHERE e.census_id = c.census_id)::bigint
         AS octets,
       s.domains, s.domains_complete, s.hosts, s.hosts_complete
  FROM dane.census c
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE subject = 'domain') AS domains,
          count(*) FILTER (WHERE subject = 'domain' AND complete) AS domains_complete,
          count(*) FILTER (WHERE subject = 'host') AS hosts,
          count(*) FILTER (WHERE subject = 'host' AND complete) AS hosts_complete
     FROM dane.evidence_subject WHERE census_id = c.census_id) s;

COMMENT ON VIEW published.evidence_kept IS
  'One row for each census: what evidence is kept of it, raw DNS replies with what was asked of whom. Certificates as sent are kept once over all censuses and are not counted here.';
COMMENT ON COLUMN published.evidence_kept.census_id IS 'the census';
COMMENT ON COLUMN published.evidence_kept.policy IS
  'all: every exchange; findings: those that verdicts and findings rest on which say that something is broken or odd; none: nothing, and so for censuses of before there was evidence';
COMMENT ON COLUMN published.evidence_kept.bundles IS 'compressed pieces, each of many exchanges';
COMMENT ON COLUMN published.evidence_kept.octets IS 'octets of all pieces, with the keys by which names are found in them; without what the database needs beside';
COMMENT ON COLUMN published.evidence_kept.domains IS
  'domains that evidence is kept of by name; 0 where all exchanges are kept, for then there is no such list';
COMMENT ON COLUMN published.evidence_kept.domains_complete IS
  'of these, domains whose survey, made again from the evidence alone, showed the same';
COMMENT ON COLUMN published.evidence_kept.hosts IS 'MX hosts that evidence is kept of by name; 0 where all exchanges are kept';
COMMENT ON COLUMN published.evidence_kept.hosts_complete IS
  'of these, MX hosts whose survey, made again from the evidence alone, showed the same';

CREATE VIEW published.rejudged_census AS
SELECT c.census_id, c.rejudged_from, r.domains_replayed, r.domains_carried, r.hosts_replayed, r.hosts_carried
  FROM dane.census c JOIN dane.rejudgement r ON r.census_id = c.census_id;

COMMENT ON VIEW published.rejudged_census IS
  'One row for each census that looked at nothing itself, but judged the evidence of another one again.';
COMMENT ON COLUMN published.rejudged_census.census_id IS 'the census';
COMMENT ON COLUMN published.rejudged_census.rejudged_from IS 'the census whose evidence it is';
COMMENT ON COLUMN published.rejudged_census.domains_replayed IS
  'domains whose facts were made anew from evidence; their verdicts are new ones, and so are those of all other domains';
COMMENT ON COLUMN published.rejudged_census.domains_carried IS
  'domains whose facts were taken over as they were found, since there is no complete evidence of them';
COMMENT ON COLUMN published.rejudged_census.hosts_replayed IS
  'MX hosts whose facts and verdicts were made anew from evidence';
COMMENT ON COLUMN published.rejudged_census.hosts_carried IS
  'MX hosts whose facts and verdicts were taken over as they were found, since there is no complete evidence of them; and hosts that nobody looked at then, which are unknown';
