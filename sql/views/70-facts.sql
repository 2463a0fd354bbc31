-- Facts as they are stored, a view for each table. For those who count for themselves: without sentences, which the views *_result
-- have beside them. Octets are lower-case hexadecimal text.

CREATE VIEW published.fact_domain AS
SELECT d.census_id, d.ordinal, d.name AS domain, t.tags, d.rank, d.weight, f.mail, f.mx_outcome, f.mx_status,
       f.mx_reason, f.mx_rcode, f.mx_ttl, f.mx_aliases, f.zone_apex, f.zone_status, f.zone_reason, f.ds_algorithms,
       f.ds_digest_types, f.dnskey_algorithms, f.denial, f.nsec3_iterations, f.nsec3_opt_out, f.name_servers,
       f.soa_rname, f.soa_serial, f.soa_refresh, f.soa_retry, f.soa_expire, f.soa_minimum, f.mta_sts, f.tls_rpt,
       f.delegation_from_list, f.seen_at
  FROM dane.domain d
  LEFT JOIN dane.tag_set t ON t.tag_set = d.tag_set
  LEFT JOIN dane.domain_fact f ON f.census_id = d.census_id AND f.ordinal = d.ordinal;
COMMENT ON VIEW published.fact_domain IS 'One row per domain of a census: the list''s word on it, and what was seen of its MX RRset and zone, without judgement. Every domain is here, also those without mail, those that could not be looked at and those not looked at yet.';
COMMENT ON COLUMN published.fact_domain.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_domain.ordinal IS 'Position of the name among the valid names of the lists, from 1; duplicates leave gaps. With census_id it is the key of the domain.';
COMMENT ON COLUMN published.fact_domain.domain IS 'The domain as A-labels, lower case, without the final dot.';
COMMENT ON COLUMN published.fact_domain.tags IS 'What the list says of the domain, as one JSON object of tag and value; null where it says nothing.';
COMMENT ON COLUMN published.fact_domain.rank IS 'Place in the popularity list, from 1; null where the list tells none.';
COMMENT ON COLUMN published.fact_domain.weight IS 'How much the domain counts in weighted figures; null where the list tells none.';
COMMENT ON COLUMN published.fact_domain.mail IS 'How the domain takes mail: mx, implicit-mx (RFC 5321 §5.1), null-mx (RFC 7505), none, unknown (the lookup failed); null, as everything that follows, where the domain has not been looked at yet.';
COMMENT ON COLUMN published.fact_domain.mx_outcome IS 'What the MX lookup found: data, nodata, nxdomain, failed (exactly where the status is bogus or indeterminate).';
COMMENT ON COLUMN published.fact_domain.mx_status IS 'Security status of the MX answer or of its denial: secure, insecure, bogus, indeterminate (RFC 4033 §5).';
COMMENT ON COLUMN published.fact_domain.mx_reason IS 'Why that status is not secure, as a key of the catalogue of reasons; null where it is.';
COMMENT ON COLUMN published.fact_domain.mx_rcode IS 'The response code of the MX answer; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.fact_domain.mx_ttl IS 'TTL of the MX RRset in seconds; null without one, and where a forwarder told of it and no signature does.';
COMMENT ON COLUMN published.fact_domain.mx_aliases IS 'The names that CNAME records lead the MX lookup through, the last one the expanded name; empty where the domain is no alias; null in censuses of before it was kept.';
COMMENT ON COLUMN published.fact_domain.zone_apex IS 'The zone that holds the domain; null where it was not found.';
COMMENT ON COLUMN published.fact_domain.zone_status IS 'Security status of that zone: secure, insecure, bogus, indeterminate (RFC 4033 §5); null without one.';
COMMENT ON COLUMN published.fact_domain.zone_reason IS 'Why that status is not secure; null where it is.';
COMMENT ON COLUMN published.fact_domain.ds_algorithms IS 'Algorithms of the zone''s DS records (IANA numbers), sorted, each once; null where the zone was not found.';
COMMENT ON COLUMN published.fact_domain.ds_digest_types IS 'Digest types of the zone''s DS records (IANA numbers), sorted, each once; null where the zone was not found.';
COMMENT ON COLUMN published.fact_domain.dnskey_algorithms IS 'Algorithms of the zone''s DNSKEY records (IANA numbers), sorted, each once; null where the zone was not found.';
COMMENT ON COLUMN published.fact_domain.denial IS 'How the zone denies names, nsec or nsec3; null where no negative answer showed it.';
COMMENT ON COLUMN published.fact_domain.nsec3_iterations IS 'Additional iterations of its NSEC3 records (RFC 5155 §3.1.3); null where none was seen.';
COMMENT ON COLUMN published.fact_domain.nsec3_opt_out IS 'Whether an NSEC3 record of it was seen with the opt-out flag (RFC 5155 §6); null where none was seen.';
COMMENT ON COLUMN published.fact_domain.name_servers IS 'Names of the zone''s name servers as the parent gives them, sorted; null where the zone was not found, or forwarders were asked.';
COMMENT ON COLUMN published.fact_domain.soa_rname IS 'The responsible mailbox of the zone''s SOA as a domain name in presentation form (RFC 1035 §3.3.13); null, as the five that follow, where no SOA was seen.';
COMMENT ON COLUMN published.fact_domain.soa_serial IS 'Serial of the SOA.';
COMMENT ON COLUMN published.fact_domain.soa_refresh IS 'Refresh of the SOA in seconds.';
COMMENT ON COLUMN published.fact_domain.soa_retry IS 'Retry of the SOA in seconds.';
COMMENT ON COLUMN published.fact_domain.soa_expire IS 'Expire of the SOA in seconds.';
COMMENT ON COLUMN published.fact_domain.soa_minimum IS 'Minimum of the SOA in seconds: how long denials are remembered (RFC 2308 §4).';
COMMENT ON COLUMN published.fact_domain.mta_sts IS 'Whether an MTA-STS record stands at _mta-sts (RFC 8461 §3.1); null where that was not found out.';
COMMENT ON COLUMN published.fact_domain.tls_rpt IS 'Whether a TLS reporting record stands at _smtp._tls (RFC 8460 §3); null where that was not found out.';
COMMENT ON COLUMN published.fact_domain.delegation_from_list IS 'Whether what was seen rests on the delegation that the list (a zone file) holds; where it does not, the parent was asked. Null where nobody has looked yet.';
COMMENT ON COLUMN published.fact_domain.seen_at IS 'When the domain was looked at; null where it has not been yet.';

