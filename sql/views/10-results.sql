-- What was found, one row per domain, MX host, endpoint and unusable line.

CREATE VIEW published.domain_result AS
SELECT d.census_id, d.ordinal, d.name AS domain, substring(d.name FROM '[^.]*$') AS tld, f.mail,
       f.mx_outcome, f.mx_status, f.mx_reason, f.mx_rcode, f.zone_apex, f.zone_status,
       v.verdict, v.reason, r.says, r.mender, r.hint, r.source, f.mta_sts, f.tls_rpt,
       t.tags, d.rank, d.weight, f.delegation_from_list, f.seen_at
  FROM dane.domain d
  LEFT JOIN dane.tag_set t ON t.tag_set = d.tag_set
  LEFT JOIN dane.domain_fact f ON f.census_id = d.census_id AND f.ordinal = d.ordinal
  LEFT JOIN dane.domain_verdict v ON v.census_id = d.census_id AND v.ordinal = d.ordinal
  LEFT JOIN dane.reason r ON r.reason = v.reason;
COMMENT ON VIEW published.domain_result IS 'One row per domain of a census: what was seen of its MX RRset, and the verdict.';
COMMENT ON COLUMN published.domain_result.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.domain_result.ordinal IS 'Position of the name among the valid names of the lists, from 1; duplicates leave gaps.';
COMMENT ON COLUMN published.domain_result.domain IS 'The domain as A-labels, lower case, without the final dot.';
COMMENT ON COLUMN published.domain_result.tld IS 'The last label of the domain.';
COMMENT ON COLUMN published.domain_result.mail IS 'How the domain takes mail: mx, implicit-mx (RFC 5321 §5.1), null-mx (RFC 7505), none, unknown (the lookup failed); null where it has not been looked at.';
COMMENT ON COLUMN published.domain_result.mx_outcome IS 'What the MX lookup found: data, nodata, nxdomain, failed.';
COMMENT ON COLUMN published.domain_result.mx_status IS 'Security status of the MX answer or of its denial (RFC 4033 §5): secure, insecure, bogus, indeterminate.';
COMMENT ON COLUMN published.domain_result.mx_reason IS 'Why the status is not secure; null where it is.';
COMMENT ON COLUMN published.domain_result.mx_rcode IS 'The response code of the MX answer.';
COMMENT ON COLUMN published.domain_result.zone_apex IS 'The zone that holds the domain; null where it was not found.';
COMMENT ON COLUMN published.domain_result.zone_status IS 'Security status of that zone.';
COMMENT ON COLUMN published.domain_result.verdict IS 'What follows for the mail of the domain: dane, dane-degraded, dane-partial, dane-failed, insecure-mx, no-dane, lookup-failed, no-mail, unknown (could not look); null where it has not been judged yet.';
COMMENT ON COLUMN published.domain_result.reason IS 'Why the verdict is what it is; null where nothing is to be said.';
COMMENT ON COLUMN published.domain_result.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.domain_result.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.domain_result.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.domain_result.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.domain_result.mta_sts IS 'Whether an MTA-STS record stands at _mta-sts (RFC 8461 §3.1); null where that was not found out.';
COMMENT ON COLUMN published.domain_result.tls_rpt IS 'Whether a TLS reporting record stands at _smtp._tls (RFC 8460 §3); null where that was not found out.';
COMMENT ON COLUMN published.domain_result.tags IS 'What the list says of the domain, as one JSON object of text by the names of its columns; null where it says nothing.';
COMMENT ON COLUMN published.domain_result.rank IS 'Place of the domain in a popularity list, from 1, as the list has it; null where it tells none.';
COMMENT ON COLUMN published.domain_result.weight IS 'How much the domain counts in weighted figures, as the list has it; null where it tells none.';
COMMENT ON COLUMN published.domain_result.delegation_from_list IS 'Whether the domain was found by the name servers and DS records that the zone file it was listed in holds; false where the servers of its parent zone were asked; null where it has not been looked at.';
COMMENT ON COLUMN published.domain_result.seen_at IS 'When the domain was looked at.';

CREATE VIEW published.host_result AS
SELECT h.census_id, h.host, h.provider, f.a_status, f.aaaa_status, f.aliases, f.tlsa_base, f.tlsa_lookup, f.tlsa_status,
       f.tlsa_ttl, f.tlsa_outcome, f.tlsa_reason, f.verdict, f.reason, r.says, r.mender, r.hint, r.source, f.seen_at
  FROM dane.host h
  LEFT JOIN dane.host_fact f ON f.census_id = h.census_id AND f.host = h.host
  LEFT JOIN dane.reason r ON r.reason = f.reason;
