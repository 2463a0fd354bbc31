-- What each mail server that sends does with the mail of the domains. One letter for each sender stands in a row; rows of the same
-- letters are counted before the letters are told apart, so that a million domains cost no more than the counting.

CREATE VIEW dane.sender_letter AS
SELECT l.letter, l.outcome, l.place
  FROM (VALUES ('A', 'authenticated', 1), ('E', 'encrypted', 2), ('C', 'clear', 3), ('D', 'deferred', 4), ('B', 'bounced', 5),
               ('U', 'unknown', 6)) AS l (letter, outcome, place);

-- Joined once: dane.share_low and dane.share_high would look for the census again at every call, and rows are many.
CREATE VIEW dane.sampled AS
SELECT census_id, sample IS NOT NULL AS is_sample FROM dane.census;

CREATE VIEW published.sender_outcomes AS
SELECT o.census_id, s.sender, s.name, s.setting, s.versions, s.requires_dane, s.seen, o.domains, o.no_mail, o.not_kept, o.unknown, o.judged, o.authenticated, o.encrypted, o.clear, o.deferred, o.bounced,
       dane.share(o.authenticated, o.judged) AS authenticated_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.authenticated, o.judged, -1) END AS authenticated_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.authenticated, o.judged, 1) END AS authenticated_share_high,
       dane.share(o.encrypted, o.judged) AS encrypted_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.encrypted, o.judged, -1) END AS encrypted_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.encrypted, o.judged, 1) END AS encrypted_share_high,
       dane.share(o.clear, o.judged) AS clear_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.clear, o.judged, -1) END AS clear_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.clear, o.judged, 1) END AS clear_share_high,
       dane.share(o.deferred, o.judged) AS deferred_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.deferred, o.judged, -1) END AS deferred_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.deferred, o.judged, 1) END AS deferred_share_high,
       dane.share(o.bounced, o.judged) AS bounced_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.bounced, o.judged, -1) END AS bounced_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.bounced, o.judged, 1) END AS bounced_share_high
  FROM (SELECT g.census_id, s.position,
               sum(g.domains)::bigint AS domains,
               coalesce(sum(g.domains) FILTER (WHERE g.no_mail), 0)::bigint AS no_mail,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter IS NULL), 0)::bigint AS not_kept,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'U'), 0)::bigint AS unknown,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter <> 'U'), 0)::bigint AS judged,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'A'), 0)::bigint AS authenticated,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'E'), 0)::bigint AS encrypted,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'C'), 0)::bigint AS clear,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'D'), 0)::bigint AS deferred,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'B'), 0)::bigint AS bounced,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter IN ('D', 'B')), 0)::bigint AS undelivered
          FROM (SELECT census_id, senders, verdict = 'no-mail' AS no_mail, count(*) AS domains
                  FROM dane.domain_verdict GROUP BY census_id, senders, verdict = 'no-mail') g
          CROSS JOIN dane.sender s
          CROSS JOIN LATERAL (SELECT nullif(substr(g.senders, s.position, 1), '') AS letter) l
         GROUP BY g.census_id, s.position) o
  JOIN dane.sender s ON s.position = o.position
  JOIN dane.sampled c ON c.census_id = o.census_id;
