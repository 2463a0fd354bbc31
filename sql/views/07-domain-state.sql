-- One row per domain with what the figures of adoption count, each word defined once.

CREATE VIEW dane.domain_state AS
SELECT d.census_id, d.ordinal, d.name, split_part(d.name, '.', -1) AS tld, d.rank, d.weight,
       CASE WHEN d.rank IS NULL THEN 'none'
            WHEN d.rank <= 1000 THEN '1-1000'
            WHEN d.rank <= 10000 THEN '1001-10000'
            WHEN d.rank <= 100000 THEN '10001-100000'
            WHEN d.rank <= 1000000 THEN '100001-1000000'
            ELSE '1000001-' END AS rank_band,
       f.mail, f.mx_outcome, f.mx_status, f.mx_reason, f.mta_sts, f.tls_rpt, v.verdict, v.reason,
       v.verdict IS NULL AS is_open,
       coalesce(v.verdict = 'no-mail', false) AS is_no_mail,
       coalesce(v.verdict = 'unknown', false) AS is_unknown,
       coalesce(v.verdict NOT IN ('no-mail', 'unknown'), false) AS is_judged,
       coalesce(v.verdict NOT IN ('no-mail', 'unknown') AND f.mx_status = 'secure', false) AS is_mx_secure,
       coalesce(v.verdict IN ('dane', 'dane-degraded', 'dane-partial', 'dane-failed'), false) AS is_dane_any,
       coalesce(v.verdict NOT IN ('no-mail', 'unknown') AND f.mta_sts, false) AS is_mta_sts,
       coalesce(v.verdict NOT IN ('no-mail', 'unknown') AND f.mta_sts IS NULL, false) AS is_mta_sts_unknown,
       coalesce(v.verdict NOT IN ('no-mail', 'unknown') AND f.tls_rpt, false) AS is_tls_rpt,
       coalesce(v.verdict NOT IN ('no-mail', 'unknown') AND f.tls_rpt IS NULL, false) AS is_tls_rpt_unknown
  FROM dane.domain d
  LEFT JOIN dane.domain_fact f ON f.census_id = d.census_id AND f.ordinal = d.ordinal
  LEFT JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal;
COMMENT ON VIEW dane.domain_state IS 'One row per domain of a census, with a boolean for each thing that adoption counts; false where it is not known.';
