-- Roll-overs, from what is remembered over all censuses of a vantage (012-time.sql). A record is of a certificate by its digest
-- alone, so that what only looks like a scheme is none: one key described twice, usage 2 on the leaf, usage 2 on what is not sent
-- above the leaf, and the RSA and ECDSA keys that are both in use.

-- Which record is of which certificate, as its leaf (usage 3) or as something above it (usage 2), whenever either was seen.
CREATE VIEW dane.tlsa_of_key AS
SELECT t.vantage, t.host, t.usage, t.selector, t.matching_type, t.digest, t.ttl, t.first_census AS tlsa_first_census,
       t.last_census AS tlsa_last_census, t.first_at AS tlsa_first_at, t.last_at AS tlsa_last_at, t.absent_at AS tlsa_absent_at,
       t.gone_at AS tlsa_gone_at, t.gone_census AS tlsa_gone_census,
       k.certificate, k.first_at AS key_first_at, k.last_at AS key_last_at, k.gone_at AS key_gone_at
  FROM dane.tlsa_seen t
  JOIN dane.key_seen k ON k.vantage = t.vantage AND k.host = t.host
   AND (t.usage = 3 AND t.digest = ANY (k.digests) OR t.usage = 2 AND t.digest = ANY (k.above));

CREATE VIEW published.tlsa_record_history AS
SELECT t.first_census AS census_id, t.vantage, t.host, t.usage, t.selector, t.matching_type, encode(t.digest, 'hex') AS digest, t.ttl,
       CASE
         WHEN t.gone_at IS NOT NULL THEN CASE WHEN m.first_used_at IS NOT NULL THEN 'removed' ELSE 'removed-unused' END
         WHEN m.in_use THEN CASE WHEN t.usage = 3 THEN 'current' ELSE 'issuer' END
         WHEN m.first_used_at IS NOT NULL THEN 'legacy'
         WHEN coalesce(h.keys_census, 0) < t.first_census THEN 'not-looked'
         WHEN t.usage = 2 AND l.on_leaf THEN 'on-the-leaf'
         WHEN t.usage = 2 THEN 'not-served'
         WHEN k.matched THEN 'next'
         ELSE 'unmatched' END AS state,
       t.absent_at, t.first_at, t.last_census, t.last_at, t.gone_at, m.first_used_at, m.last_used_at
  FROM dane.tlsa_seen t
  JOIN dane.host_seen h ON h.vantage = t.vantage AND h.host = t.host
  LEFT JOIN (SELECT o.vantage, o.host, o.usage, o.selector, o.matching_type, o.digest, bool_or(o.key_gone_at IS NULL) AS in_use,
                    min(o.key_first_at) AS first_used_at, max(o.key_last_at) AS last_used_at
               FROM dane.tlsa_of_key o GROUP BY o.vantage, o.host, o.usage, o.selector, o.matching_type, o.digest) m
    ON m.vantage = t.vantage AND m.host = t.host AND m.usage = t.usage AND m.selector = t.selector
   AND m.matching_type = t.matching_type AND m.digest = t.digest
  LEFT JOIN (SELECT DISTINCT o.vantage, o.host, true AS matched
               FROM dane.tlsa_of_key o WHERE o.tlsa_gone_at IS NULL AND o.key_gone_at IS NULL) k
    ON k.vantage = t.vantage AND k.host = t.host
  LEFT JOIN (SELECT DISTINCT s.vantage, s.host, d.digest, true AS on_leaf
               FROM dane.key_seen s CROSS JOIN LATERAL unnest(s.digests) AS d (digest) WHERE s.gone_at IS NULL) l
    ON l.vantage = t.vantage AND l.host = t.host AND l.digest = t.digest;