COMMENT ON VIEW published.sender_outcomes IS 'One row per sender: what it does with the mail of the domains, by the rules of src/dane/*-rules.ts.';
COMMENT ON COLUMN published.sender_outcomes.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.sender_outcomes.sender IS 'Key of the mail server that sends, with its setting (src/dane/senders.ts).';
COMMENT ON COLUMN published.sender_outcomes.name IS 'What people call it.';
COMMENT ON COLUMN published.sender_outcomes.setting IS 'The setting that its rules are about.';
COMMENT ON COLUMN published.sender_outcomes.versions IS 'The versions that behave so, and the one that it was seen with.';
COMMENT ON COLUMN published.sender_outcomes.requires_dane IS 'Whether it delivers by DANE or not at all: it is told so for domains that are known to have it.';
COMMENT ON COLUMN published.sender_outcomes.seen IS 'Whether its rules are held against the program’s own logs; false where they are as documented, no more.';
COMMENT ON COLUMN published.sender_outcomes.domains IS 'Domains with a verdict.';
COMMENT ON COLUMN published.sender_outcomes.no_mail IS 'Of domains, those that take no mail (null MX, no such domain, neither MX nor address); in no share.';
COMMENT ON COLUMN published.sender_outcomes.not_kept IS 'Of domains, those judged by a version of this program that did not keep what senders do; in no share.';
COMMENT ON COLUMN published.sender_outcomes.unknown IS 'Of domains, those of which it is not known what this sender does, because something could not be looked at or is not documented; in no share.';
COMMENT ON COLUMN published.sender_outcomes.judged IS 'domains less no_mail, not_kept and unknown: the denominator of the shares.';
COMMENT ON COLUMN published.sender_outcomes.authenticated IS 'Of judged, those whose mail is authenticated: delivered to a server that TLSA records of a secure MX host name. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes.encrypted IS 'Of judged, those whose mail is encrypted: delivered over TLS to whoever it was. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes.clear IS 'Of judged, those whose mail is clear: delivered without TLS. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes.deferred IS 'Of judged, those whose mail is deferred: kept, and tried again until it is too old. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes.bounced IS 'Of judged, those whose mail is bounced: returned to its author at once. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes.authenticated_share IS 'authenticated divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes.authenticated_share_low IS 'Lower end of the Wilson interval of authenticated_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes.authenticated_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.sender_outcomes.encrypted_share IS 'encrypted divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes.encrypted_share_low IS 'Lower end of the Wilson interval of encrypted_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes.encrypted_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.sender_outcomes.clear_share IS 'clear divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes.clear_share_low IS 'Lower end of the Wilson interval of clear_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes.clear_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.sender_outcomes.deferred_share IS 'deferred divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes.deferred_share_low IS 'Lower end of the Wilson interval of deferred_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes.deferred_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.sender_outcomes.bounced_share IS 'bounced divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes.bounced_share_low IS 'Lower end of the Wilson interval of bounced_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes.bounced_share_high IS 'Upper end of the same interval.';

CREATE VIEW published.sender_outcomes_by_provider AS
SELECT o.census_id, o.provider, s.sender, s.seen, o.domains, o.no_mail, o.not_kept, o.unknown, o.judged, o.authenticated, o.encrypted, o.clear, o.deferred, o.bounced, o.undelivered,
       dane.share(o.authenticated, o.judged) AS authenticated_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.authenticated, o.judged, -1) END AS authenticated_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.authenticated, o.judged, 1) END AS authenticated_share_high,
       dane.share(o.undelivered, o.judged) AS undelivered_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.undelivered, o.judged, -1) END AS undelivered_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.undelivered, o.judged, 1) END AS undelivered_share_high
  FROM (SELECT g.census_id, g.provider, s.position,
               sum(g.domains)::bigint AS domains,
               coalesce(sum(g.domains) FILTER (WHERE g.no_mail), 0)::bigint AS no_mail,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter IS NULL), 0)::bigint AS not_kept,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'U'), 0)::bigint AS unknown,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter <> 'U'), 0)::bigint AS judged,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'A'), 0)::bigint AS authenticated,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'E'), 0)::bigint AS encrypted,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'C'), 0)::bigint AS clear,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'D'), 0)::bigint AS deferred,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'B'), 0)::bigint AS bounced,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter IN ('D', 'B')), 0)::bigint AS undelivered
          FROM (SELECT d.census_id, p.provider, d.senders, d.no_mail, sum(d.domains) AS domains
                  FROM (SELECT f.census_id, f.mx_set, v.senders, v.verdict = 'no-mail' AS no_mail, count(*) AS domains
                          FROM dane.domain_look f
                          JOIN dane.domain_verdict v ON v.census_id = f.census_id AND v.ordinal = f.ordinal
                         WHERE f.mx_set IS NOT NULL
                         GROUP BY f.census_id, f.mx_set, v.senders, v.verdict = 'no-mail') d
                  JOIN (SELECT DISTINCT h.census_id, m.mx_set, h.provider FROM dane.mx_set m JOIN dane.host h ON h.host = m.host) p
                    ON p.census_id = d.census_id AND p.mx_set = d.mx_set
                 GROUP BY d.census_id, p.provider, d.senders, d.no_mail) g
          CROSS JOIN dane.sender s
          CROSS JOIN LATERAL (SELECT nullif(substr(g.senders, s.position, 1), '') AS letter) l
         GROUP BY g.census_id, g.provider, s.position) o
  JOIN dane.sender s ON s.position = o.position
  JOIN dane.sampled c ON c.census_id = o.census_id;
