-- Every rate of mismatch in its weightings: by TLSA record, RRset, MX host, domain, and weight of domains.

CREATE VIEW dane.mismatch_count AS
-- records and RRsets: only a mismatch can be told
SELECT t.census_id, 'record' AS unit, 'mismatch' AS kind, count(*) FILTER (WHERE NOT t.matched_some)::numeric AS failed,
       0::numeric AS degraded, count(t.matched_some)::numeric AS denominator,
       (count(*) - count(t.matched_some))::numeric AS left_out
  FROM dane.tlsa_match t
  JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_outcome = 'usable'
 WHERE t.reason IS NULL
 GROUP BY t.census_id
 UNION ALL
SELECT census_id, 'rrset', 'mismatch', count(*) FILTER (WHERE NOT matches), 0, count(matches), count(*) - count(matches)
  FROM dane.surveyed_rrset
 GROUP BY census_id
 UNION ALL
SELECT f.census_id, 'host', k.kind,
       count(*) FILTER (WHERE f.verdict = 'dane-failed' AND k.kind IN (r.kind, 'any')),
       count(*) FILTER (WHERE f.verdict = 'dane-degraded' AND k.kind IN (r.kind, 'any')),
       count(*) FILTER (WHERE f.verdict <> 'unknown'),
       count(*) FILTER (WHERE f.verdict = 'unknown')
  FROM dane.host_fact f
  LEFT JOIN dane.failure_kind r ON r.reason = f.reason
  CROSS JOIN (VALUES ('any'), ('mismatch'), ('starttls-missing'), ('tls-failed'), ('ta-expired'), ('wrong-name'),
                     ('broken-chain')) k (kind)
 WHERE f.verdict IN ('dane', 'dane-degraded', 'dane-failed', 'dane-unusable', 'unknown')
   AND (f.tlsa_outcome = 'usable'
        OR f.tlsa_outcome = 'unusable' AND k.kind IN ('any', 'starttls-missing', 'tls-failed'))
 GROUP BY f.census_id, k.kind
 UNION ALL
SELECT census_id, 'host', 'lookup-failed', count(*) FILTER (WHERE verdict = 'lookup-failed'), 0,
       count(*) FILTER (WHERE tlsa_outcome <> 'lookup-failed' OR verdict = 'lookup-failed'),
       count(*) FILTER (WHERE tlsa_outcome = 'lookup-failed' AND verdict <> 'lookup-failed')
  FROM dane.host_fact
 WHERE tlsa_lookup IS NOT NULL
 GROUP BY census_id
 UNION ALL
-- domains: first by verdict and kind, so that each is read once
SELECT s.census_id, w.unit, k.kind,
       coalesce(sum(w.amount) FILTER (WHERE s.verdict = 'dane-failed' AND k.kind IN (s.kind, 'any')
                                         OR s.verdict = 'lookup-failed' AND k.kind = 'lookup-failed'), 0),
       0,
       coalesce(sum(w.amount) FILTER (WHERE s.is_dane_any OR k.kind = 'lookup-failed' AND s.is_judged), 0),
       coalesce(sum(w.amount) FILTER (WHERE s.is_open OR s.is_unknown), 0)
  FROM (SELECT d.census_id, d.verdict, r.kind, d.is_dane_any, d.is_judged, d.is_open, d.is_unknown,
               count(*)::numeric AS domains, sum(d.weight::numeric) AS weight
          FROM dane.domain_state d
          LEFT JOIN dane.failure_kind r ON r.reason = d.reason
         GROUP BY d.census_id, d.verdict, r.kind, d.is_dane_any, d.is_judged, d.is_open, d.is_unknown) s
  CROSS JOIN LATERAL (VALUES ('domain', s.domains), ('weight', s.weight)) w (unit, amount)
  CROSS JOIN (VALUES ('any'), ('mismatch'), ('starttls-missing'), ('tls-failed'), ('ta-expired'), ('wrong-name'),
                     ('broken-chain'), ('lookup-failed')) k (kind)
 GROUP BY s.census_id, w.unit, k.kind
 UNION ALL
-- a degraded domain says which of its hosts fail only through these
SELECT b.census_id, w.unit, b.kind, 0, sum(w.amount), 0, 0
  FROM (SELECT DISTINCT s.census_id, s.ordinal, s.weight::numeric AS weight, k.kind
          FROM dane.domain_state s
          JOIN dane.domain_host e ON e.census_id = s.census_id AND e.ordinal = s.ordinal
          JOIN dane.host_fact f ON f.census_id = e.census_id AND f.host = e.host
                               AND f.verdict IN ('dane-failed', 'dane-degraded', 'lookup-failed')
          JOIN dane.failure_kind r ON r.reason = f.reason
          CROSS JOIN LATERAL (VALUES (CASE f.verdict WHEN 'lookup-failed' THEN f.verdict ELSE r.kind END), ('any')) k (kind)
         WHERE s.verdict = 'dane-degraded') b
  CROSS JOIN LATERAL (VALUES ('domain', 1), ('weight', b.weight)) w (unit, amount)
 GROUP BY b.census_id, w.unit, b.kind;
COMMENT ON VIEW dane.mismatch_count IS 'Parts of the counts of mismatch_rates, to be added up.';

