-- Name servers address by address, and the ancestors of TLSA names that some of them deny.

CREATE VIEW published.ancestors_denied AS
SELECT a.census_id, a.host, a.name, a.rcode, a.proof, a.reason, f.ancestor_consequence AS consequence,
       s.addresses_asked, s.addresses_denying, r.says, r.mender, r.hint, r.source
  FROM dane.tlsa_ancestor a
  JOIN dane.host_fact f ON f.census_id = a.census_id AND f.host = a.host
  LEFT JOIN (SELECT census_id, host, name, count(*) AS addresses_asked,
                    count(*) FILTER (WHERE proof LIKE 'denied-%') AS addresses_denying
               FROM dane.ancestor_server GROUP BY census_id, host, name) s
    ON s.census_id = a.census_id AND s.host = a.host AND s.name = a.name
  LEFT JOIN dane.reason r ON r.reason = CASE a.proof WHEN 'denied-validly' THEN 'ancestor-denied'
                                                     WHEN 'denied-unproven' THEN 'ancestor-nxdomain-unproven'
                                                     WHEN 'denied-contradictory' THEN 'ancestor-proof-contradicts'
                                                     ELSE a.reason END
 WHERE a.proof <> 'exists';
COMMENT ON VIEW published.ancestors_denied IS 'One row per ancestor of a TLSA name that some name server which shows the TLSA RRset, or might have it, does not answer for as an existing name (RFC 8020).';
COMMENT ON COLUMN published.ancestors_denied.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestors_denied.host IS 'The MX host.';
COMMENT ON COLUMN published.ancestors_denied.name IS 'The ancestor of the TLSA name.';
COMMENT ON COLUMN published.ancestors_denied.rcode IS 'Its response code when asked directly, at the worst server.';
COMMENT ON COLUMN published.ancestors_denied.proof IS 'At the worst server, judged by its own reply: denied-validly (NXDOMAIN with a proof that holds), denied-contradictory (with one that does not), denied-unproven (with none), failed (no server gave a reply of use).';
COMMENT ON COLUMN published.ancestors_denied.reason IS 'Why that proof does not hold, or why there was no reply; null where it holds.';
COMMENT ON COLUMN published.ancestors_denied.consequence IS 'What follows for mail to the host, by the resolver that the sender asks: silently-unprotected (some resolver loses the TLSA RRset), mail-deferred (for some the lookup fails), either; null where neither.';
COMMENT ON COLUMN published.ancestors_denied.addresses_asked IS 'Name server addresses that were asked for the ancestor; null in censuses of before they were kept.';
COMMENT ON COLUMN published.ancestors_denied.addresses_denying IS 'Of these, those that answered NXDOMAIN (ancestor_servers names them).';
COMMENT ON COLUMN published.ancestors_denied.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.ancestors_denied.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.ancestors_denied.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.ancestors_denied.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';

CREATE VIEW published.ancestor_servers AS
SELECT a.census_id, a.host, a.name, a.server, a.address, a.rcode, a.proof, a.reason,
       t.rcode AS tlsa_rcode, t.status AS tlsa_status, t.answer AS tlsa_answer
  FROM dane.ancestor_server a
  LEFT JOIN dane.server_answer t
    ON t.census_id = a.census_id AND t.subject = 'host' AND t.name = a.host AND t.server = a.server
   AND t.address = a.address AND t.asked LIKE '%.' || a.name;
COMMENT ON VIEW published.ancestor_servers IS 'The evidence of ancestors_denied: one row per ancestor of a TLSA name and name server address, with the answer of that address for the TLSA name beside it.';
COMMENT ON COLUMN published.ancestor_servers.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestor_servers.host IS 'The MX host.';
COMMENT ON COLUMN published.ancestor_servers.name IS 'The ancestor of the TLSA name.';
COMMENT ON COLUMN published.ancestor_servers.server IS 'Name of the name server.';
COMMENT ON COLUMN published.ancestor_servers.address IS 'Its address that was asked.';
COMMENT ON COLUMN published.ancestor_servers.rcode IS 'Response code for the ancestor; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.ancestor_servers.proof IS 'Judged by its own reply: exists, denied-validly, denied-contradictory, denied-unproven, failed (no reply of use).';
COMMENT ON COLUMN published.ancestor_servers.reason IS 'Why the proof does not hold, or why there was no reply; null where it holds.';
COMMENT ON COLUMN published.ancestor_servers.tlsa_rcode IS 'Response code of the same address for the TLSA name.';
COMMENT ON COLUMN published.ancestor_servers.tlsa_status IS 'Security status of that answer (RFC 4033 §5); null where there was none to be judged.';
COMMENT ON COLUMN published.ancestor_servers.tlsa_answer IS 'Digest of the TLSA RRset that it showed; empty where it showed none.';

