-- Domains, MX hosts and figures over all censuses. Censuses that judge the evidence of another one again are left out: the first
-- judgement counts, once for each look.

CREATE VIEW published.history_of_domain AS
SELECT d.census_id, c.vantage, d.name AS domain, f.seen_at, v.verdict, v.reason, f.mail, f.mx_status,
       array_agg(e.host ORDER BY e.preference, e.host COLLATE "C") FILTER (WHERE e.host IS NOT NULL) AS hosts
  FROM dane.census c
  JOIN dane.domain d ON d.census_id = c.census_id
  LEFT JOIN dane.domain_fact f ON f.census_id = d.census_id AND f.ordinal = d.ordinal
  LEFT JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
  LEFT JOIN dane.mx_edge e ON e.census_id = d.census_id AND e.ordinal = d.ordinal
 WHERE c.rejudged_from IS NULL
 GROUP BY d.census_id, c.vantage, d.name, f.seen_at, v.verdict, v.reason, f.mail, f.mx_status;
COMMENT ON VIEW published.history_of_domain IS 'One row per domain and census. To be asked for one domain, or for one census: WHERE domain = … ORDER BY seen_at.';
COMMENT ON COLUMN published.history_of_domain.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.history_of_domain.vantage IS 'Where the census was made from.';
COMMENT ON COLUMN published.history_of_domain.domain IS 'The domain.';
COMMENT ON COLUMN published.history_of_domain.seen_at IS 'When it was looked at; null where that is to come.';
COMMENT ON COLUMN published.history_of_domain.verdict IS 'As in domain_result; null where it has not been judged.';
COMMENT ON COLUMN published.history_of_domain.reason IS 'Why the verdict is what it is.';
COMMENT ON COLUMN published.history_of_domain.mail IS 'How it takes mail: mx, implicit-mx, null-mx, none, unknown (the lookup failed).';
COMMENT ON COLUMN published.history_of_domain.mx_status IS 'Security status of the MX answer or of its denial.';
COMMENT ON COLUMN published.history_of_domain.hosts IS 'The MX hosts that it names, by preference; null where it names none, or the lookup failed.';

CREATE VIEW published.history_of_host AS
SELECT f.census_id, c.vantage, f.host, f.seen_at, f.verdict, f.reason, f.tlsa_outcome, f.tlsa_status, f.tlsa_ttl,
       array_agg(DISTINCT concat_ws(' ', t.usage, t.selector, t.matching_type, encode(t.data, 'hex')) COLLATE "C")
         FILTER (WHERE t.host IS NOT NULL) AS tlsa_records,
       array_agg(DISTINCT encode(k.leaf_spki, 'hex') COLLATE "C") FILTER (WHERE k.leaf_spki IS NOT NULL) AS leaf_keys,
       array_agg(DISTINCT encode(k.chain[1], 'hex') COLLATE "C") FILTER (WHERE k.chain[1] IS NOT NULL) AS leaf_certificates
  FROM dane.census c
  JOIN dane.host_fact f ON f.census_id = c.census_id
  LEFT JOIN dane.tlsa_record t ON t.census_id = f.census_id AND t.host = f.host
  LEFT JOIN dane.handshake k ON k.census_id = f.census_id AND k.host = f.host
 WHERE c.rejudged_from IS NULL
 GROUP BY f.census_id, c.vantage, f.host, f.seen_at, f.verdict, f.reason, f.tlsa_outcome, f.tlsa_status, f.tlsa_ttl;
