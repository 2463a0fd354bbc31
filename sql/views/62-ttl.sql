-- TTL of the TLSA RRsets and SOA of the zones that hold them, against the how-to's advice: 1800 to 3600 s, and a refresh in keeping with it.
-- The SOA is that of the zone where the RRset stands, as its own servers showed it when they were looked at (dane.tlsa_zone), and
-- not that of the domains that name the host: these are other zones mostly. The negative TTL is taken as the SOA minimum; that of
-- the SOA record itself may be lower (RFC 2308 §5), and is not kept.

CREATE VIEW dane.tlsa_timing AS
SELECT f.census_id, f.host, f.tlsa_ttl AS ttl, z.apex, z.soa_refresh AS refresh, z.soa_retry AS retry, z.soa_expire AS expire,
       z.soa_minimum AS minimum,
       CASE WHEN f.tlsa_ttl < 1800 THEN 'below' WHEN f.tlsa_ttl <= 3600 THEN 'within' WHEN f.tlsa_ttl > 3600 THEN 'above'
            ELSE 'not-seen' END AS position
  FROM dane.host_fact f
  LEFT JOIN dane.tlsa_zone z ON z.census_id = f.census_id AND z.host = f.host
 WHERE f.tlsa_outcome IN ('usable', 'unusable');

CREATE VIEW published.tlsa_timing_list AS
SELECT census_id, host, ttl, position, apex, refresh, retry, expire, minimum, refresh > ttl AS refresh_long,
       minimum > ttl AS negative_long
  FROM dane.tlsa_timing;
COMMENT ON VIEW published.tlsa_timing_list IS 'One row per MX host with a secure TLSA RRset: its TTL, and the SOA of the zone that holds it. All in seconds.';
COMMENT ON COLUMN published.tlsa_timing_list.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_timing_list.host IS 'The MX host.';
COMMENT ON COLUMN published.tlsa_timing_list.ttl IS 'TTL of the TLSA RRset; null where a forwarder told of it and no signature does.';
COMMENT ON COLUMN published.tlsa_timing_list.position IS 'below, within or above the advised 1800 to 3600 seconds; not-seen where ttl is null.';
COMMENT ON COLUMN published.tlsa_timing_list.apex IS 'The zone that holds the RRset; null where no server of it showed its SOA, and in censuses of before it was kept.';
COMMENT ON COLUMN published.tlsa_timing_list.refresh IS 'SOA refresh (RFC 1035 §3.3.13), of the newest SOA that a server showed: how long a secondary that misses a NOTIFY serves old records.';
COMMENT ON COLUMN published.tlsa_timing_list.retry IS 'SOA retry.';
COMMENT ON COLUMN published.tlsa_timing_list.expire IS 'SOA expire.';
COMMENT ON COLUMN published.tlsa_timing_list.minimum IS 'SOA minimum: the most that a denial is remembered (RFC 2308 §4).';
COMMENT ON COLUMN published.tlsa_timing_list.refresh_long IS 'Whether refresh exceeds ttl, so that two TTLs may not be enough to wait; null where either was not seen.';
COMMENT ON COLUMN published.tlsa_timing_list.negative_long IS 'Whether minimum exceeds ttl; null where either was not seen.';

CREATE VIEW published.tlsa_ttl AS
SELECT c.census_id, c.position, c.hosts,
       CASE WHEN c.position <> 'not-seen' THEN
         dane.share(c.hosts, sum(c.hosts) FILTER (WHERE c.position <> 'not-seen') OVER (PARTITION BY c.census_id)) END AS hosts_share,
       coalesce(d.domains, 0) AS domains, n.domains AS of_domains,
       CASE WHEN c.position <> 'not-seen' THEN dane.share(coalesce(d.domains, 0), n.domains) END AS domains_share,
       CASE WHEN c.position <> 'not-seen' THEN dane.share_low(c.census_id, coalesce(d.domains, 0), n.domains) END
         AS domains_share_low,
       CASE WHEN c.position <> 'not-seen' THEN dane.share_high(c.census_id, coalesce(d.domains, 0), n.domains) END
         AS domains_share_high,
       d.weight
  FROM (SELECT census_id, position, count(*) AS hosts FROM dane.tlsa_timing GROUP BY census_id, position) c
  LEFT JOIN (SELECT u.census_id, u.position, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT t.census_id, t.position, e.ordinal
                       FROM dane.tlsa_timing t
                       JOIN dane.mx_edge e ON e.census_id = t.census_id AND e.host = t.host) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.position) d ON d.census_id = c.census_id AND d.position = c.position
  LEFT JOIN (SELECT t.census_id, count(DISTINCT e.ordinal) AS domains
               FROM dane.tlsa_timing t
               JOIN dane.mx_edge e ON e.census_id = t.census_id AND e.host = t.host
              WHERE t.position <> 'not-seen'
              GROUP BY t.census_id) n ON n.census_id = c.census_id;
