-- The rows of what was seen, with the entries of the dictionaries in their places. Private, as the tables are: the columns are those
-- of src/survey/facts.ts. Dictionaries are joined from the left on their keys, so that those which a reader does not ask for cost nothing.

CREATE VIEW dane.domain_fact AS
SELECT s.census_id, s.ordinal, s.mail, l.outcome AS mx_outcome, l.status AS mx_status, l.reason AS mx_reason, l.rcode AS mx_rcode,
       s.mx_ttl, s.mx_set, CASE WHEN s.zone_apex = '@' THEN d.name ELSE s.zone_apex END AS zone_apex, z.zone_status, z.zone_reason,
       z.ds_algorithms, z.ds_digest_types, z.dnskey_algorithms, z.denial, z.nsec3_iterations, z.nsec3_opt_out, z.name_servers,
       z.dns_providers,
       s.soa_rname, s.soa_serial, z.soa_refresh, z.soa_retry, z.soa_expire, z.soa_minimum, s.mta_sts, s.tls_rpt, s.delegation_from_list,
       coalesce(s.mx_aliases, '{}') AS mx_aliases, s.seen_at
  FROM dane.domain_look s
  LEFT JOIN dane.domain d ON d.census_id = s.census_id AND d.ordinal = s.ordinal
  LEFT JOIN dane.lookup l ON l.lookup = s.mx_lookup
  LEFT JOIN dane.zone_setup z ON z.zone_setup = s.zone_setup;

CREATE VIEW dane.mx_edge AS
SELECT s.census_id, s.ordinal, m.preference, m.host
  FROM dane.domain_look s
  JOIN dane.mx_set m ON m.mx_set = s.mx_set;

-- One row per host that a domain of the census names, with how many domains do: sets of MX hosts are counted, not edges.
CREATE VIEW dane.host_use AS
SELECT s.census_id, m.host, sum(s.domains)::bigint AS domains
  FROM (SELECT census_id, mx_set, count(*) AS domains FROM dane.domain_look WHERE mx_set IS NOT NULL GROUP BY census_id, mx_set) s
  JOIN (SELECT DISTINCT mx_set, host FROM dane.mx_set) m ON m.mx_set = s.mx_set
 GROUP BY s.census_id, m.host;

CREATE VIEW dane.host_fact AS
SELECT s.census_id, s.host, a.outcome AS a_outcome, a.status AS a_status, a.reason AS a_reason, a.rcode AS a_rcode, s.a_ttl,
       b.outcome AS aaaa_outcome, b.status AS aaaa_status, b.reason AS aaaa_reason, b.rcode AS aaaa_rcode, s.aaaa_ttl,
       coalesce(s.aliases, '{}') AS aliases, CASE WHEN s.tlsa_base = '@' THEN s.host ELSE s.tlsa_base END AS tlsa_base,
       t.outcome AS tlsa_lookup, t.status AS tlsa_status, t.reason AS tlsa_lookup_reason, t.rcode AS tlsa_rcode, s.tlsa_ttl,
       s.tlsa_outcome, s.tlsa_reason, s.ancestor_consequence, s.verdict, s.reason, s.seen_at
  FROM dane.host_look s
  LEFT JOIN dane.lookup a ON a.lookup = s.a_lookup
  LEFT JOIN dane.lookup b ON b.lookup = s.aaaa_lookup
  LEFT JOIN dane.lookup t ON t.lookup = s.tlsa_lookup;

CREATE VIEW dane.endpoint AS
SELECT s.census_id, s.host, s.address, s.reached, s.fault, s.because, s.banner, e.keywords AS capabilities,
       i.keywords AS capabilities_in_tls, s.starttls_offered, s.second_key, s.verdict, s.reason, s.matched, s.matched_depth,
       s.seen_at, s.tls12, s.tls13, s.without_sni, c.certificates AS chain_without_sni, s.matched_without_sni
  FROM dane.endpoint_look s
  LEFT JOIN dane.ehlo e ON e.ehlo = s.ehlo
  LEFT JOIN dane.ehlo i ON i.ehlo = s.ehlo_in_tls
  LEFT JOIN dane.chain c ON c.chain = s.chain_without_sni;

CREATE VIEW dane.handshake AS
SELECT s.census_id, s.host, s.address, s.number, s.key_algorithm, s.key_bits, s.protocol, s.cipher, c.certificates AS chain,
       s.leaf_spki, s.reason, s.names_instead
  FROM dane.handshake_look s
  LEFT JOIN dane.chain c ON c.chain = s.chain;

-- Whether some endpoint shows what a usable record describes (RFC 7671 §5): an anchor only above the leaf. Null where none showed a
-- certificate, for a record that cannot be used, and in rows of before it was kept.
CREATE VIEW dane.tlsa_match AS
SELECT t.*, CASE WHEN t.reason IS NULL THEN CASE WHEN t.usage = 2 THEN t.matched_above ELSE t.matched_leaf END END AS matched_some
  FROM dane.tlsa_record t;
