-- The same population seen from several vantages side by side: a census, and those that were run beside it. Rows belong to the
-- census that the others stand beside. What one vantage could not look at is shown, and is no disagreement.

-- The finished censuses of each group of two or more.
CREATE VIEW dane.side_by_side AS
SELECT g.side AS census_id, g.census_id AS seen_by, g.vantage, g.vantages
  FROM (SELECT coalesce(c.beside, c.census_id) AS side, c.census_id, c.vantage,
               count(*) OVER (PARTITION BY coalesce(c.beside, c.census_id)) AS vantages
          FROM dane.census c WHERE c.stage = 'finished' AND c.rejudged_from IS NULL) g
 WHERE g.vantages > 1;

CREATE VIEW published.vantage_endpoints AS
SELECT s.census_id, e.host, host(e.address) AS address, s.vantage, s.seen_by, e.reached, e.fault, e.because, e.verdict, e.reason,
       f.tlsa_outcome, k.key_algorithm, encode(k.leaf_spki, 'hex') AS leaf_key, encode(k.chain[1], 'hex') AS leaf_certificate, e.seen_at
  FROM dane.side_by_side s
  JOIN dane.endpoint e ON e.census_id = s.seen_by
  LEFT JOIN dane.host_fact f ON f.census_id = e.census_id AND f.host = e.host
  LEFT JOIN dane.handshake k ON k.census_id = e.census_id AND k.host = e.host AND k.address = e.address AND k.number = 0;
COMMENT ON VIEW published.vantage_endpoints IS 'One row per endpoint and vantage, of the censuses that stand side by side (run --beside). An endpoint that a vantage was not told of by the DNS has no row of it.';
COMMENT ON COLUMN published.vantage_endpoints.census_id IS 'The census that the others stand beside (census_overview.census_id).';
COMMENT ON COLUMN published.vantage_endpoints.host IS 'The MX host.';
COMMENT ON COLUMN published.vantage_endpoints.address IS 'The IPv4 or IPv6 address.';
COMMENT ON COLUMN published.vantage_endpoints.vantage IS 'Where it was seen from.';
COMMENT ON COLUMN published.vantage_endpoints.seen_by IS 'The census that saw it.';
COMMENT ON COLUMN published.vantage_endpoints.reached IS 'How far the probe came: nothing, connect, greeting, ehlo, starttls, tls.';
COMMENT ON COLUMN published.vantage_endpoints.fault IS 'Whose fault it was that it came no further: theirs, network, ours; null where it came to TLS.';
COMMENT ON COLUMN published.vantage_endpoints.because IS 'What stopped it; null where it came to TLS.';
COMMENT ON COLUMN published.vantage_endpoints.verdict IS 'authenticated, degraded, failed, encrypted, cleartext, unknown (could not look).';
COMMENT ON COLUMN published.vantage_endpoints.reason IS 'Why the verdict is what it is.';
COMMENT ON COLUMN published.vantage_endpoints.tlsa_outcome IS 'TLSA outcome of the host from there: usable, unusable, none, lookup-failed.';
COMMENT ON COLUMN published.vantage_endpoints.key_algorithm IS 'Algorithm of the key that the server chose freely; null where it came to no TLS.';
COMMENT ON COLUMN published.vantage_endpoints.leaf_key IS 'SHA-256 of that key; null where it came to no TLS, or the certificate cannot be read.';
COMMENT ON COLUMN published.vantage_endpoints.leaf_certificate IS 'SHA-256 of the leaf of the same handshake; null where it came to no TLS.';
COMMENT ON COLUMN published.vantage_endpoints.seen_at IS 'When it was probed from there.';

-- What each vantage saw, as text; null where it could not look.
CREATE VIEW dane.vantage_sight AS
SELECT s.census_id, s.vantages, s.vantage, 'endpoint' AS subject, e.host AS name, host(e.address) AS address, w.what, w.saw
  FROM dane.side_by_side s
  JOIN dane.endpoint e ON e.census_id = s.seen_by
  LEFT JOIN dane.handshake k ON k.census_id = e.census_id AND k.host = e.host AND k.address = e.address AND k.number = 0
 CROSS JOIN LATERAL (VALUES ('verdict', CASE WHEN e.verdict <> 'unknown' THEN e.verdict END),
                            ('reach', CASE WHEN coalesce(e.fault, 'theirs') = 'theirs' THEN e.reached END),
                            ('certificate', encode(k.chain[1], 'hex'))) AS w (what, saw)
UNION ALL
SELECT s.census_id, s.vantages, s.vantage, 'host', f.host, NULL, w.what, w.saw
  FROM dane.side_by_side s
  JOIN dane.host_fact f ON f.census_id = s.seen_by
  LEFT JOIN dane.reason r ON r.reason = f.tlsa_reason
  LEFT JOIN (SELECT e.census_id, e.host, string_agg(host(e.address), ' ' ORDER BY e.address) AS addresses
               FROM dane.endpoint e GROUP BY e.census_id, e.host) a ON a.census_id = f.census_id AND a.host = f.host
 CROSS JOIN LATERAL (VALUES ('tlsa', CASE WHEN f.tlsa_outcome <> 'lookup-failed' OR r.mender IS DISTINCT FROM 'ours' THEN f.tlsa_outcome END),
                            ('addresses', CASE WHEN f.a_outcome <> 'failed' AND f.aaaa_outcome <> 'failed' THEN coalesce(a.addresses, '') END))
       AS w (what, saw)
