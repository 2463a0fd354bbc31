-- DANE beside the other ways to protect and to watch inbound mail.

CREATE VIEW published.dane_beside_mta_sts AS
SELECT k.census_id, k.dane, k.mta_sts, k.tls_rpt, k.domains,
       sum(k.domains) OVER (PARTITION BY k.census_id)::bigint AS judged,
       dane.share(k.domains, sum(k.domains) OVER (PARTITION BY k.census_id)) AS share,
       CASE WHEN c.sample IS NOT NULL THEN dane.wilson(k.domains, sum(k.domains) OVER (PARTITION BY k.census_id), -1) END AS share_low,
       CASE WHEN c.sample IS NOT NULL THEN dane.wilson(k.domains, sum(k.domains) OVER (PARTITION BY k.census_id), 1) END AS share_high,
       dane.share(k.domains, sum(k.domains) OVER (PARTITION BY k.census_id, k.dane)) AS share_of_dane,
       trim_scale(round(coalesce(k.weight, 0), 6)) AS weight
  FROM (SELECT census_id,
               CASE WHEN verdict = 'dane' THEN 'works'
                    WHEN verdict IN ('dane-degraded', 'dane-partial') THEN 'in-part'
                    WHEN verdict = 'dane-failed' THEN 'fails'
                    WHEN verdict = 'lookup-failed' THEN 'lookup-failed'
                    ELSE 'none' END AS dane,
               CASE WHEN mta_sts THEN 'yes' WHEN NOT mta_sts THEN 'no' ELSE 'unknown' END AS mta_sts,
               CASE WHEN tls_rpt THEN 'yes' WHEN NOT tls_rpt THEN 'no' ELSE 'unknown' END AS tls_rpt,
               count(*) AS domains, sum(weight::numeric) AS weight
          FROM dane.domain_state
         WHERE is_judged
         GROUP BY 1, 2, 3, 4) k
  JOIN dane.census c ON c.census_id = k.census_id;
COMMENT ON VIEW published.dane_beside_mta_sts IS 'How many domains have DANE, MTA-STS and TLS reporting together: one row per combination that occurs. Domains without mail, unknown and not judged yet are left out.';
COMMENT ON COLUMN published.dane_beside_mta_sts.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.dane_beside_mta_sts.dane IS 'works (verdict dane), in-part (dane-degraded, dane-partial), fails (dane-failed), lookup-failed, none (no-dane, insecure-mx).';
COMMENT ON COLUMN published.dane_beside_mta_sts.mta_sts IS 'Whether there is an MTA-STS record (RFC 8461 §3.1): yes, no, unknown (could not look). Its policy is not fetched.';
COMMENT ON COLUMN published.dane_beside_mta_sts.tls_rpt IS 'Whether there is a TLS reporting record (RFC 8460 §3): yes, no, unknown (could not look).';
COMMENT ON COLUMN published.dane_beside_mta_sts.domains IS 'Judged domains of which all this is so.';
COMMENT ON COLUMN published.dane_beside_mta_sts.judged IS 'All judged domains: the denominator of share.';
COMMENT ON COLUMN published.dane_beside_mta_sts.share IS 'domains divided by judged.';
COMMENT ON COLUMN published.dane_beside_mta_sts.share_low IS 'Lower end of the 95 % Wilson interval of share; null where the census is no sample.';
COMMENT ON COLUMN published.dane_beside_mta_sts.share_high IS 'Upper end of the 95 % Wilson interval of share; null where the census is no sample.';
COMMENT ON COLUMN published.dane_beside_mta_sts.share_of_dane IS 'domains divided by all judged domains with the same value of dane.';
COMMENT ON COLUMN published.dane_beside_mta_sts.weight IS 'Sum of the weights of domains; those without a weight are left out.';
