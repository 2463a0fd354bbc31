-- Whom to tell, and what. Nothing is sent.

-- Of the zone of a broken host only what the census happens to know: the nearest zone above it whose apex is one of its domains.
CREATE VIEW dane.broken_host_zone AS
SELECT DISTINCT ON (s.census_id, s.host) s.census_id, s.host, z.zone_apex, z.soa_rname, z.ordinal
  FROM (SELECT f.census_id, f.host, array_to_string(l.labels[n.first:], '.') AS suffix, n.first
          FROM dane.host_fact f
          CROSS JOIN LATERAL (SELECT string_to_array(f.host, '.') AS labels) l
          CROSS JOIN LATERAL generate_series(1, cardinality(l.labels)) n (first)
         WHERE f.verdict IN ('dane-degraded', 'dane-failed', 'dane-unusable', 'lookup-failed')) s
  JOIN dane.domain d ON d.census_id = s.census_id AND d.name = s.suffix
  JOIN dane.domain_fact z ON z.census_id = d.census_id AND z.ordinal = d.ordinal AND z.zone_apex = d.name
 ORDER BY s.census_id, s.host, s.first;
COMMENT ON VIEW dane.broken_host_zone IS 'One row per broken MX host that a zone of the census stands above.';

CREATE VIEW dane.broken_host AS
SELECT b.census_id, b.host, b.provider, b.operator, b.verdict, b.reason, b.mender, z.zone_apex, z.soa_rname,
       CASE b.mender WHEN 'mail' THEN b.operator WHEN 'dns' THEN coalesce(n.operator, b.provider) ELSE b.provider END AS responsible
  FROM (SELECT f.census_id, f.host, o.provider, o.operator, f.verdict, f.reason, r.mender
          FROM dane.host_fact f
          JOIN dane.host_operator o ON o.census_id = f.census_id AND o.host = f.host
          LEFT JOIN dane.reason r ON r.reason = f.reason
         WHERE f.verdict IN ('dane-degraded', 'dane-failed', 'dane-unusable', 'lookup-failed')) b
  LEFT JOIN dane.broken_host_zone z ON z.census_id = b.census_id AND z.host = b.host
  LEFT JOIN dane.domain_dns_operator n ON n.census_id = z.census_id AND n.ordinal = z.ordinal AND b.mender = 'dns';
COMMENT ON VIEW dane.broken_host IS 'One row per broken MX host and who is responsible: for mender mail its operator; for dns each DNS operator of its zone, where that is known; else its registrable domain.';

CREATE VIEW dane.broken_item AS
SELECT h.census_id, h.responsible, 'host' AS subject, h.host AS name, h.verdict, h.reason, h.mender, h.operator,
       h.zone_apex AS soa_zone, h.soa_rname, 'postmaster@' || h.provider AS postmaster, d.domains, d.weight, NULL::int AS ordinal
  FROM dane.broken_host h
  JOIN (SELECT e.census_id, e.host, count(*) FILTER (WHERE s.is_judged) AS domains,
               sum(s.weight::numeric) FILTER (WHERE s.is_judged) AS weight,
               coalesce(bool_and(s.verdict = 'dane') FILTER (WHERE s.is_judged), false) AS works_for_all
          FROM (SELECT DISTINCT f.census_id, f.host, m.ordinal
                  FROM dane.host_fact f
                  JOIN dane.mx_edge m ON m.census_id = f.census_id AND m.host = f.host
                 WHERE f.verdict IN ('dane-degraded', 'dane-failed', 'dane-unusable', 'lookup-failed')) e
          JOIN dane.domain_state s ON s.census_id = e.census_id AND s.ordinal = e.ordinal
         GROUP BY e.census_id, e.host) d ON d.census_id = h.census_id AND d.host = h.host
 WHERE NOT d.works_for_all
 GROUP BY h.census_id, h.responsible, h.host, h.verdict, h.reason, h.mender, h.operator, h.zone_apex, h.soa_rname, h.provider,
          d.domains, d.weight
 UNION ALL