CREATE VIEW published.mismatch_rates AS
SELECT c.census_id, k.unit, k.kind, coalesce(n.failed, 0) AS failed, coalesce(n.degraded, 0) AS degraded,
       coalesce(n.denominator, 0) AS denominator, coalesce(n.left_out, 0) AS left_out,
       dane.share(n.failed, n.denominator) AS share,
       CASE WHEN c.sample IS NOT NULL AND k.unit = 'domain' THEN dane.wilson(n.failed, n.denominator, -1) END AS share_low,
       CASE WHEN c.sample IS NOT NULL AND k.unit = 'domain' THEN dane.wilson(n.failed, n.denominator, 1) END AS share_high,
       dane.share(n.failed + n.degraded, n.denominator) AS failed_or_degraded_share,
       CASE WHEN c.sample IS NOT NULL AND k.unit = 'domain' THEN dane.wilson(n.failed + n.degraded, n.denominator, -1) END
         AS failed_or_degraded_share_low,
       CASE WHEN c.sample IS NOT NULL AND k.unit = 'domain' THEN dane.wilson(n.failed + n.degraded, n.denominator, 1) END
         AS failed_or_degraded_share_high
  FROM dane.census c
  CROSS JOIN (SELECT 'record' AS unit, 'mismatch' AS kind
               UNION ALL SELECT 'rrset', 'mismatch'
               UNION ALL
              SELECT u.unit, f.kind
                FROM (VALUES ('host'), ('domain'), ('weight')) u (unit)
                CROSS JOIN (VALUES ('any'), ('mismatch'), ('starttls-missing'), ('tls-failed'), ('ta-expired'), ('wrong-name'),
                                   ('broken-chain'), ('lookup-failed')) f (kind)) k
  LEFT JOIN (SELECT census_id, unit, kind, trim_scale(round(sum(failed), 6)) AS failed, trim_scale(round(sum(degraded), 6)) AS degraded,
                    trim_scale(round(sum(denominator), 6)) AS denominator, trim_scale(round(sum(left_out), 6)) AS left_out
               FROM dane.mismatch_count
              GROUP BY census_id, unit, kind) n
    ON n.census_id = c.census_id AND n.unit = k.unit AND n.kind = k.kind;
COMMENT ON VIEW published.mismatch_rates IS 'How often DANE fails, and why, in every weighting, since the same Internet gives 14 % of records, 4 % of hosts and 0.03 % of domains. One row per unit and kind of failure.';
COMMENT ON COLUMN published.mismatch_rates.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.mismatch_rates.unit IS 'What is counted. record: usable TLSA records of secure RRsets, each MX host''s own (as USENIX Security 2020 counts: records of next keys, published ahead of their use, count as mismatch). rrset: secure RRsets with a usable record, each base domain once. host: MX hosts with secure TLSA records, each once. domain: domains with DANE, each once. weight: the same domains, each by its weight (those without a weight are left out).';
COMMENT ON COLUMN published.mismatch_rates.kind IS 'mismatch (no record matches, or none for one of two keys); starttls-missing (STARTTLS not offered, or refused); tls-failed (the handshake, or the session on the way to it); ta-expired, wrong-name, broken-chain (an anchor matches, and the chain below it is out of date, of another name, or invalid); lookup-failed (of the lookups that come before); any: all of these, but lookup-failed only where TLSA records are known.';
COMMENT ON COLUMN published.mismatch_rates.failed IS 'record: those that are of nothing that some endpoint of the host shows. rrset: those no usable record of which is. host: verdict dane-failed for this kind of reason; for lookup-failed, verdict lookup-failed after a TLSA lookup. domain, weight: verdict dane-failed for it (of the first failing host); for lookup-failed, verdict lookup-failed too.';
COMMENT ON COLUMN published.mismatch_rates.degraded IS 'host: verdict dane-degraded for it: some endpoint or key fails and another works. domain, weight: verdict dane-degraded, where an MX host fails or is degraded for it; a domain counts in each kind that it meets. 0 for records and RRsets.';
COMMENT ON COLUMN published.mismatch_rates.denominator IS 'record, rrset: those of hosts where some endpoint showed a certificate. host: MX hosts with usable TLSA records that could be looked at, and for any, starttls-missing and tls-failed those with unusable ones too; for lookup-failed, all where a TLSA lookup was due. domain, weight: verdict dane, dane-degraded, dane-partial or dane-failed; for lookup-failed all verdicts but no-mail and unknown.';
COMMENT ON COLUMN published.mismatch_rates.left_out IS 'record, rrset: no endpoint showed a certificate (or, of an RRset, it could not be told of every record). host: could not be looked at. domain, weight: unknown, or not judged yet, whether they have DANE or not. In no other column.';
COMMENT ON COLUMN published.mismatch_rates.share IS 'failed divided by denominator; null where that is 0.';
COMMENT ON COLUMN published.mismatch_rates.share_low IS 'Lower end of the 95 % Wilson interval of share; null where the census is no sample, and for all units but domain.';
COMMENT ON COLUMN published.mismatch_rates.share_high IS 'Upper end of the 95 % Wilson interval of share; null where the census is no sample, and for all units but domain.';
COMMENT ON COLUMN published.mismatch_rates.failed_or_degraded_share IS 'failed and degraded together, divided by denominator; null where that is 0.';
COMMENT ON COLUMN published.mismatch_rates.failed_or_degraded_share_low IS 'Lower end of the 95 % Wilson interval of failed_or_degraded_share; null where the census is no sample, and for all units but domain.';
COMMENT ON COLUMN published.mismatch_rates.failed_or_degraded_share_high IS 'Upper end of the 95 % Wilson interval of failed_or_degraded_share; null where the census is no sample, and for all units but domain.';
