-- Figures that others have published, counted as they counted, so that a series can be held against theirs.

-- Domains as the monthly survey posts of the dane-users list count them: by primary MX hosts that accept connections.
CREATE VIEW dane.surveyed_domain AS
SELECT e.census_id, e.ordinal,
       coalesce(bool_and(f.verdict = 'dane') FILTER (WHERE e.is_primary AND p.accepts), false) AS is_correct,
       bool_or(f.tlsa_outcome = 'usable') AS has_tlsa,
       bool_or(f.tlsa_outcome = 'none' AND f.verdict <> 'no-address') AS has_host_without,
       bool_or(f.tlsa_outcome = 'usable' AND f.verdict IN ('dane-failed', 'dane-degraded')) AS is_wrong
  FROM (SELECT census_id, ordinal, host,
               preference = min(preference) OVER (PARTITION BY census_id, ordinal) AS is_primary
          FROM dane.mx_edge) e
  JOIN dane.domain_fact d ON d.census_id = e.census_id AND d.ordinal = e.ordinal
                         AND d.mx_status = 'secure' AND d.mx_outcome IN ('data', 'nodata')
  JOIN dane.host_fact f ON f.census_id = e.census_id AND f.host = e.host
  LEFT JOIN (SELECT census_id, host, bool_or(reached IN ('ehlo', 'starttls', 'tls')) AS accepts
               FROM dane.endpoint GROUP BY census_id, host) p ON p.census_id = e.census_id AND p.host = e.host
 GROUP BY e.census_id, e.ordinal;
COMMENT ON VIEW dane.surveyed_domain IS 'One row per domain with a validated MX reply and an MX host that was looked at: how the dane-users survey counts it.';

CREATE VIEW dane.surveyed_rrset AS
SELECT f.census_id, f.tlsa_base,
       CASE WHEN bool_or(t.matched_some) THEN true WHEN bool_and(NOT t.matched_some) AND count(*) = count(t.matched_some) THEN false
            END AS matches
  FROM dane.host_fact f
  JOIN dane.tlsa_match t ON t.census_id = f.census_id AND t.host = f.host AND t.reason IS NULL
 WHERE f.tlsa_outcome = 'usable'
 GROUP BY f.census_id, f.tlsa_base;
COMMENT ON VIEW dane.surveyed_rrset IS 'One row per secure usable TLSA RRset: whether some usable record of it is of what some endpoint shows; null where no endpoint showed a certificate.';

