-- Keys and certificates that several MX hosts show. All hosts that came to TLS count, with TLSA records or without; a second key is
-- looked for at hosts with usable TLSA records only, so that of the others these are the least counts.

CREATE VIEW dane.shown_leaf AS
SELECT s.census_id, s.host, h.provider, f.tlsa_outcome, s.sha256, s.spki, s.key_algorithm
  FROM (SELECT DISTINCT census_id, host, chain[1] AS sha256, leaf_spki AS spki, key_algorithm
          FROM dane.handshake WHERE cardinality(chain) > 0) s
  JOIN dane.host h ON h.census_id = s.census_id AND h.host = s.host
  JOIN dane.host_fact f ON f.census_id = s.census_id AND f.host = s.host;

-- One row per key and host, and one per key. Grouped step by step: to count different hosts at once would sort all of them.
CREATE VIEW dane.key_host AS
SELECT s.census_id, s.spki, s.host, h.provider, f.tlsa_outcome, s.key_algorithm
  FROM (SELECT census_id, leaf_spki AS spki, host, min(key_algorithm) AS key_algorithm
          FROM dane.handshake WHERE leaf_spki IS NOT NULL GROUP BY census_id, leaf_spki, host) s
  JOIN dane.host h ON h.census_id = s.census_id AND h.host = s.host
  JOIN dane.host_fact f ON f.census_id = s.census_id AND f.host = s.host;

CREATE VIEW dane.key_use AS
SELECT census_id, spki, min(key_algorithm) AS key_algorithm, sum(hosts)::bigint AS hosts, count(*) AS providers,
       sum(dane_hosts)::bigint AS dane_hosts,
       CASE WHEN sum(hosts) = 1 THEN '1' WHEN sum(hosts) = 2 THEN '2' WHEN sum(hosts) < 10 THEN '3-9'
            WHEN sum(hosts) < 100 THEN '10-99' ELSE '100 and more' END AS size
  FROM (SELECT census_id, spki, provider, min(key_algorithm) AS key_algorithm, count(*) AS hosts,
               count(*) FILTER (WHERE tlsa_outcome = 'usable') AS dane_hosts
          FROM dane.key_host GROUP BY census_id, spki, provider) p
 GROUP BY census_id, spki;

CREATE VIEW published.key_reuse AS
SELECT c.census_id, c.size, c.keys, dane.share(c.keys, sum(c.keys) OVER (PARTITION BY c.census_id)) AS keys_share, c.several_providers,
       u.hosts, u.dane_hosts, coalesce(d.domains, 0) AS domains, d.weight
  FROM (SELECT census_id, size, count(*) AS keys, count(*) FILTER (WHERE providers > 1) AS several_providers
          FROM dane.key_use GROUP BY census_id, size) c
  JOIN (SELECT x.census_id, x.size, count(*) AS hosts, count(*) FILTER (WHERE x.tlsa_outcome = 'usable') AS dane_hosts
          FROM (SELECT DISTINCT k.census_id, k.size, l.host, l.tlsa_outcome
                  FROM dane.key_use k
                  JOIN dane.key_host l ON l.census_id = k.census_id AND l.spki = k.spki) x
         GROUP BY x.census_id, x.size) u ON u.census_id = c.census_id AND u.size = c.size
  LEFT JOIN (SELECT x.census_id, x.size, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT k.census_id, k.size, e.ordinal
                       FROM dane.key_use k
                       JOIN dane.key_host l ON l.census_id = k.census_id AND l.spki = k.spki
                       JOIN dane.mx_edge e ON e.census_id = l.census_id AND e.host = l.host) x
               JOIN dane.domain w ON w.census_id = x.census_id AND w.ordinal = x.ordinal
              GROUP BY x.census_id, x.size) d ON d.census_id = c.census_id AND d.size = c.size;
COMMENT ON VIEW published.key_reuse IS 'How many MX hosts show the same public key: the keys by the number of hosts that show each.';
COMMENT ON COLUMN published.key_reuse.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.key_reuse.size IS 'Hosts that show the key: 1, 2, 3-9, 10-99, 100 and more.';
COMMENT ON COLUMN published.key_reuse.keys IS 'Different public keys (SubjectPublicKeyInfo) of leaf certificates that so many hosts show.';
COMMENT ON COLUMN published.key_reuse.keys_share IS 'keys divided by all different keys seen.';
COMMENT ON COLUMN published.key_reuse.several_providers IS 'Of keys, those that hosts of two or more providers (registrable domains) show.';
COMMENT ON COLUMN published.key_reuse.hosts IS 'Different MX hosts that show one of keys; a host with two keys may count in two rows.';
COMMENT ON COLUMN published.key_reuse.dane_hosts IS 'Of hosts, those with usable TLSA records.';
COMMENT ON COLUMN published.key_reuse.domains IS 'Domains that name one of hosts; a domain may count in several rows.';
COMMENT ON COLUMN published.key_reuse.weight IS 'Sum of the weights of domains; null where no list gave any.';

