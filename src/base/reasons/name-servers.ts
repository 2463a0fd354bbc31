/** What is wrong with one address of one name server, whatever the others do. */
import type { Reason } from './reason.ts';

export const nameServerReasons = {
  'name-server-silent': {
    source: 'RFC 1034 §4.1, RFC 2182 §3.3',
    mender: 'dns',
    says: 'a name server that the zone names does not answer at all',
    hint: 'bring the server up, let UDP and TCP port 53 through to it, or take it out of the NS records and the glue',
  },
  'name-server-lame': {
    source: 'RFC 9499 §7, RFC 1912 §2.8',
    mender: 'dns',
    says: 'a name server that the zone names does not serve it: it refuses, fails, refers elsewhere or answers without authority',
    hint: 'configure the zone on that server, or take it out of the NS records at zone and parent',
  },
  'name-server-stale': {
    source: 'RFC 1034 §4.3.5, RFC 1982 §3.2',
    mender: 'dns',
    says: 'a name server shows an older zone than another: its serial is older, or its records differ from what the others show',
    hint: 'see why the zone is not transferred to that server (NOTIFY, allow-transfer, TSIG, SOA refresh)',
  },
  'name-server-unsigned': {
    source: 'RFC 4035 §3.1',
    mender: 'dns',
    says: 'a name server answers without the signatures that the others show',
    hint: 'switch DNSSEC on at that server, give it the signed zone, and let no middlebox strip the records',
  },
  'name-server-bogus': {
    source: 'RFC 4035 §5',
    mender: 'dns',
    says: 'the answer of a name server does not validate, while that of another does',
    hint: 'see whether that server has the newest signed zone and the right keys',
  },
  'name-server-drops-edns': {
    source: 'RFC 6891 §7, RFC 8906 §3.2',
    mender: 'dns',
    says: 'a name server answers only queries without EDNS, so that it can show no DNSSEC records',
    hint: 'replace the server, or the firewall before it, that drops or rejects queries with EDNS',
  },
  'name-server-drops-type': {
    source: 'RFC 8906 §3.1.4, RFC 3597 §3',
    mender: 'dns',
    says: 'a name server answers other questions about the zone, but drops or rejects the one for this record type',
    hint: 'replace the server, load balancer or firewall that does not answer for every record type',
  },
  'name-server-no-tcp': {
    source: 'RFC 7766 §5',
    mender: 'dns',
    says: 'a name server truncates its answer and then does not give it over TCP',
    hint: 'let the server answer over TCP port 53',
  },
  'name-server-mangles-case': {
    source: 'RFC 4343 §4.1',
    mender: 'dns',
    says: 'a name server does not give back the name of the question in the case in which it was asked',
    hint: 'replace the server or middlebox that changes the case of names; resolvers that draw the case drop its answers',
  },
} as const satisfies Record<string, Reason>;