COMMENT ON VIEW published.sender_outcomes_by_provider IS 'What each sender does with the mail of the domains of each provider. A domain with hosts of two providers counts for both; domains without MX hosts are not here.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.sender_outcomes_by_provider.provider IS 'The registrable domain of the MX hosts (public suffix list).';
COMMENT ON COLUMN published.sender_outcomes_by_provider.sender IS 'Key of the mail server that sends, with its setting (src/dane/senders.ts).';
COMMENT ON COLUMN published.sender_outcomes_by_provider.seen IS 'Whether its rules are held against the program’s own logs; false where they are as documented, no more.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.domains IS 'Domains with a verdict that name a host of the provider.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.no_mail IS 'Of domains, those that take no mail (null MX, no such domain, neither MX nor address); in no share.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.not_kept IS 'Of domains, those judged by a version of this program that did not keep what senders do; in no share.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.unknown IS 'Of domains, those of which it is not known what this sender does, because something could not be looked at or is not documented; in no share.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.judged IS 'domains less no_mail, not_kept and unknown: the denominator of the shares.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.authenticated IS 'Of judged, those whose mail is authenticated: delivered to a server that TLSA records of a secure MX host name. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.encrypted IS 'Of judged, those whose mail is encrypted: delivered over TLS to whoever it was. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.clear IS 'Of judged, those whose mail is clear: delivered without TLS. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.deferred IS 'Of judged, those whose mail is deferred: kept, and tried again until it is too old. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.bounced IS 'Of judged, those whose mail is bounced: returned to its author at once. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.undelivered IS 'Of judged, deferred and bounced together.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.authenticated_share IS 'authenticated divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.authenticated_share_low IS 'Lower end of the Wilson interval of authenticated_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.authenticated_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.undelivered_share IS 'undelivered divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.undelivered_share_low IS 'Lower end of the Wilson interval of undelivered_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes_by_provider.undelivered_share_high IS 'Upper end of the same interval.';

