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

-- Census by census, so that the hosts that lack something are found once.
CREATE VIEW published.levers AS
SELECT c.census_id, u.lever, u.actor, u.name, u.hosts, u.domains, u.domains_alone, j.judged,
       dane.share(u.domains_alone, j.judged) AS gain_share,
       CASE WHEN c.sample IS NOT NULL THEN dane.wilson(u.domains_alone, j.judged, -1) END AS gain_share_low,
       CASE WHEN c.sample IS NOT NULL THEN dane.wilson(u.domains_alone, j.judged, 1) END AS gain_share_high,
       trim_scale(round(u.weight, 6)) AS weight, trim_scale(round(u.weight_alone, 6)) AS weight_alone
  FROM dane.census c
  CROSS JOIN LATERAL (SELECT count(*) AS judged FROM dane.domain_verdict
                       WHERE census_id = c.census_id AND verdict NOT IN ('no-mail', 'unknown')) j
  CROSS JOIN LATERAL (
    WITH missing AS MATERIALIZED (
      SELECT ordinal, weight::numeric AS weight, host, operator, lever, count(*) OVER (PARTITION BY ordinal) AS missing
        FROM dane.missing_host WHERE census_id = c.census_id),
    uses AS (
      -- one row per domain and who could act for it; alone where nothing else is missing
      SELECT lever, 'mail-operator' AS actor, operator AS name, ordinal, max(weight) AS weight, count(*) = max(missing) AS is_alone
        FROM missing WHERE lever <> 'other'
       GROUP BY lever, operator, ordinal
       UNION ALL
      SELECT 'sign-domain', 'dns-operator', o.operator, s.ordinal, s.weight::numeric, count(*) OVER (PARTITION BY s.ordinal) = 1
        FROM dane.domain_state s
        JOIN dane.domain_dns_operator o ON o.census_id = s.census_id AND o.ordinal = s.ordinal
       WHERE s.census_id = c.census_id AND s.verdict = 'insecure-mx'
       UNION ALL
      SELECT 'sign-domain', 'registrar', t.value, s.ordinal, s.weight::numeric, t.value IS NOT NULL
        FROM dane.domain_state s
        LEFT JOIN dane.domain_tag t ON t.census_id = s.census_id AND t.ordinal = s.ordinal AND t.tag = 'registrar'
       WHERE s.census_id = c.census_id AND s.verdict = 'insecure-mx'),
    counts AS (
      SELECT lever, actor, name, count(*) AS domains, count(*) FILTER (WHERE is_alone) AS domains_alone,
             coalesce(sum(weight), 0) AS weight, coalesce(sum(weight) FILTER (WHERE is_alone), 0) AS weight_alone
        FROM uses GROUP BY lever, actor, name)
    SELECT n.*, h.hosts
      FROM counts n
      LEFT JOIN (SELECT lever, operator, count(DISTINCT host) AS hosts FROM missing WHERE lever <> 'other' GROUP BY lever, operator) h
        ON h.lever = n.lever AND h.operator = n.name AND n.actor = 'mail-operator') u;
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
