-- How much of mail, and of DANE, rests on the first few providers.

-- Not from dane.domain_state: what was seen of a domain does not matter here, and is the largest of the tables.
CREATE VIEW dane.mail_use AS
SELECT u.census_id, p.population, g.grouping, g.name, u.ordinal, max(u.weight) AS weight
  FROM (SELECT e.census_id, e.ordinal, o.provider, o.operator, max(d.weight::numeric) AS weight,
               bool_or(v.verdict IN ('dane', 'dane-degraded', 'dane-partial', 'dane-failed')
                       AND coalesce(f.tlsa_outcome IN ('usable', 'unusable'), false)) AS is_dane
          FROM dane.mx_edge e
          JOIN dane.domain_verdict v ON v.census_id = e.census_id AND v.ordinal = e.ordinal
                                    AND v.verdict NOT IN ('no-mail', 'unknown')
          JOIN dane.domain d ON d.census_id = e.census_id AND d.ordinal = e.ordinal
          JOIN dane.host_operator o ON o.census_id = e.census_id AND o.host = e.host
          LEFT JOIN dane.host_fact f ON f.census_id = e.census_id AND f.host = e.host
         GROUP BY e.census_id, e.ordinal, o.provider, o.operator) u
  CROSS JOIN LATERAL (VALUES ('mail', true), ('dane', u.is_dane)) p (population, is_in)
  CROSS JOIN LATERAL (VALUES ('provider', u.provider), ('operator', u.operator)) g (grouping, name)
 WHERE p.is_in
 GROUP BY u.census_id, p.population, g.grouping, g.name, u.ordinal;
COMMENT ON VIEW dane.mail_use IS 'One row per domain and provider (or operator) whose MX hosts it uses: for population mail all judged domains; for population dane those with DANE, and only their hosts with secure TLSA records.';

-- Census by census, so that what each domain uses is found once, though it is needed twice: to know who is first, and what these
-- have together, where a domain with hosts of several of them counts once, at the first.
CREATE VIEW dane.mail_first_places AS
SELECT c.census_id, p.population, p.grouping, p.weighting, p.place, p.name, p.amount, p.cumulative
  FROM dane.census c
  CROSS JOIN LATERAL (
    WITH uses AS MATERIALIZED (
      SELECT population, grouping, name, ordinal, weight FROM dane.mail_use WHERE census_id = c.census_id),
    leaders AS MATERIALIZED (
      SELECT * FROM (
        SELECT m.population, m.grouping, w.weighting, m.name, w.amount,
               row_number() OVER (PARTITION BY m.population, m.grouping, w.weighting
                                  ORDER BY w.amount DESC, m.name COLLATE "C") AS place
          FROM (SELECT population, grouping, name, count(*)::numeric AS domains, sum(weight) AS weight
                  FROM uses GROUP BY population, grouping, name) m
          CROSS JOIN LATERAL (VALUES ('domains', m.domains), ('weight', m.weight)) w (weighting, amount)
         WHERE w.amount > 0) placed
       WHERE place <= 20),
    firsts AS (
      SELECT l.population, l.grouping, l.weighting, u.ordinal, min(l.place) AS place,
             CASE l.weighting WHEN 'domains' THEN 1 ELSE max(u.weight) END AS amount
        FROM leaders l
        JOIN uses u ON u.population = l.population AND u.grouping = l.grouping AND u.name = l.name
       GROUP BY l.population, l.grouping, l.weighting, u.ordinal)
    SELECT l.population, l.grouping, l.weighting, l.place, l.name, l.amount,
           sum(coalesce(n.amount, 0)) OVER (PARTITION BY l.population, l.grouping, l.weighting ORDER BY l.place) AS cumulative
      FROM leaders l
      LEFT JOIN (SELECT population, grouping, weighting, place, sum(amount) AS amount
                   FROM firsts GROUP BY population, grouping, weighting, place) n
        ON n.population = l.population AND n.grouping = l.grouping AND n.weighting = l.weighting AND n.place = l.place) p;
COMMENT ON VIEW dane.mail_first_places IS 'The first twenty providers (and operators) in domains and in weight, and what they have together, each domain once.';

CREATE VIEW dane.mail_total AS
SELECT s.census_id, p.population, w.weighting, coalesce(sum(w.amount), 0) AS total
  FROM (SELECT census_id, is_dane_any, count(*)::numeric AS domains, sum(weight::numeric) AS weight
          FROM dane.domain_state WHERE is_judged GROUP BY census_id, is_dane_any) s
  CROSS JOIN LATERAL (VALUES ('mail', true), ('dane', s.is_dane_any)) p (population, is_in)
  CROSS JOIN LATERAL (VALUES ('domains', s.domains), ('weight', s.weight)) w (weighting, amount)
 WHERE p.is_in
 GROUP BY s.census_id, p.population, w.weighting;
