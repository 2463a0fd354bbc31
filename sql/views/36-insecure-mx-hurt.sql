-- Unsigned domains behind a signed MX host whose DANE is broken: they lose mail for what they never asked for.

CREATE VIEW published.insecure_mx_behind_broken_host AS
SELECT b.census_id, b.operator, b.provider, b.host_verdict, b.reason, r.says, r.mender, r.hint, r.source,
       count(DISTINCT b.host) AS hosts, count(DISTINCT b.ordinal) AS domains,
       count(DISTINCT b.ordinal) FILTER (WHERE b.is_every) AS domains_without_other,
       trim_scale(round(coalesce(sum(b.weight) FILTER (WHERE b.is_first), 0), 6)) AS weight
  FROM (SELECT h.census_id, h.ordinal, h.host, h.operator, h.provider, f.verdict AS host_verdict, f.reason, s.weight::numeric AS weight,
               f.verdict IN ('dane-failed', 'lookup-failed') AS is_broken,
               bool_and(f.verdict IN ('dane-failed', 'lookup-failed')) FILTER (WHERE f.verdict <> 'no-address')
                 OVER (PARTITION BY h.census_id, h.ordinal) AS is_every,
               row_number() OVER (PARTITION BY h.census_id, h.ordinal, h.operator, h.provider, f.verdict, f.reason
                                  ORDER BY h.host) = 1 AS is_first
          FROM (SELECT DISTINCT m.census_id, m.ordinal
                  FROM dane.host_fact f
                  JOIN dane.mx_edge m ON m.census_id = f.census_id AND m.host = f.host
                 WHERE f.verdict IN ('dane-failed', 'lookup-failed')) n
          JOIN dane.domain_state s ON s.census_id = n.census_id AND s.ordinal = n.ordinal
          JOIN dane.domain_host h ON h.census_id = s.census_id AND h.ordinal = s.ordinal
          JOIN dane.host_fact f ON f.census_id = h.census_id AND f.host = h.host
         WHERE s.mx_status = 'insecure' AND s.is_judged) b
  LEFT JOIN dane.reason r ON r.reason = b.reason
 WHERE b.is_broken
 GROUP BY b.census_id, b.operator, b.provider, b.host_verdict, b.reason, r.says, r.mender, r.hint, r.source;
COMMENT ON VIEW published.insecure_mx_behind_broken_host IS 'Judged domains with an insecure MX RRset that name an MX host with the verdict dane-failed or lookup-failed, by who runs the host. Senders that follow RFC 7672 §2.2.1 to its MAY (Postfix dane) use such TLSA records too, skip the host, and defer mail that a sender without DANE delivers. That is a count by the verdict of the host, whatever the sender: what each sender does is counted elsewhere.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.operator IS 'The operator of the host (adoption_by_operator).';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.provider IS 'The registrable domain of the host.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.host_verdict IS 'dane-failed: secure TLSA records that no endpoint meets. lookup-failed: the lookups fail that only DANE senders make, or those of its addresses.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.reason IS 'Why the host has this verdict.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.hosts IS 'Different such hosts that a judged domain with an insecure MX RRset names.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.domains IS 'Different judged domains with an insecure MX RRset that name one. A domain counts in each row that it names a host of.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.domains_without_other IS 'Of domains, those where every MX host that was looked at and has an address is dane-failed or lookup-failed, so that no other takes the mail.';
COMMENT ON COLUMN published.insecure_mx_behind_broken_host.weight IS 'Sum of the weights of domains; those without a weight are left out.';