CREATE VIEW published.sender_outcomes_by_tld AS
SELECT o.census_id, o.tld, s.sender, s.seen, o.domains, o.no_mail, o.not_kept, o.unknown, o.judged, o.authenticated, o.encrypted, o.clear, o.deferred, o.bounced, o.undelivered,
       dane.share(o.authenticated, o.judged) AS authenticated_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.authenticated, o.judged, -1) END AS authenticated_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.authenticated, o.judged, 1) END AS authenticated_share_high,
       dane.share(o.undelivered, o.judged) AS undelivered_share,
       CASE WHEN c.is_sample THEN dane.wilson(o.undelivered, o.judged, -1) END AS undelivered_share_low,
       CASE WHEN c.is_sample THEN dane.wilson(o.undelivered, o.judged, 1) END AS undelivered_share_high
  FROM (SELECT g.census_id, g.tld, s.position,
               sum(g.domains)::bigint AS domains,
               coalesce(sum(g.domains) FILTER (WHERE g.no_mail), 0)::bigint AS no_mail,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter IS NULL), 0)::bigint AS not_kept,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'U'), 0)::bigint AS unknown,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter <> 'U'), 0)::bigint AS judged,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'A'), 0)::bigint AS authenticated,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'E'), 0)::bigint AS encrypted,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'C'), 0)::bigint AS clear,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'D'), 0)::bigint AS deferred,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter = 'B'), 0)::bigint AS bounced,
               coalesce(sum(g.domains) FILTER (WHERE NOT g.no_mail AND l.letter IN ('D', 'B')), 0)::bigint AS undelivered
          FROM (SELECT d.census_id, substring(d.name FROM '[^.]*$') AS tld, v.senders, v.verdict = 'no-mail' AS no_mail, count(*) AS domains
                  FROM dane.domain d
                  JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
                 GROUP BY d.census_id, substring(d.name FROM '[^.]*$'), v.senders, v.verdict = 'no-mail') g
          CROSS JOIN dane.sender s
          CROSS JOIN LATERAL (SELECT nullif(substr(g.senders, s.position, 1), '') AS letter) l
         GROUP BY g.census_id, g.tld, s.position) o
  JOIN dane.sender s ON s.position = o.position
  JOIN dane.sampled c ON c.census_id = o.census_id;
COMMENT ON VIEW published.sender_outcomes_by_tld IS 'What each sender does with the mail of the domains of each top-level domain.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.sender_outcomes_by_tld.tld IS 'The last label of the domains.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.sender IS 'Key of the mail server that sends, with its setting (src/dane/senders.ts).';
COMMENT ON COLUMN published.sender_outcomes_by_tld.seen IS 'Whether its rules are held against the program’s own logs; false where they are as documented, no more.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.domains IS 'Domains with a verdict.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.no_mail IS 'Of domains, those that take no mail (null MX, no such domain, neither MX nor address); in no share.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.not_kept IS 'Of domains, those judged by a version of this program that did not keep what senders do; in no share.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.unknown IS 'Of domains, those of which it is not known what this sender does, because something could not be looked at or is not documented; in no share.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.judged IS 'domains less no_mail, not_kept and unknown: the denominator of the shares.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.authenticated IS 'Of judged, those whose mail is authenticated: delivered to a server that TLSA records of a secure MX host name. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.encrypted IS 'Of judged, those whose mail is encrypted: delivered over TLS to whoever it was. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.clear IS 'Of judged, those whose mail is clear: delivered without TLS. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.deferred IS 'Of judged, those whose mail is deferred: kept, and tried again until it is too old. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.bounced IS 'Of judged, those whose mail is bounced: returned to its author at once. Where chance decides (hosts of one preference), the worst that can happen counts.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.undelivered IS 'Of judged, deferred and bounced together.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.authenticated_share IS 'authenticated divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.authenticated_share_low IS 'Lower end of the Wilson interval of authenticated_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.authenticated_share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.undelivered_share IS 'undelivered divided by judged; null where that is 0.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.undelivered_share_low IS 'Lower end of the Wilson interval of undelivered_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_outcomes_by_tld.undelivered_share_high IS 'Upper end of the same interval.';

CREATE VIEW published.sender_outcome_list AS
SELECT d.census_id, d.name AS domain, s.sender, l.outcome, s.seen, v.verdict, v.hurt AS hurt_though_unsigned
  FROM dane.domain d
  JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
  CROSS JOIN dane.sender s
  JOIN dane.sender_letter l ON l.letter = substr(v.senders, s.position, 1);
