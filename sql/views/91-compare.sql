-- Two censuses held against each other. The functions take any two (`census compare`); the views take each census and the one
-- before it. What could not be looked at in one of the two is no change.

DROP FUNCTION IF EXISTS dane.compare_providers(int, int), dane.compare_causes(int, int), dane.compare_domains(int, int),
                        dane.change_of(boolean, text, boolean, text);

-- What became of a domain, by its verdicts. fails: something in its DANE fails, or its lookups do, so that DANE senders notice.
CREATE FUNCTION dane.change_of(was_listed boolean, was text, is_listed boolean, verdict text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN NOT was_listed THEN 'new-in-list'
    WHEN NOT is_listed THEN 'gone-from-list'
    WHEN coalesce(was, 'unknown') = 'unknown' OR coalesce(verdict, 'unknown') = 'unknown' THEN 'not-comparable'
    WHEN was IN ('dane-failed', 'dane-degraded', 'lookup-failed') AND verdict IN ('dane-failed', 'dane-degraded', 'lookup-failed')
      THEN 'still-broken'
    WHEN was = verdict THEN 'unchanged'
    WHEN verdict IN ('dane-failed', 'dane-degraded', 'lookup-failed') THEN 'broken'
    WHEN was IN ('dane-failed', 'dane-degraded', 'lookup-failed') AND verdict IN ('dane', 'dane-partial')
      OR was = 'lookup-failed' AND verdict IN ('no-dane', 'insecure-mx') THEN 'repaired'
    WHEN was LIKE 'dane%' AND verdict NOT LIKE 'dane%' THEN 'lost'
    WHEN was NOT LIKE 'dane%' AND verdict LIKE 'dane%' THEN 'adopted'
    ELSE 'otherwise' END $$;

-- Every domain of either census, once.
CREATE FUNCTION dane.compare_domains(a int, b int)
RETURNS TABLE (domain text, earlier_ordinal int, later_ordinal int, earlier_verdict text, later_verdict text,
               earlier_reason text, later_reason text, change text) LANGUAGE sql STABLE AS $$
  SELECT coalesce(x.name, y.name), x.ordinal, y.ordinal, x.verdict, y.verdict, x.reason, y.reason,
         dane.change_of(x.ordinal IS NOT NULL, x.verdict, y.ordinal IS NOT NULL, y.verdict)
    FROM (SELECT d.name, d.ordinal, v.verdict, v.reason
            FROM dane.domain d
            LEFT JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
           WHERE d.census_id = a) x
    FULL JOIN (SELECT d.name, d.ordinal, v.verdict, v.reason
                 FROM dane.domain d
                 LEFT JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
                WHERE d.census_id = b) y ON y.name = x.name $$;

-- One row per domain and measure that it came to count in, or ceased to: each has one cause, so that causes add up to the
-- difference. Measures are those of published.adoption: dane_any (a verdict dane…) and dane (every MX host authenticated).
-- The cause is the first that fits, from what concerns the whole domain to what concerns one host.
CREATE FUNCTION dane.compare_causes(a int, b int)
RETURNS TABLE (domain text, earlier_ordinal int, later_ordinal int, measure text, gained boolean, cause text)
LANGUAGE sql STABLE AS $$
  WITH changed AS MATERIALIZED (
    SELECT c.domain, c.earlier_ordinal, c.later_ordinal, c.earlier_verdict, c.later_verdict
      FROM dane.compare_domains(a, b) c
     WHERE coalesce(c.earlier_verdict LIKE 'dane%', false) <> coalesce(c.later_verdict LIKE 'dane%', false)
        OR coalesce(c.earlier_verdict = 'dane', false) <> coalesce(c.later_verdict = 'dane', false)),
  named AS (
    SELECT s.domain, s.host, bool_or(s.side = 1) AS was, bool_or(s.side = 2) AS now
      FROM (SELECT c.domain, e.host, 1 AS side FROM changed c JOIN dane.mx_edge e ON e.census_id = a AND e.ordinal = c.earlier_ordinal
            UNION ALL
            SELECT c.domain, e.host, 2 FROM changed c JOIN dane.mx_edge e ON e.census_id = b AND e.ordinal = c.later_ordinal) s
     GROUP BY s.domain, s.host),
  -- Usable records count more than unusable ones, those more than none; a failed lookup tells nothing of them.
  ranked (tlsa_outcome, rank) AS (VALUES ('none', 0), ('unusable', 1), ('usable', 2)),
  hosts AS (
    SELECT n.domain, bool_or(n.was <> n.now) AS moved,
           bool_or(n.was AND n.now AND ry.rank > rx.rank) AS tlsa_rose, bool_or(n.was AND n.now AND ry.rank < rx.rank) AS tlsa_fell,
           bool_or(n.was AND n.now AND x.verdict IN ('dane', 'dane-degraded') AND y.verdict IN ('dane-degraded', 'dane-failed')
                   AND x.verdict <> y.verdict) AS mismatch_began,
           bool_or(n.was AND n.now AND y.verdict IN ('dane', 'dane-degraded') AND x.verdict IN ('dane-degraded', 'dane-failed')
                   AND x.verdict <> y.verdict) AS mismatch_ended,
           bool_or(n.was AND n.now AND x.verdict <> 'lookup-failed' AND y.verdict = 'lookup-failed') AS lookup_began,
           bool_or(n.was AND n.now AND x.verdict = 'lookup-failed' AND y.verdict <> 'lookup-failed') AS lookup_ended
      FROM named n
      LEFT JOIN dane.host_fact x ON x.census_id = a AND x.host = n.host
      LEFT JOIN dane.host_fact y ON y.census_id = b AND y.host = n.host
      LEFT JOIN ranked rx ON rx.tlsa_outcome = x.tlsa_outcome
      LEFT JOIN ranked ry ON ry.tlsa_outcome = y.tlsa_outcome
     GROUP BY n.domain)
  SELECT c.domain, c.earlier_ordinal, c.later_ordinal, m.measure, m.now,
         CASE
           WHEN c.earlier_ordinal IS NULL OR c.later_ordinal IS NULL THEN 'list'
           WHEN coalesce(CASE WHEN m.now THEN c.earlier_verdict ELSE c.later_verdict END, 'unknown') = 'unknown' THEN 'not-looked'
           WHEN CASE WHEN m.now THEN c.earlier_verdict ELSE c.later_verdict END = 'no-mail' THEN 'mail'
           WHEN CASE WHEN m.now THEN x.mx_outcome ELSE y.mx_outcome END = 'failed' THEN 'lookup'
           WHEN (x.mx_status = 'secure') <> (y.mx_status = 'secure') THEN
             CASE WHEN (coalesce(cardinality(x.ds_algorithms), 0) = 0) <> (coalesce(cardinality(y.ds_algorithms), 0) = 0)
                    OR x.zone_status IS DISTINCT FROM y.zone_status THEN 'ds' ELSE 'other' END
           WHEN CASE WHEN m.now THEN h.tlsa_rose ELSE h.tlsa_fell END THEN 'tlsa'
           WHEN CASE WHEN m.now THEN h.mismatch_ended ELSE h.mismatch_began END THEN 'mismatch'
           WHEN CASE WHEN m.now THEN h.lookup_ended ELSE h.lookup_began END THEN 'lookup'
           WHEN h.moved THEN 'mx'
           ELSE 'other' END
    FROM changed c
   CROSS JOIN LATERAL (VALUES ('dane_any', coalesce(c.earlier_verdict LIKE 'dane%', false), coalesce(c.later_verdict LIKE 'dane%', false)),
                              ('dane', coalesce(c.earlier_verdict = 'dane', false), coalesce(c.later_verdict = 'dane', false)))
           AS m (measure, was, now)
    LEFT JOIN dane.domain_fact x ON x.census_id = a AND x.ordinal = c.earlier_ordinal
    LEFT JOIN dane.domain_fact y ON y.census_id = b AND y.ordinal = c.later_ordinal
    LEFT JOIN hosts h ON h.domain = c.domain
   WHERE m.was <> m.now $$;

-- What became of the domains that name a host of a provider in either census. A domain with hosts of two providers counts for both.
CREATE FUNCTION dane.compare_providers(a int, b int)
RETURNS TABLE (provider text, earlier_domains bigint, later_domains bigint, earlier_dane bigint, later_dane bigint,
               came bigint, went bigint, came_with_dane bigint, went_with_dane bigint,
               adopted bigint, lost bigint, broken bigint, repaired bigint, not_comparable bigint) LANGUAGE sql STABLE AS $$
  WITH compared AS MATERIALIZED (SELECT * FROM dane.compare_domains(a, b)),
  named AS (
    SELECT s.provider, s.earlier_ordinal, s.later_ordinal, bool_or(s.side = 1) AS was, bool_or(s.side = 2) AS now,
           min(s.earlier_verdict) AS earlier_verdict, min(s.later_verdict) AS later_verdict, min(s.change) AS change
      FROM (SELECT h.provider, 1 AS side, c.* FROM dane.mx_edge e
              JOIN dane.host h ON h.census_id = a AND h.host = e.host
              JOIN compared c ON c.earlier_ordinal = e.ordinal
             WHERE e.census_id = a
            UNION ALL
            SELECT h.provider, 2 AS side, c.* FROM dane.mx_edge e
              JOIN dane.host h ON h.census_id = b AND h.host = e.host
              JOIN compared c ON c.later_ordinal = e.ordinal
             WHERE e.census_id = b) s
     GROUP BY s.provider, s.earlier_ordinal, s.later_ordinal)
  SELECT n.provider, count(*) FILTER (WHERE n.was), count(*) FILTER (WHERE n.now),
         count(*) FILTER (WHERE n.was AND n.earlier_verdict LIKE 'dane%'),
         count(*) FILTER (WHERE n.now AND n.later_verdict LIKE 'dane%'),
         count(*) FILTER (WHERE n.now AND NOT n.was AND n.change NOT IN ('new-in-list', 'not-comparable')),
         count(*) FILTER (WHERE n.was AND NOT n.now AND n.change NOT IN ('gone-from-list', 'not-comparable')),
         count(*) FILTER (WHERE n.now AND NOT n.was AND n.later_verdict LIKE 'dane%'
                            AND n.change NOT IN ('new-in-list', 'not-comparable')),
         count(*) FILTER (WHERE n.was AND NOT n.now AND n.earlier_verdict LIKE 'dane%'
                            AND n.change NOT IN ('gone-from-list', 'not-comparable')),
         count(*) FILTER (WHERE n.change = 'adopted'), count(*) FILTER (WHERE n.change = 'lost'),
         count(*) FILTER (WHERE n.change = 'broken'), count(*) FILTER (WHERE n.change = 'repaired'),
         count(*) FILTER (WHERE n.change = 'not-comparable')
    FROM named n
   GROUP BY n.provider $$;

CREATE VIEW published.census_pair AS
SELECT c.census_id, p.census_id AS earlier, c.vantage, p.started_at AS earlier_started_at, c.started_at,
       extract(epoch FROM c.started_at - p.started_at)::bigint AS seconds_between
  FROM dane.census c
  JOIN dane.census p ON p.census_id = dane.predecessor(c.census_id)
 WHERE c.stage = 'finished' AND c.rejudged_from IS NULL;
COMMENT ON VIEW published.census_pair IS 'One row per finished census that has one before it: which one the views of changes hold it against. Censuses that judge the evidence of another one again are left out on both sides.';
COMMENT ON COLUMN published.census_pair.census_id IS 'The later census (census_overview.census_id).';
COMMENT ON COLUMN published.census_pair.earlier IS 'The newest finished census of the same vantage before it. That it has the same lists is not looked at: where it has not, the changes are of the list.';
COMMENT ON COLUMN published.census_pair.vantage IS 'Where both were made from.';
COMMENT ON COLUMN published.census_pair.earlier_started_at IS 'When the earlier one was started.';
COMMENT ON COLUMN published.census_pair.started_at IS 'When the later one was started.';
COMMENT ON COLUMN published.census_pair.seconds_between IS 'From the one start to the other, in seconds.';

CREATE VIEW published.census_changes AS
SELECT t.census_id, t.earlier, t.change, t.domains,
       CASE WHEN t.counts THEN dane.share(t.domains, t.compared) END AS domains_share,
       CASE WHEN t.counts THEN dane.share_low(t.census_id, t.domains, t.compared) END AS domains_share_low,
       CASE WHEN t.counts THEN dane.share_high(t.census_id, t.domains, t.compared) END AS domains_share_high
  FROM (SELECT s.*, s.change NOT IN ('new-in-list', 'gone-from-list', 'not-comparable') AS counts,
               sum(s.domains) FILTER (WHERE s.change NOT IN ('new-in-list', 'gone-from-list', 'not-comparable'))
                 OVER (PARTITION BY s.census_id) AS compared
          FROM (SELECT p.census_id, p.earlier, c.change, count(*) AS domains
                  FROM published.census_pair p CROSS JOIN LATERAL dane.compare_domains(p.earlier, p.census_id) c
                 GROUP BY p.census_id, p.earlier, c.change) s) t;
COMMENT ON VIEW published.census_changes IS 'What became of the domains of each census since the one before it (census_pair). Every domain of either is in one row.';
COMMENT ON COLUMN published.census_changes.census_id IS 'The later census (census_overview.census_id).';
COMMENT ON COLUMN published.census_changes.earlier IS 'The census that it is held against.';
COMMENT ON COLUMN published.census_changes.change IS 'adopted (no DANE before, and now some that works), lost (DANE before, and now none: no-dane, insecure-mx, no-mail), broken (dane-failed, dane-degraded or lookup-failed, and nothing failed before), repaired (one of these before, and now dane or dane-partial; or the lookups work again), still-broken (fails in both), otherwise (another change of verdict), unchanged, new-in-list, gone-from-list, not-comparable (not judged, or could not be looked at, in one of the two).';
COMMENT ON COLUMN published.census_changes.domains IS 'Domains of which this is so.';
COMMENT ON COLUMN published.census_changes.domains_share IS 'domains divided by the domains that are in both lists and could be looked at in both; null for new-in-list, gone-from-list and not-comparable, which are not among them.';
COMMENT ON COLUMN published.census_changes.domains_share_low IS 'Lower end of the 95 % interval of domains_share; null unless the later census is a sample.';
COMMENT ON COLUMN published.census_changes.domains_share_high IS 'Upper end of the same interval.';

CREATE VIEW published.census_transitions AS
SELECT p.census_id, p.earlier, c.earlier_ordinal IS NOT NULL AS was_listed, c.earlier_verdict,
       c.later_ordinal IS NOT NULL AS is_listed, c.later_verdict, c.change, count(*) AS domains
  FROM published.census_pair p CROSS JOIN LATERAL dane.compare_domains(p.earlier, p.census_id) c
 GROUP BY p.census_id, p.earlier, c.earlier_ordinal IS NOT NULL, c.earlier_verdict, c.later_ordinal IS NOT NULL, c.later_verdict, c.change;
COMMENT ON VIEW published.census_transitions IS 'How many domains went from which verdict to which since the census before (census_pair). Every domain of either is in one row.';
COMMENT ON COLUMN published.census_transitions.census_id IS 'The later census (census_overview.census_id).';
COMMENT ON COLUMN published.census_transitions.earlier IS 'The census that it is held against.';
COMMENT ON COLUMN published.census_transitions.was_listed IS 'Whether the domain is in the earlier census.';
COMMENT ON COLUMN published.census_transitions.earlier_verdict IS 'Verdict there; null where it is not in it, or not judged.';
COMMENT ON COLUMN published.census_transitions.is_listed IS 'Whether the domain is in the later census.';
COMMENT ON COLUMN published.census_transitions.later_verdict IS 'Verdict there; null where it is not in it, or not judged.';
COMMENT ON COLUMN published.census_transitions.change IS 'What that is called in census_changes.';
COMMENT ON COLUMN published.census_transitions.domains IS 'Domains of which this is so.';

CREATE VIEW published.census_change_causes AS
SELECT p.census_id, p.earlier, t.measure, CASE t.measure WHEN 'dane' THEN x.dane ELSE x.dane_any END AS earlier_domains,
       CASE t.measure WHEN 'dane' THEN y.dane ELSE y.dane_any END AS later_domains, t.cause, t.gained, t.lost, t.gained - t.lost AS net
  FROM published.census_pair p
 CROSS JOIN LATERAL (SELECT c.measure, c.cause, count(*) FILTER (WHERE c.gained) AS gained, count(*) FILTER (WHERE NOT c.gained) AS lost
                       FROM dane.compare_causes(p.earlier, p.census_id) c GROUP BY c.measure, c.cause) t
  JOIN dane.census_total x ON x.census_id = p.earlier
  JOIN dane.census_total y ON y.census_id = p.census_id;
COMMENT ON VIEW published.census_change_causes IS 'Why the number of DANE domains changed since the census before (census_pair), one row per measure and cause. Each domain that came to count, or ceased to, has one cause: net adds up to later_domains less earlier_domains. Without a row, nothing changed.';
COMMENT ON COLUMN published.census_change_causes.census_id IS 'The later census (census_overview.census_id).';
COMMENT ON COLUMN published.census_change_causes.earlier IS 'The census that it is held against.';
COMMENT ON COLUMN published.census_change_causes.measure IS 'As in adoption: dane_any (verdict dane, dane-degraded, dane-partial or dane-failed), dane (every MX host authenticated).';
COMMENT ON COLUMN published.census_change_causes.earlier_domains IS 'Domains that count by the measure in the earlier census.';
COMMENT ON COLUMN published.census_change_causes.later_domains IS 'Domains that count by the measure in the later census.';
COMMENT ON COLUMN published.census_change_causes.cause IS 'The first that fits: list (the domain is in one list only), not-looked (could not be looked at in the census where it does not count), mail (it takes no mail there), lookup (the MX lookup fails there; or, after mismatch, that of a host that it names in both), ds (its MX answer is secure in one only, as its zone is signed in one only), tlsa (an MX host that it names in both has usable TLSA records in one only, or any), mismatch (what such a host shows meets its records in one only), mx (it names other MX hosts), other.';
COMMENT ON COLUMN published.census_change_causes.gained IS 'Domains that count in the later census and not in the earlier.';
COMMENT ON COLUMN published.census_change_causes.lost IS 'Domains that count in the earlier census and not in the later.';
COMMENT ON COLUMN published.census_change_causes.net IS 'gained less lost.';

CREATE VIEW published.census_change_domains AS
SELECT p.census_id, p.earlier, c.domain, c.change, c.earlier_verdict, c.earlier_reason, c.later_verdict, c.later_reason,
       r.dane_any_cause, r.dane_cause
  FROM published.census_pair p
 CROSS JOIN LATERAL dane.compare_domains(p.earlier, p.census_id) c
  LEFT JOIN LATERAL (SELECT k.domain, max(k.cause) FILTER (WHERE k.measure = 'dane_any') AS dane_any_cause,
                            max(k.cause) FILTER (WHERE k.measure = 'dane') AS dane_cause
                       FROM dane.compare_causes(p.earlier, p.census_id) k GROUP BY k.domain) r ON r.domain = c.domain
 WHERE c.change <> 'unchanged';
COMMENT ON VIEW published.census_change_domains IS 'The domains that changed since the census before (census_pair), those included that could not be compared, or are in one list only; unchanged ones are left out.';
COMMENT ON COLUMN published.census_change_domains.census_id IS 'The later census (census_overview.census_id).';
COMMENT ON COLUMN published.census_change_domains.earlier IS 'The census that it is held against.';
COMMENT ON COLUMN published.census_change_domains.domain IS 'The domain.';
COMMENT ON COLUMN published.census_change_domains.change IS 'As in census_changes.';
COMMENT ON COLUMN published.census_change_domains.earlier_verdict IS 'Verdict in the earlier census; null where it is not in it, or not judged.';
COMMENT ON COLUMN published.census_change_domains.earlier_reason IS 'Reason of that verdict.';
COMMENT ON COLUMN published.census_change_domains.later_verdict IS 'Verdict in the later census; null where it is not in it, or not judged.';
COMMENT ON COLUMN published.census_change_domains.later_reason IS 'Reason of that verdict.';
COMMENT ON COLUMN published.census_change_domains.dane_any_cause IS 'Why it counts in dane_any in one only (census_change_causes.cause); null where it does in both or neither.';
COMMENT ON COLUMN published.census_change_domains.dane_cause IS 'Why it counts in dane in one only; null where it does in both or neither.';

CREATE VIEW published.census_changes_by_provider AS
SELECT p.census_id, p.earlier, c.provider, c.earlier_domains, c.later_domains, c.earlier_dane, c.later_dane,
       c.came, c.went, c.came_with_dane, c.went_with_dane, c.adopted, c.lost, c.broken, c.repaired, c.not_comparable
  FROM published.census_pair p CROSS JOIN LATERAL dane.compare_providers(p.earlier, p.census_id) c;
COMMENT ON VIEW published.census_changes_by_provider IS 'What became of the domains of each provider since the census before (census_pair). A domain that names hosts of two providers counts for both.';
COMMENT ON COLUMN published.census_changes_by_provider.census_id IS 'The later census (census_overview.census_id).';
COMMENT ON COLUMN published.census_changes_by_provider.earlier IS 'The census that it is held against.';
COMMENT ON COLUMN published.census_changes_by_provider.provider IS 'The registrable domain of the MX hosts.';
COMMENT ON COLUMN published.census_changes_by_provider.earlier_domains IS 'Domains that name a host of it in the earlier census, whatever their verdict.';
COMMENT ON COLUMN published.census_changes_by_provider.later_domains IS 'The same in the later census.';
COMMENT ON COLUMN published.census_changes_by_provider.earlier_dane IS 'Of earlier_domains, those with a verdict dane, dane-degraded, dane-partial or dane-failed there.';
COMMENT ON COLUMN published.census_changes_by_provider.later_dane IS 'Of later_domains, those with such a verdict there.';
COMMENT ON COLUMN published.census_changes_by_provider.came IS 'Domains that name a host of it in the later census only, of those that are in both lists and could be looked at in both.';
COMMENT ON COLUMN published.census_changes_by_provider.went IS 'Domains that name a host of it in the earlier census only, of those that are in both lists and could be looked at in both.';
COMMENT ON COLUMN published.census_changes_by_provider.came_with_dane IS 'Of came, those with a DANE verdict in the later census.';
COMMENT ON COLUMN published.census_changes_by_provider.went_with_dane IS 'Of went, those with a DANE verdict in the earlier census.';
COMMENT ON COLUMN published.census_changes_by_provider.adopted IS 'Domains that adopted DANE (census_changes.change) and name a host of it in either census.';
COMMENT ON COLUMN published.census_changes_by_provider.lost IS 'The same of those that lost it.';
COMMENT ON COLUMN published.census_changes_by_provider.broken IS 'The same of those that broke.';
COMMENT ON COLUMN published.census_changes_by_provider.repaired IS 'The same of those that were repaired.';
COMMENT ON COLUMN published.census_changes_by_provider.not_comparable IS 'Domains that name a host of it in either census and could not be looked at, or were not judged, in one of the two; in none of the counts of changes.';