CREATE VIEW published.published_definitions AS
SELECT c.census_id, d.definition, d.source, d.numerator_is, d.denominator_is, d.numerator, d.denominator,
       dane.share(d.numerator, d.denominator) AS share,
       CASE WHEN c.sample IS NOT NULL AND d.unit = 'domain' THEN dane.wilson(d.numerator, d.denominator, -1) END AS share_low,
       CASE WHEN c.sample IS NOT NULL AND d.unit = 'domain' THEN dane.wilson(d.numerator, d.denominator, 1) END AS share_high,
       d.differs
  FROM dane.census c
  LEFT JOIN (SELECT census_id, count(*) AS domains, count(*) FILTER (WHERE is_dane_any) AS dane_any,
                    count(*) FILTER (WHERE verdict = 'insecure-mx') AS insecure_mx, count(*) FILTER (WHERE mta_sts) AS mta_sts,
                    count(*) FILTER (WHERE mx_status = 'secure' AND mx_outcome IN ('data', 'nodata')) AS validated,
                    count(*) FILTER (WHERE mx_status = 'secure') AS secure,
                    count(*) FILTER (WHERE mx_status = 'bogus') AS bogus
               FROM dane.domain_state GROUP BY census_id) a ON a.census_id = c.census_id
  LEFT JOIN (SELECT census_id, count(*) FILTER (WHERE is_correct) AS correct,
                    count(*) FILTER (WHERE has_tlsa AND has_host_without) AS partial,
                    count(*) FILTER (WHERE is_wrong) AS wrong
               FROM dane.surveyed_domain GROUP BY census_id) s ON s.census_id = c.census_id
  LEFT JOIN (SELECT census_id, count(*) FILTER (WHERE verdict IN ('dane-failed', 'dane-degraded')) AS wrong, count(*) AS hosts
               FROM dane.host_fact
              WHERE tlsa_outcome = 'usable' AND verdict IN ('dane', 'dane-degraded', 'dane-failed')
              GROUP BY census_id) h ON h.census_id = c.census_id
  LEFT JOIN (SELECT census_id, count(*) FILTER (WHERE NOT matches) AS wrong, count(matches) AS rrsets
               FROM dane.surveyed_rrset GROUP BY census_id) r ON r.census_id = c.census_id
  LEFT JOIN (SELECT t.census_id, count(*) FILTER (WHERE NOT t.matched_some) AS wrong, count(t.matched_some) AS records
               FROM dane.tlsa_match t
               JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_outcome = 'usable'
              WHERE t.reason IS NULL
              GROUP BY t.census_id) u ON u.census_id = c.census_id
  LEFT JOIN (SELECT census_id, count(*) FILTER (WHERE NOT offered) AS without, count(*) AS hosts
               FROM (SELECT census_id, host, bool_or(starttls_offered) AS offered
                       FROM dane.endpoint WHERE starttls_offered IS NOT NULL GROUP BY census_id, host) o
              GROUP BY census_id) e ON e.census_id = c.census_id
  CROSS JOIN LATERAL (VALUES
    ('dane-of-signed', 'domain', coalesce(s.correct, 0), coalesce(a.validated, 0),
     'dane-users list, monthly survey posts 2017 to 2024 (2023-04: 17.34 %)',
     'domains with a validated MX reply where every primary MX host that accepts connections is authenticated',
     'domains with a validated MX reply: data, or a proof that there is none and the name exists',
     'adoption.dane_any_of_secure_share counts domains with any TLSA records, working or not, and leaves out domains without mail. Hosts that did not answer EHLO do not count as accepting connections.'),
    ('partial-of-dane', 'domain', coalesce(s.partial, 0), coalesce(s.correct, 0),
     'dane-users list, 2017-01-28 (609 of 106,082 domains, 0.57 %)',
     'domains with a validated MX reply and secure usable TLSA records at one MX host while another has none',
     'the numerator of dane-of-signed',
     'adoption.dane_partial leaves out domains where a host fails (dane-degraded) or is unknown. The source does not say which preferences count: here all.'),
    ('wrong-of-dane', 'domain', coalesce(s.wrong, 0), coalesce(s.correct, 0),
     'dane-users list, 2017-01-28 (63 of 106,082 domains, 0.06 %); answer to USENIX Security 2020, 2020-03 (462 of 1.84 million, 0.025 %)',
     'domains with a validated MX reply that name an MX host whose TLSA records do not match, or that has them and no STARTTLS',
     'the numerator of dane-of-signed',
     'mismatch_rates counts domains that mail cannot reach (dane-failed) of all with TLSA records, and tells the reasons apart.'),
    ('wrong-of-hosts', 'host', coalesce(h.wrong, 0), coalesce(h.hosts, 0),
     'answer to USENIX Security 2020, 2020-03 (301 of 8,370 MX hosts, 3.6 %)',
     'MX hosts with usable TLSA records that no endpoint, or not every one, meets',
     'MX hosts with usable TLSA records whose endpoints could be looked at',
     'mismatch_rates tells the hosts where no endpoint works from those where some do. Of all MX hosts of this census, not of a survey of signed domains alone.'),
    ('wrong-of-rrsets', 'rrset', coalesce(r.wrong, 0), coalesce(r.rrsets, 0),
     'answer to USENIX Security 2020, 2020-03 (about 3.4 % of TLSA RRsets)',
     'secure usable TLSA RRsets no record of which is of what some endpoint shows',
     'secure usable TLSA RRsets of hosts where some endpoint showed a certificate',
     'As mismatch_rates by RRset. Names and dates of DANE-TA chains are not looked at here.'),
    ('wrong-of-records', 'record', coalesce(u.wrong, 0), coalesce(u.records, 0),
     'USENIX Security 2020, abstract (14.17 % of TLSA records)',
     'usable records of secure TLSA RRsets that are of nothing that some endpoint shows, those of next keys among them',
     'usable records of secure TLSA RRsets of hosts where some endpoint showed a certificate',
     'As mismatch_rates by record. The source looked at TLSA names of whole zones, we at those of MX hosts.'),
    ('unsigned-behind-tlsa', 'domain', coalesce(a.insecure_mx, 0), coalesce(a.insecure_mx + a.dane_any, 0),
     'answer to USENIX Security 2020, 2020-03 (19 %)',
     'domains with an insecure MX RRset and an MX host with secure usable TLSA records',
     'these, and the domains with a secure MX RRset and TLSA records',
     'The share of adoption.insecure_mx_share is of all judged domains.'),
    ('signed-unresolvable', 'domain', coalesce(a.bogus, 0), coalesce(a.bogus + a.secure, 0),
     'answer to USENIX Security 2020, 2020-03 (60 thousand of 10.8 million signed domains, 0.56 %)',
     'domains whose MX lookup is bogus',
     'domains whose MX lookup is bogus or secure, answers and denials alike',
     'The source counts signed domains by their DS records, we by the outcome of the MX lookup.'),
    ('starttls-missing-of-hosts', 'host', coalesce(e.without, 0), coalesce(e.hosts, 0),
     'EFF, 2018-03-08 (20.19 % of 421 MX names)',
     'MX hosts none of whose endpoints offers STARTTLS',
     'MX hosts where an endpoint answered EHLO',
     'mismatch_rates counts only hosts with TLSA records.'),
    ('dane-of-all', 'domain', coalesce(s.correct, 0), coalesce(a.domains, 0),
     'SIDN, January 2021 (almost 12 % of the .nl zone)',
     'the numerator of dane-of-signed',
     'all domains of the census, those without mail, unknown and not judged yet included',
     'adoption.dane_share leaves those out of its denominator. The source does not say how it counts a domain as protected.'),
    ('mta-sts-of-all', 'domain', coalesce(a.mta_sts, 0), coalesce(a.domains, 0),
     'suped.com, 2026 (7,377 of the first million, 0.7 %)',
     'domains with an MTA-STS record',
     'all domains of the census, those without mail, unknown and not judged yet included',
     'adoption.mta_sts_share leaves those out, and those where it was not found out.')
  ) d (definition, unit, numerator, denominator, source, numerator_is, denominator_is, differs);
