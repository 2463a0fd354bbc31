-- TLSA records as published. Only secure RRsets count.

CREATE VIEW published.tlsa_parameters AS
SELECT t.census_id, t.usage, t.selector, t.matching_type, t.reason, count(*) AS records, count(DISTINCT t.host) AS hosts
  FROM dane.tlsa_record t
  JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_status = 'secure'
 GROUP BY t.census_id, t.usage, t.selector, t.matching_type, t.reason;
COMMENT ON VIEW published.tlsa_parameters IS 'Usage, selector and matching type of secure TLSA records.';
COMMENT ON COLUMN published.tlsa_parameters.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_parameters.usage IS 'Certificate usage (RFC 6698 §2.1.1).';
COMMENT ON COLUMN published.tlsa_parameters.selector IS 'Selector (RFC 6698 §2.1.2).';
COMMENT ON COLUMN published.tlsa_parameters.matching_type IS 'Matching type (RFC 6698 §2.1.3).';
COMMENT ON COLUMN published.tlsa_parameters.reason IS 'Why such records cannot be used; null for those that can.';
COMMENT ON COLUMN published.tlsa_parameters.records IS 'Records with these, over MX hosts whose TLSA RRset is secure; each MX host counts once, however many domains name it.';
COMMENT ON COLUMN published.tlsa_parameters.hosts IS 'Different MX hosts with such a record.';

CREATE VIEW published.tlsa_combinations AS
SELECT c.census_id, c.combination, count(*) AS hosts
  FROM (SELECT t.census_id, t.host,
               string_agg(concat_ws(' ', t.usage, t.selector, t.matching_type), ' + '
                          ORDER BY t.usage, t.selector, t.matching_type) AS combination
          FROM dane.tlsa_record t
          JOIN dane.host_fact f ON f.census_id = t.census_id AND f.host = t.host AND f.tlsa_status = 'secure'
         GROUP BY t.census_id, t.host) c
 GROUP BY c.census_id, c.combination;
COMMENT ON VIEW published.tlsa_combinations IS 'Which kinds of TLSA records stand together on one MX host.';
COMMENT ON COLUMN published.tlsa_combinations.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.tlsa_combinations.combination IS 'Usage, selector and matching type of each record of the RRset, sorted; one entry per record.';
COMMENT ON COLUMN published.tlsa_combinations.hosts IS 'MX hosts with exactly this secure RRset shape.';