COMMENT ON VIEW dane.mail_total IS 'How many judged domains there are, with mail and with DANE, and their weight.';

CREATE VIEW published.concentration AS
SELECT c.census_id, k.population, k.grouping, k.weighting, k.first, trim_scale(round(coalesce(p.cumulative, 0), 6)) AS amount,
       trim_scale(round(coalesce(t.total, 0), 6)) AS total,
       dane.share(coalesce(p.cumulative, 0), t.total) AS share,
       CASE WHEN c.sample IS NOT NULL AND k.weighting = 'domains' THEN dane.wilson(coalesce(p.cumulative, 0), t.total, -1) END AS share_low,
       CASE WHEN c.sample IS NOT NULL AND k.weighting = 'domains' THEN dane.wilson(coalesce(p.cumulative, 0), t.total, 1) END AS share_high
  FROM dane.census c
  CROSS JOIN (SELECT p.population, g.grouping, w.weighting, n.first
                FROM (VALUES ('dane'), ('mail')) p (population)
                CROSS JOIN (VALUES ('provider'), ('operator')) g (grouping)
                CROSS JOIN (VALUES ('domains'), ('weight')) w (weighting)
                CROSS JOIN (VALUES (1), (5), (10), (20)) n (first)) k
  LEFT JOIN (SELECT f.census_id, f.population, f.grouping, f.weighting, n.first, max(f.cumulative) AS cumulative
               FROM dane.mail_first_places f
               JOIN (VALUES (1), (5), (10), (20)) n (first) ON f.place <= n.first
              GROUP BY f.census_id, f.population, f.grouping, f.weighting, n.first) p
    ON p.census_id = c.census_id AND p.population = k.population AND p.grouping = k.grouping
   AND p.weighting = k.weighting AND p.first = k.first
  LEFT JOIN dane.mail_total t
    ON t.census_id = c.census_id AND t.population = k.population AND t.weighting = k.weighting;
COMMENT ON VIEW published.concentration IS 'How much of DANE, and of all mail, rests on the first 1, 5, 10 and 20 providers or operators. Follows the counts of the dane-users list by MX zone (2023-04: 32.4, 54.5, 71.4, 86.6 % of the domains with DANE), but for domains that do not work, which count here too (adoption.dane_any).';
COMMENT ON COLUMN published.concentration.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.concentration.population IS 'mail: all judged domains, by all their MX hosts. dane: domains with a verdict dane, dane-degraded, dane-partial or dane-failed, by their hosts with secure TLSA records.';
COMMENT ON COLUMN published.concentration.grouping IS 'provider: registrable domain of the MX host. operator: as in the table of operators (db operators), else the same.';
COMMENT ON COLUMN published.concentration.weighting IS 'domains: each counts 1. weight: each counts as much as its list says, and those without a weight are left out. The first ones are the first by this measure.';
COMMENT ON COLUMN published.concentration.first IS 'How many of the first providers or operators are taken together; all, where there are fewer.';
COMMENT ON COLUMN published.concentration.amount IS 'Domains (or their weight) that use at least one of them, each once.';
COMMENT ON COLUMN published.concentration.total IS 'All domains of the population (or their weight): the denominator. Domains without mail, unknown and not judged yet are left out.';
COMMENT ON COLUMN published.concentration.share IS 'amount divided by total; null where that is 0.';
COMMENT ON COLUMN published.concentration.share_low IS 'Lower end of the 95 % Wilson interval of share, for the ones that are first in the sample; null where the census is no sample, and in weights.';
COMMENT ON COLUMN published.concentration.share_high IS 'Upper end of the 95 % Wilson interval of share, for the ones that are first in the sample; null where the census is no sample, and in weights.';

CREATE VIEW published.concentration_leaders AS
SELECT f.census_id, f.population, f.grouping, f.weighting, f.place, f.name, trim_scale(round(f.amount, 6)) AS amount,
       trim_scale(round(t.total, 6)) AS total, dane.share(f.amount, t.total) AS share,
       CASE WHEN c.sample IS NOT NULL AND f.weighting = 'domains' THEN dane.wilson(f.amount, t.total, -1) END AS share_low,
       CASE WHEN c.sample IS NOT NULL AND f.weighting = 'domains' THEN dane.wilson(f.amount, t.total, 1) END AS share_high,
       trim_scale(round(f.cumulative, 6)) AS cumulative, dane.share(f.cumulative, t.total) AS cumulative_share,
       CASE WHEN c.sample IS NOT NULL AND f.weighting = 'domains' THEN dane.wilson(f.cumulative, t.total, -1) END AS cumulative_share_low,
       CASE WHEN c.sample IS NOT NULL AND f.weighting = 'domains' THEN dane.wilson(f.cumulative, t.total, 1) END AS cumulative_share_high
  FROM dane.mail_first_places f
  JOIN dane.census c ON c.census_id = f.census_id
  JOIN dane.mail_total t ON t.census_id = f.census_id AND t.population = f.population AND t.weighting = f.weighting;