COMMENT ON VIEW published.tlsa_record_history IS 'One row per usable TLSA record of an MX host, over all censuses of a vantage: how long it stood, and what it was for. A record that was taken away and came back is one row.';
COMMENT ON COLUMN published.tlsa_record_history.census_id IS 'The first census that saw it.';
COMMENT ON COLUMN published.tlsa_record_history.vantage IS 'Where the censuses were made from.';
COMMENT ON COLUMN published.tlsa_record_history.host IS 'The MX host.';
COMMENT ON COLUMN published.tlsa_record_history.usage IS 'Certificate usage: 2 (DANE-TA) or 3 (DANE-EE).';
COMMENT ON COLUMN published.tlsa_record_history.selector IS 'Selector (RFC 6698 §2.1.2).';
COMMENT ON COLUMN published.tlsa_record_history.matching_type IS 'Matching type (RFC 6698 §2.1.3).';
COMMENT ON COLUMN published.tlsa_record_history.digest IS 'The association data; of matching type 0 its SHA-256.';
COMMENT ON COLUMN published.tlsa_record_history.ttl IS 'The greatest TTL of the RRset while the record was in it, in seconds.';
COMMENT ON COLUMN published.tlsa_record_history.state IS 'At the last look: current (of a leaf in use), issuer (usage 2, of a certificate sent above a leaf in use), legacy (only of what is in use no more), next (of nothing seen yet, while another record is of a leaf in use), unmatched (of nothing seen, and no record is of a leaf in use), on-the-leaf (usage 2, of the leaf alone: no issuer), not-served (usage 2, of nothing that is sent), not-looked (not all keys could be seen since); of records that are gone: removed (was of something in use), removed-unused.';
COMMENT ON COLUMN published.tlsa_record_history.absent_at IS 'The last secure look before that did not show it; null where there was none.';
COMMENT ON COLUMN published.tlsa_record_history.first_at IS 'The first look that showed it.';
COMMENT ON COLUMN published.tlsa_record_history.last_census IS 'The last census that showed it.';
COMMENT ON COLUMN published.tlsa_record_history.last_at IS 'The last look that showed it.';
COMMENT ON COLUMN published.tlsa_record_history.gone_at IS 'The first secure look afterwards; null where there was none.';
COMMENT ON COLUMN published.tlsa_record_history.first_used_at IS 'The first look that showed a certificate that it is of; null where none did.';
COMMENT ON COLUMN published.tlsa_record_history.last_used_at IS 'The last look that showed such a certificate.';

CREATE VIEW published.rollovers_seen AS
WITH changed AS (
  SELECT DISTINCT ON (k.vantage, k.host, k.certificate)
         k.vantage, k.host, k.key_algorithm, k.certificate, k.spki, k.first_census, k.first_at, k.absent_at,
         p.certificate AS old_certificate, p.spki AS old_spki, p.last_census AS old_last_census, p.gone_at AS old_gone_at
    FROM dane.key_seen k
    JOIN dane.key_seen p ON p.vantage = k.vantage AND p.host = k.host AND p.key_algorithm = k.key_algorithm
     AND p.first_census < k.first_census
   ORDER BY k.vantage, k.host, k.certificate, p.last_at DESC, p.first_at DESC, p.certificate),
-- Records that stood until the certificate was first seen, or longer: without any, DANE was not in use, and its roll-over is none of DANE.
standing AS (
  SELECT DISTINCT c.vantage, c.host, c.certificate
    FROM changed c
    JOIN dane.tlsa_seen t ON t.vantage = c.vantage AND t.host = c.host AND t.first_census < c.first_census
     AND (t.gone_census IS NULL OR t.gone_census >= c.first_census)),
led AS (
  SELECT DISTINCT ON (c.vantage, c.host, c.certificate) c.vantage, c.host, c.certificate, o.usage, o.selector, o.matching_type,
         o.digest, o.ttl, o.tlsa_first_at, o.tlsa_absent_at,
         o.tlsa_first_census <= c.first_census AS in_place,
         s.certificate IS NOT NULL AS of_old
    FROM changed c
    JOIN dane.tlsa_of_key o ON o.vantage = c.vantage AND o.host = c.host AND o.certificate = c.certificate
     AND (o.tlsa_gone_census IS NULL OR o.tlsa_gone_census > c.first_census)
    LEFT JOIN dane.tlsa_of_key s ON s.vantage = o.vantage AND s.host = o.host AND s.certificate = c.old_certificate
     AND s.usage = o.usage AND s.selector = o.selector AND s.matching_type = o.matching_type AND s.digest = o.digest
   ORDER BY c.vantage, c.host, c.certificate, o.tlsa_first_at, o.usage DESC, o.selector DESC, o.matching_type, o.digest),
legacy AS (
  SELECT c.vantage, c.host, c.certificate, count(*) AS records, max(o.tlsa_last_at) AS last_at,
         CASE WHEN bool_and(o.tlsa_gone_at IS NOT NULL) THEN max(o.tlsa_gone_at) END AS gone_at,
         max(o.tlsa_gone_census) AS gone_census
    FROM changed c
    JOIN dane.tlsa_of_key o ON o.vantage = c.vantage AND o.host = c.host AND o.certificate = c.old_certificate AND o.usage = 3
    LEFT JOIN dane.tlsa_of_key n ON n.vantage = o.vantage AND n.host = o.host AND n.certificate = c.certificate
     AND n.usage = o.usage AND n.selector = o.selector AND n.matching_type = o.matching_type AND n.digest = o.digest
   WHERE n.certificate IS NULL
   GROUP BY c.vantage, c.host, c.certificate),
