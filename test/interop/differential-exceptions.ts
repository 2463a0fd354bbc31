/**
 * Where other validators come to another status than we do, and why each side may. A difference that is not listed fails the
 * test, and so does an entry that no longer differs.
 */
export const resolvers = ['Unbound', 'Knot Resolver', 'BIND', 'delv'] as const;
export type ResolverName = (typeof resolvers)[number];

export interface Exception {
  readonly resolvers: readonly ResolverName[];
  /** Name and type; every question that it fits must differ. */
  readonly questions: RegExp;
  readonly ours: string;
  readonly theirs: string;
  readonly because: string;
  readonly source: string;
}

/** What is proven by NSEC3 records in the zones that are named after their iterations. */
const denials = (...iterations: number[]) =>
  new RegExp(
    `^((mx|_tcp\\.mx|absent|x\\.wild|a\\.b\\.absent|b\\.c\\.ent)\\.it(${iterations.join('|')})\\.nl\\. (AAAA|A|TXT|MX))$`,
  );

const noDataAtDname: Exception = {
  resolvers: ['BIND'],
  questions: /^moved3?\.nl\. A$/,
  ours: 'secure',
  theirs: 'indeterminate',
  because:
    'BIND 9.18 answers SERVFAIL for a type that an apex with a DNAME does not have; the owner is not redirected',
  source: 'RFC 6672 §2.3, §2.4; seen with BIND 9.18.49, not at the owner of a DNAME below the apex',
};

export const exceptions: readonly Exception[] = [
  {
    resolvers: ['Unbound', 'BIND', 'delv'],
    questions: denials(101, 150),
    ours: 'insecure',
    theirs: 'secure',
    because: 'their limit of NSEC3 iterations is 150, ours 100; RFC 9276 leaves the value open',
    source:
      'RFC 9276 §3.2; unbound.conf(5) val-nsec3-keysize-iterations; BIND 9.18 lib/dns/include/dns/nsec3.h DNS_NSEC3_MAXITERATIONS',
  },
  {
    resolvers: ['Knot Resolver'],
    questions: denials(51, 100),
    ours: 'secure',
    theirs: 'insecure',
    because: 'its limit of NSEC3 iterations is 50 since the fix of CVE-2023-50868',
    source: 'RFC 9276 §3.2; Knot Resolver lib/dnssec/nsec3.h KR_NSEC3_MAX_ITERATIONS',
  },
  {
    resolvers: ['Unbound'],
    questions: /^\S*ds-sha256-wrong\.nl\. (MX|SOA|TLSA|AAAA|A|TXT)$/,
    ours: 'bogus',
    theirs: 'secure',
    because:
      'a DS record with SHA-1 shall not count beside one with SHA-256; Unbound takes any, unless harden-algo-downgrade is set',
    source: 'RFC 4509 §3; Unbound validator/val_utils.c val_verify_DNSKEY_with_DS',
  },
  {
    resolvers: ['Unbound'],
    questions: /^\S*just-(expired|not-yet)\.nl\. (MX|SOA|TLSA|AAAA|A|TXT)$/,
    ours: 'bogus',
    theirs: 'secure',
    because:
      'Unbound lets a signature be off by a tenth of its lifetime, at least an hour: clocks differ; the RFC has no such leeway',
    source: 'RFC 4035 §5.3.1; unbound.conf(5) val-sig-skew-min, val-sig-skew-max',
  },
  {
    resolvers: ['Unbound'],
    questions: /^www\.lame\./,
    ours: 'indeterminate',
    theirs: 'insecure',
    because: 'a server that refers to the very zone it was asked for is lame; Unbound takes that as NODATA',
    source:
      'RFC 1034 §5.3.3; Unbound iterator/iter_resptype.c response_type_from_server ("FIXME: is this correct?")',
  },
  {
    resolvers: ['delv'],
    questions:
      /^((b\.)?absent\.nl\. (A|DS|TLSA)|(absent|below\.absent\.mx|absent\.c\.ent)\.optout\.nl\. A|x\.wild\.(optout|spans)\.nl\. MX|(absent|below)\.spans\.nl\. A|(absent|unsigned|signed|deep\.below)\.spans\.nl\. DS)$/,
    ours: 'insecure',
    theirs: 'secure',
    because:
      'delv shows whether the records verify, and not what an opt-out span leaves unproven; named sets no AD',
    source: 'RFC 5155 §9.2',
  },
  noDataAtDname,
  {
    resolvers: ['BIND'],
    questions: /^ds-short\.nl\. DS$/,
    ours: 'secure',
    theirs: 'indeterminate',
    because:
      'BIND refuses a whole message where a digest of a known type has another length; the RRset is signed',
    source: 'RFC 4034 §5.1; BIND lib/dns/rdata/generic/ds_43.c',
  },
  {
    resolvers: ['delv'],
    questions: /^ds-short\.nl\. DS$/,
    ours: 'secure',
    theirs: 'failed',
    because: 'as BIND',
    source: 'RFC 4034 §5.1; BIND lib/dns/rdata/generic/ds_43.c',
  },
];

/** Where our own verdict through a resolver (`theirs`) is another than that of asking directly. */
export const exceptionsThroughForwarders: readonly Exception[] = [
  {
    resolvers: ['BIND'],
    questions: /^(\S+\.)?ds-short\.nl\. (MX|SOA|TLSA|AAAA|A|TXT)$/,
    ours: 'bogus',
    theirs: 'indeterminate',
    because:
      'BIND answers SERVFAIL for a DS RRset with a digest of another length, with CD too: nobody can tell',
    source: 'RFC 4034 §5.1; BIND lib/dns/rdata/generic/ds_43.c',
  },
  {
    resolvers: ['BIND'],
    questions: /^ds-short\.nl\. DS$/,
    ours: 'secure',
    theirs: 'indeterminate',
    because: 'the same, where the DS RRset itself is asked for',
    source: 'RFC 4034 §5.1; BIND lib/dns/rdata/generic/ds_43.c',
  },
  // With CD set as well.
  noDataAtDname,
];
