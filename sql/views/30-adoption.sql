-- How many domains are protected. Rates leave out no-mail and unknown.

CREATE VIEW published.adoption AS
SELECT census_id, count(*) AS judged,
       count(*) FILTER (WHERE mx_status = 'secure') AS mx_secure,
       count(*) FILTER (WHERE verdict LIKE 'dane%') AS dane_any,
       count(*) FILTER (WHERE verdict = 'dane') AS dane,
       count(*) FILTER (WHERE verdict = 'dane-degraded') AS dane_degraded,
       count(*) FILTER (WHERE verdict = 'dane-partial') AS dane_partial,
       count(*) FILTER (WHERE verdict = 'dane-failed') AS dane_failed,
       count(*) FILTER (WHERE verdict = 'insecure-mx') AS insecure_mx,
       count(*) FILTER (WHERE mta_sts) AS mta_sts,
       round(count(*) FILTER (WHERE mx_status = 'secure')::numeric / count(*), 6) AS mx_secure_share,
       round(count(*) FILTER (WHERE verdict LIKE 'dane%')::numeric / count(*), 6) AS dane_any_share,
       round(count(*) FILTER (WHERE verdict = 'dane')::numeric / count(*), 6) AS dane_share,
       round(count(*) FILTER (WHERE verdict = 'dane-failed')::numeric
             / nullif(count(*) FILTER (WHERE verdict LIKE 'dane%'), 0), 6) AS failed_share_of_dane
  FROM published.domain_result
 WHERE verdict NOT IN ('no-mail', 'unknown')
 GROUP BY census_id;
COMMENT ON VIEW published.adoption IS 'One row per census: how many domains that take mail DANE protects.';
COMMENT ON COLUMN published.adoption.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.adoption.judged IS 'Domains with a verdict other than no-mail and unknown: the denominator of the shares.';
COMMENT ON COLUMN published.adoption.mx_secure IS 'Of judged, those whose MX answer (or its denial, for an implicit MX) is secure.';
COMMENT ON COLUMN published.adoption.dane_any IS 'Of judged, those with a verdict dane, dane-degraded, dane-partial or dane-failed: a secure MX RRset and TLSA records on at least one MX host.';
COMMENT ON COLUMN published.adoption.dane IS 'Of judged, those with every MX host authenticated.';
COMMENT ON COLUMN published.adoption.dane_degraded IS 'Of judged, those where some host or endpoint fails and mail still finds a way.';
COMMENT ON COLUMN published.adoption.dane_partial IS 'Of judged, those where none fails and some hosts have no DANE.';
COMMENT ON COLUMN published.adoption.dane_failed IS 'Of judged, those where a DANE sender can use no host, so that mail is deferred.';
COMMENT ON COLUMN published.adoption.insecure_mx IS 'Of judged, those whose MX RRset is insecure while an MX host has secure usable TLSA records.';
COMMENT ON COLUMN published.adoption.mta_sts IS 'Of judged, those with an MTA-STS record.';
COMMENT ON COLUMN published.adoption.mx_secure_share IS 'mx_secure divided by judged.';
COMMENT ON COLUMN published.adoption.dane_any_share IS 'dane_any divided by judged.';
COMMENT ON COLUMN published.adoption.dane_share IS 'dane divided by judged.';
COMMENT ON COLUMN published.adoption.failed_share_of_dane IS 'dane_failed divided by dane_any; null where that is 0.';

CREATE VIEW published.adoption_by_tld AS
SELECT census_id, tld, count(*) AS domains,
       count(*) FILTER (WHERE verdict = 'no-mail') AS no_mail,
       count(*) FILTER (WHERE verdict = 'unknown') AS unknown,
       count(*) FILTER (WHERE verdict NOT IN ('no-mail', 'unknown')) AS judged,
       count(*) FILTER (WHERE verdict NOT IN ('no-mail', 'unknown') AND mx_status = 'secure') AS mx_secure,
       count(*) FILTER (WHERE verdict LIKE 'dane%') AS dane_any,
       count(*) FILTER (WHERE verdict = 'dane') AS dane,
       count(*) FILTER (WHERE verdict = 'dane-failed') AS dane_failed,
       round(count(*) FILTER (WHERE verdict LIKE 'dane%')::numeric
             / nullif(count(*) FILTER (WHERE verdict NOT IN ('no-mail', 'unknown')), 0), 6) AS dane_any_share
  FROM published.domain_result
 WHERE verdict IS NOT NULL
 GROUP BY census_id, tld;
