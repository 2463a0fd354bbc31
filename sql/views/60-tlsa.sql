-- TLSA records as published. Only secure RRsets count. Domains are those that name the hosts in their MX records (or are the host,
-- without MX), whatever their own security: a domain that names several hosts counts once in a row.

CREATE VIEW dane.secure_tlsa AS
SELECT t.census_id, t.host, t.number, t.usage, t.selector, t.matching_type, t.data, t.reason
  FROM dane.tlsa_record t
  JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_status = 'secure';

CREATE VIEW published.tlsa_parameters AS
SELECT c.census_id, c.usage, c.selector, c.matching_type, c.reason, c.records,
       dane.share(c.records, sum(c.records) OVER (PARTITION BY c.census_id)) AS records_share, c.hosts, n.hosts AS of_hosts,
       dane.share(c.hosts, n.hosts) AS hosts_share, coalesce(d.domains, 0) AS domains, d.weight
  FROM (SELECT census_id, usage, selector, matching_type, reason, count(*) AS records, count(DISTINCT host) AS hosts
          FROM dane.secure_tlsa GROUP BY census_id, usage, selector, matching_type, reason) c
  JOIN (SELECT census_id, count(DISTINCT host) AS hosts FROM dane.secure_tlsa GROUP BY census_id) n ON n.census_id = c.census_id
  LEFT JOIN (SELECT u.census_id, u.usage, u.selector, u.matching_type, u.reason, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT t.census_id, t.usage, t.selector, t.matching_type, t.reason, e.ordinal
                       FROM dane.secure_tlsa t
                       JOIN dane.mx_edge e ON e.census_id = t.census_id AND e.host = t.host) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.usage, u.selector, u.matching_type, u.reason) d
    ON d.census_id = c.census_id AND d.usage = c.usage AND d.selector = c.selector AND d.matching_type = c.matching_type
   AND d.reason IS NOT DISTINCT FROM c.reason;
COMMENT ON VIEW published.tlsa_parameters IS 'Usage, selector and matching type of secure TLSA records.';
COMMENT ON COLUMN published.tlsa_parameters.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_parameters.usage IS 'Certificate usage (RFC 6698 §2.1.1).';
COMMENT ON COLUMN published.tlsa_parameters.selector IS 'Selector (RFC 6698 §2.1.2).';
COMMENT ON COLUMN published.tlsa_parameters.matching_type IS 'Matching type (RFC 6698 §2.1.3).';
COMMENT ON COLUMN published.tlsa_parameters.reason IS 'Why such records cannot be used; null for those that can.';
COMMENT ON COLUMN published.tlsa_parameters.records IS 'Records with these, over MX hosts whose TLSA RRset is secure; each MX host counts once, however many domains name it.';
COMMENT ON COLUMN published.tlsa_parameters.records_share IS 'records divided by all such records.';
COMMENT ON COLUMN published.tlsa_parameters.hosts IS 'Different MX hosts with such a record.';
COMMENT ON COLUMN published.tlsa_parameters.of_hosts IS 'Different MX hosts with a secure TLSA RRset: the denominator of hosts_share.';
COMMENT ON COLUMN published.tlsa_parameters.hosts_share IS 'hosts divided by of_hosts; the shares add up to more than 1 where hosts have several kinds of records.';
COMMENT ON COLUMN published.tlsa_parameters.domains IS 'Domains that name one of hosts.';
COMMENT ON COLUMN published.tlsa_parameters.weight IS 'Sum of the weights of domains; null where no list gave any.';

CREATE VIEW dane.tlsa_combination AS
SELECT census_id, host,
       string_agg(concat_ws(' ', usage, selector, matching_type), ' + ' ORDER BY usage, selector, matching_type) AS combination,
       count(*) FILTER (WHERE reason IS NULL) AS usable_records
  FROM dane.secure_tlsa
 GROUP BY census_id, host;

CREATE VIEW published.tlsa_combinations AS
SELECT c.census_id, c.combination, c.hosts, c.usable_hosts,
       dane.share(c.hosts, sum(c.hosts) OVER (PARTITION BY c.census_id)) AS hosts_share, coalesce(d.domains, 0) AS domains,
       n.domains AS of_domains, dane.share(coalesce(d.domains, 0), n.domains) AS domains_share,
       dane.share_low(c.census_id, coalesce(d.domains, 0), n.domains) AS domains_share_low,
       dane.share_high(c.census_id, coalesce(d.domains, 0), n.domains) AS domains_share_high, d.weight
  FROM (SELECT census_id, combination, count(*) AS hosts, count(*) FILTER (WHERE usable_records > 0) AS usable_hosts
          FROM dane.tlsa_combination GROUP BY census_id, combination) c
  LEFT JOIN (SELECT u.census_id, u.combination, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT t.census_id, t.combination, e.ordinal
                       FROM dane.tlsa_combination t
                       JOIN dane.mx_edge e ON e.census_id = t.census_id AND e.host = t.host) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.combination) d ON d.census_id = c.census_id AND d.combination = c.combination
  LEFT JOIN (SELECT t.census_id, count(DISTINCT e.ordinal) AS domains
               FROM dane.tlsa_combination t
               JOIN dane.mx_edge e ON e.census_id = t.census_id AND e.host = t.host
              GROUP BY t.census_id) n ON n.census_id = c.census_id;