CREATE VIEW published.fact_mx AS
SELECT e.census_id, e.ordinal, d.name AS domain, e.preference, e.host
  FROM dane.mx_edge e
  JOIN dane.domain d ON d.census_id = e.census_id AND d.ordinal = e.ordinal;
COMMENT ON VIEW published.fact_mx IS 'One row per MX record of a domain. A domain with an implicit MX (RFC 5321 §5.1) has one row that names itself; one with a null MX, without mail, or whose lookup failed has none.';
COMMENT ON COLUMN published.fact_mx.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_mx.ordinal IS 'The domain, by its ordinal (fact_domain.ordinal).';
COMMENT ON COLUMN published.fact_mx.domain IS 'The domain, by its name.';
COMMENT ON COLUMN published.fact_mx.preference IS 'Preference of the MX record; 0 for an implicit MX.';
COMMENT ON COLUMN published.fact_mx.host IS 'The MX host that it names, as A-labels, lower case, without the final dot.';

CREATE VIEW published.fact_host AS
SELECT h.census_id, h.host, h.provider, f.a_outcome, f.a_status, f.a_reason, f.a_rcode, f.a_ttl, f.aaaa_outcome,
       f.aaaa_status, f.aaaa_reason, f.aaaa_rcode, f.aaaa_ttl, f.aliases, f.tlsa_base, f.tlsa_lookup, f.tlsa_status,
       f.tlsa_lookup_reason, f.tlsa_rcode, f.tlsa_ttl, f.tlsa_outcome, f.tlsa_reason, f.ancestor_consequence,
       f.verdict, f.reason, f.seen_at
  FROM dane.host h
  LEFT JOIN dane.host_fact f ON f.census_id = h.census_id AND f.host = h.host;
