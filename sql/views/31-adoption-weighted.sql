-- Adoption where domains do not count alike.

CREATE VIEW published.adoption_weighted AS
SELECT w.census_id, w.dimension, w.tag, w.value, w.weighting, w.domains, w.without_weight,
       round(w.judged, 6) AS judged,
       round(w.mx_secure, 6) AS mx_secure, round(w.dane_any, 6) AS dane_any, round(w.dane, 6) AS dane,
       round(w.dane_degraded, 6) AS dane_degraded, round(w.dane_partial, 6) AS dane_partial,
       round(w.dane_failed, 6) AS dane_failed, round(w.insecure_mx, 6) AS insecure_mx,
       round(w.lookup_failed, 6) AS lookup_failed, round(w.no_dane, 6) AS no_dane, round(w.mta_sts, 6) AS mta_sts,
       round(w.mta_sts_unknown, 6) AS mta_sts_unknown, round(w.dane_and_mta_sts, 6) AS dane_and_mta_sts,
       dane.share(w.mx_secure, w.judged) AS mx_secure_share,
       dane.share(w.dane_any, w.judged) AS dane_any_share,
       dane.share(w.dane_any, w.mx_secure) AS dane_any_of_secure_share,
       dane.share(w.dane, w.judged) AS dane_share,
       dane.share(w.dane_degraded, w.judged) AS dane_degraded_share,
       dane.share(w.dane_partial, w.judged) AS dane_partial_share,
       dane.share(w.dane_failed, w.judged) AS dane_failed_share,
       dane.share(w.dane_failed, w.dane_any) AS dane_failed_of_dane_share,
       dane.share(w.insecure_mx, w.judged) AS insecure_mx_share,
       dane.share(w.lookup_failed, w.judged) AS lookup_failed_share,
       dane.share(w.no_dane, w.judged) AS no_dane_share,
       dane.share(w.mta_sts, w.judged - w.mta_sts_unknown) AS mta_sts_share,
       dane.share(w.dane_and_mta_sts, w.judged - w.mta_sts_unknown) AS dane_and_mta_sts_share
  FROM (SELECT k.census_id, k.dimension, k.tag, k.value, a.weighting, sum(a.weighted)::bigint AS domains,
               sum(k.domains - a.weighted)::bigint AS without_weight,
               coalesce(sum(a.amount) FILTER (WHERE k.is_judged), 0) AS judged,
               coalesce(sum(a.amount) FILTER (WHERE k.is_mx_secure), 0) AS mx_secure,
               coalesce(sum(a.amount) FILTER (WHERE k.is_dane_any), 0) AS dane_any,
               coalesce(sum(a.amount) FILTER (WHERE k.verdict = 'dane'), 0) AS dane,
               coalesce(sum(a.amount) FILTER (WHERE k.verdict = 'dane-degraded'), 0) AS dane_degraded,
               coalesce(sum(a.amount) FILTER (WHERE k.verdict = 'dane-partial'), 0) AS dane_partial,
               coalesce(sum(a.amount) FILTER (WHERE k.verdict = 'dane-failed'), 0) AS dane_failed,
               coalesce(sum(a.amount) FILTER (WHERE k.verdict = 'insecure-mx'), 0) AS insecure_mx,
               coalesce(sum(a.amount) FILTER (WHERE k.verdict = 'lookup-failed'), 0) AS lookup_failed,
               coalesce(sum(a.amount) FILTER (WHERE k.verdict = 'no-dane'), 0) AS no_dane,
               coalesce(sum(a.amount) FILTER (WHERE k.is_mta_sts), 0) AS mta_sts,
               coalesce(sum(a.amount) FILTER (WHERE k.is_mta_sts_unknown), 0) AS mta_sts_unknown,
               coalesce(sum(a.amount) FILTER (WHERE k.is_mta_sts AND k.is_dane_any), 0) AS dane_and_mta_sts
          -- first by kind of domain, so that each weight is added once
          FROM (SELECT census_id, dimension, tag, value, verdict, is_judged, is_mx_secure, is_dane_any, is_mta_sts,
                       is_mta_sts_unknown, count(*) AS domains, count(weight) AS with_weight, count(rank) AS with_rank,
                       -- numeric: sums of floating point hang on the order of the rows
                       sum(weight::numeric) AS weight, sum(round(1.0 / rank, 12)) AS inverse_rank
                  FROM dane.adoption_member
                 GROUP BY census_id, dimension, tag, value, verdict, is_judged, is_mx_secure, is_dane_any, is_mta_sts,
                          is_mta_sts_unknown) k
          CROSS JOIN LATERAL (VALUES ('weight', k.with_weight, k.weight), ('inverse-rank', k.with_rank, k.inverse_rank))
                     a (weighting, weighted, amount)
         GROUP BY k.census_id, k.dimension, k.tag, k.value, a.weighting) w
 WHERE w.domains > 0;
