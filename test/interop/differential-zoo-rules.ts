/**
 * Zones for the differential tests about single rules where validators could differ: aliases at an apex and at wildcards, empty
 * wildcards, case, DS records that nobody can follow, signatures that ended or begin just now.
 */
import { host, P256, without, type ZooZone } from './differential-zone-parts.ts';
import type { ZoneToServe } from './nsd.ts';
import { domain } from './small-internet.ts';

const HALF_AN_HOUR_MS = 1_800_000;
const DAY_MS = 86_400_000;

/** As ldns-signzone takes it: YYYYMMDDhhmmss, UTC, so far from now. */
function time(fromNowMs: number): string {
  return new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]|\..*/g, '');
}

const wildcardLines = [
  // RFC 6672 §3.3: a DNAME at a wildcard.
  '*.stars DNAME rsa.nl.',
  // RFC 4592 §2.2.2: the wildcard is an empty non-terminal.
  'deep.*.nest TXT "below an asterisk"',
  '*.gone CNAME absent.rsa.nl.',
  '*.lost CNAME mx.unsigned.nl.',
  '*.w A 5.45.1.4',
  'x.w TXT "own"',
  'a.y.w TXT "own"',
];

/** Not asked by NSEC: Knot Resolver makes NXDOMAIN of it, out of the NSEC records that it remembers. */
const emptyWildcardQuestions = ['x.nest A', 'x.nest TXT', 'y.x.nest A'];

const wildcardQuestions = [
  '*.stars DNAME',
  'y.stars DNAME',
  'y.stars A',
  'nest A',
  'x.gone A',
  'x.gone DS',
  'x.lost A',
  'x.lost DS',
  'x.w A',
  'x.w TXT',
  'z.w A',
  'z.w DS',
  'z.z.w A',
  'z.x.w A',
  'y.w A',
  'z.y.w A',
  '*.w A',
  '*.w TXT',
];

/** RFC 4034 §6.2, RFC 6840 §5.1: names in RDATA in both cases, of types that are folded and of one that is not. */
const mixedCase = [
  'UPPER TXT "upper"',
  'Mid.UPPER A 5.45.1.5',
  'svc SRV 0 0 25 Mid.UPPER',
  'rp RP Host.MASTER Mid.UPPER',
  'afs AFSDB 1 Mid.UPPER',
  'kx KX 1 Mid.UPPER',
  'naptr NAPTR 1 1 "S" "SIP+D2U" "" Mid.UPPER',
  'ptr PTR Mid.UPPER',
  'cn CNAME Mid.UPPER',
  'dn DNAME RSA.NL.',
];

const mixedCaseQuestions = [
  'upper TXT',
  'UPPER MX',
  'mid.upper A',
  'Mid.Upper TXT',
  'svc SRV',
  'rp RP',
  'afs AFSDB',
  'kx KX',
  'naptr NAPTR',
  'ptr PTR',
  'cn A',
  'dn A',
  'dn TXT',
  'mx.dn A',
  'MX.DN A',
];

export function zooOfRules(tlsa: string): readonly ZooZone[] {
  const lines = host(tlsa);
  const zone = (
    label: string,
    rest: Omit<ZoneToServe, 'origin' | 'lines'>,
    more: readonly string[],
    further: readonly string[],
  ): ZooZone => ({
    label,
    status: 'secure',
    because: null,
    zone: domain(label, [...lines, ...more], { algorithm: P256, ...rest }),
    further,
  });
  const moved = (label: string, signing: readonly string[]): ZooZone => ({
    label,
    status: 'secure',
    because: null,
    zone: {
      origin: `${label}.nl.`,
      lines: [
        '@ SOA ns.rsa.nl. hostmaster.example. 1 3600 600 86400 300',
        '@ NS ns.rsa.nl.',
        '@ MX 10 mx.rsa.nl.',
        '@ DNAME rsa.nl.',
      ],
      algorithm: P256,
      signing,
    },
    only: [
      '@ MX',
      '@ SOA',
      '@ DNAME',
      '@ A',
      '@ DS',
      'mx A',
      'absent A',
      'mx DS',
      'x.wild TXT',
      '_25._tcp.mx TLSA',
    ],
  });
  const unfollowed = (ds: string) => ds.replace(/(\sDS\s+\d+\s+)\d+/g, '$1253');
  return [
    moved('moved', []),
    moved('moved3', ['-n']),
    zone('stars', {}, wildcardLines, wildcardQuestions),
    zone('stars3', { signing: ['-n'] }, wildcardLines, [...wildcardQuestions, ...emptyWildcardQuestions]),
    zone('case', {}, mixedCase, mixedCaseQuestions),
    zone('case3', { signing: ['-n'] }, mixedCase, mixedCaseQuestions),
    {
      ...zone('ds-unfollowed-no-keys', { ds: unfollowed, spoil: without(/\sDNSKEY\s/) }, [], []),
      status: 'insecure',
      because: 'ds-unsupported-algorithm',
    },
    {
      ...zone(
        'ds-unfollowed-stripped',
        { ds: unfollowed, spoil: without(/\s(RRSIG|NSEC|DNSKEY)\s/) },
        [],
        [],
      ),
      status: 'insecure',
      because: 'ds-unsupported-algorithm',
    },
    {
      ...zone('just-expired', { signing: ['-i', time(-DAY_MS), '-e', time(-HALF_AN_HOUR_MS)] }, [], []),
      status: 'bogus',
      because: 'rrsig-expired',
    },
    {
      ...zone('just-not-yet', { signing: ['-i', time(HALF_AN_HOUR_MS), '-e', time(DAY_MS)] }, [], []),
      status: 'bogus',
      because: 'rrsig-not-yet-valid',
    },
  ];
}