COMMENT ON VIEW published.fact_host IS 'One row per MX host of a census, however many domains name it: its addresses and TLSA lookup, and its verdict. Hosts that have not been looked at yet are here, with nothing but their name and provider.';
COMMENT ON COLUMN published.fact_host.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_host.host IS 'The name that MX records (or, without MX, the domain itself) name.';
COMMENT ON COLUMN published.fact_host.provider IS 'The registrable domain of the host (public suffix list); the host itself where there is none.';
COMMENT ON COLUMN published.fact_host.a_outcome IS 'What the lookup of A found: data, nodata, nxdomain, failed (exactly where the status is bogus or indeterminate); null, as everything that follows, where the host has not been looked at yet.';
COMMENT ON COLUMN published.fact_host.a_status IS 'Security status of the A answer or of its denial: secure, insecure, bogus, indeterminate (RFC 4033 §5).';
COMMENT ON COLUMN published.fact_host.a_reason IS 'Why that status is not secure; null where it is.';
COMMENT ON COLUMN published.fact_host.a_rcode IS 'The response code of the A answer; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.fact_host.a_ttl IS 'TTL of the A RRset in seconds; null without one, and where a forwarder told of it and no signature does.';
COMMENT ON COLUMN published.fact_host.aaaa_outcome IS 'What the lookup of AAAA found: data, nodata, nxdomain, failed (exactly where the status is bogus or indeterminate).';
COMMENT ON COLUMN published.fact_host.aaaa_status IS 'Security status of the AAAA answer or of its denial: secure, insecure, bogus, indeterminate (RFC 4033 §5).';
COMMENT ON COLUMN published.fact_host.aaaa_reason IS 'Why that status is not secure; null where it is.';
COMMENT ON COLUMN published.fact_host.aaaa_rcode IS 'The response code of the AAAA answer; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.fact_host.aaaa_ttl IS 'TTL of the AAAA RRset in seconds; null without one, and where a forwarder told of it and no signature does.';
COMMENT ON COLUMN published.fact_host.aliases IS 'The names that CNAME records lead through, the canonical name last; empty where the host is no alias.';
COMMENT ON COLUMN published.fact_host.tlsa_base IS 'The TLSA base domain that was chosen (RFC 7672 §2.2.2); null where no TLSA lookup was due.';
COMMENT ON COLUMN published.fact_host.tlsa_lookup IS 'What the TLSA lookup found: data, nodata, nxdomain, failed (exactly where the status is bogus or indeterminate); null, as the four that follow, where none was due because the address records are insecure or absent.';
COMMENT ON COLUMN published.fact_host.tlsa_status IS 'Security status of the TLSA answer or of its denial: secure, insecure, bogus, indeterminate (RFC 4033 §5).';
COMMENT ON COLUMN published.fact_host.tlsa_lookup_reason IS 'Why that status is not secure; null where it is.';
COMMENT ON COLUMN published.fact_host.tlsa_rcode IS 'The response code of the TLSA answer; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.fact_host.tlsa_ttl IS 'TTL of the TLSA RRset in seconds; null without one, and where a forwarder told of it and no signature does.';
COMMENT ON COLUMN published.fact_host.tlsa_outcome IS 'usable, unusable (secure, but nothing in it can authenticate), none (securely absent, or insecure), lookup-failed (bogus, SERVFAIL, timeout).';
COMMENT ON COLUMN published.fact_host.tlsa_reason IS 'Why the outcome is not usable; null where it is.';
COMMENT ON COLUMN published.fact_host.ancestor_consequence IS 'What follows for mail from a denied ancestor of the TLSA name, by the resolver that the sender asks: silently-unprotected, mail-deferred, either; null where the RRset is always found, and in censuses of before it was kept.';
COMMENT ON COLUMN published.fact_host.verdict IS 'Of the host by its own name: dane, dane-degraded, dane-failed, dane-unusable, no-dane, lookup-failed, no-address, unknown (could not look).';
COMMENT ON COLUMN published.fact_host.reason IS 'Why the verdict is what it is; null where nothing is to be said.';
COMMENT ON COLUMN published.fact_host.seen_at IS 'When the host was looked at; null where it has not been yet.';

CREATE VIEW published.fact_tlsa_record AS
SELECT t.census_id, t.host, t.number, t.usage, t.selector, t.matching_type, encode(t.data, 'hex') AS data, t.reason
  FROM dane.tlsa_record t;
