-- What is wrong with name servers, counted (name_server_findings has the rows).

-- One row per name that was asked about, address that was asked, and thing that is wrong with it; null where nothing is.
CREATE VIEW dane.server_fault AS
SELECT a.census_id, a.subject, a.name, a.server, a.address, a.operator_domain, fault.finding
  FROM dane.server_answer a
  LEFT JOIN LATERAL unnest(a.faults) AS fault (finding) ON true;

CREATE VIEW published.name_server_faults AS
SELECT c.census_id, c.subject, c.finding, c.names, n.names AS of_names, dane.share(c.names, n.names) AS names_share, c.operators,
       c.servers, c.addresses, n.addresses AS of_addresses, dane.share(c.addresses, n.addresses) AS addresses_share,
       coalesce(d.domains, 0) AS domains, d.weight, r.says, r.mender, r.hint, r.source
  FROM (SELECT census_id, subject, finding, count(DISTINCT name) AS names, count(DISTINCT operator_domain) AS operators,
               count(DISTINCT server) AS servers, count(DISTINCT address) AS addresses
          FROM dane.server_fault WHERE finding IS NOT NULL GROUP BY census_id, subject, finding) c
  JOIN (SELECT census_id, subject, count(DISTINCT name) AS names, count(DISTINCT address) AS addresses
          FROM dane.server_fault GROUP BY census_id, subject) n ON n.census_id = c.census_id AND n.subject = c.subject
  LEFT JOIN (SELECT u.census_id, u.subject, u.finding, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT s.census_id, s.subject, s.finding, e.ordinal
                       FROM dane.server_fault s
                       JOIN dane.mx_edge e ON e.census_id = s.census_id AND e.host = s.name
                      WHERE s.subject = 'host' AND s.finding IS NOT NULL
                      UNION
                     SELECT s.census_id, s.subject, s.finding, d.ordinal
                       FROM dane.server_fault s
                       JOIN dane.domain d ON d.census_id = s.census_id AND d.name = s.name
                      WHERE s.subject = 'domain' AND s.finding IS NOT NULL) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.subject, u.finding) d
    ON d.census_id = c.census_id AND d.subject = c.subject AND d.finding = c.finding
  LEFT JOIN dane.reason r ON r.reason = c.finding;
COMMENT ON VIEW published.name_server_faults IS 'How often each thing is wrong with a name server, among those looked at address by address: the servers of the zones that hold the TLSA names of MX hosts with TLSA records, or whose TLSA lookup fails; and those of domains whose MX lookup fails. Servers of other zones were not looked at, so that these are no rates of all name servers.';
COMMENT ON COLUMN published.name_server_faults.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.name_server_faults.subject IS 'host (asked for TLSA) or domain (asked for MX).';
COMMENT ON COLUMN published.name_server_faults.finding IS 'What is wrong, as a key of the catalogue of reasons.';
COMMENT ON COLUMN published.name_server_faults.names IS 'Different MX hosts, or domains, with a server of which this is so.';
COMMENT ON COLUMN published.name_server_faults.of_names IS 'Different MX hosts, or domains, whose servers were looked at: the denominator of names_share.';
COMMENT ON COLUMN published.name_server_faults.names_share IS 'names divided by of_names. Domains are looked at only where their lookup fails, and no sample of domains: it has no interval.';
COMMENT ON COLUMN published.name_server_faults.operators IS 'Different operators of these servers (registrable domain of the server); 0 in censuses of before it was kept.';
COMMENT ON COLUMN published.name_server_faults.servers IS 'Different server names of which this is so.';
COMMENT ON COLUMN published.name_server_faults.addresses IS 'Different server addresses of which this is so, for one name at least.';
COMMENT ON COLUMN published.name_server_faults.of_addresses IS 'Different server addresses that were looked at: the denominator of addresses_share.';
COMMENT ON COLUMN published.name_server_faults.addresses_share IS 'addresses divided by of_addresses.';
COMMENT ON COLUMN published.name_server_faults.domains IS 'Domains that name these MX hosts, or that are these domains.';
COMMENT ON COLUMN published.name_server_faults.weight IS 'Sum of the weights of domains; null where no list gave any.';
COMMENT ON COLUMN published.name_server_faults.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.name_server_faults.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.name_server_faults.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.name_server_faults.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';

CREATE VIEW published.name_server_faults_by_operator AS
SELECT c.census_id, c.operator_domain, c.subject, c.finding, c.names, n.names AS of_names,
       dane.share(c.names, n.names) AS names_share, c.servers, c.addresses, n.addresses AS of_addresses,
       dane.share(c.addresses, n.addresses) AS addresses_share, r.says, r.hint
  FROM (SELECT census_id, operator_domain, subject, finding, count(DISTINCT name) AS names, count(DISTINCT server) AS servers,
               count(DISTINCT address) AS addresses
          FROM dane.server_fault WHERE finding IS NOT NULL GROUP BY census_id, operator_domain, subject, finding) c
  JOIN (SELECT census_id, operator_domain, subject, count(DISTINCT name) AS names, count(DISTINCT address) AS addresses
          FROM dane.server_fault GROUP BY census_id, operator_domain, subject) n
    ON n.census_id = c.census_id AND n.subject = c.subject AND n.operator_domain IS NOT DISTINCT FROM c.operator_domain
  LEFT JOIN dane.reason r ON r.reason = c.finding;
COMMENT ON VIEW published.name_server_faults_by_operator IS 'The same by the operator of the name servers.';
COMMENT ON COLUMN published.name_server_faults_by_operator.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.name_server_faults_by_operator.operator_domain IS 'Registrable domain of the name servers (public suffix list); null in censuses of before it was kept.';
COMMENT ON COLUMN published.name_server_faults_by_operator.subject IS 'host (asked for TLSA) or domain (asked for MX).';
COMMENT ON COLUMN published.name_server_faults_by_operator.finding IS 'What is wrong, as a key of the catalogue of reasons.';
COMMENT ON COLUMN published.name_server_faults_by_operator.names IS 'Different MX hosts, or domains, with a server of the operator of which this is so.';
COMMENT ON COLUMN published.name_server_faults_by_operator.of_names IS 'Different MX hosts, or domains, for which servers of the operator were looked at: the denominator of names_share.';
COMMENT ON COLUMN published.name_server_faults_by_operator.names_share IS 'names divided by of_names; as in name_server_faults it has no interval.';
COMMENT ON COLUMN published.name_server_faults_by_operator.servers IS 'Different server names of the operator of which this is so.';
COMMENT ON COLUMN published.name_server_faults_by_operator.addresses IS 'Different addresses of which this is so, for one name at least.';
COMMENT ON COLUMN published.name_server_faults_by_operator.of_addresses IS 'Different addresses of the operator that were looked at: the denominator of addresses_share.';
COMMENT ON COLUMN published.name_server_faults_by_operator.addresses_share IS 'addresses divided by of_addresses.';
COMMENT ON COLUMN published.name_server_faults_by_operator.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.name_server_faults_by_operator.hint IS 'How to mend it; empty where there is nothing to mend.';