COMMENT ON VIEW published.history_of_host IS 'One row per MX host and census in which it has been looked at. To be asked for one host, or for one census.';
COMMENT ON COLUMN published.history_of_host.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.history_of_host.vantage IS 'Where the census was made from.';
COMMENT ON COLUMN published.history_of_host.host IS 'The MX host.';
COMMENT ON COLUMN published.history_of_host.seen_at IS 'When it was looked at.';
COMMENT ON COLUMN published.history_of_host.verdict IS 'As in host_result.';
COMMENT ON COLUMN published.history_of_host.reason IS 'Why the verdict is what it is.';
COMMENT ON COLUMN published.history_of_host.tlsa_outcome IS 'usable, unusable, none, lookup-failed.';
COMMENT ON COLUMN published.history_of_host.tlsa_status IS 'Security status of the TLSA answer; null where no lookup was due.';
COMMENT ON COLUMN published.history_of_host.tlsa_ttl IS 'TTL of the TLSA RRset in seconds; null without one.';
COMMENT ON COLUMN published.history_of_host.tlsa_records IS 'The TLSA records as published, usable or not; null where there are none, or the lookup failed.';
COMMENT ON COLUMN published.history_of_host.leaf_keys IS 'SHA-256 of the keys that its endpoints showed; null where none was seen.';
COMMENT ON COLUMN published.history_of_host.leaf_certificates IS 'SHA-256 of the leaf certificates that its endpoints showed; null where none was seen.';

CREATE VIEW published.domain_episodes AS
WITH broken AS MATERIALIZED (
  SELECT DISTINCT c.vantage, d.name
    FROM dane.census c
    JOIN dane.domain_verdict v ON v.census_id = c.census_id AND v.verdict IN ('dane-failed', 'dane-degraded', 'lookup-failed')
    JOIN dane.domain d ON d.census_id = v.census_id AND d.ordinal = v.ordinal
   WHERE c.stage = 'finished' AND c.rejudged_from IS NULL),
looks AS (
  SELECT b.vantage, b.name, c.census_id, f.seen_at, v.verdict, v.reason,
         v.verdict IN ('dane-failed', 'dane-degraded', 'lookup-failed') AS fails,
         count(*) FILTER (WHERE v.verdict = 'unknown') OVER (PARTITION BY b.vantage, b.name ORDER BY f.seen_at, c.census_id) AS unknown
    FROM dane.census c
    JOIN dane.domain d ON d.census_id = c.census_id
    JOIN broken b ON b.vantage = c.vantage AND b.name = d.name
    JOIN dane.domain_fact f ON f.census_id = d.census_id AND f.ordinal = d.ordinal
    JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
   WHERE c.stage = 'finished' AND c.rejudged_from IS NULL),
begun AS (
  SELECT l.*, CASE WHEN l.fails IS DISTINCT FROM lag(l.fails) OVER w THEN 1 ELSE 0 END AS begins
    FROM looks l WHERE l.verdict <> 'unknown'
  WINDOW w AS (PARTITION BY l.vantage, l.name ORDER BY l.seen_at, l.census_id)),
numbered AS (
  SELECT b.*, sum(b.begins) OVER (PARTITION BY b.vantage, b.name ORDER BY b.seen_at, b.census_id) AS run FROM begun b),
runs AS (
  SELECT n.vantage, n.name, n.run, n.fails, (array_agg(n.census_id ORDER BY n.seen_at, n.census_id))[1] AS first_census,
         (array_agg(n.census_id ORDER BY n.seen_at DESC, n.census_id DESC))[1] AS last_census,
         min(n.seen_at) AS first_at, max(n.seen_at) AS last_at, count(*) AS looks, max(n.unknown) - min(n.unknown) AS not_looked,
         (array_agg(n.verdict ORDER BY n.seen_at, n.census_id))[1] AS first_verdict,
         array_agg(DISTINCT n.verdict COLLATE "C") AS verdicts,
         array_agg(DISTINCT n.reason COLLATE "C") FILTER (WHERE n.reason IS NOT NULL) AS reasons
    FROM numbered n GROUP BY n.vantage, n.name, n.run, n.fails),
beside AS (
  SELECT r.*, lag(r.last_at) OVER w AS before_at, lead(r.first_at) OVER w AS after_at, lead(r.first_census) OVER w AS after_census,
         lead(r.first_verdict) OVER w AS after_verdict
    FROM runs r WINDOW w AS (PARTITION BY r.vantage, r.name ORDER BY r.run))