COMMENT ON VIEW published.fact_tlsa_record IS 'One row per TLSA record of an MX host, of secure RRsets and of others (fact_host.tlsa_status tells which): count only those of secure RRsets as published DANE.';
COMMENT ON COLUMN published.fact_tlsa_record.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_tlsa_record.host IS 'The MX host; each counts once, however many domains name it.';
COMMENT ON COLUMN published.fact_tlsa_record.number IS 'Place of the record in the RRset as it was read, from 0.';
COMMENT ON COLUMN published.fact_tlsa_record.usage IS 'Certificate usage (RFC 6698 §2.1.1).';
COMMENT ON COLUMN published.fact_tlsa_record.selector IS 'Selector (RFC 6698 §2.1.2).';
COMMENT ON COLUMN published.fact_tlsa_record.matching_type IS 'Matching type (RFC 6698 §2.1.3).';
COMMENT ON COLUMN published.fact_tlsa_record.data IS 'Certificate association data (RFC 6698 §2.1.4), lower-case hexadecimal.';
COMMENT ON COLUMN published.fact_tlsa_record.reason IS 'Why the record cannot be used; null where it can.';

CREATE VIEW published.fact_tlsa_ancestor AS
SELECT a.census_id, a.host, a.number, a.name, a.rcode, a.proof, a.reason
  FROM dane.tlsa_ancestor a;
COMMENT ON VIEW published.fact_tlsa_ancestor IS 'One row per ancestor of a TLSA name between it and the zone cut, as the worst name server address that shows the TLSA RRset answers for it (RFC 8020); the healthy ones too.';
COMMENT ON COLUMN published.fact_tlsa_ancestor.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_tlsa_ancestor.host IS 'The MX host.';
COMMENT ON COLUMN published.fact_tlsa_ancestor.number IS 'Place among the ancestors of the host, from 0.';
COMMENT ON COLUMN published.fact_tlsa_ancestor.name IS 'The ancestor of the TLSA name.';
COMMENT ON COLUMN published.fact_tlsa_ancestor.rcode IS 'Response code for it, at the worst address; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.fact_tlsa_ancestor.proof IS 'exists, denied-validly (NXDOMAIN with a proof that holds), denied-contradictory (with one that does not), denied-unproven (with none), failed (no reply of use).';
COMMENT ON COLUMN published.fact_tlsa_ancestor.reason IS 'Why the proof does not hold, or why there was no reply; null where it holds.';

CREATE VIEW published.fact_server_answer AS
SELECT a.census_id, a.subject, a.name, a.number, a.asked, a.server, a.address, a.rcode, a.answer, a.status, a.reason,
       a.serial, a.faults
  FROM dane.server_answer a;
COMMENT ON VIEW published.fact_server_answer IS 'One row per name server address that was asked directly: for TLSA of an MX host that has TLSA records or whose TLSA lookup fails, and for MX of a domain whose MX lookup fails. No row means that nobody asked there.';
COMMENT ON COLUMN published.fact_server_answer.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_server_answer.subject IS 'host (asked for TLSA) or domain (asked for MX).';
COMMENT ON COLUMN published.fact_server_answer.name IS 'The MX host or the domain.';
COMMENT ON COLUMN published.fact_server_answer.number IS 'Place among the answers for it, from 0.';
COMMENT ON COLUMN published.fact_server_answer.asked IS 'The name that was asked for: the TLSA name, or an alias of it, or the domain; null in censuses of before it was kept.';
COMMENT ON COLUMN published.fact_server_answer.server IS 'Name of the name server.';
COMMENT ON COLUMN published.fact_server_answer.address IS 'Its address that was asked.';
COMMENT ON COLUMN published.fact_server_answer.rcode IS 'Its response code; without a reply, why there is none, in capitals (TIMEOUT, TCP-FAILED, …).';
COMMENT ON COLUMN published.fact_server_answer.answer IS 'Digest of the RRset that it showed; an empty text where it showed none.';
COMMENT ON COLUMN published.fact_server_answer.status IS 'Security status of its own reply: secure, insecure, bogus, indeterminate (RFC 4033 §5); null where there was none to be judged.';
COMMENT ON COLUMN published.fact_server_answer.reason IS 'Why that status is not secure; null where it is, or is null.';
COMMENT ON COLUMN published.fact_server_answer.serial IS 'Serial of the zone''s SOA that it showed; null where it showed none.';
COMMENT ON COLUMN published.fact_server_answer.faults IS 'What is wrong with the address, as keys of the catalogue of reasons, each once; empty where nothing is.';

CREATE VIEW published.fact_ancestor_server AS
SELECT a.census_id, a.host, a.number, a.name, a.server, a.address, a.rcode, a.proof, a.reason
  FROM dane.ancestor_server a;
