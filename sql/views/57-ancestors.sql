-- How common denied ancestors of TLSA names are, who denies them, and what follows (RFC 8020). No published figure is known.

-- Hosts with a secure TLSA RRset, and how it stands with the ancestors of its name.
CREATE VIEW dane.ancestor_state AS
SELECT f.census_id, f.host, f.ancestor_consequence AS consequence,
       CASE WHEN a.denied THEN 'denied' WHEN a.host IS NULL OR a.failed THEN 'not-seen' ELSE 'exists' END AS state
  FROM dane.host_fact f
  LEFT JOIN (SELECT census_id, host, bool_or(proof LIKE 'denied-%') AS denied, bool_or(proof = 'failed') AS failed
               FROM dane.tlsa_ancestor GROUP BY census_id, host) a
    ON a.census_id = f.census_id AND a.host = f.host
 WHERE f.tlsa_outcome IN ('usable', 'unusable');

CREATE VIEW published.ancestor_prevalence AS
SELECT h.census_id, h.hosts, h.not_seen, h.denied, dane.share(h.denied, h.hosts - h.not_seen) AS denied_share,
       d.domains, d.domains_denied, dane.share(d.domains_denied, d.domains) AS domains_denied_share,
       dane.share_low(h.census_id, d.domains_denied, d.domains) AS domains_denied_share_low,
       dane.share_high(h.census_id, d.domains_denied, d.domains) AS domains_denied_share_high,
       d.weight, d.weight_denied, dane.share(d.weight_denied::numeric, d.weight::numeric) AS weight_denied_share
  FROM (SELECT census_id, count(*) AS hosts, count(*) FILTER (WHERE state = 'not-seen') AS not_seen,
               count(*) FILTER (WHERE state = 'denied') AS denied
          FROM dane.ancestor_state GROUP BY census_id) h
  LEFT JOIN (SELECT u.census_id, count(*) AS domains, count(*) FILTER (WHERE u.denied) AS domains_denied,
                    round(sum(w.weight::numeric), 6)::float8 AS weight, CASE WHEN count(w.weight) > 0 THEN coalesce(round(sum(w.weight::numeric) FILTER (WHERE u.denied), 6)::float8, 0) END AS weight_denied
               FROM (SELECT s.census_id, e.ordinal, bool_or(s.state = 'denied') AS denied
                       FROM dane.ancestor_state s
                       JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host
                      WHERE s.state <> 'not-seen'
                      GROUP BY s.census_id, e.ordinal) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id) d ON d.census_id = h.census_id;
COMMENT ON VIEW published.ancestor_prevalence IS 'One row per census: how many MX hosts with a secure TLSA RRset have an ancestor of its name that some name server denies (facts of the field, 4.1: no published prevalence is known). Hosts whose TLSA lookup fails are not here.';
COMMENT ON COLUMN published.ancestor_prevalence.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestor_prevalence.hosts IS 'MX hosts with a secure TLSA RRset, usable or not.';
COMMENT ON COLUMN published.ancestor_prevalence.not_seen IS 'Of hosts, those where nobody could look: no server gave a reply of use for an ancestor, or none was asked. In no share.';
COMMENT ON COLUMN published.ancestor_prevalence.denied IS 'Of hosts, those with an ancestor that some server answers NXDOMAIN for, which shows the RRset itself or might.';
COMMENT ON COLUMN published.ancestor_prevalence.denied_share IS 'denied divided by hosts less not_seen.';
COMMENT ON COLUMN published.ancestor_prevalence.domains IS 'Domains that name at least one of hosts less not_seen: the denominator of the share of domains; null where there are none.';
COMMENT ON COLUMN published.ancestor_prevalence.domains_denied IS 'Of domains, those that name a host of denied.';
COMMENT ON COLUMN published.ancestor_prevalence.domains_denied_share IS 'domains_denied divided by domains.';
COMMENT ON COLUMN published.ancestor_prevalence.domains_denied_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.ancestor_prevalence.domains_denied_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.ancestor_prevalence.weight IS 'Sum of the weights of domains; null where no list gave any.';
COMMENT ON COLUMN published.ancestor_prevalence.weight_denied IS 'Sum of the weights of domains_denied; null where no list gave any.';
COMMENT ON COLUMN published.ancestor_prevalence.weight_denied_share IS 'weight_denied divided by weight; null where that is 0, or no list gave any.';

