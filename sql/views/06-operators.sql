-- Who runs MX hosts, and who runs the name servers of zones: the operator of the longest suffix of the name that
-- dane.operator_suffix holds, else its registrable domain. Each name is looked up once per count of labels, by hash joins.

CREATE VIEW dane.host_operator AS
SELECT h.census_id, h.host, h.provider,
       coalesce(s5.operator, s4.operator, s3.operator, s2.operator, s1.operator, h.provider) AS operator
  FROM dane.host h
  LEFT JOIN dane.operator_suffix s5 ON s5.suffix = dane.last_labels(h.host, 5)
  LEFT JOIN dane.operator_suffix s4 ON s4.suffix = dane.last_labels(h.host, 4)
  LEFT JOIN dane.operator_suffix s3 ON s3.suffix = dane.last_labels(h.host, 3)
  LEFT JOIN dane.operator_suffix s2 ON s2.suffix = dane.last_labels(h.host, 2)
  LEFT JOIN dane.operator_suffix s1 ON s1.suffix = dane.last_labels(h.host, 1);
COMMENT ON VIEW dane.host_operator IS 'One row per MX host: its registrable domain and its operator.';

CREATE VIEW dane.name_server_operator AS
SELECT n.census_id, n.name_servers, n.server,
       coalesce(s5.operator, s4.operator, s3.operator, s2.operator, s1.operator, n.provider) AS operator
  FROM (SELECT z.census_id, z.name_servers, s.server, max(p.provider) AS provider
          FROM (SELECT census_id, name_servers, max(dns_providers) AS dns_providers
                  FROM dane.domain_fact
                 WHERE name_servers IS NOT NULL
                 GROUP BY census_id, name_servers) z
          CROSS JOIN LATERAL unnest(z.name_servers) s (server)
          LEFT JOIN LATERAL unnest(z.dns_providers) p (provider)
            ON p.provider = s.server OR right(s.server, length(p.provider) + 1) = '.' || p.provider
         GROUP BY z.census_id, z.name_servers, s.server) n
  LEFT JOIN dane.operator_suffix s5 ON s5.suffix = dane.last_labels(n.server, 5)
  LEFT JOIN dane.operator_suffix s4 ON s4.suffix = dane.last_labels(n.server, 4)
  LEFT JOIN dane.operator_suffix s3 ON s3.suffix = dane.last_labels(n.server, 3)
  LEFT JOIN dane.operator_suffix s2 ON s2.suffix = dane.last_labels(n.server, 2)
  LEFT JOIN dane.operator_suffix s1 ON s1.suffix = dane.last_labels(n.server, 1);
COMMENT ON VIEW dane.name_server_operator IS 'One row per different set of name servers and server in it: its operator; null where neither a suffix nor its registrable domain is known (rows of before schema 10).';

-- A zone with name servers of several operators has several rows: each of them can break it, and each must act for it to change.
CREATE VIEW dane.domain_dns_operator AS
SELECT f.census_id, f.ordinal, o.operator
  FROM dane.domain_fact f
  LEFT JOIN (SELECT DISTINCT census_id, name_servers, operator FROM dane.name_server_operator) o
    ON o.census_id = f.census_id AND o.name_servers = f.name_servers;
COMMENT ON VIEW dane.domain_dns_operator IS 'One row per domain looked at and operator of the name servers of its zone; null where these are not known.';

-- Not made distinct here: whoever leaves out rows first has fewer to compare.
CREATE VIEW dane.domain_host AS
SELECT e.census_id, e.ordinal, e.host, o.provider, o.operator
  FROM dane.mx_edge e
  JOIN dane.host_operator o ON o.census_id = e.census_id AND o.host = e.host;
COMMENT ON VIEW dane.domain_host IS 'One row per domain and MX host that it names (several where it names it with several preferences), with provider and operator of the host.';