COMMENT ON VIEW published.fact_ancestor_server IS 'One row per ancestor of a TLSA name and name server address that was asked for it directly: what fact_tlsa_ancestor is the worst of.';
COMMENT ON COLUMN published.fact_ancestor_server.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_ancestor_server.host IS 'The MX host.';
COMMENT ON COLUMN published.fact_ancestor_server.number IS 'Place among the answers for ancestors of the host, from 0.';
COMMENT ON COLUMN published.fact_ancestor_server.name IS 'The ancestor of the TLSA name.';
COMMENT ON COLUMN published.fact_ancestor_server.server IS 'Name of the name server.';
COMMENT ON COLUMN published.fact_ancestor_server.address IS 'Its address that was asked.';
COMMENT ON COLUMN published.fact_ancestor_server.rcode IS 'Response code for the ancestor; without a reply, why there is none, in capitals.';
COMMENT ON COLUMN published.fact_ancestor_server.proof IS 'Judged by its own reply: exists, denied-validly, denied-contradictory, denied-unproven, failed (no reply of use).';
COMMENT ON COLUMN published.fact_ancestor_server.reason IS 'Why the proof does not hold, or why there was no reply; null where it holds.';

CREATE VIEW published.fact_ancestor_behaviour AS
SELECT b.census_id, b.host, b.number, b.behaviour, b.fates, b.fates_after_ancestor
  FROM dane.ancestor_behaviour b;
COMMENT ON VIEW published.fact_ancestor_behaviour IS 'What becomes of the TLSA RRset of each MX host with a denied ancestor, by the behaviour of the resolver that asks; hosts without a denied ancestor have no row.';
COMMENT ON COLUMN published.fact_ancestor_behaviour.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_ancestor_behaviour.host IS 'The MX host.';
COMMENT ON COLUMN published.fact_ancestor_behaviour.number IS 'Place among the behaviours, from 0.';
COMMENT ON COLUMN published.fact_ancestor_behaviour.behaviour IS 'strict-minimisation (RFC 9156 to the letter), relaxed-minimisation, harden-below-nxdomain, aggressive-nsec (RFC 8198), no-minimisation.';
COMMENT ON COLUMN published.fact_ancestor_behaviour.fates IS 'With an empty memory: found; lost (the resolver says that there is none); fails; several where it hangs on which server is asked.';
COMMENT ON COLUMN published.fact_ancestor_behaviour.fates_after_ancestor IS 'The same after the ancestor itself was asked for.';

CREATE VIEW published.fact_endpoint AS
SELECT e.census_id, e.host, host(e.address) AS address, e.reached, e.fault, e.because, e.banner, e.capabilities,
       e.capabilities_in_tls, e.starttls_offered, e.second_key, e.tls12, e.tls13, e.without_sni,
       CASE WHEN e.chain_without_sni IS NOT NULL THEN
         ARRAY(SELECT encode(c.sha256, 'hex')
                 FROM unnest(e.chain_without_sni) WITH ORDINALITY AS c(sha256, place) ORDER BY c.place) END AS chain_without_sni,
       e.matched_without_sni, e.verdict, e.reason, e.matched, e.matched_depth, e.seen_at
  FROM dane.endpoint e;