UNION ALL
SELECT s.census_id, s.vantages, s.vantage, 'domain', d.name, NULL, w.what, w.saw
  FROM dane.side_by_side s
  JOIN dane.domain d ON d.census_id = s.seen_by
  LEFT JOIN dane.domain_fact f ON f.census_id = d.census_id AND f.ordinal = d.ordinal
  LEFT JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
 CROSS JOIN LATERAL (VALUES ('verdict', CASE WHEN v.verdict <> 'unknown' THEN v.verdict END),
                            ('mx-status', CASE WHEN f.mx_status <> 'indeterminate' THEN f.mx_status END)) AS w (what, saw);

CREATE VIEW dane.vantage_comparison AS
SELECT p.census_id, p.subject, p.name, p.address, p.what, p.vantages,
       CASE WHEN p.different > 1 THEN 'differ' WHEN p.looked < p.vantages THEN 'not-looked' ELSE 'agree' END AS state, p.seen
  FROM (SELECT t.census_id, t.subject, t.name, t.address, t.what, t.vantages, count(DISTINCT t.saw) AS different, count(t.saw) AS looked,
               array_agg(t.vantage || ': ' || coalesce(nullif(t.saw, ''), CASE WHEN t.saw IS NULL THEN 'could not look' ELSE 'none' END)
                         ORDER BY t.vantage COLLATE "C") AS seen
          FROM dane.vantage_sight t
         GROUP BY t.census_id, t.subject, t.name, t.address, t.what, t.vantages) p;

CREATE VIEW published.vantage_disagreements AS
SELECT census_id, subject, name, address, what, state, vantages, seen FROM dane.vantage_comparison WHERE state <> 'agree';
COMMENT ON VIEW published.vantage_disagreements IS 'Domains, MX hosts and endpoints that look different from different vantages, of the censuses that stand side by side; and those that some vantage could not look at, which is no disagreement. The moments differ too: what changed between them shows here.';
COMMENT ON COLUMN published.vantage_disagreements.census_id IS 'The census that the others stand beside (census_overview.census_id).';
COMMENT ON COLUMN published.vantage_disagreements.subject IS 'domain, host or endpoint.';
COMMENT ON COLUMN published.vantage_disagreements.name IS 'The domain; of an endpoint its MX host.';
COMMENT ON COLUMN published.vantage_disagreements.address IS 'The address of an endpoint; else null.';
COMMENT ON COLUMN published.vantage_disagreements.what IS 'What is held against each other: of domains verdict and mx-status; of hosts tlsa (the outcome) and addresses; of endpoints verdict, reach (how far the probe came, unless it was stopped by the network or by a fault of ours) and certificate (the leaf that the server chose freely).';
COMMENT ON COLUMN published.vantage_disagreements.state IS 'differ (two vantages that looked saw different things), not-looked (those that looked saw the same, but not all of them could look, or were told of the endpoint).';
COMMENT ON COLUMN published.vantage_disagreements.vantages IS 'How many censuses stand side by side.';
COMMENT ON COLUMN published.vantage_disagreements.seen IS 'Each vantage and what it saw; "could not look" where it could not, and no entry where it was not told of the endpoint.';

CREATE VIEW published.vantage_agreement AS
SELECT t.census_id, t.subject, t.what, t.vantages, t.agree, t.differ, t.not_looked, dane.share(t.differ, t.agree + t.differ) AS differ_share
  FROM (SELECT c.census_id, c.subject, c.what, c.vantages, count(*) FILTER (WHERE c.state = 'agree') AS agree,
               count(*) FILTER (WHERE c.state = 'differ') AS differ, count(*) FILTER (WHERE c.state = 'not-looked') AS not_looked
          FROM dane.vantage_comparison c GROUP BY c.census_id, c.subject, c.what, c.vantages) t;
COMMENT ON VIEW published.vantage_agreement IS 'How far the vantages of censuses that stand side by side agree (vantage_disagreements lists what does not).';
COMMENT ON COLUMN published.vantage_agreement.census_id IS 'The census that the others stand beside (census_overview.census_id).';
COMMENT ON COLUMN published.vantage_agreement.subject IS 'domain, host or endpoint.';
COMMENT ON COLUMN published.vantage_agreement.what IS 'As in vantage_disagreements.';
COMMENT ON COLUMN published.vantage_agreement.vantages IS 'How many censuses stand side by side.';
COMMENT ON COLUMN published.vantage_agreement.agree IS 'Subjects that every vantage could look at, and of which all saw the same.';
COMMENT ON COLUMN published.vantage_agreement.differ IS 'Subjects of which two vantages that could look saw different things.';
COMMENT ON COLUMN published.vantage_agreement.not_looked IS 'Subjects of which those that looked saw the same, but not every vantage could look; in no share.';
COMMENT ON COLUMN published.vantage_agreement.differ_share IS 'differ divided by agree and differ; null where both are 0.';