CREATE VIEW published.shared_keys AS
SELECT k.census_id, encode(k.spki, 'hex') AS spki_sha256, k.key_algorithm, k.hosts, k.dane_hosts, k.providers, o.named AS provider_names,
       c.certificates, coalesce(d.domains, 0) AS domains, d.weight
  FROM dane.key_use k
  LEFT JOIN (SELECT census_id, spki, string_agg(provider, ' ' ORDER BY hosts DESC, provider COLLATE "C") AS named
               FROM (SELECT l.census_id, l.spki, l.provider, count(*) AS hosts,
                            row_number() OVER (PARTITION BY l.census_id, l.spki
                                               ORDER BY count(*) DESC, l.provider COLLATE "C") AS place
                       FROM dane.key_host l
                       JOIN dane.key_use u ON u.census_id = l.census_id AND u.spki = l.spki AND u.hosts > 1
                      GROUP BY l.census_id, l.spki, l.provider) p
              WHERE place <= 5 GROUP BY census_id, spki) o ON o.census_id = k.census_id AND o.spki = k.spki
  LEFT JOIN (SELECT census_id, spki, count(*) AS certificates
               FROM (SELECT DISTINCT census_id, leaf_spki AS spki, chain[1] AS sha256 FROM dane.handshake
                      WHERE leaf_spki IS NOT NULL) s
              GROUP BY census_id, spki) c ON c.census_id = k.census_id AND c.spki = k.spki
  LEFT JOIN (SELECT x.census_id, x.spki, count(*) AS domains, round(sum(w.weight::numeric), 6)::float8 AS weight
               FROM (SELECT DISTINCT k.census_id, k.spki, e.ordinal
                       FROM dane.key_use k
                       JOIN dane.key_host l ON l.census_id = k.census_id AND l.spki = k.spki
                       JOIN dane.mx_edge e ON e.census_id = l.census_id AND e.host = l.host
                      WHERE k.hosts > 1) x
               JOIN dane.domain w ON w.census_id = x.census_id AND w.ordinal = x.ordinal
              GROUP BY x.census_id, x.spki) d ON d.census_id = k.census_id AND d.spki = k.spki
 WHERE k.hosts > 1;
COMMENT ON VIEW published.shared_keys IS 'One row per public key that two or more MX hosts show: one mistake at its change stops all of them, and whoever has it can be each of them.';
COMMENT ON COLUMN published.shared_keys.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.shared_keys.spki_sha256 IS 'SHA-256 of the SubjectPublicKeyInfo, hexadecimal: what 3 1 1 records of it hold.';
COMMENT ON COLUMN published.shared_keys.key_algorithm IS 'rsa, rsa-pss, ec, ed25519, …';
COMMENT ON COLUMN published.shared_keys.hosts IS 'Different MX hosts that show it.';
COMMENT ON COLUMN published.shared_keys.dane_hosts IS 'Of hosts, those with usable TLSA records.';
COMMENT ON COLUMN published.shared_keys.providers IS 'Different providers (registrable domains) of hosts.';
COMMENT ON COLUMN published.shared_keys.provider_names IS 'The providers with the most of these hosts, five at most, the first in front.';
COMMENT ON COLUMN published.shared_keys.certificates IS 'Different leaf certificates with this key.';
COMMENT ON COLUMN published.shared_keys.domains IS 'Domains that name one of hosts.';
COMMENT ON COLUMN published.shared_keys.weight IS 'Sum of the weights of domains; null where no list gave any.';

CREATE VIEW published.certificate_reuse AS
SELECT census_id, size, count(*) AS certificates, dane.share(count(*), sum(count(*)) OVER (PARTITION BY census_id)) AS certificates_share,
       count(*) FILTER (WHERE providers > 1) AS several_providers, sum(hosts)::bigint AS uses
  FROM (SELECT census_id, sha256, count(DISTINCT host) AS hosts, count(DISTINCT provider) AS providers,
               CASE WHEN count(DISTINCT host) = 1 THEN '1' WHEN count(DISTINCT host) = 2 THEN '2'
                    WHEN count(DISTINCT host) < 10 THEN '3-9' WHEN count(DISTINCT host) < 100 THEN '10-99'
                    ELSE '100 and more' END AS size
          FROM dane.shown_leaf GROUP BY census_id, sha256) c
 GROUP BY census_id, size;
COMMENT ON VIEW published.certificate_reuse IS 'How many MX hosts show the same leaf certificate: the certificates by the number of hosts that show each.';
COMMENT ON COLUMN published.certificate_reuse.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.certificate_reuse.size IS 'Hosts that show the certificate: 1, 2, 3-9, 10-99, 100 and more.';
COMMENT ON COLUMN published.certificate_reuse.certificates IS 'Different leaf certificates that so many hosts show.';
COMMENT ON COLUMN published.certificate_reuse.certificates_share IS 'certificates divided by all different leaf certificates seen.';
COMMENT ON COLUMN published.certificate_reuse.several_providers IS 'Of certificates, those that hosts of two or more providers show.';
COMMENT ON COLUMN published.certificate_reuse.uses IS 'Sum over certificates of the hosts that show each.';