COMMENT ON VIEW published.sender_outcome_list IS 'One row per domain and sender: what the sender does with its mail. Domains judged by a version that did not keep it are not here.';
COMMENT ON COLUMN published.sender_outcome_list.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.sender_outcome_list.domain IS 'The domain as A-labels, lower case, without the final dot.';
COMMENT ON COLUMN published.sender_outcome_list.sender IS 'Key of the mail server that sends, with its setting (src/dane/senders.ts).';
COMMENT ON COLUMN published.sender_outcome_list.outcome IS 'authenticated, encrypted, clear, deferred, bounced (src/survey/sender-verdicts.ts), the worst that can happen where chance decides; unknown where something could not be looked at or is not documented. Domains that take no mail are here, and bounced.';
COMMENT ON COLUMN published.sender_outcome_list.seen IS 'Whether its rules are held against the program’s own logs; false where they are as documented, no more.';
COMMENT ON COLUMN published.sender_outcome_list.verdict IS 'The verdict of the domain (domain_result.verdict).';
COMMENT ON COLUMN published.sender_outcome_list.hurt_though_unsigned IS 'Whether the MX RRset is insecure, and Postfix dane defers what a sender without DANE delivers; null where that is not known.';

CREATE VIEW published.sender_disagreements AS
SELECT g.census_id, c.combination, c.outcomes, c.delivers AND c.delivers_not AS delivery_differs, g.domains, g.compared,
       dane.share(g.domains, g.compared) AS share, dane.share_low(g.census_id, g.domains, g.compared) AS share_low,
       dane.share_high(g.census_id, g.domains, g.compared) AS share_high
  FROM (SELECT census_id, senders, count(*) AS domains, sum(count(*)) OVER (PARTITION BY census_id)::bigint AS compared
          FROM dane.domain_verdict
         WHERE verdict <> 'no-mail' AND senders IS NOT NULL
         GROUP BY census_id, senders) g
  CROSS JOIN LATERAL
       (SELECT string_agg(o.outcome || ': ' || o.who, '; ' ORDER BY o.place) AS combination,
               count(*) FILTER (WHERE o.outcome <> 'unknown') AS outcomes,
               bool_or(o.outcome IN ('authenticated', 'encrypted', 'clear') AND o.some_try) AS delivers,
               bool_or(o.outcome IN ('deferred', 'bounced') AND o.some_try) AS delivers_not
          FROM (SELECT l.outcome, l.place, string_agg(s.sender, ', ' ORDER BY s.position) AS who,
                       bool_or(NOT s.requires_dane) AS some_try
                  FROM dane.sender s
                  JOIN dane.sender_letter l ON l.letter = substr(g.senders, s.position, 1)
                 GROUP BY l.outcome, l.place) o) c
 WHERE c.outcomes > 1;
COMMENT ON VIEW published.sender_disagreements IS 'One row per combination of outcomes in which senders differ, and how many domains have it.';
COMMENT ON COLUMN published.sender_disagreements.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.sender_disagreements.combination IS 'Each outcome with the senders that come to it, from the best to the worst, unknown last.';
COMMENT ON COLUMN published.sender_disagreements.outcomes IS 'How many different outcomes there are, unknown left out: two or more.';
COMMENT ON COLUMN published.sender_disagreements.delivery_differs IS 'Whether some senders deliver the mail (authenticated, encrypted or clear) and others defer or bounce it, of those that do not require DANE (sender_outcomes.requires_dane).';
COMMENT ON COLUMN published.sender_disagreements.domains IS 'Domains with exactly this combination.';
COMMENT ON COLUMN published.sender_disagreements.compared IS 'Domains with a verdict that take mail, those judged by a version that did not keep what senders do left out: the denominator of the share.';
COMMENT ON COLUMN published.sender_disagreements.share IS 'domains divided by compared.';
COMMENT ON COLUMN published.sender_disagreements.share_low IS 'Lower end of the Wilson interval of share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.sender_disagreements.share_high IS 'Upper end of the same interval.';