COMMENT ON VIEW published.host_result IS 'One row per MX host of a census: its addresses and TLSA records, and the verdict.';
COMMENT ON COLUMN published.host_result.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.host_result.host IS 'The name that MX records (or, without MX, the domain itself) name.';
COMMENT ON COLUMN published.host_result.provider IS 'The registrable domain of the host (public suffix list); the host itself where there is none.';
COMMENT ON COLUMN published.host_result.a_status IS 'Security status of the A answer or of its denial; null where the host has not been looked at.';
COMMENT ON COLUMN published.host_result.aaaa_status IS 'The same of AAAA.';
COMMENT ON COLUMN published.host_result.aliases IS 'The names that CNAME records lead through, the canonical name last; empty where the host is no alias.';
COMMENT ON COLUMN published.host_result.tlsa_base IS 'The TLSA base domain that was chosen (RFC 7672 §2.2.2); null where no TLSA lookup was due.';
COMMENT ON COLUMN published.host_result.tlsa_lookup IS 'What the TLSA lookup found: data, nodata, nxdomain, failed; null where none was due.';
COMMENT ON COLUMN published.host_result.tlsa_status IS 'Security status of the TLSA answer; null where no lookup was due.';
COMMENT ON COLUMN published.host_result.tlsa_ttl IS 'TTL of the TLSA RRset in seconds; null without one, and where a forwarder told of it and no signature does.';
COMMENT ON COLUMN published.host_result.tlsa_outcome IS 'usable, unusable (secure, but nothing in it can authenticate), none (securely absent, or insecure), lookup-failed (bogus, SERVFAIL, timeout).';
COMMENT ON COLUMN published.host_result.tlsa_reason IS 'Why the outcome is not usable.';
COMMENT ON COLUMN published.host_result.verdict IS 'Of the host by its own name, whichever domain asks (endpoint_result.by_name_alone): dane, dane-degraded, dane-failed, dane-unusable, no-dane, lookup-failed, no-address, unknown (could not look); null where the host has not been looked at.';
COMMENT ON COLUMN published.host_result.reason IS 'Why the verdict is what it is.';
COMMENT ON COLUMN published.host_result.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.host_result.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.host_result.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.host_result.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.host_result.seen_at IS 'When the host was looked at.';

CREATE VIEW published.endpoint_result AS
SELECT e.census_id, e.host, host(e.address) AS address, e.reached, e.fault, e.because, e.banner, e.capabilities,
       e.capabilities_in_tls, e.starttls_offered, e.second_key,
       h.protocol, h.cipher, e.tls12, e.tls13, s.protocols, s.key_algorithms, e.without_sni, e.matched_without_sni, e.verdict, e.reason, r.says, r.mender, r.hint, r.source,
       e.matched, e.matched_depth, coalesce(s.by_name_alone, false) AS by_name_alone, e.seen_at
  FROM dane.endpoint e
  LEFT JOIN dane.handshake h
    ON h.census_id = e.census_id AND h.host = e.host AND h.address = e.address AND h.number = 0
  LEFT JOIN (SELECT census_id, host, address,
                    string_agg(DISTINCT protocol, ' ' ORDER BY protocol) AS protocols,
                    string_agg(DISTINCT key_algorithm, ' ' ORDER BY key_algorithm) AS key_algorithms,
                    bool_or(names_instead IS NOT NULL) AS by_name_alone
               FROM dane.handshake GROUP BY census_id, host, address) s
    ON s.census_id = e.census_id AND s.host = e.host AND s.address = e.address
  LEFT JOIN dane.reason r ON r.reason = coalesce(e.reason, e.because);