CREATE VIEW published.ancestors_denied_by_consequence AS
SELECT h.census_id, h.consequence, h.hosts, n.hosts AS of_hosts, dane.share(h.hosts, n.hosts) AS hosts_share,
       coalesce(d.domains, 0) AS domains, d.weight
  FROM (SELECT census_id, coalesce(consequence, 'none') AS consequence, count(*) AS hosts
          FROM dane.ancestor_state WHERE state = 'denied' GROUP BY census_id, coalesce(consequence, 'none')) h
  JOIN (SELECT census_id, count(*) AS hosts FROM dane.ancestor_state WHERE state <> 'not-seen' GROUP BY census_id) n
    ON n.census_id = h.census_id
  LEFT JOIN (SELECT u.census_id, u.consequence, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT s.census_id, coalesce(s.consequence, 'none') AS consequence, e.ordinal
                       FROM dane.ancestor_state s
                       JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.host
                      WHERE s.state = 'denied') u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.consequence) d
    ON d.census_id = h.census_id AND d.consequence = h.consequence;
COMMENT ON VIEW published.ancestors_denied_by_consequence IS 'What follows for mail to the MX hosts with a secure TLSA RRset and a denied ancestor, by the resolver that senders ask.';
COMMENT ON COLUMN published.ancestors_denied_by_consequence.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestors_denied_by_consequence.consequence IS 'silently-unprotected (some resolver loses the RRset), mail-deferred (for some the lookup fails), either, none (each behaviour of ancestor_losses finds it).';
COMMENT ON COLUMN published.ancestors_denied_by_consequence.hosts IS 'MX hosts of which this is so.';
COMMENT ON COLUMN published.ancestors_denied_by_consequence.of_hosts IS 'MX hosts with a secure TLSA RRset whose ancestors were seen, denied or not: the denominator.';
COMMENT ON COLUMN published.ancestors_denied_by_consequence.hosts_share IS 'hosts divided by of_hosts.';
COMMENT ON COLUMN published.ancestors_denied_by_consequence.domains IS 'Domains that name one of hosts; a domain with hosts of two consequences counts at both.';
COMMENT ON COLUMN published.ancestors_denied_by_consequence.weight IS 'Sum of the weights of domains; null where no list gave any.';

-- Each address of each name server that was asked about the TLSA RRset of a host that has a secure one, and whether it denies an
-- ancestor of the name. Which denials count is told when they are seen: a server that denies the RRset itself denies no more.
CREATE VIEW dane.ancestor_denier AS
SELECT a.census_id, a.operator_domain, a.server, a.address, a.name AS host, f.ancestor_consequence AS consequence,
       a.faults && '{ancestor-denied,ancestor-nxdomain-unproven,ancestor-proof-contradicts}'::text[] AS denies
  FROM dane.server_answer a
  JOIN dane.host_fact f ON f.census_id = a.census_id AND f.host = a.name
 WHERE a.subject = 'host' AND f.tlsa_outcome IN ('usable', 'unusable');

CREATE VIEW published.ancestors_denied_by_operator AS
SELECT o.census_id, o.operator_domain, o.hosts, o.denied, dane.share(o.denied, o.hosts) AS denied_share, o.servers_denying,
       o.addresses_denying, o.silently_unprotected, o.mail_deferred, coalesce(d.domains, 0) AS domains, d.weight
  FROM (SELECT a.census_id, a.operator_domain, count(DISTINCT a.host) AS hosts,
               count(DISTINCT a.host) FILTER (WHERE a.denies) AS denied,
               count(DISTINCT a.server) FILTER (WHERE a.denies) AS servers_denying,
               count(DISTINCT a.address) FILTER (WHERE a.denies) AS addresses_denying,
               count(DISTINCT a.host) FILTER (WHERE a.denies AND a.consequence IN ('silently-unprotected', 'either'))
                 AS silently_unprotected,
               count(DISTINCT a.host) FILTER (WHERE a.denies AND a.consequence IN ('mail-deferred', 'either')) AS mail_deferred
          FROM dane.ancestor_denier a
         GROUP BY a.census_id, a.operator_domain) o
  LEFT JOIN (SELECT u.census_id, u.operator_domain, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT a.census_id, a.operator_domain, e.ordinal
                       FROM dane.ancestor_denier a
                       JOIN dane.mx_edge e ON e.census_id = a.census_id AND e.host = a.host
                      WHERE a.denies) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.operator_domain) d
    ON d.census_id = o.census_id AND d.operator_domain IS NOT DISTINCT FROM o.operator_domain;