SELECT s.census_id,
       coalesce(h.responsible, CASE WHEN r.mender = 'dns' THEN o.operator END, s.name), 'domain', s.name, s.verdict, s.reason,
       coalesce(h.mender, r.mender), h.operator, f.zone_apex, f.soa_rname, 'postmaster@' || s.name, 1, s.weight::numeric, s.ordinal
  FROM dane.domain_state s
  LEFT JOIN dane.domain_fact f ON f.census_id = s.census_id AND f.ordinal = s.ordinal
  LEFT JOIN dane.reason r ON r.reason = s.reason
  LEFT JOIN (SELECT DISTINCT e.census_id, e.ordinal, b.responsible, b.mender, b.operator
               FROM dane.mx_edge e
               JOIN dane.broken_host b ON b.census_id = e.census_id AND b.host = e.host) h
    ON h.census_id = s.census_id AND h.ordinal = s.ordinal
  LEFT JOIN dane.domain_dns_operator o
    ON o.census_id = s.census_id AND o.ordinal = s.ordinal AND h.ordinal IS NULL AND r.mender = 'dns'
 WHERE s.verdict IN ('dane-degraded', 'dane-failed', 'lookup-failed');
COMMENT ON VIEW dane.broken_item IS 'One row per broken host or domain and who is responsible for it.';

CREATE VIEW published.broken_detail AS
SELECT b.census_id, b.responsible, b.subject, b.name, b.verdict, b.reason, r.says, b.mender, r.hint, r.source, b.operator, b.soa_zone,
       dane.soa_mailbox(b.soa_rname) AS soa_contact, b.postmaster, b.domains,
       trim_scale(round(coalesce(b.weight, 0), 6)) AS weight
  FROM (SELECT DISTINCT * FROM dane.broken_item) b
  LEFT JOIN dane.reason r ON r.reason = b.reason;
COMMENT ON VIEW published.broken_detail IS 'What is broken, for those who write to operators: one row per broken domain or MX host and who is responsible for it (several where it has several DNS operators, or a domain broken hosts of several operators). Broken are domains dane-degraded, dane-failed, lookup-failed, and hosts dane-degraded, dane-failed, dane-unusable, lookup-failed; a host whose certificate names the domains instead, so that all of them work, is not. What could not be looked at is not here. Nothing is sent.';
COMMENT ON COLUMN published.broken_detail.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.broken_detail.responsible IS 'Who can mend it. Of a host: for mender mail its operator (adoption_by_operator), for dns the DNS operator of its zone (soa_zone) where that is known, else its registrable domain. Of a domain: whoever is responsible for the broken hosts that it names; without those, for mender dns the operator of its name servers where these are known, else the domain itself.';
COMMENT ON COLUMN published.broken_detail.subject IS 'domain or host.';
COMMENT ON COLUMN published.broken_detail.name IS 'The domain or the MX host.';
COMMENT ON COLUMN published.broken_detail.verdict IS 'Its verdict.';
COMMENT ON COLUMN published.broken_detail.reason IS 'Why the verdict is what it is. For some-hosts-fail see the rows of the hosts.';
COMMENT ON COLUMN published.broken_detail.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.broken_detail.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, nobody; of a domain with broken hosts, of these.';
COMMENT ON COLUMN published.broken_detail.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.broken_detail.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.broken_detail.operator IS 'The operator of the host, or of the broken hosts of the domain; null for a domain without those.';
COMMENT ON COLUMN published.broken_detail.soa_zone IS 'The zone that soa_contact is of: of a domain its own; of a host the nearest zone above it whose apex is a domain of this census, which is not the host''s own where that is delegated further; null where there is none.';
COMMENT ON COLUMN published.broken_detail.soa_contact IS 'The mailbox in the SOA record of soa_zone (RFC 1035 §3.3.13), text from the network; null where there is none that can be read.';
COMMENT ON COLUMN published.broken_detail.postmaster IS 'postmaster (RFC 5321 §4.5.1) at the domain, or at the registrable domain of the host. Where DANE is broken there, mail to it may itself be deferred.';
COMMENT ON COLUMN published.broken_detail.domains IS 'Of a host: judged domains that name it. Of a domain: 1.';
COMMENT ON COLUMN published.broken_detail.weight IS 'Sum of the weights of these domains; those without a weight are left out.';