CREATE VIEW published.ancestor_behaviours AS
SELECT census_id, host, behaviour, fates, fates_after_ancestor
  FROM dane.ancestor_behaviour;
COMMENT ON VIEW published.ancestor_behaviours IS 'What becomes of the TLSA RRset of each MX host with a denied ancestor, by the behaviour of the resolver that asks; five rows a host.';
COMMENT ON COLUMN published.ancestor_behaviours.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.ancestor_behaviours.host IS 'The MX host.';
COMMENT ON COLUMN published.ancestor_behaviours.behaviour IS 'strict-minimisation (RFC 9156 to the letter), relaxed-minimisation (BIND, Knot Resolver), harden-below-nxdomain (Unbound), aggressive-nsec (RFC 8198), no-minimisation.';
COMMENT ON COLUMN published.ancestor_behaviours.fates IS 'With an empty memory: found; lost (the resolver says that there is none: silently unprotected); fails (mail is deferred); several where it hangs on which server is asked.';
COMMENT ON COLUMN published.ancestor_behaviours.fates_after_ancestor IS 'The same after the ancestor itself was asked for.';

CREATE VIEW published.name_server_findings AS
SELECT a.census_id, a.subject, a.name, a.asked, a.server, a.address, fault.finding, a.rcode, a.status, a.reason, a.serial,
       r.says, r.mender, r.hint, r.source
  FROM dane.server_answer a
  CROSS JOIN LATERAL unnest(a.faults) AS fault(finding)
  LEFT JOIN dane.reason r ON r.reason = fault.finding;
COMMENT ON VIEW published.name_server_findings IS 'One row per thing that is wrong with one address of one name server: of the zone that holds the TLSA name of an MX host with TLSA records, or whose TLSA lookup fails; and of a domain whose MX lookup fails. A server counts once for each host or domain that it was looked at for.';
COMMENT ON COLUMN published.name_server_findings.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.name_server_findings.subject IS 'host (asked for TLSA) or domain (asked for MX).';
COMMENT ON COLUMN published.name_server_findings.name IS 'The MX host or the domain.';
COMMENT ON COLUMN published.name_server_findings.asked IS 'The name that was asked for.';
COMMENT ON COLUMN published.name_server_findings.server IS 'Name of the name server.';
COMMENT ON COLUMN published.name_server_findings.address IS 'Its address that was asked.';
COMMENT ON COLUMN published.name_server_findings.finding IS 'What is wrong, as a key of the catalogue of reasons.';
COMMENT ON COLUMN published.name_server_findings.rcode IS 'Its response code; without a reply, why there is none, in capitals (TIMEOUT, TCP-FAILED, …).';
COMMENT ON COLUMN published.name_server_findings.status IS 'Security status of its own reply (RFC 4033 §5); null where there was none to be judged.';
COMMENT ON COLUMN published.name_server_findings.reason IS 'Why that status is not secure; null where it is.';
COMMENT ON COLUMN published.name_server_findings.serial IS 'Serial of the SOA that it showed; null where it showed none.';
COMMENT ON COLUMN published.name_server_findings.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.name_server_findings.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.name_server_findings.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.name_server_findings.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';

CREATE VIEW published.tlsa_servers_differ AS
SELECT a.census_id, a.name AS host, a.asked, a.server, a.address, a.rcode, a.answer
  FROM dane.server_answer a
  JOIN (SELECT census_id, name, asked FROM dane.server_answer WHERE subject = 'host'
         GROUP BY census_id, name, asked
        HAVING count(DISTINCT (rcode, answer)) FILTER (WHERE status IS NOT NULL OR asked IS NULL) > 1) d
    ON d.census_id = a.census_id AND d.name = a.name AND d.asked IS NOT DISTINCT FROM a.asked
 WHERE a.subject = 'host';
COMMENT ON VIEW published.tlsa_servers_differ IS 'The answers of each name server address for the TLSA RRset of those MX hosts where they are not all the same; addresses that gave no answer of use are shown, but make no difference (in censuses of before the name asked for was kept, they do).';
COMMENT ON COLUMN published.tlsa_servers_differ.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_servers_differ.host IS 'The MX host.';
COMMENT ON COLUMN published.tlsa_servers_differ.asked IS 'The name that was asked for: the TLSA name, or an alias of it; null in censuses of before it was kept.';
COMMENT ON COLUMN published.tlsa_servers_differ.server IS 'Name of the name server.';
COMMENT ON COLUMN published.tlsa_servers_differ.address IS 'Its address that was asked.';
COMMENT ON COLUMN published.tlsa_servers_differ.rcode IS 'The response code; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.tlsa_servers_differ.answer IS 'Digest of the RRset that it showed; empty where it showed none.';