COMMENT ON VIEW published.ancestors_denied_by_operator IS 'Which operators of name servers deny ancestors of TLSA names. Operators that deny none are here too, with 0.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestors_denied_by_operator.operator_domain IS 'Registrable domain of the name servers (public suffix list); null in censuses of before it was kept.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.hosts IS 'MX hosts with a secure TLSA RRset that a server of the operator was asked about: the denominator.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.denied IS 'Of hosts, those where a server of the operator denies an ancestor of the TLSA name.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.denied_share IS 'denied divided by hosts.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.servers_denying IS 'Different server names of the operator that do.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.addresses_denying IS 'Different addresses of them that do.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.silently_unprotected IS 'Of denied, the hosts whose RRset some resolver loses; a host whose consequence is either counts here and in mail_deferred.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.mail_deferred IS 'Of denied, the hosts for which the lookup of some resolver fails.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.domains IS 'Domains that name a host of denied.';
COMMENT ON COLUMN published.ancestors_denied_by_operator.weight IS 'Sum of the weights of domains; null where no list gave any.';

-- What becomes of each such RRset by the behaviour of the resolver; fate is null where it hangs on chance.
CREATE VIEW dane.ancestor_fate AS
SELECT b.census_id, b.host, b.behaviour, 'lost' = ANY (b.fates || b.fates_after_ancestor) AS is_lost,
       'fails' = ANY (b.fates || b.fates_after_ancestor) AS is_failing,
       CASE WHEN b.fates || b.fates_after_ancestor <@ '{lost}'::text[] THEN 'lost'
            WHEN b.fates || b.fates_after_ancestor <@ '{fails}'::text[] THEN 'fails'
            WHEN b.fates || b.fates_after_ancestor <@ '{found}'::text[] THEN 'found' END AS fate
  FROM dane.ancestor_behaviour b
  JOIN dane.host_fact f ON f.census_id = b.census_id AND f.host = b.host AND f.tlsa_outcome IN ('usable', 'unusable');

CREATE VIEW published.ancestor_losses AS
SELECT h.census_id, b.behaviour, h.hosts, coalesce(l.lost, 0) AS lost, coalesce(l.sometimes_lost, 0) AS sometimes_lost,
       coalesce(l.failing, 0) AS failing, coalesce(l.sometimes_failing, 0) AS sometimes_failing,
       dane.share(coalesce(l.any_lost, 0), h.hosts) AS lost_share, dane.share(coalesce(l.any_failing, 0), h.hosts) AS failing_share,
       h.domains, coalesce(d.domains_lost, 0) AS domains_lost, dane.share(coalesce(d.domains_lost, 0), h.domains) AS domains_lost_share,
       dane.share_low(h.census_id, coalesce(d.domains_lost, 0), h.domains) AS domains_lost_share_low,
       dane.share_high(h.census_id, coalesce(d.domains_lost, 0), h.domains) AS domains_lost_share_high,
       coalesce(d.domains_failing, 0) AS domains_failing,
       dane.share(coalesce(d.domains_failing, 0), h.domains) AS domains_failing_share,
       dane.share_low(h.census_id, coalesce(d.domains_failing, 0), h.domains) AS domains_failing_share_low,
       dane.share_high(h.census_id, coalesce(d.domains_failing, 0), h.domains) AS domains_failing_share_high,
       d.weight_lost, d.weight_failing
  FROM (SELECT f.census_id, count(DISTINCT f.host) AS hosts, count(DISTINCT e.ordinal) AS domains
          FROM dane.host_fact f
          LEFT JOIN dane.mx_edge e ON e.census_id = f.census_id AND e.host = f.host
         WHERE f.tlsa_outcome IN ('usable', 'unusable')
         GROUP BY f.census_id) h
  CROSS JOIN (VALUES ('strict-minimisation'), ('relaxed-minimisation'), ('harden-below-nxdomain'), ('aggressive-nsec'),
                     ('no-minimisation')) AS b (behaviour)
  LEFT JOIN (SELECT census_id, behaviour, count(*) FILTER (WHERE fate = 'lost') AS lost,
                    count(*) FILTER (WHERE is_lost AND fate IS NULL) AS sometimes_lost,
                    count(*) FILTER (WHERE fate = 'fails') AS failing,
                    count(*) FILTER (WHERE is_failing AND fate IS NULL) AS sometimes_failing,
                    count(*) FILTER (WHERE is_lost) AS any_lost, count(*) FILTER (WHERE is_failing) AS any_failing
               FROM dane.ancestor_fate GROUP BY census_id, behaviour) l
    ON l.census_id = h.census_id AND l.behaviour = b.behaviour
  LEFT JOIN (SELECT u.census_id, u.behaviour, count(*) FILTER (WHERE u.lost) AS domains_lost,
                    count(*) FILTER (WHERE u.failing) AS domains_failing,
                    CASE WHEN count(w.weight) > 0 THEN coalesce(round(sum(w.weight::numeric) FILTER (WHERE u.lost), 6)::float8, 0) END AS weight_lost,
                    CASE WHEN count(w.weight) > 0 THEN coalesce(round(sum(w.weight::numeric) FILTER (WHERE u.failing), 6)::float8, 0) END AS weight_failing
               FROM (SELECT a.census_id, a.behaviour, e.ordinal, bool_or(a.is_lost) AS lost, bool_or(a.is_failing) AS failing
                       FROM dane.ancestor_fate a
                       JOIN dane.mx_edge e ON e.census_id = a.census_id AND e.host = a.host
                      GROUP BY a.census_id, a.behaviour, e.ordinal) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.behaviour) d
    ON d.census_id = h.census_id AND d.behaviour = b.behaviour;