COMMENT ON VIEW published.tlsa_ttl IS 'How the TTLs of secure TLSA RRsets lie to the advised 1800 to 3600 seconds.';
COMMENT ON COLUMN published.tlsa_ttl.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_ttl.position IS 'below (under 1800), within, above (over 3600), not-seen (a forwarder told of it and no signature does).';
COMMENT ON COLUMN published.tlsa_ttl.hosts IS 'MX hosts with a secure TLSA RRset of which this is so.';
COMMENT ON COLUMN published.tlsa_ttl.hosts_share IS 'hosts divided by all such hosts whose TTL was seen; null for not-seen.';
COMMENT ON COLUMN published.tlsa_ttl.domains IS 'Domains that name one of hosts; a domain with hosts of two positions counts at both.';
COMMENT ON COLUMN published.tlsa_ttl.of_domains IS 'Domains that name such a host whose TTL was seen: the denominator of domains_share.';
COMMENT ON COLUMN published.tlsa_ttl.domains_share IS 'domains divided by of_domains; the shares may add up to more than 1; null for not-seen.';
COMMENT ON COLUMN published.tlsa_ttl.domains_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.tlsa_ttl.domains_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.tlsa_ttl.weight IS 'Sum of the weights of domains; null where no list gave any.';

CREATE VIEW published.tlsa_timing_quantiles AS
SELECT t.census_id, v.field, u.unit, count(*) AS counted, min(v.seconds) AS least,
       percentile_disc(0.1) WITHIN GROUP (ORDER BY v.seconds) AS tenth,
       percentile_disc(0.25) WITHIN GROUP (ORDER BY v.seconds) AS quarter,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY v.seconds) AS median,
       percentile_disc(0.75) WITHIN GROUP (ORDER BY v.seconds) AS three_quarters,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY v.seconds) AS nine_tenths, max(v.seconds) AS most
  FROM (SELECT t.*, 'host' AS unit FROM dane.tlsa_timing t
         UNION ALL
        SELECT t.*, 'use' FROM dane.tlsa_timing t
          JOIN (SELECT DISTINCT census_id, ordinal, host FROM dane.mx_edge) e ON e.census_id = t.census_id AND e.host = t.host) t
  CROSS JOIN LATERAL (VALUES ('ttl', t.ttl::bigint), ('refresh', t.refresh), ('retry', t.retry), ('expire', t.expire),
                             ('minimum', t.minimum)) AS v (field, seconds)
  CROSS JOIN LATERAL (VALUES (t.unit)) AS u (unit)
 WHERE v.seconds IS NOT NULL
 GROUP BY t.census_id, v.field, u.unit;
COMMENT ON VIEW published.tlsa_timing_quantiles IS 'Distribution of the TTLs of secure TLSA RRsets and of the SOA fields of the zones that hold them, in seconds. Those that were not seen are left out.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_timing_quantiles.field IS 'ttl of the TLSA RRset; refresh, retry, expire, minimum of the SOA (RFC 1035 §3.3.13).';
COMMENT ON COLUMN published.tlsa_timing_quantiles.unit IS 'host: each MX host counts once; use: once for each domain that names it.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.counted IS 'How many hosts, or uses, of which the field was seen.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.least IS 'The smallest value.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.tenth IS 'A tenth of counted have this or less.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.quarter IS 'A quarter of counted have this or less.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.median IS 'Half of counted have this or less.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.three_quarters IS 'Three quarters of counted have this or less.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.nine_tenths IS 'Nine tenths of counted have this or less.';
COMMENT ON COLUMN published.tlsa_timing_quantiles.most IS 'The largest value.';