COMMENT ON VIEW published.concentration_leaders IS 'The first twenty providers and operators of mail, and of DANE, with what they have together.';
COMMENT ON COLUMN published.concentration_leaders.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.concentration_leaders.population IS 'mail or dane, as in concentration.';
COMMENT ON COLUMN published.concentration_leaders.grouping IS 'provider or operator, as in concentration.';
COMMENT ON COLUMN published.concentration_leaders.weighting IS 'domains or weight, as in concentration.';
COMMENT ON COLUMN published.concentration_leaders.place IS 'Place by amount, from 1; those with as much are ordered by name.';
COMMENT ON COLUMN published.concentration_leaders.name IS 'The provider or operator.';
COMMENT ON COLUMN published.concentration_leaders.amount IS 'Domains (or their weight) that use an MX host of it; one that uses several counts for each.';
COMMENT ON COLUMN published.concentration_leaders.total IS 'All domains of the population (or their weight): the denominator of both shares.';
COMMENT ON COLUMN published.concentration_leaders.share IS 'amount divided by total.';
COMMENT ON COLUMN published.concentration_leaders.share_low IS 'Lower end of the 95 % Wilson interval of share; null where the census is no sample, and in weights.';
COMMENT ON COLUMN published.concentration_leaders.share_high IS 'Upper end of the 95 % Wilson interval of share; null where the census is no sample, and in weights.';
COMMENT ON COLUMN published.concentration_leaders.cumulative IS 'Domains (or their weight) that use an MX host of this one or of one before it, each once.';
COMMENT ON COLUMN published.concentration_leaders.cumulative_share IS 'cumulative divided by total.';
COMMENT ON COLUMN published.concentration_leaders.cumulative_share_low IS 'Lower end of the 95 % Wilson interval of cumulative_share; null where the census is no sample, and in weights.';
COMMENT ON COLUMN published.concentration_leaders.cumulative_share_high IS 'Upper end of the 95 % Wilson interval of cumulative_share; null where the census is no sample, and in weights.';

CREATE VIEW published.concentration_index AS
SELECT i.census_id, i.population, i.grouping, i.weighting, count(*) AS names,
       round(sum(i.part * i.part) / nullif(sum(i.part) * sum(i.part), 0), 6) AS herfindahl,
       round(sum(i.part) * sum(i.part) / nullif(sum(i.part * i.part), 0), 2) AS effective_names
  FROM (SELECT u.census_id, u.population, u.grouping, w.weighting, u.name, sum(w.amount) AS part
          FROM (SELECT census_id, population, grouping, name, weight,
                       round(1.0 / count(*) OVER (PARTITION BY census_id, population, grouping, ordinal), 12) AS part
                  FROM dane.mail_use) u
          CROSS JOIN LATERAL (VALUES ('domains', u.part), ('weight', u.part * u.weight)) w (weighting, amount)
         WHERE w.amount IS NOT NULL
         GROUP BY u.census_id, u.population, u.grouping, w.weighting, u.name) i
 GROUP BY i.census_id, i.population, i.grouping, i.weighting;
COMMENT ON VIEW published.concentration_index IS 'The Herfindahl-Hirschman index of mail, and of DANE. A domain that uses several providers is divided among them in equal parts.';
COMMENT ON COLUMN published.concentration_index.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.concentration_index.population IS 'mail or dane, as in concentration.';
COMMENT ON COLUMN published.concentration_index.grouping IS 'provider or operator, as in concentration.';
COMMENT ON COLUMN published.concentration_index.weighting IS 'domains or weight, as in concentration.';
COMMENT ON COLUMN published.concentration_index.names IS 'How many providers or operators there are.';
COMMENT ON COLUMN published.concentration_index.herfindahl IS 'Sum of the squares of their shares of the population: 1 where one has all, near 0 where many have as much. Domains without mail, unknown and not judged yet are left out.';
COMMENT ON COLUMN published.concentration_index.effective_names IS '1 divided by the index: how many of equal size would be as concentrated.';