CREATE VIEW dane.unsigned_mail AS
SELECT f.census_id, f.ordinal, f.mx_set, v.verdict, v.senders, v.hurt
  FROM dane.domain_fact f
  JOIN dane.domain_verdict v ON v.census_id = f.census_id AND v.ordinal = f.ordinal
 WHERE f.mx_status = 'insecure' AND f.mail IN ('mx', 'implicit-mx') AND v.verdict <> 'no-mail';

CREATE VIEW published.hurt_unsigned AS
SELECT u.census_id, u.unsigned, u.insecure_mx, u.not_kept, u.unknown, u.judged, u.hurt,
       dane.share(u.hurt, u.judged) AS hurt_share, dane.share_low(u.census_id, u.hurt, u.judged) AS hurt_share_low,
       dane.share_high(u.census_id, u.hurt, u.judged) AS hurt_share_high
  FROM (SELECT census_id, count(*) AS unsigned, count(*) FILTER (WHERE verdict = 'insecure-mx') AS insecure_mx,
               count(*) FILTER (WHERE senders IS NULL) AS not_kept,
               count(*) FILTER (WHERE senders IS NOT NULL AND hurt IS NULL) AS unknown,
               count(hurt) AS judged, count(*) FILTER (WHERE hurt) AS hurt
          FROM dane.unsigned_mail GROUP BY census_id) u;
COMMENT ON VIEW published.hurt_unsigned IS 'One row per census: domains with an insecure MX RRset whose mail is held up by the TLSA records of a signed provider.';
COMMENT ON COLUMN published.hurt_unsigned.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.hurt_unsigned.unsigned IS 'Domains that take mail behind an insecure MX RRset (or its denial, for an implicit MX).';
COMMENT ON COLUMN published.hurt_unsigned.insecure_mx IS 'Of unsigned, those where an MX host has secure usable TLSA records (the verdict insecure-mx).';
COMMENT ON COLUMN published.hurt_unsigned.not_kept IS 'Of unsigned, those judged by a version of this program that did not keep what senders do; not in the share.';
COMMENT ON COLUMN published.hurt_unsigned.unknown IS 'Of unsigned, those of which it is not known; not in the share.';
COMMENT ON COLUMN published.hurt_unsigned.judged IS 'unsigned less not_kept and unknown: the denominator of the share.';
COMMENT ON COLUMN published.hurt_unsigned.hurt IS 'Of judged, those that the DANE of their MX hosts hurts though they are not signed themselves: Postfix with smtp_tls_security_level = dane, which uses TLSA records behind an insecure MX RRset too, defers mail that a sender without DANE delivers.';
COMMENT ON COLUMN published.hurt_unsigned.hurt_share IS 'hurt divided by judged; null where that is 0.';
COMMENT ON COLUMN published.hurt_unsigned.hurt_share_low IS 'Lower end of the Wilson interval of hurt_share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.hurt_unsigned.hurt_share_high IS 'Upper end of the same interval.';

CREATE VIEW published.hurt_unsigned_list AS
SELECT u.census_id, d.name AS domain, m.preference, m.host, m.provider, m.verdict AS host_verdict, m.reason, r.says, r.mender, r.hint,
       r.source
  FROM dane.unsigned_mail u
  JOIN dane.domain d ON d.census_id = u.census_id AND d.ordinal = u.ordinal
  LEFT JOIN (SELECT s.mx_set, s.preference, s.host, p.census_id, p.provider, h.verdict, h.reason
               FROM dane.mx_set s
               JOIN dane.host p ON p.host = s.host
               JOIN dane.host_look h ON h.census_id = p.census_id AND h.host = p.host
              WHERE h.verdict IN ('dane-failed', 'dane-degraded', 'lookup-failed')) m
    ON m.census_id = u.census_id AND m.mx_set = u.mx_set
  LEFT JOIN dane.reason r ON r.reason = m.reason
 WHERE u.hurt;
