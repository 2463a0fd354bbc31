/**
 * Why a question that went to a forwarder came to nothing. It was we who chose the forwarder, and it does not say whether the
 * fault is its own or that of the servers behind it: nothing here tells anything of the domain.
 */
import type { Reason } from './reason.ts';

export const forwarderReasons = {
  'forwarder-silent': {
    source: 'RFC 1035 §7.2',
    ede: 22,
    mender: 'ours',
    says: 'no forwarder answered in time',
    hint: 'see whether the forwarder is up; where it is, its wait for the servers of this name is longer than ours: raise --timeout',
  },
  'forwarder-servfail': {
    source: 'RFC 1035 §4.1.1',
    ede: 23,
    mender: 'ours',
    says: 'the forwarder answered SERVFAIL, for servers that fail or because it validates in spite of CD',
    hint: 'look into the forwarder’s log, or ask the name’s own servers without --forward',
  },
  'forwarder-refuses': {
    source: 'RFC 1035 §4.1.1',
    ede: 18,
    mender: 'ours',
    says: 'the forwarder does not take the query (REFUSED, NOTIMP or FORMERR)',
    hint: 'let the forwarder answer this machine, for every record type',
  },
  'forwarder-not-recursive': {
    source: 'RFC 1034 §4.3.1',
    ede: 22,
    mender: 'ours',
    says: 'the forwarder does not recurse: its reply lacks RA, or refers to other servers',
    hint: 'name a recursive resolver, and let it recurse for this machine',
  },
  'forwarder-empty-reply': {
    source: 'RFC 2308 §2.2',
    ede: 22,
    mender: 'ours',
    says: 'the forwarder neither answers nor denies: its reply is empty, as where the name’s servers are lame',
    hint: 'ask the name’s own servers without --forward',
  },
  'forwarder-without-dnssec': {
    source: 'RFC 4035 §3.2.1, RFC 5625 §4.4',
    ede: 22,
    mender: 'ours',
    says: 'the forwarder hands over no DNSSEC records, so that nothing can be validated',
    hint: 'name a forwarder that supports EDNS and DNSSEC; many home routers do not',
  },
  'forwarder-malformed-reply': {
    source: 'RFC 1035 §4',
    ede: 22,
    mender: 'ours',
    says: 'the forwarder’s reply could not be read as a DNS message',
    hint: 'name another forwarder',
  },
  'forwarder-tcp-failed': {
    source: 'RFC 7766 §5, RFC 5625 §4.4.2',
    ede: 22,
    mender: 'ours',
    says: 'the forwarder’s reply was truncated and the forwarder could not be asked over TCP',
    hint: 'let the forwarder answer over TCP',
  },
} as const satisfies Record<string, Reason>;