CREATE VIEW published.certificate_kinds AS
SELECT census_id, tlsa_outcome, kind, count(DISTINCT sha256) AS certificates, count(DISTINCT host) AS hosts,
       dane.share(count(DISTINCT sha256), sum(count(DISTINCT sha256)) FILTER (WHERE kind <> 'unreadable')
                                            OVER (PARTITION BY census_id, tlsa_outcome))
         * CASE WHEN kind <> 'unreadable' THEN 1 END AS certificates_share
  FROM (SELECT l.census_id, l.tlsa_outcome, l.host, l.sha256,
               CASE WHEN l.spki IS NULL THEN 'unreadable' WHEN c.self_signed THEN 'self-signed' ELSE 'issued' END AS kind
          FROM dane.shown_leaf l
          JOIN dane.certificate c ON c.sha256 = l.sha256) k
 GROUP BY census_id, tlsa_outcome, kind;
COMMENT ON VIEW published.certificate_kinds IS 'Self-signed leaf certificates against those that another key signed, by the TLSA outcome of the hosts that show them (facts of the field, 1.2: S18).';
COMMENT ON COLUMN published.certificate_kinds.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.certificate_kinds.tlsa_outcome IS 'Of the host: usable, unusable, none, lookup-failed.';
COMMENT ON COLUMN published.certificate_kinds.kind IS 'self-signed (its own key verifies it), issued (another key signed it, of a public CA or of a private one), unreadable.';
COMMENT ON COLUMN published.certificate_kinds.certificates IS 'Different leaf certificates of this kind that such hosts show.';
COMMENT ON COLUMN published.certificate_kinds.hosts IS 'Different MX hosts that show one.';
COMMENT ON COLUMN published.certificate_kinds.certificates_share IS 'certificates divided by all readable leaf certificates of hosts with this outcome; null for unreadable.';

CREATE VIEW published.certificate_issuers AS
SELECT l.census_id, CASE WHEN c.self_signed THEN 'self-signed' ELSE c.issuer END AS issuer, count(DISTINCT l.sha256) AS certificates,
       count(DISTINCT l.host) AS hosts, n.hosts AS of_hosts, dane.share(count(DISTINCT l.host), n.hosts) AS hosts_share,
       count(DISTINCT l.host) FILTER (WHERE l.tlsa_outcome = 'usable') AS dane_hosts, n.dane_hosts AS of_dane_hosts,
       dane.share(count(DISTINCT l.host) FILTER (WHERE l.tlsa_outcome = 'usable'), n.dane_hosts) AS dane_hosts_share
  FROM dane.shown_leaf l
  JOIN dane.certificate c ON c.sha256 = l.sha256
  JOIN (SELECT census_id, count(DISTINCT host) AS hosts, count(DISTINCT host) FILTER (WHERE tlsa_outcome = 'usable') AS dane_hosts
          FROM dane.shown_leaf WHERE spki IS NOT NULL GROUP BY census_id) n ON n.census_id = l.census_id
 WHERE l.spki IS NOT NULL
 GROUP BY l.census_id, CASE WHEN c.self_signed THEN 'self-signed' ELSE c.issuer END, n.hosts, n.dane_hosts;
COMMENT ON VIEW published.certificate_issuers IS 'Who issued the leaf certificates. Those that cannot be read are left out (certificate_kinds).';
COMMENT ON COLUMN published.certificate_issuers.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.certificate_issuers.issuer IS 'The name of the issuer as the certificate has it, text from the network; self-signed for all that are.';
COMMENT ON COLUMN published.certificate_issuers.certificates IS 'Different leaf certificates that it issued.';
COMMENT ON COLUMN published.certificate_issuers.hosts IS 'Different MX hosts that show one.';
COMMENT ON COLUMN published.certificate_issuers.of_hosts IS 'Different MX hosts that showed a readable certificate: the denominator of hosts_share.';
COMMENT ON COLUMN published.certificate_issuers.hosts_share IS 'hosts divided by of_hosts; a host with certificates of two issuers counts at both.';
COMMENT ON COLUMN published.certificate_issuers.dane_hosts IS 'Of hosts, those with usable TLSA records.';
COMMENT ON COLUMN published.certificate_issuers.of_dane_hosts IS 'Of of_hosts, those with usable TLSA records: the denominator of dane_hosts_share.';
COMMENT ON COLUMN published.certificate_issuers.dane_hosts_share IS 'dane_hosts divided by of_dane_hosts; null where that is 0.';
