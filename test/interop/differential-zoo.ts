/**
 * Zones for the differential tests that ldns-signzone can make: each way to be signed, unsigned or broken. They are spoiled after
 * signing: NSD serves what it is given.
 */
import {
  aliasLines,
  crossroadQuestions,
  cutLines,
  exceptAlias,
  host,
  many,
  P256,
  replaced,
  type Status,
  without,
  ZEROS,
  type ZooZone,
  zonesBelow,
} from './differential-zone-parts.ts';
import type { ZoneToServe } from './nsd.ts';
import { domain } from './small-internet.ts';

/** DS records as `ldns-keygen` prints them: algorithm and digest type can be told apart from the key tag. */
const dsFields = /(\sDS\s+\d+\s+)(\d+)(\s+)(\d+)(\s+)([0-9a-f]+)/g;
const dsWith = (by: string) => replaced(dsFields, by);
export function zoo(tlsa: string): { zones: readonly ZooZone[]; below: readonly ZoneToServe[] } {
  const lines = host(tlsa);
  const zone = (label: string, rest: Omit<ZoneToServe, 'origin' | 'lines'>, more: readonly string[] = []) =>
    domain(label, [...lines, ...more], rest);
  const good = (
    label: string,
    rest: Omit<ZoneToServe, 'origin' | 'lines'>,
    further?: readonly string[],
  ): ZooZone => ({
    label,
    status: 'secure',
    because: null,
    zone: zone(label, rest),
    ...(further && { further }),
  });
  const bad = (
    label: string,
    status: Status,
    because: string,
    rest: Omit<ZoneToServe, 'origin' | 'lines'>,
  ): ZooZone => ({ label, status, because, zone: zone(label, rest) });
  const crossroad = (label: string, signing: readonly string[]): ZooZone => ({
    label,
    status: 'secure',
    because: null,
    zone: zone(label, { algorithm: P256, signing }, [
      ...aliasLines,
      ...cutLines,
      ...many,
      'loop CNAME pool',
      'pool CNAME loop',
    ]),
    further: crossroadQuestions,
  });
  const signedBy = (algorithm: string, ...signing: string[]) => ({ algorithm, signing });
  const ds = (change: (ds: string) => string) => ({ algorithm: P256, ds: change });
  const spoilt = (spoil: (signed: string) => string, ...signing: string[]) => ({
    algorithm: P256,
    signing,
    spoil,
  });

  const zones: ZooZone[] = [
    crossroad('good', []),
    crossroad('nsec3', ['-n']),
    crossroad('optout', ['-n', '-p', '-s', 'abcd']),
    // Algorithms (RFC 8624).
    good('rsa', signedBy('RSASHA256')),
    good('rsa512', signedBy('RSASHA512', '-n')),
    good('p384', signedBy('ECDSAP384SHA384')),
    good('ed', signedBy('ED25519', '-n')),
    good('ed448', signedBy('ED448')),
    good('rsasha1', signedBy('RSASHA1')),
    good('rsasha1nsec3', signedBy('RSASHA1-NSEC3-SHA1', '-n')),
    // NSEC3 iterations (RFC 9276 §3.2).
    ...[1, 50, 51, 100, 101, 150, 151, 500, 501, 600].map((n) =>
      good(`it${n}`, signedBy(P256, '-n', '-t', String(n)), ['a.b.absent A', 'b.c.ent TXT']),
    ),
    // No chain of trust leads here.
    bad('unsigned', 'insecure', 'insecure-delegation', {}),
    bad(
      'island',
      'insecure',
      'insecure-delegation',
      ds(() => ''),
    ),
    bad('expired-island', 'insecure', 'insecure-delegation', {
      algorithm: P256,
      signing: ['-i', '20200101', '-e', '20200201'],
      ds: () => '',
    }),
    // DS RRsets (RFC 4035 §5.2, RFC 4509 §3, RFC 6840 §5.2).
    bad('ds-unknown-algorithm', 'insecure', 'ds-unsupported-algorithm', ds(dsWith('$1200$3$4$5$6'))),
    bad('ds-private-algorithm', 'insecure', 'ds-unsupported-algorithm', ds(dsWith('$1253$3$4$5$6'))),
    bad('ds-rsamd5', 'insecure', 'ds-unsupported-algorithm', ds(dsWith('$11$3$4$5$6'))),
    bad('ds-dsa', 'insecure', 'ds-unsupported-algorithm', ds(dsWith('$13$3$4$5$6'))),
    bad('ds-unknown-digest', 'insecure', 'ds-unsupported-digest', ds(dsWith('$1$2$3200$5$6'))),
    bad('ds-other-algorithm', 'bogus', 'dnskey-no-ds-match', ds(dsWith('$18$3$4$5$6'))),
    bad('ds-wrong', 'bogus', 'dnskey-no-ds-match', ds(dsWith(`$1$2$3$4$5${ZEROS}`))),
    bad('ds-short', 'bogus', 'dnskey-no-ds-match', ds(dsWith(`$1$2$3$4$5abcd`))),
    good(
      'ds-unknown-beside',
      ds((right) => `${right}${dsWith('$1200$3$4$5$6')(right)}`),
    ),
    good(
      'ds-unknown-digest-beside',
      ds((right) => `${right}${dsWith('$1$2$3200$5$6')(right)}`),
    ),
    good(
      'ds-wrong-beside',
      ds((right) => `${right}${dsWith(`$1$2$3$4$5${ZEROS}`)(right)}`),
    ),
    good(
      'ds-other-algorithm-beside',
      ds((right) => `${right}${dsWith('$18$3$4$5$6')(right)}`),
    ),
    bad(
      'ds-unknown-and-wrong',
      'bogus',
      'dnskey-no-ds-match',
      ds((right) => dsWith(`$1$2$3$4$5${ZEROS}`)(right) + dsWith('$1200$3$4$5$6')(right)),
    ),
    // Signatures (RFC 4035 §5.3).
    bad('expired', 'bogus', 'rrsig-expired', signedBy(P256, '-i', '20200101', '-e', '20200201')),
    bad('future', 'bogus', 'rrsig-not-yet-valid', signedBy(P256, '-i', '20900101', '-e', '20900201')),
    {
      ...bad('nosig-mx', 'bogus', 'rrsig-missing', spoilt(without(/\sRRSIG\s+(MX|TLSA|CNAME|TXT)\s/))),
      only: exceptAlias,
    },
    {
      ...bad('nosig-dnskey', 'bogus', 'rrsig-missing', spoilt(without(/\sRRSIG\s+DNSKEY\s/))),
      only: exceptAlias,
    },
    { ...bad('nosig', 'bogus', 'rrsig-missing', spoilt(without(/\sRRSIG\s/))), only: exceptAlias },
    { ...bad('nokey', 'bogus', 'dnskey-missing', spoilt(without(/\sDNSKEY\s/))), only: exceptAlias },
    {
      ...bad('stripped', 'bogus', 'dnskey-missing', spoilt(without(/\s(RRSIG|NSEC|DNSKEY)\s/))),
      only: exceptAlias,
    },
    bad(
      'tampered',
      'bogus',
      'signature-invalid',
      spoilt((text) => text.replace(/\sMX\s+10/, '\tMX 11').replace(/5\.45\.1\.1/, '5.45.1.66')),
    ),
    bad('labels', 'bogus', 'rrsig-labels', spoilt(replaced(/(\sRRSIG\s+MX\s+\d+\s+)2/g, '$13'))),
    bad(
      'signer',
      'bogus',
      'rrsig-wrong-signer',
      spoilt(replaced(/(\tRRSIG\tMX .* )signer\.nl\./g, '$1rsa.nl.')),
    ),
    bad(
      'keytag',
      'bogus',
      'rrsig-no-key',
      spoilt(replaced(/(\tRRSIG\tMX .* )(\d+)( keytag\.nl\.)/g, '$11$3')),
    ),
    // Denial (RFC 4035 §5.4, RFC 5155 §8).
    good('no-nsec', spoilt(without(/\s(RRSIG\s+)?NSEC\s/))),
    good('no-nsec3', spoilt(without(/\s(RRSIG\s+)?NSEC3\s/), '-n')),
    good('nosig-nsec', spoilt(without(/\sRRSIG\s+NSEC\s/))),
    { ...good('nosig-nsec3', spoilt(without(/\sRRSIG\s+NSEC3\s/), '-n')), only: ['@ MX', 'absent A'] },
    // The NSEC or NSEC3 record still says that there is a TXT record.
    good('vanished-type', spoilt(without(/^more\..*\s(RRSIG\s+)?TXT\s/)), ['more TXT', 'more A', 'more MX']),
    good('vanished-type3', spoilt(without(/^more\..*\s(RRSIG\s+)?TXT\s/), '-n'), [
      'more TXT',
      'more A',
      'more MX',
    ]),
    // Nothing of the name is left, and the record before it still points to it.
    good('vanished-name', spoilt(without(/^alias\./)), ['alias TXT']),
    // The records of empty non-terminals have no types.
    good('no-ent-nsec3', spoilt(without(/\sNSEC3\s+1\s+\d\s+\d+\s+\S+\s+\S+\s*$/), '-n'), [
      'b.c.ent TXT',
      'c.ent A',
      'ent A',
    ]),
  ];
  const below = zones
    .filter(({ further }) => further === crossroadQuestions)
    .flatMap(({ zone: { origin } }) => zonesBelow(origin));
  return { zones, below };
}