COMMENT ON VIEW published.adoption_weighted IS 'Adoption in weights, for the whole census and every group of it: as the views of adoption, but each domain counts as much as its list says (weight), or by its place in a popularity list (inverse-rank: 1 / rank, as visits fall by Zipf''s law). Groups without any weighted domain have no row. Weighted shares have no interval.';
DO $$
DECLARE of record;
BEGIN
  FOR of IN
    SELECT * FROM (VALUES
      ('census_id', 'The census that the row belongs to (census_overview.census_id).'),
      ('dimension', 'What the group is one of: census (all domains), tld, tag, rank (bands of 1-1000, 1001-10000, 10001-100000, 100001-1000000, 1000001-, none), provider (registrable domain of the MX hosts), operator (of the MX hosts), dns-operator. A domain counts for each of its providers, operators and tags.'),
      ('tag', 'For the dimension tag, which one; else null.'),
      ('value', 'The group; null for the whole census, and for a DNS operator that is not known.'),
      ('weighting', 'weight: the weight that the list gives to the domain; inverse-rank: 1 divided by its rank.'),
      ('domains', 'Domains of the group that have this weight, whatever their verdict.'),
      ('without_weight', 'Domains of the group that have none; they are in no other column.'),
      ('judged', 'Sum of the weights of the domains with a verdict other than no-mail and unknown: the denominator of the shares that name no other. Domains without a verdict yet are left out.'),
      ('mx_secure', 'Of judged, the weight of those whose MX answer (or its denial, for an implicit MX) is secure.'),
      ('dane_any', 'Of judged, the weight of those with a verdict dane, dane-degraded, dane-partial or dane-failed.'),
      ('dane', 'Of judged, the weight of those with every MX host authenticated.'),
      ('dane_degraded', 'Of judged, the weight of those where some host or endpoint fails and mail still finds a way.'),
      ('dane_partial', 'Of judged, the weight of those where none fails and some hosts have no DANE.'),
      ('dane_failed', 'Of judged, the weight of those where a DANE sender can use no host.'),
      ('insecure_mx', 'Of judged, the weight of those with an insecure MX RRset and a host with secure usable TLSA records.'),
      ('lookup_failed', 'Of judged, the weight of those where the MX lookup or those of all MX hosts fail, the fault not being ours.'),
      ('no_dane', 'Of judged, the weight of those without DANE.'),
      ('mta_sts', 'Of judged, the weight of those with an MTA-STS record.'),
      ('mta_sts_unknown', 'Of judged, the weight of those where that was not found out; not in its shares.'),
      ('dane_and_mta_sts', 'Of dane_any, the weight of those with an MTA-STS record too.'),
      ('mx_secure_share', 'mx_secure divided by judged; null where that is 0.'),
      ('dane_any_share', 'dane_any divided by judged; null where that is 0.'),
      ('dane_any_of_secure_share', 'dane_any divided by mx_secure; null where that is 0.'),
      ('dane_share', 'dane divided by judged; null where that is 0.'),
      ('dane_degraded_share', 'dane_degraded divided by judged; null where that is 0.'),
      ('dane_partial_share', 'dane_partial divided by judged; null where that is 0.'),
      ('dane_failed_share', 'dane_failed divided by judged; null where that is 0.'),
      ('dane_failed_of_dane_share', 'dane_failed divided by dane_any; null where that is 0.'),
      ('insecure_mx_share', 'insecure_mx divided by judged; null where that is 0.'),
      ('lookup_failed_share', 'lookup_failed divided by judged; null where that is 0.'),
      ('no_dane_share', 'no_dane divided by judged; null where that is 0.'),
      ('mta_sts_share', 'mta_sts divided by judged less mta_sts_unknown; null where that is 0.'),
      ('dane_and_mta_sts_share', 'dane_and_mta_sts divided by judged less mta_sts_unknown; null where that is 0.')
    ) words (name, says)
  LOOP
    EXECUTE format('COMMENT ON COLUMN published.adoption_weighted.%I IS %L', of.name, of.says);
  END LOOP;
END $$;
