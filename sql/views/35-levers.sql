-- Whose act would bring DANE to how many domains.

CREATE VIEW dane.missing_host AS
SELECT DISTINCT s.census_id, s.ordinal, s.weight, h.host, h.operator,
       CASE WHEN f.tlsa_outcome = 'none' AND f.tlsa_reason IN ('address-insecure', 'tlsa-insecure') THEN 'sign-mx-host'
            WHEN f.tlsa_outcome = 'none' AND f.tlsa_reason = 'tlsa-absent' THEN 'publish-tlsa'
            ELSE 'other' END AS lever
  FROM dane.domain_state s
  JOIN dane.domain_host h ON h.census_id = s.census_id AND h.ordinal = s.ordinal
  LEFT JOIN dane.host_fact f ON f.census_id = h.census_id AND f.host = h.host
 WHERE s.is_mx_secure AND coalesce(f.verdict, 'unknown') <> 'no-address'
   AND coalesce(f.tlsa_outcome, 'none') NOT IN ('usable', 'unusable');
COMMENT ON VIEW dane.missing_host IS 'One row per judged domain with a secure MX RRset and MX host of it, with an address, that has no secure TLSA records: what would bring them; other where the lookup failed or nobody looked.';

CREATE VIEW dane.lever_use AS
-- one row per domain and operator that could act for it; alone where nothing else is missing
SELECT m.census_id, m.lever, 'mail-operator' AS actor, m.operator AS name, m.ordinal, max(m.weight::numeric) AS weight,
       count(*) = max(m.missing) AS is_alone
  FROM (SELECT census_id, ordinal, weight, operator, lever, count(*) OVER (PARTITION BY census_id, ordinal) AS missing
          FROM dane.missing_host) m
 WHERE m.lever <> 'other'
 GROUP BY m.census_id, m.lever, m.operator, m.ordinal
 UNION ALL
SELECT s.census_id, 'sign-domain', 'dns-operator', o.operator, s.ordinal, s.weight::numeric,
       count(*) OVER (PARTITION BY s.census_id, s.ordinal) = 1
  FROM dane.domain_state s
  JOIN dane.domain_dns_operator o ON o.census_id = s.census_id AND o.ordinal = s.ordinal
 WHERE s.verdict = 'insecure-mx'
 UNION ALL
SELECT s.census_id, 'sign-domain', 'registrar', t.value, s.ordinal, s.weight::numeric, t.value IS NOT NULL
  FROM dane.domain_state s
  LEFT JOIN dane.domain_tag t ON t.census_id = s.census_id AND t.ordinal = s.ordinal AND t.tag = 'registrar'
 WHERE s.verdict = 'insecure-mx';
COMMENT ON VIEW dane.lever_use IS 'One row per domain, lever, and who could pull it for this domain.';

CREATE VIEW published.levers AS
SELECT u.census_id, u.lever, u.actor, u.name, h.hosts, u.domains, u.domains_alone, j.judged,
       dane.share(u.domains_alone, j.judged) AS gain_share,
       CASE WHEN c.sample IS NOT NULL THEN dane.wilson(u.domains_alone, j.judged, -1) END AS gain_share_low,
       CASE WHEN c.sample IS NOT NULL THEN dane.wilson(u.domains_alone, j.judged, 1) END AS gain_share_high,
       trim_scale(round(u.weight, 6)) AS weight, trim_scale(round(u.weight_alone, 6)) AS weight_alone
  FROM (SELECT census_id, lever, actor, name, count(*) AS domains, count(*) FILTER (WHERE is_alone) AS domains_alone,
               coalesce(sum(weight), 0) AS weight, coalesce(sum(weight) FILTER (WHERE is_alone), 0) AS weight_alone
          FROM dane.lever_use
         GROUP BY census_id, lever, actor, name) u
  JOIN dane.census c ON c.census_id = u.census_id
  JOIN (SELECT census_id, count(*) AS judged FROM dane.domain_state WHERE is_judged GROUP BY census_id) j
    ON j.census_id = u.census_id
  LEFT JOIN (SELECT census_id, lever, operator, count(DISTINCT host) AS hosts
               FROM dane.missing_host WHERE lever <> 'other' GROUP BY census_id, lever, operator) h
    ON h.census_id = u.census_id AND h.lever = u.lever AND h.operator = u.name AND u.actor = 'mail-operator';
COMMENT ON VIEW published.levers IS 'The lever list: who could bring DANE to how many domains, and by which act. Sorted by domains_alone it is the order in which to speak to operators. Only judged domains are looked at.';
COMMENT ON COLUMN published.levers.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.levers.lever IS 'sign-mx-host: the domain''s MX RRset is secure, but its MX host (addresses or TLSA answer) is not signed, so that the domain cannot have DANE whatever it does. publish-tlsa: domain and MX host are signed, TLSA records are missing. sign-domain: the MX host has secure usable TLSA records, the domain''s MX RRset is insecure (adoption.insecure_mx).';
COMMENT ON COLUMN published.levers.actor IS 'Who could do it: mail-operator (of the MX host), dns-operator (of the domain''s name servers), registrar (by the tag registrar). Each domain of sign-domain is under both of the last two.';
COMMENT ON COLUMN published.levers.name IS 'The operator (adoption_by_operator, adoption_by_dns_operator), or the value of the tag registrar; null where it is not known.';
COMMENT ON COLUMN published.levers.hosts IS 'Different MX hosts of the operator for which that is so; null but for mail operators.';
COMMENT ON COLUMN published.levers.domains IS 'Judged domains for which the act is missing: those that name such a host (and those that may lack more), or are unsigned. One with several operators counts for each.';
COMMENT ON COLUMN published.levers.domains_alone IS 'Of domains, those that would have DANE on every MX host by this act of this operator alone: no other MX host with an address lacks TLSA records, or no other operator serves the zone. Whether the records would work is not asked.';
COMMENT ON COLUMN published.levers.judged IS 'All domains with a verdict other than no-mail and unknown: the denominator of gain_share.';
COMMENT ON COLUMN published.levers.gain_share IS 'domains_alone divided by judged: how much adoption would rise.';
COMMENT ON COLUMN published.levers.gain_share_low IS 'Lower end of the 95 % Wilson interval of gain_share; null where the census is no sample.';
COMMENT ON COLUMN published.levers.gain_share_high IS 'Upper end of the 95 % Wilson interval of gain_share; null where the census is no sample.';
COMMENT ON COLUMN published.levers.weight IS 'Sum of the weights of domains; those without a weight are left out.';
COMMENT ON COLUMN published.levers.weight_alone IS 'Sum of the weights of domains_alone; those without a weight are left out.';