COMMENT ON VIEW published.endpoint_result IS 'One row per address of an MX host: how far the probe came, what was shown, and the verdict.';
COMMENT ON COLUMN published.endpoint_result.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.endpoint_result.host IS 'The MX host.';
COMMENT ON COLUMN published.endpoint_result.address IS 'The IPv4 or IPv6 address.';
COMMENT ON COLUMN published.endpoint_result.reached IS 'How far the probe came: nothing, connect, greeting, ehlo, starttls, tls.';
COMMENT ON COLUMN published.endpoint_result.fault IS 'Whose fault it was that it came no further: theirs, network, ours (never in a rate); null where it came to TLS.';
COMMENT ON COLUMN published.endpoint_result.because IS 'What stopped it; null where it came to TLS.';
COMMENT ON COLUMN published.endpoint_result.banner IS 'First line of the greeting, as the server sent it.';
COMMENT ON COLUMN published.endpoint_result.capabilities IS 'EHLO keywords before TLS.';
COMMENT ON COLUMN published.endpoint_result.capabilities_in_tls IS 'EHLO keywords within TLS; null where EHLO was not answered there.';
COMMENT ON COLUMN published.endpoint_result.starttls_offered IS 'Whether EHLO offered STARTTLS; null where that was not found out.';
COMMENT ON COLUMN published.endpoint_result.second_key IS 'Whether a certificate of the other key algorithm (RSA, ECDSA) is there too: seen, not-offered, not-looked (could not look: the verdict rests on one key), not-asked (no TLSA records, or no TLS).';
COMMENT ON COLUMN published.endpoint_result.protocol IS 'The TLS version that the server chose freely: the highest that it has of those that this program speaks; null where it came to no TLS.';
COMMENT ON COLUMN published.endpoint_result.cipher IS 'The cipher suite of the same handshake.';
COMMENT ON COLUMN published.endpoint_result.tls12 IS 'Whether the server has TLS 1.2; null where that was not looked at, or could not be told.';
COMMENT ON COLUMN published.endpoint_result.tls13 IS 'Whether the server has TLS 1.3; null where that was not looked at, or could not be told.';
COMMENT ON COLUMN published.endpoint_result.without_sni IS 'What a client without SNI is shown: same-chain, same-key (another chain), other-key, refused (TLS fails); null where that was not looked at.';
COMMENT ON COLUMN published.endpoint_result.matched_without_sni IS 'Whether a TLSA record matches what is shown without SNI; null where that was not seen, or without usable records.';
COMMENT ON COLUMN published.endpoint_result.protocols IS 'TLS versions of the handshakes made.';
COMMENT ON COLUMN published.endpoint_result.key_algorithms IS 'Key algorithms of the certificates shown.';
COMMENT ON COLUMN published.endpoint_result.verdict IS 'authenticated, degraded, failed, encrypted, cleartext, unknown (could not look).';
COMMENT ON COLUMN published.endpoint_result.reason IS 'Why the verdict is what it is.';
COMMENT ON COLUMN published.endpoint_result.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.endpoint_result.mender IS 'Who can mend it: dns (the operator of the zone), mail (of the mail server), domain (its owner), parent, network, ours, nobody.';
COMMENT ON COLUMN published.endpoint_result.hint IS 'How to mend it; empty where there is nothing to mend.';
COMMENT ON COLUMN published.endpoint_result.source IS 'The rule that the reason follows: RFC and section, or the limit of this program.';
COMMENT ON COLUMN published.endpoint_result.matched IS 'Usage, selector and matching type of the TLSA record that matched.';
COMMENT ON COLUMN published.endpoint_result.matched_depth IS 'Place of the certificate that matched, the leaf being 0.';
COMMENT ON COLUMN published.endpoint_result.by_name_alone IS 'Whether a certificate fails (DANE-TA) only because it does not name the TLSA base domain: to a domain that it names, it is authenticated (RFC 7672 §3.2.2), which the verdict of that domain says and this one does not.';
COMMENT ON COLUMN published.endpoint_result.seen_at IS 'When the address was probed.';

CREATE VIEW published.invalid_name AS
SELECT i.census_id, substring(s.name FROM '[^/]*$') AS list, i.line, i.text, i.reason, r.says, r.hint
  FROM dane.invalid_name i
  JOIN dane.source s ON s.census_id = i.census_id AND s.source = i.source
  LEFT JOIN dane.reason r ON r.reason = i.reason;
COMMENT ON VIEW published.invalid_name IS 'One row per line of a list that names no domain, with the reason. These lines enter no rate.';
COMMENT ON COLUMN published.invalid_name.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.invalid_name.list IS 'The list, without the folders that it was in.';
COMMENT ON COLUMN published.invalid_name.line IS 'Number of the line in it, from 1.';
COMMENT ON COLUMN published.invalid_name.text IS 'The field that was read as a name, cut to 200 characters.';
COMMENT ON COLUMN published.invalid_name.reason IS 'What is wrong with it.';
COMMENT ON COLUMN published.invalid_name.says IS 'The reason as a sentence.';
COMMENT ON COLUMN published.invalid_name.hint IS 'How to mend it; empty where there is nothing to mend.';