SELECT e.first_census AS census_id, e.vantage, e.name AS domain, e.verdicts, e.reasons, e.looks, e.not_looked,
       e.first_at AS first_broken_at, e.last_census AS last_broken_census, e.last_at AS last_broken_at,
       e.after_census AS ended_census,
       CASE WHEN e.after_verdict IN ('dane', 'dane-partial') THEN 'repaired' WHEN e.after_verdict = 'no-mail' THEN 'no-mail'
            WHEN e.after_verdict IS NOT NULL THEN CASE WHEN e.verdicts = ARRAY['lookup-failed'] THEN 'repaired' ELSE 'given-up' END
       END AS ended_by,
       extract(epoch FROM e.last_at - e.first_at)::bigint AS seconds_at_least,
       extract(epoch FROM e.after_at - e.before_at)::bigint AS seconds_at_most
  FROM beside e WHERE e.fails;
COMMENT ON VIEW published.domain_episodes IS 'One row per time that a domain was broken: consecutive looks of one vantage with a verdict dane-failed, dane-degraded or lookup-failed. Looks that could not look neither end an episode nor make it longer. Censuses are moments: how long it was broken has bounds, and what was mended and broke again between two looks is not seen.';
COMMENT ON COLUMN published.domain_episodes.census_id IS 'The first census that saw it broken.';
COMMENT ON COLUMN published.domain_episodes.vantage IS 'Where the censuses were made from.';
COMMENT ON COLUMN published.domain_episodes.domain IS 'The domain.';
COMMENT ON COLUMN published.domain_episodes.verdicts IS 'The verdicts of these looks, each once. lookup-failed alone: its DNS failed; whether it had DANE was not seen.';
COMMENT ON COLUMN published.domain_episodes.reasons IS 'The reasons of these looks, each once; null without any.';
COMMENT ON COLUMN published.domain_episodes.looks IS 'How many looks saw it broken.';
COMMENT ON COLUMN published.domain_episodes.not_looked IS 'How many between the first and the last of them could not look.';
COMMENT ON COLUMN published.domain_episodes.first_broken_at IS 'When the first of them was.';
COMMENT ON COLUMN published.domain_episodes.last_broken_census IS 'The census of the last of them.';
COMMENT ON COLUMN published.domain_episodes.last_broken_at IS 'When the last of them was.';
COMMENT ON COLUMN published.domain_episodes.ended_census IS 'The first census afterwards that could look and saw it not broken; null where none did.';
COMMENT ON COLUMN published.domain_episodes.ended_by IS 'What it saw: repaired (dane or dane-partial; after lookup-failed alone, any verdict of a domain that takes mail), given-up (no DANE any more), no-mail; null where the episode has not been seen to end.';
COMMENT ON COLUMN published.domain_episodes.seconds_at_least IS 'From first_broken_at to last_broken_at: it was broken at both ends, and as far as was seen between them.';
COMMENT ON COLUMN published.domain_episodes.seconds_at_most IS 'From the last look before at which it was not broken to the first afterwards; null where one of them is missing.';

CREATE VIEW published.adoption_over_time AS
SELECT t.census_id, t.vantage, t.started_at, t.finished_at, c.census_id IS NOT NULL AS kept, t.sampled, t.domains,
       t.no_mail, t.unknown, t.domains - t.no_mail - t.unknown - t.judged AS not_judged, t.judged,
       t.mx_secure, t.dane_any, t.dane, t.dane_partial, t.dane_degraded, t.dane_failed, t.insecure_mx, t.lookup_failed,
       dane.share(t.mx_secure, t.judged) AS mx_secure_share,
       CASE WHEN t.sampled THEN dane.wilson(t.mx_secure, t.judged, -1) END AS mx_secure_share_low,
       CASE WHEN t.sampled THEN dane.wilson(t.mx_secure, t.judged, 1) END AS mx_secure_share_high,
       dane.share(t.dane_any, t.judged) AS dane_any_share,
       CASE WHEN t.sampled THEN dane.wilson(t.dane_any, t.judged, -1) END AS dane_any_share_low,
       CASE WHEN t.sampled THEN dane.wilson(t.dane_any, t.judged, 1) END AS dane_any_share_high,
       dane.share(t.dane, t.judged) AS dane_share,
       CASE WHEN t.sampled THEN dane.wilson(t.dane, t.judged, -1) END AS dane_share_low,
       CASE WHEN t.sampled THEN dane.wilson(t.dane, t.judged, 1) END AS dane_share_high,
       t.judged - lag(t.judged) OVER w AS judged_change, t.dane_any - lag(t.dane_any) OVER w AS dane_any_change,
       t.dane - lag(t.dane) OVER w AS dane_change
  FROM dane.census_total t
  LEFT JOIN dane.census c ON c.census_id = t.census_id
