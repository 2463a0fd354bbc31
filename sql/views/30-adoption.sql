-- How many domains are protected, by what a registry asks for. Rates leave out no-mail, unknown and what is not judged yet, and
-- show each of them.

-- A condition on dimension leaves one branch.
CREATE VIEW dane.adoption_member AS
SELECT s.*, 'census' AS dimension, NULL::text AS tag, NULL::text AS value FROM dane.domain_state s
 UNION ALL
SELECT s.*, 'tld', NULL, s.tld FROM dane.domain_state s
 UNION ALL
SELECT s.*, 'rank', NULL, s.rank_band FROM dane.domain_state s
 UNION ALL
SELECT s.*, 'tag', t.tag, t.value
  FROM dane.domain_state s JOIN dane.domain_tag t ON t.census_id = s.census_id AND t.ordinal = s.ordinal
 UNION ALL
SELECT s.*, 'provider', NULL, p.provider
  FROM dane.domain_state s
  JOIN (SELECT DISTINCT census_id, ordinal, provider FROM dane.domain_host) p
    ON p.census_id = s.census_id AND p.ordinal = s.ordinal
 UNION ALL
SELECT s.*, 'operator', NULL, o.operator
  FROM dane.domain_state s
  JOIN (SELECT DISTINCT census_id, ordinal, operator FROM dane.domain_host) o
    ON o.census_id = s.census_id AND o.ordinal = s.ordinal
 UNION ALL
SELECT s.*, 'dns-operator', NULL, o.operator
  FROM dane.domain_state s
  LEFT JOIN dane.domain_dns_operator o ON o.census_id = s.census_id AND o.ordinal = s.ordinal;
COMMENT ON VIEW dane.adoption_member IS 'One row per domain and group that it is counted in.';

CREATE VIEW dane.adoption_count AS
SELECT m.census_id, m.dimension, m.tag, m.value, c.sample IS NOT NULL AS is_sample,
       count(*) AS domains,
       count(*) FILTER (WHERE is_open) AS not_judged,
       count(*) FILTER (WHERE is_no_mail) AS no_mail,
       count(*) FILTER (WHERE is_unknown) AS unknown,
       count(*) FILTER (WHERE is_judged) AS judged,
       count(*) FILTER (WHERE is_mx_secure) AS mx_secure,
       count(*) FILTER (WHERE is_dane_any) AS dane_any,
       count(*) FILTER (WHERE verdict = 'dane') AS dane,
       count(*) FILTER (WHERE verdict = 'dane-degraded') AS dane_degraded,
       count(*) FILTER (WHERE verdict = 'dane-partial') AS dane_partial,
       count(*) FILTER (WHERE verdict = 'dane-failed') AS dane_failed,
       count(*) FILTER (WHERE verdict = 'insecure-mx') AS insecure_mx,
       count(*) FILTER (WHERE verdict = 'lookup-failed') AS lookup_failed,
       count(*) FILTER (WHERE verdict = 'no-dane') AS no_dane,
       count(*) FILTER (WHERE is_mta_sts) AS mta_sts,
       count(*) FILTER (WHERE is_mta_sts_unknown) AS mta_sts_unknown,
       count(*) FILTER (WHERE is_mta_sts AND is_dane_any) AS dane_and_mta_sts,
       count(*) FILTER (WHERE is_tls_rpt) AS tls_rpt,
       count(*) FILTER (WHERE is_tls_rpt_unknown) AS tls_rpt_unknown
  FROM dane.adoption_member m
  JOIN dane.census c ON c.census_id = m.census_id
 GROUP BY m.census_id, m.dimension, m.tag, m.value, c.sample IS NOT NULL;
COMMENT ON VIEW dane.adoption_count IS 'One row per group of domains, with its counts.';

