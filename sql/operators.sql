-- Well-known operators of mail and of name servers, by the suffixes of their host names. Each is the operator's own domain, named
-- in its public documentation. What a user has loaded stands above these rows.

DELETE FROM dane.operator_suffix WHERE origin = 'program';

INSERT INTO dane.operator_suffix (suffix, operator, origin)
SELECT suffix, operator, 'program'
  FROM (VALUES
    ('google.com', 'Google'), ('googlemail.com', 'Google'), ('googledomains.com', 'Google'),
    ('outlook.com', 'Microsoft'), ('protection.outlook.com', 'Microsoft'), ('mx.microsoft', 'Microsoft'),
    ('azure-dns.com', 'Microsoft'), ('azure-dns.net', 'Microsoft'),
    ('azure-dns.org', 'Microsoft'), ('azure-dns.info', 'Microsoft'),
    ('amazonaws.com', 'Amazon'),
    ('cloudflare.com', 'Cloudflare'), ('cloudflare.net', 'Cloudflare'),
    ('yandex.net', 'Yandex'), ('yandex.ru', 'Yandex'),
    ('pphosted.com', 'Proofpoint'), ('ppe-hosted.com', 'Proofpoint'), ('mimecast.com', 'Mimecast'),
    ('messagelabs.com', 'Broadcom'), ('barracudanetworks.com', 'Barracuda'), ('iphmx.com', 'Cisco'),
    ('yahoodns.net', 'Yahoo'), ('icloud.com', 'Apple'), ('zoho.com', 'Zoho'), ('zoho.eu', 'Zoho'),
    ('protonmail.ch', 'Proton'), ('messagingengine.com', 'Fastmail'), ('mailbox.org', 'mailbox.org'),
    ('posteo.de', 'Posteo'), ('migadu.com', 'Migadu'),
    ('one.com', 'one.com'), ('hostpoint.ch', 'Hostpoint'), ('infomaniak.ch', 'Infomaniak'),
    ('infomaniak.com', 'Infomaniak'), ('transip.email', 'TransIP'), ('transip.nl', 'TransIP'), ('transip.net', 'TransIP'), ('transip.eu', 'TransIP'),
    ('mijndomein.nl', 'Mijndomein'), ('argeweb.nl', 'Argeweb'), ('hostnet.nl', 'Hostnet'), ('antagonist.nl', 'Antagonist'),
    ('simply.com', 'Simply.com'), ('domeneshop.no', 'Domeneshop'), ('hyp.net', 'Domeneshop'),
    ('loopia.se', 'Loopia'), ('forpsi.com', 'Forpsi'), ('forpsi.net', 'Forpsi'), ('active24.cz', 'Active 24'),
    ('webreus.nl', 'WebReus'),
    ('ovh.net', 'OVHcloud'), ('ovh.ca', 'OVHcloud'), ('anycast.me', 'OVHcloud'), ('gandi.net', 'Gandi'),
    ('kundenserver.de', 'IONOS'), ('ui-dns.com', 'IONOS'), ('ui-dns.org', 'IONOS'), ('ui-dns.de', 'IONOS'),
    ('ui-dns.biz', 'IONOS'), ('rzone.de', 'Strato'), ('hetzner.com', 'Hetzner'), ('hetzner.de', 'Hetzner'),
    ('secureserver.net', 'GoDaddy'), ('domaincontrol.com', 'GoDaddy'), ('registrar-servers.com', 'Namecheap'),
    ('dnsimple.com', 'DNSimple'), ('nsone.net', 'NS1'), ('desec.io', 'deSEC'), ('desec.org', 'deSEC')
  ) known (suffix, operator)
 UNION ALL
-- awsdns-00.com to awsdns-63.co.uk: the name servers of Route 53
SELECT format('awsdns-%s.%s', lpad(number::text, 2, '0'), tld), 'Amazon', 'program'
  FROM generate_series(0, 63) number CROSS JOIN unnest(ARRAY['com', 'net', 'org', 'co.uk']) tld
ON CONFLICT (suffix) DO NOTHING;