COMMENT ON VIEW published.tlsa_combinations IS 'Which kinds of TLSA records stand together on one MX host.';
COMMENT ON COLUMN published.tlsa_combinations.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_combinations.combination IS 'Usage, selector and matching type of each record of the RRset, sorted; one entry per record, unusable ones included.';
COMMENT ON COLUMN published.tlsa_combinations.hosts IS 'MX hosts with exactly this secure RRset shape.';
COMMENT ON COLUMN published.tlsa_combinations.usable_hosts IS 'Of hosts, those where at least one of the records can authenticate.';
COMMENT ON COLUMN published.tlsa_combinations.hosts_share IS 'hosts divided by all MX hosts with a secure TLSA RRset.';
COMMENT ON COLUMN published.tlsa_combinations.domains IS 'Domains that name one of hosts; a domain with hosts of two shapes counts at both.';
COMMENT ON COLUMN published.tlsa_combinations.of_domains IS 'Domains that name a host with a secure TLSA RRset: the denominator of domains_share; null where there are none.';
COMMENT ON COLUMN published.tlsa_combinations.domains_share IS 'domains divided by of_domains; the shares may add up to more than 1.';
COMMENT ON COLUMN published.tlsa_combinations.domains_share_low IS 'Lower end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.tlsa_combinations.domains_share_high IS 'Upper end of its Wilson interval at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.tlsa_combinations.weight IS 'Sum of the weights of domains; null where no list gave any.';

CREATE VIEW published.tlsa_unusable AS
SELECT c.census_id, c.reason, c.records, c.hosts, c.hosts_without_usable, n.hosts AS of_hosts,
       dane.share(c.hosts, n.hosts) AS hosts_share, coalesce(d.domains, 0) AS domains,
       coalesce(d.domains_without_usable, 0) AS domains_without_usable, d.weight, r.says, r.hint, r.source
  FROM (SELECT t.census_id, t.reason, count(*) AS records, count(DISTINCT t.host) AS hosts,
               count(DISTINCT t.host) FILTER (WHERE k.usable_records = 0) AS hosts_without_usable
          FROM dane.secure_tlsa t
          JOIN dane.tlsa_combination k ON k.census_id = t.census_id AND k.host = t.host
         WHERE t.reason IS NOT NULL
         GROUP BY t.census_id, t.reason) c
  JOIN (SELECT census_id, count(*) AS hosts FROM dane.tlsa_combination GROUP BY census_id) n ON n.census_id = c.census_id
  LEFT JOIN (SELECT u.census_id, u.reason, count(*) AS domains, count(*) FILTER (WHERE u.without) AS domains_without_usable,
                    round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT t.census_id, t.reason, e.ordinal, bool_or(k.usable_records = 0) AS without
                       FROM dane.secure_tlsa t
                       JOIN dane.tlsa_combination k ON k.census_id = t.census_id AND k.host = t.host
                       JOIN dane.mx_edge e ON e.census_id = t.census_id AND e.host = t.host
                      WHERE t.reason IS NOT NULL
                      GROUP BY t.census_id, t.reason, e.ordinal) u
               JOIN dane.domain w ON w.census_id = u.census_id AND w.ordinal = u.ordinal
              GROUP BY u.census_id, u.reason) d ON d.census_id = c.census_id AND d.reason = c.reason
  LEFT JOIN dane.reason r ON r.reason = c.reason;
COMMENT ON VIEW published.tlsa_unusable IS 'Secure TLSA records that cannot authenticate a mail server, by reason.';
COMMENT ON COLUMN published.tlsa_unusable.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_unusable.reason IS 'Why they cannot: usage-pkix (RFC 7672 §3.1.3), superseded-digest (a stronger one stands beside it, RFC 7671 §9: no fault), …';
COMMENT ON COLUMN published.tlsa_unusable.records IS 'Records of MX hosts with a secure TLSA RRset of which this is so.';
COMMENT ON COLUMN published.tlsa_unusable.hosts IS 'Different MX hosts with such a record.';
COMMENT ON COLUMN published.tlsa_unusable.hosts_without_usable IS 'Of hosts, those with no record that can authenticate: senders encrypt, and cannot know to whom (RFC 7672 §2.2).';
COMMENT ON COLUMN published.tlsa_unusable.of_hosts IS 'Different MX hosts with a secure TLSA RRset: the denominator of hosts_share.';
COMMENT ON COLUMN published.tlsa_unusable.hosts_share IS 'hosts divided by of_hosts.';
COMMENT ON COLUMN published.tlsa_unusable.domains IS 'Domains that name one of hosts.';
COMMENT ON COLUMN published.tlsa_unusable.domains_without_usable IS 'Domains that name one of hosts_without_usable.';
COMMENT ON COLUMN published.tlsa_unusable.weight IS 'Sum of the weights of domains; null where no list gave any.';
COMMENT ON COLUMN published.tlsa_unusable.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.tlsa_unusable.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.tlsa_unusable.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