COMMENT ON VIEW published.published_definitions IS 'Figures that others have published, counted over this census by their definitions: one row per definition, with its source, its numerator and denominator, and how the nearest figure of ours differs. Domains that are not judged yet are in no numerator.';
COMMENT ON COLUMN published.published_definitions.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.published_definitions.definition IS 'Name of the definition.';
COMMENT ON COLUMN published.published_definitions.source IS 'Where a figure by this definition has been published, when, and which.';
COMMENT ON COLUMN published.published_definitions.numerator_is IS 'What numerator counts.';
COMMENT ON COLUMN published.published_definitions.denominator_is IS 'What denominator counts.';
COMMENT ON COLUMN published.published_definitions.numerator IS 'The count that numerator_is describes.';
COMMENT ON COLUMN published.published_definitions.denominator IS 'The count that denominator_is describes.';
COMMENT ON COLUMN published.published_definitions.share IS 'numerator divided by denominator; null where that is 0. Above 1 is possible for partial-of-dane and wrong-of-dane, whose numerators are no part of the denominator.';
COMMENT ON COLUMN published.published_definitions.share_low IS 'Lower end of the 95 % Wilson interval of share; null where the census is no sample, and where hosts, RRsets or records are counted.';
COMMENT ON COLUMN published.published_definitions.share_high IS 'Upper end of the 95 % Wilson interval of share; null where the census is no sample, and where hosts, RRsets or records are counted.';
COMMENT ON COLUMN published.published_definitions.differs IS 'How the nearest figure of this program differs from it, and what is not known of the source''s way of counting.';