WINDOW w AS (PARTITION BY t.vantage ORDER BY t.census_id);
COMMENT ON VIEW published.adoption_over_time IS 'One row per finished census, those included that retention has dropped: the figures of adoption, kept when it finished. ORDER BY vantage, census_id makes a series.';
COMMENT ON COLUMN published.adoption_over_time.census_id IS 'Number of the census.';
COMMENT ON COLUMN published.adoption_over_time.vantage IS 'Where it was made from.';
COMMENT ON COLUMN published.adoption_over_time.started_at IS 'When it was started.';
COMMENT ON COLUMN published.adoption_over_time.finished_at IS 'When its last verdict was written.';
COMMENT ON COLUMN published.adoption_over_time.kept IS 'Whether the census is still in the database; retention (db gc) drops all of it but this row.';
COMMENT ON COLUMN published.adoption_over_time.sampled IS 'Whether it looked at a sample of its lists; only then shares have intervals.';
COMMENT ON COLUMN published.adoption_over_time.domains IS 'Different domains of its lists.';
COMMENT ON COLUMN published.adoption_over_time.no_mail IS 'Of domains, those that take no mail; in no share.';
COMMENT ON COLUMN published.adoption_over_time.unknown IS 'Of domains, those that could not be looked at; in no share.';
COMMENT ON COLUMN published.adoption_over_time.not_judged IS 'Of domains, those without a verdict; in no share.';
COMMENT ON COLUMN published.adoption_over_time.judged IS 'Domains less the three: the denominator of the shares.';
COMMENT ON COLUMN published.adoption_over_time.mx_secure IS 'Of judged, those whose MX answer (or its denial, for an implicit MX) is secure.';
COMMENT ON COLUMN published.adoption_over_time.dane_any IS 'Of judged, those with a verdict dane, dane-degraded, dane-partial or dane-failed.';
COMMENT ON COLUMN published.adoption_over_time.dane IS 'Of judged, those with every MX host authenticated.';
COMMENT ON COLUMN published.adoption_over_time.dane_partial IS 'Of judged, those where none fails and some hosts have no DANE.';
COMMENT ON COLUMN published.adoption_over_time.dane_degraded IS 'Of judged, those where some host or endpoint fails and mail still finds a way.';
COMMENT ON COLUMN published.adoption_over_time.dane_failed IS 'Of judged, those where a DANE sender can use no host.';
COMMENT ON COLUMN published.adoption_over_time.insecure_mx IS 'Of judged, those whose MX RRset is insecure while an MX host has secure usable TLSA records.';
COMMENT ON COLUMN published.adoption_over_time.lookup_failed IS 'Of judged, those whose lookups fail.';
COMMENT ON COLUMN published.adoption_over_time.mx_secure_share IS 'mx_secure divided by judged.';
COMMENT ON COLUMN published.adoption_over_time.mx_secure_share_low IS 'Lower end of its 95 % interval; null unless the census is a sample.';
COMMENT ON COLUMN published.adoption_over_time.mx_secure_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.adoption_over_time.dane_any_share IS 'dane_any divided by judged.';
COMMENT ON COLUMN published.adoption_over_time.dane_any_share_low IS 'Lower end of its 95 % interval; null unless the census is a sample.';
COMMENT ON COLUMN published.adoption_over_time.dane_any_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.adoption_over_time.dane_share IS 'dane divided by judged.';
COMMENT ON COLUMN published.adoption_over_time.dane_share_low IS 'Lower end of its 95 % interval; null unless the census is a sample.';
COMMENT ON COLUMN published.adoption_over_time.dane_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.adoption_over_time.judged_change IS 'judged less that of the census of this vantage before it; null for the first.';
COMMENT ON COLUMN published.adoption_over_time.dane_any_change IS 'The same of dane_any; census_change_causes says what it is made of.';
COMMENT ON COLUMN published.adoption_over_time.dane_change IS 'The same of dane.';