measured AS (
  SELECT c.*, l.usage, l.selector, l.matching_type, l.digest, l.ttl, l.tlsa_first_at, l.tlsa_absent_at, l.of_old,
         coalesce(l.in_place, false) AS in_place,
         extract(epoch FROM c.absent_at - l.tlsa_first_at)::bigint AS lead_at_least,
         extract(epoch FROM c.first_at - l.tlsa_absent_at)::bigint AS lead_at_most,
         g.records AS legacy_records, g.last_at AS legacy_last_at, g.gone_at AS legacy_gone_at, g.gone_census AS legacy_gone_census
    FROM changed c
    JOIN standing s ON s.vantage = c.vantage AND s.host = c.host AND s.certificate = c.certificate
    LEFT JOIN led l ON l.vantage = c.vantage AND l.host = c.host AND l.certificate = c.certificate
    LEFT JOIN legacy g ON g.vantage = c.vantage AND g.host = c.host AND g.certificate = c.certificate)
SELECT m.first_census AS census_id, m.vantage, m.host, m.key_algorithm, encode(m.old_spki, 'hex') AS old_key,
       encode(m.spki, 'hex') AS new_key, encode(m.old_certificate, 'hex') AS old_certificate,
       encode(m.certificate, 'hex') AS new_certificate, m.spki IS DISTINCT FROM m.old_spki AS key_changed,
       m.old_gone_at IS NULL AS old_still_shown,
       CASE WHEN NOT m.in_place THEN 'missed'
            WHEN m.lead_at_least >= 2 * m.ttl THEN 'in-time'
            WHEN m.lead_at_most < 2 * m.ttl THEN 'too-early'
            ELSE 'cannot-tell' END AS outcome,
       CASE WHEN m.in_place THEN CASE WHEN m.usage = 2 THEN 'issuer' WHEN m.of_old THEN 'same-record' ELSE 'next' END END AS led_by,
       concat_ws(' ', m.usage, m.selector, m.matching_type) AS tlsa_parameters, encode(m.digest, 'hex') AS tlsa_digest,
       m.ttl, 2 * m.ttl::bigint AS two_ttls, m.tlsa_absent_at, m.tlsa_first_at, m.absent_at AS key_absent_at,
       m.first_at AS key_first_at, CASE WHEN m.in_place THEN m.lead_at_least END AS lead_at_least,
       CASE WHEN m.in_place THEN m.lead_at_most END AS lead_at_most,
       CASE WHEN m.legacy_records IS NULL THEN 'none' WHEN m.legacy_gone_at IS NULL THEN 'kept'
            WHEN m.legacy_gone_census <= m.old_last_census THEN 'removed-before' ELSE 'removed' END AS legacy,
       m.legacy_last_at, m.legacy_gone_at
  FROM measured m;
COMMENT ON VIEW published.rollovers_seen IS 'One row per certificate that an MX host with usable TLSA records came to show in place of, or beside, an older one of the same key algorithm: whether a record led it, by how much, and what became of the old records. Not here: the first certificate seen of a key algorithm, and changes while no usable record stood. Censuses are moments: what happened between two has bounds.';
COMMENT ON COLUMN published.rollovers_seen.census_id IS 'The first census that saw the new certificate.';
COMMENT ON COLUMN published.rollovers_seen.vantage IS 'Where the censuses were made from.';
COMMENT ON COLUMN published.rollovers_seen.host IS 'The MX host.';
COMMENT ON COLUMN published.rollovers_seen.key_algorithm IS 'rsa, ec, …: each is followed for itself, so that an RSA and an ECDSA key that are both in use are no roll-over.';
COMMENT ON COLUMN published.rollovers_seen.old_key IS 'SHA-256 of the key of the older certificate; null where it cannot be read.';
COMMENT ON COLUMN published.rollovers_seen.new_key IS 'SHA-256 of the key of the new certificate; null where it cannot be read.';
COMMENT ON COLUMN published.rollovers_seen.old_certificate IS 'SHA-256 of the older certificate: of those seen before, the one seen last.';
COMMENT ON COLUMN published.rollovers_seen.new_certificate IS 'SHA-256 of the new certificate.';
COMMENT ON COLUMN published.rollovers_seen.key_changed IS 'Whether the key is another one; false for a certificate renewed over the same key.';
COMMENT ON COLUMN published.rollovers_seen.old_still_shown IS 'Whether the older certificate has not been seen to be gone: another address shows it, or not all could be looked at since.';
COMMENT ON COLUMN published.rollovers_seen.outcome IS 'missed (no record was of the new certificate when it was first seen: it changed before the record), in-time (a record led by two TTLs at least), too-early (by less), cannot-tell (the looks are too far apart).';
COMMENT ON COLUMN published.rollovers_seen.led_by IS 'Of the records of the new certificate that stood then, the one that stood longest: next (of it and not of the older one), same-record (of both: the key was kept), issuer (usage 2, of a certificate sent above it); null where the record was missed.';
COMMENT ON COLUMN published.rollovers_seen.tlsa_parameters IS 'Usage, selector and matching type of that record; where it was missed, of the first one that came later; empty without any.';
COMMENT ON COLUMN published.rollovers_seen.tlsa_digest IS 'Its association data (of matching type 0 the SHA-256); null without any.';
COMMENT ON COLUMN published.rollovers_seen.ttl IS 'The greatest TTL of the TLSA RRset while that record was in it, in seconds.';
COMMENT ON COLUMN published.rollovers_seen.two_ttls IS 'Twice that: how long the record must lead (RFC 7671 §8.1: until no cache has the RRset without it; one TTL more for name servers that lag, as the how-to has it).';
COMMENT ON COLUMN published.rollovers_seen.tlsa_absent_at IS 'The last secure look that did not show the record; null where it stood from the first look on.';
COMMENT ON COLUMN published.rollovers_seen.tlsa_first_at IS 'The first look that showed it.';
COMMENT ON COLUMN published.rollovers_seen.key_absent_at IS 'The last look at all keys of the host that did not show the new certificate; null where no such look was before.';
COMMENT ON COLUMN published.rollovers_seen.key_first_at IS 'The first look that showed it.';
COMMENT ON COLUMN published.rollovers_seen.lead_at_least IS 'key_absent_at less tlsa_first_at, in seconds: the record led by this at least; negative where both came between the same two looks, so that it may have come later. Null where missed, or without a look before.';
COMMENT ON COLUMN published.rollovers_seen.lead_at_most IS 'key_first_at less tlsa_absent_at, in seconds: it led by this at most; null where missed, or where the record stood from the first look on.';
COMMENT ON COLUMN published.rollovers_seen.legacy IS 'What became of the usage 3 records of the older certificate that are not of the new one: none (there were none), kept (some stand yet), removed (after the older one was last seen), removed-before (while it was still in use).';
COMMENT ON COLUMN published.rollovers_seen.legacy_last_at IS 'The last look that showed one of them; null without any.';
COMMENT ON COLUMN published.rollovers_seen.legacy_gone_at IS 'The first secure look at which none was left; null where some stand yet, and without any.';