COMMENT ON VIEW published.adoption_by_tld IS 'Adoption by top-level domain.';
COMMENT ON COLUMN published.adoption_by_tld.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.adoption_by_tld.tld IS 'The last label of the domains.';
COMMENT ON COLUMN published.adoption_by_tld.domains IS 'Domains with a verdict.';
COMMENT ON COLUMN published.adoption_by_tld.no_mail IS 'Of domains, those that take no mail; not in the share.';
COMMENT ON COLUMN published.adoption_by_tld.unknown IS 'Of domains, those that could not be looked at; not in the share.';
COMMENT ON COLUMN published.adoption_by_tld.judged IS 'Domains less no_mail and unknown: the denominator of the share.';
COMMENT ON COLUMN published.adoption_by_tld.mx_secure IS 'Of judged, those with a secure MX answer.';
COMMENT ON COLUMN published.adoption_by_tld.dane_any IS 'Of judged, those with a verdict dane, dane-degraded, dane-partial or dane-failed.';
COMMENT ON COLUMN published.adoption_by_tld.dane IS 'Of judged, those with every MX host authenticated.';
COMMENT ON COLUMN published.adoption_by_tld.dane_failed IS 'Of judged, those where a DANE sender can use no host.';
COMMENT ON COLUMN published.adoption_by_tld.dane_any_share IS 'dane_any divided by judged; null where that is 0.';

CREATE VIEW published.adoption_by_provider AS
SELECT p.census_id, p.provider, max(p.hosts) AS hosts, count(*) AS domains,
       count(*) FILTER (WHERE d.verdict LIKE 'dane%') AS dane_any,
       count(*) FILTER (WHERE d.verdict = 'dane') AS dane,
       count(*) FILTER (WHERE d.verdict = 'dane-failed') AS dane_failed,
       count(*) FILTER (WHERE d.verdict = 'insecure-mx') AS insecure_mx,
       round(count(*) FILTER (WHERE d.verdict LIKE 'dane%')::numeric / count(*), 6) AS dane_any_share
  FROM (SELECT DISTINCT e.census_id, e.ordinal, h.provider, n.hosts
          FROM dane.mx_edge e
          JOIN dane.host h ON h.census_id = e.census_id AND h.host = e.host
          JOIN (SELECT census_id, provider, count(*) AS hosts FROM dane.host GROUP BY census_id, provider) n
            ON n.census_id = h.census_id AND n.provider = h.provider) p
  JOIN dane.domain_verdict d ON d.census_id = p.census_id AND d.ordinal = p.ordinal
 WHERE d.verdict NOT IN ('no-mail', 'unknown')
 GROUP BY p.census_id, p.provider;
COMMENT ON VIEW published.adoption_by_provider IS 'Adoption by provider: the registrable domain of the MX hosts. A domain with hosts of two providers counts for both.';
COMMENT ON COLUMN published.adoption_by_provider.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.adoption_by_provider.provider IS 'The registrable domain of the MX hosts.';
COMMENT ON COLUMN published.adoption_by_provider.hosts IS 'Different MX hosts of the provider in this census.';
COMMENT ON COLUMN published.adoption_by_provider.domains IS 'Domains with a verdict other than no-mail and unknown that name a host of the provider: the denominator of the share.';
COMMENT ON COLUMN published.adoption_by_provider.dane_any IS 'Of domains, those with a verdict dane, dane-degraded, dane-partial or dane-failed.';
COMMENT ON COLUMN published.adoption_by_provider.dane IS 'Of domains, those with every MX host authenticated.';
COMMENT ON COLUMN published.adoption_by_provider.dane_failed IS 'Of domains, those where a DANE sender can use no host.';
COMMENT ON COLUMN published.adoption_by_provider.insecure_mx IS 'Of domains, those with an insecure MX RRset and a host with secure usable TLSA records.';
COMMENT ON COLUMN published.adoption_by_provider.dane_any_share IS 'dane_any divided by domains.';