-- The intervals are those of dane.share_low and dane.share_high, which would look for the census again at every call.
CREATE VIEW dane.adoption_rate AS
SELECT census_id, dimension, tag, value, domains, not_judged, no_mail, unknown, judged, mx_secure, dane_any, dane, dane_degraded,
       dane_partial, dane_failed, insecure_mx, lookup_failed, no_dane, mta_sts, mta_sts_unknown, dane_and_mta_sts, tls_rpt,
       tls_rpt_unknown,
       dane.share(mx_secure, judged) AS mx_secure_share,
       CASE WHEN is_sample THEN dane.wilson(mx_secure, judged, -1) END AS mx_secure_share_low,
       CASE WHEN is_sample THEN dane.wilson(mx_secure, judged, 1) END AS mx_secure_share_high,
       dane.share(dane_any, judged) AS dane_any_share,
       CASE WHEN is_sample THEN dane.wilson(dane_any, judged, -1) END AS dane_any_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane_any, judged, 1) END AS dane_any_share_high,
       dane.share(dane_any, mx_secure) AS dane_any_of_secure_share,
       CASE WHEN is_sample THEN dane.wilson(dane_any, mx_secure, -1) END AS dane_any_of_secure_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane_any, mx_secure, 1) END AS dane_any_of_secure_share_high,
       dane.share(dane, judged) AS dane_share,
       CASE WHEN is_sample THEN dane.wilson(dane, judged, -1) END AS dane_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane, judged, 1) END AS dane_share_high,
       dane.share(dane_degraded, judged) AS dane_degraded_share,
       CASE WHEN is_sample THEN dane.wilson(dane_degraded, judged, -1) END AS dane_degraded_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane_degraded, judged, 1) END AS dane_degraded_share_high,
       dane.share(dane_partial, judged) AS dane_partial_share,
       CASE WHEN is_sample THEN dane.wilson(dane_partial, judged, -1) END AS dane_partial_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane_partial, judged, 1) END AS dane_partial_share_high,
       dane.share(dane_failed, judged) AS dane_failed_share,
       CASE WHEN is_sample THEN dane.wilson(dane_failed, judged, -1) END AS dane_failed_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane_failed, judged, 1) END AS dane_failed_share_high,
       dane.share(dane_failed, dane_any) AS dane_failed_of_dane_share,
       CASE WHEN is_sample THEN dane.wilson(dane_failed, dane_any, -1) END AS dane_failed_of_dane_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane_failed, dane_any, 1) END AS dane_failed_of_dane_share_high,
       dane.share(insecure_mx, judged) AS insecure_mx_share,
       CASE WHEN is_sample THEN dane.wilson(insecure_mx, judged, -1) END AS insecure_mx_share_low,
       CASE WHEN is_sample THEN dane.wilson(insecure_mx, judged, 1) END AS insecure_mx_share_high,
       dane.share(lookup_failed, judged) AS lookup_failed_share,
       CASE WHEN is_sample THEN dane.wilson(lookup_failed, judged, -1) END AS lookup_failed_share_low,
       CASE WHEN is_sample THEN dane.wilson(lookup_failed, judged, 1) END AS lookup_failed_share_high,
       dane.share(no_dane, judged) AS no_dane_share,
       CASE WHEN is_sample THEN dane.wilson(no_dane, judged, -1) END AS no_dane_share_low,
       CASE WHEN is_sample THEN dane.wilson(no_dane, judged, 1) END AS no_dane_share_high,
       dane.share(mta_sts, judged - mta_sts_unknown) AS mta_sts_share,
       CASE WHEN is_sample THEN dane.wilson(mta_sts, judged - mta_sts_unknown, -1) END AS mta_sts_share_low,
       CASE WHEN is_sample THEN dane.wilson(mta_sts, judged - mta_sts_unknown, 1) END AS mta_sts_share_high,
       dane.share(dane_and_mta_sts, judged - mta_sts_unknown) AS dane_and_mta_sts_share,
       CASE WHEN is_sample THEN dane.wilson(dane_and_mta_sts, judged - mta_sts_unknown, -1) END AS dane_and_mta_sts_share_low,
       CASE WHEN is_sample THEN dane.wilson(dane_and_mta_sts, judged - mta_sts_unknown, 1) END AS dane_and_mta_sts_share_high,
       dane.share(tls_rpt, judged - tls_rpt_unknown) AS tls_rpt_share,
       CASE WHEN is_sample THEN dane.wilson(tls_rpt, judged - tls_rpt_unknown, -1) END AS tls_rpt_share_low,
       CASE WHEN is_sample THEN dane.wilson(tls_rpt, judged - tls_rpt_unknown, 1) END AS tls_rpt_share_high
  FROM dane.adoption_count;