CREATE VIEW published.rollover_lead_times AS
SELECT t.census_id, t.vantage, t.outcome, t.led_by, t.rollovers,
       CASE WHEN t.outcome <> 'cannot-tell' THEN
         dane.share(t.rollovers, sum(t.rollovers) FILTER (WHERE t.outcome <> 'cannot-tell') OVER (PARTITION BY t.census_id, t.vantage))
       END AS rollovers_share,
       t.lead_at_least_least, t.lead_at_least_median, t.lead_at_most_median, t.lead_at_most_greatest, t.two_ttls_median
  FROM (SELECT r.census_id, r.vantage, r.outcome, r.led_by, count(*) AS rollovers,
               min(r.lead_at_least) AS lead_at_least_least,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY r.lead_at_least) AS lead_at_least_median,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY r.lead_at_most) AS lead_at_most_median,
               max(r.lead_at_most) AS lead_at_most_greatest,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY r.two_ttls) AS two_ttls_median
          FROM published.rollovers_seen r GROUP BY r.census_id, r.vantage, r.outcome, r.led_by) t;
COMMENT ON VIEW published.rollover_lead_times IS 'Of the roll-overs that a census was the first to see (rollovers_seen): how many TLSA records led by two TTLs.';
COMMENT ON COLUMN published.rollover_lead_times.census_id IS 'The census that first saw the new certificates.';
COMMENT ON COLUMN published.rollover_lead_times.vantage IS 'Where it was made from.';
COMMENT ON COLUMN published.rollover_lead_times.outcome IS 'As in rollovers_seen: missed, in-time, too-early, cannot-tell.';
COMMENT ON COLUMN published.rollover_lead_times.led_by IS 'As in rollovers_seen: next, same-record, issuer; null where missed.';
COMMENT ON COLUMN published.rollover_lead_times.rollovers IS 'Roll-overs of which this is so.';
COMMENT ON COLUMN published.rollover_lead_times.rollovers_share IS 'rollovers divided by the roll-overs of the census that can be told (missed, in-time, too-early); null for cannot-tell.';
COMMENT ON COLUMN published.rollover_lead_times.lead_at_least_least IS 'The least lead_at_least among them, in seconds.';
COMMENT ON COLUMN published.rollover_lead_times.lead_at_least_median IS 'The median of lead_at_least, of those that have one.';
COMMENT ON COLUMN published.rollover_lead_times.lead_at_most_median IS 'The median of lead_at_most, of those that have one.';
COMMENT ON COLUMN published.rollover_lead_times.lead_at_most_greatest IS 'The greatest lead_at_most among them, of those that have one.';
COMMENT ON COLUMN published.rollover_lead_times.two_ttls_median IS 'The median of two_ttls.';
