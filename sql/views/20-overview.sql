-- The censuses, with the denominators of every rate.

CREATE VIEW published.census_overview AS
SELECT c.census_id, c.stage, c.software, c.started_at, c.finished_at, c.vantage, c.beside, c.rejudged_from,
       (c.sample ->> 'size')::int AS sample_size, s.names AS listed, s.duplicates, s.invalid,
       d.domains, f.looked_at, d.domains - f.looked_at AS not_looked_at, v.no_mail, v.unknown, v.opted_out, v.judged,
       h.hosts, h.hosts_looked_at, e.endpoints, e.endpoints_unknown
  FROM dane.census c
  CROSS JOIN LATERAL (SELECT coalesce(sum(names), 0)::bigint AS names, coalesce(sum(duplicates), 0)::bigint AS duplicates,
                             coalesce(sum(invalid), 0)::bigint AS invalid
                        FROM dane.source WHERE census_id = c.census_id) s
  CROSS JOIN LATERAL (SELECT count(*) AS domains FROM dane.domain WHERE census_id = c.census_id) d
  CROSS JOIN LATERAL (SELECT count(*) AS looked_at FROM dane.domain_fact WHERE census_id = c.census_id) f
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE verdict = 'no-mail') AS no_mail,
                             count(*) FILTER (WHERE verdict = 'unknown') AS unknown,
                             count(*) FILTER (WHERE reason = 'opted-out') AS opted_out,
                             count(*) FILTER (WHERE verdict NOT IN ('no-mail', 'unknown')) AS judged
                        FROM dane.domain_verdict WHERE census_id = c.census_id) v
  CROSS JOIN LATERAL (SELECT count(*) AS hosts,
                             (SELECT count(*) FROM dane.host_fact WHERE census_id = c.census_id) AS hosts_looked_at
                        FROM dane.host WHERE census_id = c.census_id) h
  CROSS JOIN LATERAL (SELECT count(*) AS endpoints, count(*) FILTER (WHERE verdict = 'unknown') AS endpoints_unknown
                        FROM dane.endpoint WHERE census_id = c.census_id) e;
COMMENT ON VIEW published.census_overview IS 'One row per census: what was asked about, what was left out and why, how far it is.';
COMMENT ON COLUMN published.census_overview.census_id IS 'Number of the census.';
COMMENT ON COLUMN published.census_overview.stage IS 'intake (lists are being read), survey, judging, finished.';
COMMENT ON COLUMN published.census_overview.vantage IS 'The place that it was measured from, as its user calls it.';
COMMENT ON COLUMN published.census_overview.beside IS 'The census whose population it looks at too, from another vantage; null for one with lists of its own.';
COMMENT ON COLUMN published.census_overview.rejudged_from IS 'The census whose evidence it judges again; null for one that looked itself.';
COMMENT ON COLUMN published.census_overview.sample_size IS 'How many domains were asked to be drawn from the lists; null where all were taken.';
COMMENT ON COLUMN published.census_overview.software IS 'Program and version that started it.';
COMMENT ON COLUMN published.census_overview.started_at IS 'When it was started.';
COMMENT ON COLUMN published.census_overview.finished_at IS 'When the last verdict was written; null where that is to come.';
COMMENT ON COLUMN published.census_overview.listed IS 'Valid names in the lists, duplicates included.';
COMMENT ON COLUMN published.census_overview.duplicates IS 'Names that an earlier line had named already; in no rate.';
COMMENT ON COLUMN published.census_overview.invalid IS 'Lines that name no domain (invalid_name lists them); in no rate.';
COMMENT ON COLUMN published.census_overview.domains IS 'Different domains that are looked at: those listed, less duplicates; in a sample, those drawn.';
COMMENT ON COLUMN published.census_overview.looked_at IS 'Domains whose MX lookup has been done.';
COMMENT ON COLUMN published.census_overview.not_looked_at IS 'Domains that are still to be looked at; in no rate.';
COMMENT ON COLUMN published.census_overview.no_mail IS 'Domains that take no mail: null MX, no such domain, neither MX nor address; in no rate of adoption.';
COMMENT ON COLUMN published.census_overview.unknown IS 'Domains that could not be looked at, those opted out included; in no rate.';
COMMENT ON COLUMN published.census_overview.opted_out IS 'Of unknown, those that were not looked at because their owner, or the owner of an MX host, asked for that.';
COMMENT ON COLUMN published.census_overview.judged IS 'Domains with a verdict other than no-mail and unknown: the denominator of adoption and of domain_verdicts.';
COMMENT ON COLUMN published.census_overview.hosts IS 'Different MX hosts that the domains name.';
COMMENT ON COLUMN published.census_overview.hosts_looked_at IS 'MX hosts that have been looked at.';
COMMENT ON COLUMN published.census_overview.endpoints IS 'Pairs of MX host and address that were probed.';
COMMENT ON COLUMN published.census_overview.endpoints_unknown IS 'Endpoints that could not be looked at; in no rate.';