COMMENT ON VIEW dane.adoption_rate IS 'One row per group of domains, with its counts and shares.';

-- The same columns for each dimension, behind the columns that name the group.
DO $$
DECLARE
  figures text;
  of record;
  figure record;
BEGIN
  SELECT string_agg('r.' || attname, ', ' ORDER BY attnum) INTO figures
    FROM pg_attribute
   WHERE attrelid = 'dane.adoption_rate'::regclass AND attnum > 4;
  FOR of IN
    SELECT * FROM (VALUES
      ('adoption', 'census', '', '',
       'One row per census: how many domains that take mail DANE protects.'),
      ('adoption_by_tld', 'tld', 'r.value AS tld,', '',
       'Adoption by top-level domain.'),
      ('adoption_by_tag', 'tag', 'r.tag, r.value,', '',
       'Adoption by the tags that the lists give to domains: one row per tag and value. A domain counts once for each of its tags.'),
      ('adoption_by_rank', 'rank',
       'CASE WHEN r.value <> ''none'' THEN split_part(r.value, ''-'', 1)::int END AS first_rank, '
       || 'CASE WHEN r.value <> ''none'' THEN nullif(split_part(r.value, ''-'', 2), '''')::int END AS last_rank,', '',
       'Adoption by place in the popularity list that the domains came from.'),
      ('adoption_by_provider', 'provider', 'r.value AS provider, h.hosts,',
       'JOIN (SELECT census_id, provider, count(*) AS hosts FROM dane.host GROUP BY census_id, provider) h '
       || 'ON h.census_id = r.census_id AND h.provider = r.value',
       'Adoption by provider: the registrable domain of the MX hosts. A domain with hosts of several providers counts for each of them, so that the rows add up to more than the census.'),
      ('adoption_by_operator', 'operator', 'r.value AS operator, h.hosts,',
       'JOIN (SELECT census_id, operator, count(*) AS hosts FROM dane.host_operator GROUP BY census_id, operator) h '
       || 'ON h.census_id = r.census_id AND h.operator = r.value',
       'Adoption by the operator of the MX hosts: that of the longest suffix of the host''s name in the table of operators (db operators), else its registrable domain. A domain with hosts of several operators counts for each of them, so that the rows add up to more than the census.'),
      ('adoption_by_dns_operator', 'dns-operator', 'r.value AS dns_operator,', '',
       'Adoption by the operator of the name servers of the domain''s zone, as the parent names them: that of the longest suffix of the server''s name in the table of operators (db operators), else its registrable domain. A zone with name servers of several operators counts for each of them, so that the rows add up to more than the census.')
    ) views (view, dimension, keys, joined, says)
  LOOP
    EXECUTE format('CREATE VIEW published.%I AS SELECT r.census_id, %s %s FROM dane.adoption_rate r %s WHERE r.dimension = %L',
                   of.view, of.keys, figures, of.joined, of.dimension);
    EXECUTE format('COMMENT ON VIEW published.%I IS %L', of.view, of.says);
    FOR figure IN
      SELECT a.attname, w.says
        FROM pg_attribute a
        JOIN (VALUES
          ('census_id', 'The census that the row belongs to (census_overview.census_id).'),
          ('tld', 'The last label of the domains.'),
          ('tag', 'The tag: the header of its column in the list.'),
          ('value', 'The value of the tag.'),
          ('first_rank', 'The first place of the band; null for domains whose list tells no rank.'),
          ('last_rank', 'The last place of the band; null for the band without an end, and for domains without a rank.'),
          ('provider', 'The registrable domain of the MX hosts (public suffix list); the host itself where there is none.'),
          ('operator', 'The operator of the MX hosts.'),
          ('dns_operator', 'The operator of the name servers; null for domains whose name servers are not known.'),
          ('hosts', 'Different MX hosts that it has in this census, looked at or not.'),
          ('domains', 'All domains of the group: not_judged, no_mail, unknown and judged together.'),
          ('not_judged', 'Of domains, those without a verdict yet; in no share.'),
          ('no_mail', 'Of domains, those that take no mail; in no share.'),
          ('unknown', 'Of domains, those that could not be looked at; in no share.'),
          ('judged', 'Domains with a verdict other than no-mail and unknown: the denominator of the shares that name no other.'),
          ('mx_secure', 'Of judged, those whose MX answer (or its denial, for an implicit MX) is secure.'),
          ('dane_any', 'Of judged, those with a verdict dane, dane-degraded, dane-partial or dane-failed: a secure MX RRset and TLSA records on at least one MX host.'),
          ('dane', 'Of judged, those with every MX host authenticated.'),
          ('dane_degraded', 'Of judged, those where some host or endpoint fails and mail still finds a way.'),
          ('dane_partial', 'Of judged, those where none fails and some hosts have no DANE.'),
          ('dane_failed', 'Of judged, those where a DANE sender can use no host, so that mail is deferred.'),
          ('insecure_mx', 'Of judged, those whose MX RRset is insecure while an MX host has secure usable TLSA records.'),
          ('lookup_failed', 'Of judged, those where the MX lookup fails, or the lookups of all MX hosts, and the fault is not ours.'),
          ('no_dane', 'Of judged, those without DANE: an insecure MX RRset or no host with usable TLSA records.'),
          ('mta_sts', 'Of judged, those with an MTA-STS record (RFC 8461 §3.1); its policy is not fetched.'),
          ('mta_sts_unknown', 'Of judged, those where it was not found out whether there is an MTA-STS record; not in its shares.'),
          ('dane_and_mta_sts', 'Of dane_any, those with an MTA-STS record too.'),
          ('tls_rpt', 'Of judged, those with a TLS reporting record (RFC 8460 §3).'),
          ('tls_rpt_unknown', 'Of judged, those where it was not found out whether there is a TLS reporting record; not in its share.'),
          ('mx_secure_share', 'mx_secure divided by judged.'),
          ('dane_any_share', 'dane_any divided by judged.'),
          ('dane_any_of_secure_share', 'dane_any divided by mx_secure.'),
          ('dane_share', 'dane divided by judged.'),
          ('dane_degraded_share', 'dane_degraded divided by judged.'),
          ('dane_partial_share', 'dane_partial divided by judged.'),
          ('dane_failed_share', 'dane_failed divided by judged.'),
          ('dane_failed_of_dane_share', 'dane_failed divided by dane_any.'),
          ('insecure_mx_share', 'insecure_mx divided by judged.'),
          ('lookup_failed_share', 'lookup_failed divided by judged.'),
          ('no_dane_share', 'no_dane divided by judged.'),
          ('mta_sts_share', 'mta_sts divided by judged less mta_sts_unknown.'),
          ('dane_and_mta_sts_share', 'dane_and_mta_sts divided by judged less mta_sts_unknown.'),
          ('tls_rpt_share', 'tls_rpt divided by judged less tls_rpt_unknown.')
        ) w (name, says) ON w.name = regexp_replace(a.attname, '_(low|high)$', '')
       WHERE a.attrelid = format('published.%I', of.view)::regclass AND a.attnum > 0
    LOOP
      EXECUTE format('COMMENT ON COLUMN published.%I.%I IS %L', of.view, figure.attname,
        CASE WHEN figure.attname LIKE '%\_share'
             THEN replace(figure.says, '.', '; null where that is 0.')
             WHEN figure.attname LIKE '%\_share\_low'
             THEN 'Lower end of the 95 % Wilson interval of ' || replace(figure.attname, '_low', '') || ', '
                  || replace(figure.says, '.', '; null where the census is no sample.')
             WHEN figure.attname LIKE '%\_share\_high'
             THEN 'Upper end of the 95 % Wilson interval of ' || replace(figure.attname, '_high', '') || ', '
                  || replace(figure.says, '.', '; null where the census is no sample.')
             ELSE figure.says END);
    END LOOP;
  END LOOP;
END $$;