CREATE VIEW published.tlsa_soa_advice AS
SELECT h.census_id, h.hosts, h.not_seen, h.refresh_long, h.negative_long, h.expire_short,
       dane.share(h.refresh_long, h.hosts - h.not_seen) AS refresh_long_share,
       dane.share(h.negative_long, h.hosts - h.not_seen) AS negative_long_share,
       dane.share(h.expire_short, h.hosts - h.not_seen) AS expire_short_share, d.domains, d.domains_refresh_long,
       dane.share(d.domains_refresh_long, d.domains) AS domains_refresh_long_share,
       dane.share_low(h.census_id, d.domains_refresh_long, d.domains) AS domains_refresh_long_share_low,
       dane.share_high(h.census_id, d.domains_refresh_long, d.domains) AS domains_refresh_long_share_high,
       d.weight_refresh_long
  FROM (SELECT census_id, count(*) AS hosts, count(*) FILTER (WHERE ttl IS NULL OR apex IS NULL) AS not_seen,
               count(*) FILTER (WHERE refresh > ttl) AS refresh_long, count(*) FILTER (WHERE minimum > ttl) AS negative_long,
               count(*) FILTER (WHERE expire < 1209600 AND ttl IS NOT NULL) AS expire_short
          FROM dane.tlsa_timing GROUP BY census_id) h
  LEFT JOIN (SELECT u.census_id, count(*) AS domains, count(*) FILTER (WHERE u.long) AS domains_refresh_long,
                    CASE WHEN count(w.weight) > 0 THEN coalesce(round(sum(w.weight::numeric) FILTER (WHERE u.long), 6)::float8, 0) END AS weight_refresh_long
               FROM (SELECT t.census_id, e.ordinal, bool_or(t.refresh > t.ttl) AS long
                       FROM dane.tlsa_timing t
                       JOIN dane.mx_edge e ON e.census_id = t.census_id AND e.host = t.host
                      WHERE t.ttl IS NOT NULL AND t.apex IS NOT NULL
                      GROUP BY t.census_id, e.ordinal) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id) d ON d.census_id = h.census_id;
COMMENT ON VIEW published.tlsa_soa_advice IS 'One row per census: the SOA of the zones that hold secure TLSA RRsets, against the TTL of the RRsets.';
COMMENT ON COLUMN published.tlsa_soa_advice.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_soa_advice.hosts IS 'MX hosts with a secure TLSA RRset.';
COMMENT ON COLUMN published.tlsa_soa_advice.not_seen IS 'Of hosts, those whose TTL or SOA was not seen: in no share.';
COMMENT ON COLUMN published.tlsa_soa_advice.refresh_long IS 'Of hosts, those where the SOA refresh exceeds the TTL: a secondary that misses a NOTIFY serves old records for longer than two TTLs are waited (the how-to; S23).';
COMMENT ON COLUMN published.tlsa_soa_advice.negative_long IS 'Of hosts, those where the SOA minimum, the most that a denial is remembered, exceeds the TTL.';
COMMENT ON COLUMN published.tlsa_soa_advice.expire_short IS 'Of hosts, those where the SOA expire is below two weeks (RFC 1912 §2.2 advises two to four).';
COMMENT ON COLUMN published.tlsa_soa_advice.refresh_long_share IS 'refresh_long divided by hosts less not_seen; null where that is 0.';
COMMENT ON COLUMN published.tlsa_soa_advice.negative_long_share IS 'negative_long divided by hosts less not_seen; null where that is 0.';
COMMENT ON COLUMN published.tlsa_soa_advice.expire_short_share IS 'expire_short divided by hosts less not_seen; null where that is 0.';
COMMENT ON COLUMN published.tlsa_soa_advice.domains IS 'Domains that name at least one of hosts less not_seen: the denominator of the share of domains; null where there are none.';
COMMENT ON COLUMN published.tlsa_soa_advice.domains_refresh_long IS 'Of domains, those that name a host of refresh_long.';
COMMENT ON COLUMN published.tlsa_soa_advice.domains_refresh_long_share IS 'domains_refresh_long divided by domains.';
COMMENT ON COLUMN published.tlsa_soa_advice.domains_refresh_long_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.tlsa_soa_advice.domains_refresh_long_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.tlsa_soa_advice.weight_refresh_long IS 'Sum of the weights of domains_refresh_long; null where no list gave any.';
