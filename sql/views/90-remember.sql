-- What a finished census adds to what is remembered over all censuses (012-time.sql), and what is asked of that.

DROP FUNCTION IF EXISTS dane.remember(int), dane.predecessor(int);

-- The newest finished census of the same vantage before this one, of those that looked themselves; null where there is none.
CREATE FUNCTION dane.predecessor(census int) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT max(p.census_id) FROM dane.census c
    JOIN dane.census p ON p.vantage = c.vantage AND p.census_id < c.census_id AND p.stage = 'finished' AND p.rejudged_from IS NULL
   WHERE c.census_id = census $$;

-- To be called in the transaction that finishes the census; called again, it changes nothing. History goes forward only: what a
-- census saw of a host earlier than what is remembered of it adds nothing. A census that judges another's evidence adds nothing.
CREATE FUNCTION dane.remember(census int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  place text;
  before int := dane.predecessor(census);
BEGIN
  SELECT c.vantage INTO place FROM dane.census c
   WHERE c.census_id = census AND c.stage = 'finished' AND c.rejudged_from IS NULL AND NOT c.remembered FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  -- Two censuses that finish at once go one after the other.
  LOCK TABLE dane.host_seen IN SHARE ROW EXCLUSIVE MODE;

  INSERT INTO dane.census_total
  SELECT c.census_id, c.vantage, c.started_at, c.finished_at, c.sample IS NOT NULL,
         (SELECT count(*) FROM dane.domain d WHERE d.census_id = census), v.*
    FROM dane.census c
   CROSS JOIN (SELECT count(*) FILTER (WHERE v.verdict = 'no-mail'), count(*) FILTER (WHERE v.verdict = 'unknown'),
                      count(*) FILTER (WHERE v.verdict NOT IN ('no-mail', 'unknown')),
                      count(*) FILTER (WHERE v.verdict NOT IN ('no-mail', 'unknown') AND f.mx_status = 'secure'),
                      count(*) FILTER (WHERE v.verdict LIKE 'dane%'), count(*) FILTER (WHERE v.verdict = 'dane'),
                      count(*) FILTER (WHERE v.verdict = 'dane-partial'), count(*) FILTER (WHERE v.verdict = 'dane-degraded'),
                      count(*) FILTER (WHERE v.verdict = 'dane-failed'), count(*) FILTER (WHERE v.verdict = 'insecure-mx'),
                      count(*) FILTER (WHERE v.verdict = 'lookup-failed')
                 FROM dane.domain_verdict v
                 JOIN dane.domain_fact f ON f.census_id = v.census_id AND f.ordinal = v.ordinal
                WHERE v.census_id = census) v
   WHERE c.census_id = census
  ON CONFLICT DO NOTHING;

  -- A host that is followed from now on: the census before may have seen securely that it had no usable record.
  INSERT INTO dane.host_seen (vantage, host, tlsa_at)
  SELECT DISTINCT place, t.host, p.seen_at
    FROM dane.tlsa_record t
    JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_status = 'secure'
    LEFT JOIN dane.host_fact p ON p.census_id = before AND p.host = t.host AND p.tlsa_status = 'secure'
   WHERE t.census_id = census AND t.reason IS NULL
  ON CONFLICT DO NOTHING;

  INSERT INTO dane.tlsa_seen AS s (vantage, host, usage, selector, matching_type, digest, ttl, first_census, last_census,
                                   first_at, last_at, absent_at)
  SELECT place, t.host, t.usage, t.selector, t.matching_type,
         CASE t.matching_type WHEN 0 THEN sha256(t.data) ELSE t.data END AS digest, max(f.tlsa_ttl), census, census,
         max(f.seen_at), max(f.seen_at), max(h.tlsa_at)
    FROM dane.tlsa_record t
    JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_status = 'secure'
    JOIN dane.host_seen h ON h.vantage = place AND h.host = t.host AND (h.tlsa_at IS NULL OR h.tlsa_at < f.seen_at)
   WHERE t.census_id = census AND t.reason IS NULL
   GROUP BY t.host, t.usage, t.selector, t.matching_type, CASE t.matching_type WHEN 0 THEN sha256(t.data) ELSE t.data END
  ON CONFLICT (vantage, host, usage, selector, matching_type, digest) DO UPDATE
     SET ttl = greatest(s.ttl, excluded.ttl), last_census = census, last_at = excluded.last_at, gone_at = NULL, gone_census = NULL;

  UPDATE dane.tlsa_seen s SET gone_at = f.seen_at, gone_census = census
    FROM dane.host_fact f
   WHERE f.census_id = census AND f.tlsa_status = 'secure' AND s.vantage = place AND s.host = f.host
     AND s.last_census <> census AND s.last_at < f.seen_at AND s.gone_at IS NULL;

  UPDATE dane.host_seen h SET tlsa_at = f.seen_at
    FROM dane.host_fact f
   WHERE f.census_id = census AND f.tlsa_status = 'secure' AND h.vantage = place AND h.host = f.host
     AND (h.tlsa_at IS NULL OR h.tlsa_at < f.seen_at);

  INSERT INTO dane.key_seen AS s (vantage, host, certificate, spki, key_algorithm, chain, first_census, last_census,
                                  first_at, last_at, absent_at)
  SELECT DISTINCT ON (k.host, k.chain[1]) place, k.host, k.chain[1], k.leaf_spki, k.key_algorithm, k.chain, census, census,
         min(e.seen_at) OVER w, max(e.seen_at) OVER w, h.keys_at
    FROM dane.handshake k
    JOIN dane.endpoint e ON e.census_id = k.census_id AND e.host = k.host AND e.address = k.address
    JOIN dane.host_seen h ON h.vantage = place AND h.host = k.host AND (h.keys_at IS NULL OR h.keys_at < e.seen_at)
   WHERE k.census_id = census AND cardinality(k.chain) > 0
  WINDOW w AS (PARTITION BY k.host, k.chain[1])
   ORDER BY k.host, k.chain[1], cardinality(k.chain) DESC, k.chain
  ON CONFLICT (vantage, host, certificate) DO UPDATE
     SET last_census = census, last_at = greatest(s.last_at, excluded.last_at), gone_at = NULL, gone_census = NULL;

  -- Each certificate is read once, however many hosts send it. The planner must hear how many keys are new, or it compares each
  -- with each.
  ANALYZE dane.key_seen;
  WITH fresh AS (SELECT k.host, k.certificate, k.chain FROM dane.key_seen k WHERE k.vantage = place AND k.digests IS NULL),
  needed AS (SELECT DISTINCT unnest(chain) AS sha256 FROM fresh),
  read AS MATERIALIZED (SELECT n.sha256, array_remove(ARRAY[c.sha256, c.spki_sha256, w.sha512, w.spki_sha512], NULL) AS digests
                          FROM needed n JOIN dane.certificate c ON c.sha256 = n.sha256
                          LEFT JOIN dane.certificate_sha512 w ON w.sha256 = n.sha256),
  higher AS (SELECT f.host, f.certificate, array_agg(DISTINCT d.digest) AS digests
               FROM fresh f
              CROSS JOIN LATERAL unnest(f.chain[2:]) AS u (sha256)
               JOIN read r ON r.sha256 = u.sha256
              CROSS JOIN LATERAL unnest(r.digests) AS d (digest)
              GROUP BY f.host, f.certificate)
  UPDATE dane.key_seen k
     SET digests = coalesce(l.digests, array_remove(ARRAY[k.certificate, k.spki], NULL)),
         above = ARRAY(SELECT digest FROM unnest(h.digests) AS d (digest)
                        WHERE digest <> ALL (coalesce(l.digests, array_remove(ARRAY[k.certificate, k.spki], NULL))))
    FROM fresh f
    LEFT JOIN read l ON l.sha256 = f.certificate
    LEFT JOIN higher h ON h.host = f.host AND h.certificate = f.certificate
   WHERE k.vantage = place AND k.host = f.host AND k.certificate = f.certificate;

  WITH whole AS (SELECT e.host, max(e.seen_at) AS at, min(e.seen_at) AS first_at
                   FROM dane.endpoint e JOIN dane.host_seen h ON h.vantage = place AND h.host = e.host
                  WHERE e.census_id = census
                  GROUP BY e.host
                 HAVING bool_and(e.reached = 'tls' AND e.second_key IN ('seen', 'not-offered'))),
  gone AS (UPDATE dane.key_seen s SET gone_at = w.first_at, gone_census = census
             FROM whole w
            WHERE s.vantage = place AND s.host = w.host AND s.last_census <> census AND s.last_at < w.first_at
              AND s.gone_at IS NULL)
  UPDATE dane.host_seen h SET keys_at = w.at, keys_census = census
    FROM whole w WHERE h.vantage = place AND h.host = w.host AND (h.keys_at IS NULL OR h.keys_at < w.at);

  UPDATE dane.census c SET remembered = true WHERE c.census_id = remember.census;
END $$;