COMMENT ON VIEW published.ancestor_losses IS 'How many MX hosts, and domains behind them, lose their TLSA RRset because an ancestor of its name is denied, by the behaviour of the resolver that asks.';
COMMENT ON COLUMN published.ancestor_losses.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestor_losses.behaviour IS 'As in ancestor_behaviours.';
COMMENT ON COLUMN published.ancestor_losses.hosts IS 'MX hosts with a secure TLSA RRset: the denominator of the shares of hosts.';
COMMENT ON COLUMN published.ancestor_losses.lost IS 'Hosts whose RRset such a resolver never finds, and says so: silently unprotected.';
COMMENT ON COLUMN published.ancestor_losses.sometimes_lost IS 'Hosts whose RRset it loses by the server that it asks, or by what it was asked before.';
COMMENT ON COLUMN published.ancestor_losses.failing IS 'Hosts for which its lookup always fails: mail is deferred.';
COMMENT ON COLUMN published.ancestor_losses.sometimes_failing IS 'Hosts for which its lookup fails by the server that it asks, or by what it was asked before.';
COMMENT ON COLUMN published.ancestor_losses.lost_share IS 'lost and sometimes_lost divided by hosts.';
COMMENT ON COLUMN published.ancestor_losses.failing_share IS 'failing and sometimes_failing divided by hosts.';
COMMENT ON COLUMN published.ancestor_losses.domains IS 'Domains that name at least one of hosts: the denominator of the shares of domains.';
COMMENT ON COLUMN published.ancestor_losses.domains_lost IS 'Of domains, those that name a host of lost or sometimes_lost.';
COMMENT ON COLUMN published.ancestor_losses.domains_lost_share IS 'domains_lost divided by domains; null where that is 0.';
COMMENT ON COLUMN published.ancestor_losses.domains_lost_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.ancestor_losses.domains_lost_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.ancestor_losses.domains_failing IS 'Of domains, those that name a host of failing or sometimes_failing.';
COMMENT ON COLUMN published.ancestor_losses.domains_failing_share IS 'domains_failing divided by domains; null where that is 0.';
COMMENT ON COLUMN published.ancestor_losses.domains_failing_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.ancestor_losses.domains_failing_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.ancestor_losses.weight_lost IS 'Sum of the weights of domains_lost; null where no host has a denied ancestor, or no list gave weights.';
COMMENT ON COLUMN published.ancestor_losses.weight_failing IS 'Sum of the weights of domains_failing; null where no host has a denied ancestor, or no list gave weights.';