COMMENT ON VIEW published.hurt_unsigned_list IS 'One row per domain that is hurt though unsigned (hurt_unsigned.hurt) and MX host of it that fails.';
COMMENT ON COLUMN published.hurt_unsigned_list.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.hurt_unsigned_list.domain IS 'The domain as A-labels, lower case, without the final dot.';
COMMENT ON COLUMN published.hurt_unsigned_list.preference IS 'Preference of the MX record; 0 for an implicit MX.';
COMMENT ON COLUMN published.hurt_unsigned_list.host IS 'The MX host that fails: its verdict is dane-failed, dane-degraded or lookup-failed.';
COMMENT ON COLUMN published.hurt_unsigned_list.provider IS 'The registrable domain of the host (public suffix list).';
COMMENT ON COLUMN published.hurt_unsigned_list.host_verdict IS 'The verdict of the host (host_result.verdict).';
COMMENT ON COLUMN published.hurt_unsigned_list.reason IS 'Why that is the verdict, as a key of the catalogue of reasons.';
COMMENT ON COLUMN published.hurt_unsigned_list.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.hurt_unsigned_list.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.hurt_unsigned_list.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.hurt_unsigned_list.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';

CREATE VIEW published.hurt_unsigned_by_provider AS
SELECT b.census_id, b.provider, b.verdict AS host_verdict, b.reason, b.hosts, b.domains, u.judged,
       dane.share(b.domains, u.judged) AS share, dane.share_low(b.census_id, b.domains, u.judged) AS share_low,
       dane.share_high(b.census_id, b.domains, u.judged) AS share_high, r.says, r.mender, r.hint, r.source
  FROM (SELECT u.census_id, p.provider, h.verdict, h.reason, count(DISTINCT h.host) AS hosts, count(DISTINCT u.ordinal) AS domains
          FROM dane.unsigned_mail u
          JOIN dane.mx_set m ON m.mx_set = u.mx_set
          JOIN dane.host p ON p.census_id = u.census_id AND p.host = m.host
          JOIN dane.host_look h ON h.census_id = u.census_id AND h.host = m.host
         WHERE u.hurt AND h.verdict IN ('dane-failed', 'dane-degraded', 'lookup-failed')
         GROUP BY u.census_id, p.provider, h.verdict, h.reason) b
  JOIN (SELECT d.census_id, p.provider, sum(d.judged)::bigint AS judged
          FROM (SELECT census_id, mx_set, count(hurt) AS judged FROM dane.unsigned_mail GROUP BY census_id, mx_set) d
          JOIN (SELECT DISTINCT h.census_id, m.mx_set, h.provider FROM dane.mx_set m JOIN dane.host h ON h.host = m.host) p
            ON p.census_id = d.census_id AND p.mx_set = d.mx_set
         GROUP BY d.census_id, p.provider) u
    ON u.census_id = b.census_id AND u.provider = b.provider
  LEFT JOIN dane.reason r ON r.reason = b.reason;
COMMENT ON VIEW published.hurt_unsigned_by_provider IS 'Domains that are hurt though unsigned (hurt_unsigned.hurt), by the provider whose MX hosts fail, and by why they fail. A domain with hosts that fail in two ways counts for both.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.provider IS 'The registrable domain of the MX hosts (public suffix list).';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.host_verdict IS 'The verdict of these hosts: dane-failed, dane-degraded or lookup-failed.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.reason IS 'Why that is the verdict, as a key of the catalogue of reasons.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.hosts IS 'Different MX hosts of the provider that fail so, and that such a domain names.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.domains IS 'Domains that are hurt and name such a host.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.judged IS 'Domains with an insecure MX RRset that name a host of the provider, and of which it is known whether they are hurt: the denominator of the share.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.share IS 'domains divided by judged.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.share_low IS 'Lower end of the Wilson interval of share at 95 %; null unless the census is a sample.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.share_high IS 'Upper end of the same interval.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.hurt_unsigned_by_provider.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