COMMENT ON VIEW published.fact_endpoint IS 'One row per address of an MX host: how far the probe came, whose fault it was, what was shown, and the verdict. Addresses that could not be looked at are here too (fault ours or network, verdict unknown): leave them out of every rate.';
COMMENT ON COLUMN published.fact_endpoint.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_endpoint.host IS 'The MX host.';
COMMENT ON COLUMN published.fact_endpoint.address IS 'The IPv4 or IPv6 address.';
COMMENT ON COLUMN published.fact_endpoint.reached IS 'How far the probe came: nothing, connect, greeting, ehlo, starttls, tls.';
COMMENT ON COLUMN published.fact_endpoint.fault IS 'Whose fault it was that it came no further: theirs, network, ours (never in a rate); null where it came to TLS.';
COMMENT ON COLUMN published.fact_endpoint.because IS 'What stopped it, as a key of the catalogue of reasons; null where it came to TLS.';
COMMENT ON COLUMN published.fact_endpoint.banner IS 'First line of the greeting without its code, as the server sent it, cut to 512 characters; an empty text before there was one.';
COMMENT ON COLUMN published.fact_endpoint.capabilities IS 'EHLO keywords before TLS, upper case, sorted, each once.';
COMMENT ON COLUMN published.fact_endpoint.capabilities_in_tls IS 'EHLO keywords within TLS; null where EHLO was not answered there.';
COMMENT ON COLUMN published.fact_endpoint.starttls_offered IS 'Whether EHLO offered STARTTLS; null where that was not found out.';
COMMENT ON COLUMN published.fact_endpoint.second_key IS 'Whether a certificate of the other key algorithm (RSA, ECDSA) is there too: seen, not-offered, not-looked (could not look), not-asked (no TLSA records, or no TLS 1.2).';
COMMENT ON COLUMN published.fact_endpoint.tls12 IS 'Whether the server has TLS 1.2; null where that was not looked at, or could not be told.';
COMMENT ON COLUMN published.fact_endpoint.tls13 IS 'Whether the server has TLS 1.3; null where that was not looked at, or could not be told.';
COMMENT ON COLUMN published.fact_endpoint.without_sni IS 'What a client without SNI is shown: same-chain, same-key (another chain), other-key, refused (TLS fails); null where that was not looked at.';
COMMENT ON COLUMN published.fact_endpoint.chain_without_sni IS 'SHA-256 of each certificate shown without SNI (fact_certificate.sha256), leaf first; null where none was seen.';
COMMENT ON COLUMN published.fact_endpoint.matched_without_sni IS 'Whether a TLSA record matches what is shown without SNI; null where that was not seen, or without usable records.';
COMMENT ON COLUMN published.fact_endpoint.verdict IS 'authenticated, degraded, failed, encrypted, cleartext, unknown (could not look).';
COMMENT ON COLUMN published.fact_endpoint.reason IS 'Why the verdict is what it is; null where nothing is to be said.';
COMMENT ON COLUMN published.fact_endpoint.matched IS 'Usage, selector and matching type of the TLSA record that matched; null where none did.';
COMMENT ON COLUMN published.fact_endpoint.matched_depth IS 'Place of the certificate that matched, the leaf being 0; null where none did.';
COMMENT ON COLUMN published.fact_endpoint.seen_at IS 'When the address was probed.';

CREATE VIEW published.fact_handshake AS
SELECT h.census_id, h.host, host(h.address) AS address, h.number, h.key_algorithm, h.key_bits, h.protocol, h.cipher,
       ARRAY(SELECT encode(c.sha256, 'hex')
               FROM unnest(h.chain) WITH ORDINALITY AS c(sha256, place) ORDER BY c.place) AS chain,
       encode(h.leaf_spki, 'hex') AS leaf_spki, h.reason, h.names_instead
  FROM dane.handshake h;
COMMENT ON VIEW published.fact_handshake IS 'One row per TLS handshake with an endpoint that showed a certificate of its own: the server''s free choice, and, where it was looked for and is there, that of the other key algorithm.';
COMMENT ON COLUMN published.fact_handshake.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_handshake.host IS 'The MX host.';
COMMENT ON COLUMN published.fact_handshake.address IS 'The address of the endpoint.';
COMMENT ON COLUMN published.fact_handshake.number IS '0 for the server''s free choice, then that of the other key algorithm.';
COMMENT ON COLUMN published.fact_handshake.key_algorithm IS 'Key algorithm of the leaf: rsa, rsa-pss, ec, ed25519, …; an empty text where the certificate cannot be read.';
COMMENT ON COLUMN published.fact_handshake.key_bits IS 'Size of its key in bits; null where it has none, or cannot be read.';
COMMENT ON COLUMN published.fact_handshake.protocol IS 'TLS version: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3.';
COMMENT ON COLUMN published.fact_handshake.cipher IS 'Name of the cipher suite as IANA has it.';
COMMENT ON COLUMN published.fact_handshake.chain IS 'SHA-256 of each certificate as sent (fact_certificate.sha256), leaf first.';
COMMENT ON COLUMN published.fact_handshake.leaf_spki IS 'SHA-256 of the leaf''s SubjectPublicKeyInfo, lower-case hexadecimal: the key; null where it cannot be read.';
COMMENT ON COLUMN published.fact_handshake.reason IS 'Why the usable TLSA records do not authenticate it under the host''s own name; null where they do, without any, and in censuses of before it was kept.';
COMMENT ON COLUMN published.fact_handshake.names_instead IS 'Where nothing but the name is amiss, the names that the leaf presents (RFC 7672 §3.2.2), as text from the network; else null.';