-- Census by census, so that what is broken is found once, though it is grouped twice.
CREATE VIEW published.broken AS
SELECT c.census_id, o.responsible, o.menders, o.hosts, o.host_names, o.domains, o.domain_names, o.weight, o.reasons, o.affected, o.says,
       o.hints, o.soa_contacts, o.postmasters
  FROM dane.census c
  CROSS JOIN LATERAL (
    WITH items AS MATERIALIZED (
      SELECT *, subject = 'domain' AND row_number() OVER (PARTITION BY responsible, subject, name ORDER BY mender, operator) = 1
                AS is_first_of_domain
        FROM published.broken_detail WHERE census_id = c.census_id),
    problems AS (
      SELECT responsible, array_agg(reason ORDER BY affected DESC, reason COLLATE "C") AS reasons,
             array_agg(affected ORDER BY affected DESC, reason COLLATE "C") AS affected,
             array_agg(says ORDER BY affected DESC, reason COLLATE "C") AS says,
             array_agg(hint ORDER BY affected DESC, reason COLLATE "C") AS hints
        FROM (SELECT responsible, reason, says, hint, count(DISTINCT (subject, name))::int AS affected
                FROM items GROUP BY responsible, reason, says, hint) p
       GROUP BY responsible)
    SELECT i.*, p.reasons, p.affected, p.says, p.hints
      FROM (SELECT responsible, array_agg(DISTINCT mender COLLATE "C") AS menders,
                   count(DISTINCT name) FILTER (WHERE subject = 'host') AS hosts,
                   coalesce((array_agg(DISTINCT name COLLATE "C") FILTER (WHERE subject = 'host'))[1:1000], '{}') AS host_names,
                   count(DISTINCT name) FILTER (WHERE subject = 'domain') AS domains,
                   coalesce((array_agg(DISTINCT name COLLATE "C") FILTER (WHERE subject = 'domain'))[1:1000], '{}') AS domain_names,
                   coalesce(sum(weight) FILTER (WHERE is_first_of_domain), 0) AS weight,
                   coalesce((array_agg(DISTINCT soa_contact COLLATE "C") FILTER (WHERE soa_contact IS NOT NULL))[1:100], '{}')
                     AS soa_contacts,
                   coalesce((array_agg(DISTINCT postmaster COLLATE "C"))[1:100], '{}') AS postmasters
              FROM items GROUP BY responsible) i
      JOIN problems p ON p.responsible = i.responsible) o;
COMMENT ON VIEW published.broken IS 'What is broken, one row per operator who can mend it, with all hosts and domains of it (broken_detail has a row for each). Nothing is sent.';
COMMENT ON COLUMN published.broken.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.broken.responsible IS 'The operator of mail or of name servers, or the domain itself (broken_detail.responsible).';
COMMENT ON COLUMN published.broken.menders IS 'In which role: mail, dns, domain, parent, network, nobody.';
COMMENT ON COLUMN published.broken.hosts IS 'Different broken MX hosts that it is responsible for.';
COMMENT ON COLUMN published.broken.host_names IS 'Their names, the first 1,000 of them by name; all are in broken_detail.';
COMMENT ON COLUMN published.broken.domains IS 'Different broken domains that it is responsible for.';
COMMENT ON COLUMN published.broken.domain_names IS 'Their names, the first 1,000 of them by name; all are in broken_detail.';
COMMENT ON COLUMN published.broken.weight IS 'Sum of the weights of the broken domains; those without a weight are left out.';
COMMENT ON COLUMN published.broken.reasons IS 'What is wrong, as keys of the catalogue of reasons, the commonest first.';
COMMENT ON COLUMN published.broken.affected IS 'Of each of reasons, how many hosts and domains together have it.';
COMMENT ON COLUMN published.broken.says IS 'Each of reasons as a sentence.';
COMMENT ON COLUMN published.broken.hints IS 'Of each of reasons, how to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.broken.soa_contacts IS 'The mailboxes in the SOA records of the zones, the first 100 by name; text from the network (broken_detail.soa_contact). Hosts whose zone is none of this census have none.';
COMMENT ON COLUMN published.broken.postmasters IS 'postmaster at the domains and at the registrable domains of the hosts, the first 100 by name (RFC 5321 §4.5.1).';