CREATE VIEW published.fact_certificate AS
SELECT s.census_id, encode(c.sha256, 'hex') AS sha256, encode(c.spki_sha256, 'hex') AS spki_sha256, c.key_algorithm,
       c.key_bits, c.subject, c.issuer, c.not_before, c.not_after, c.self_signed
  FROM (SELECT census_id, unnest(chain) AS sha256 FROM dane.handshake
         UNION
        SELECT census_id, unnest(chain_without_sni) FROM dane.endpoint) s
  JOIN dane.certificate c ON c.sha256 = s.sha256;
COMMENT ON VIEW published.fact_certificate IS 'One row per certificate that endpoints of the census show, with SNI or without, in any place of a chain; each once a census, however many endpoints show it.';
COMMENT ON COLUMN published.fact_certificate.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_certificate.sha256 IS 'SHA-256 of the certificate, lower-case hexadecimal: what fact_handshake.chain and fact_endpoint.chain_without_sni refer to.';
COMMENT ON COLUMN published.fact_certificate.spki_sha256 IS 'SHA-256 of its SubjectPublicKeyInfo, lower-case hexadecimal: the key; null where it cannot be read.';
COMMENT ON COLUMN published.fact_certificate.key_algorithm IS 'rsa, rsa-pss, ec, ed25519, …; an empty text where the certificate cannot be read.';
COMMENT ON COLUMN published.fact_certificate.key_bits IS 'Size of the key in bits; null where it has none, or cannot be read.';
COMMENT ON COLUMN published.fact_certificate.subject IS 'Distinguished name of the subject, as text from the network.';
COMMENT ON COLUMN published.fact_certificate.issuer IS 'Distinguished name of the issuer, as text from the network.';
COMMENT ON COLUMN published.fact_certificate.not_before IS 'Start of its validity; null where it cannot be read, infinite (in exports null) where it lies outside the years 1 to 9999.';
COMMENT ON COLUMN published.fact_certificate.not_after IS 'End of its validity; null where it cannot be read, infinite (in exports null) where it lies outside the years 1 to 9999.';
COMMENT ON COLUMN published.fact_certificate.self_signed IS 'Whether its own key signed it.';

CREATE VIEW published.fact_finding AS
SELECT f.census_id, f.subject, f.name, f.number, f.finding, f.detail
  FROM dane.finding f;
COMMENT ON VIEW published.fact_finding IS 'One row per finding: what is odd about a domain or an MX host beside its verdict.';
COMMENT ON COLUMN published.fact_finding.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_finding.subject IS 'domain or host.';
COMMENT ON COLUMN published.fact_finding.name IS 'The domain or the MX host.';
COMMENT ON COLUMN published.fact_finding.number IS 'Place among the findings of it, from 0.';
COMMENT ON COLUMN published.fact_finding.finding IS 'What was found, as a key of the catalogue of reasons.';
COMMENT ON COLUMN published.fact_finding.detail IS 'What it was about, as text from the network, cut to 1000 characters; may be empty.';

CREATE VIEW published.fact_domain_verdict AS
SELECT v.census_id, v.ordinal, d.name AS domain, v.verdict, v.reason
  FROM dane.domain_verdict v
  JOIN dane.domain d ON d.census_id = v.census_id AND d.ordinal = v.ordinal;
COMMENT ON VIEW published.fact_domain_verdict IS 'One row per domain that has been judged: what follows for its mail. Domains that are not judged yet have no row.';
COMMENT ON COLUMN published.fact_domain_verdict.census_id IS 'The census that the row belongs to (census_overview.census_id).';
COMMENT ON COLUMN published.fact_domain_verdict.ordinal IS 'The domain, by its ordinal (fact_domain.ordinal).';
COMMENT ON COLUMN published.fact_domain_verdict.domain IS 'The domain, by its name.';
COMMENT ON COLUMN published.fact_domain_verdict.verdict IS 'dane, dane-degraded, dane-partial, dane-failed, insecure-mx, no-dane, lookup-failed, no-mail (in no rate of adoption), unknown (could not look: in no rate).';
COMMENT ON COLUMN published.fact_domain_verdict.reason IS 'Why the verdict is what it is; null where nothing is to be said.';
