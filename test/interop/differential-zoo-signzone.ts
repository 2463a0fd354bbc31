/**
 * Zones for the differential tests that need dnssec-signzone: DS records in other digests (RFC 4509), several algorithms, spans
 * that leave unsigned delegations out (RFC 5155 §6).
 */
import type { Digest, ZoneToSign } from './differential-signzone.ts';
import {
  cutLines,
  cutQuestions,
  host,
  P256,
  replaced,
  without,
  ZEROS,
  type ZooZone,
} from './differential-zone-parts.ts';
import { domain } from './small-internet.ts';

/** By digest type. */
const WRONG_DIGEST: Readonly<Record<number, string>> = { 1: '0'.repeat(40), 2: ZEROS, 4: '0'.repeat(96) };

export function zooBySignzone(tlsa: string): readonly ZooZone<ZoneToSign>[] {
  const zone = (label: string, digests: readonly Digest[], rest: Partial<ZoneToSign> = {}): ZoneToSign => {
    const { origin, lines } = domain(label, host(tlsa), {});
    return { origin, lines, algorithms: [P256], digests, ...rest };
  };
  const good = (
    label: string,
    digests: readonly Digest[],
    rest?: Partial<ZoneToSign>,
  ): ZooZone<ZoneToSign> => ({
    label,
    status: 'secure',
    because: null,
    zone: zone(label, digests, rest),
  });
  const wrong = (digestType: number) =>
    replaced(new RegExp(`(\\sDS\\s+\\d+ 13 ${digestType} )[0-9A-F ]+`, 'g'), `$1${WRONG_DIGEST[digestType]}`);
  const spans = zone('spans', ['SHA-256'], { optOut: true });
  return [
    good('split-keys', ['SHA-256']),
    good('ds-sha1', ['SHA-1']),
    good('ds-sha384', ['SHA-384']),
    good('ds-sha256-sha384', ['SHA-256', 'SHA-384']),
    good('ds-sha1-wrong', ['SHA-1', 'SHA-256'], { ds: wrong(1) }),
    {
      // RFC 4509 §3: SHA-1 does not count beside SHA-256.
      ...good('ds-sha256-wrong', ['SHA-1', 'SHA-256'], { ds: wrong(2) }),
      status: 'bogus',
      because: 'dnskey-no-ds-match',
    },
    good('ds-sha384-wrong', ['SHA-256', 'SHA-384'], { ds: wrong(4) }),
    // RFC 6840 §5.11: any valid path will do.
    good('two-algorithms', ['SHA-256'], { algorithms: [P256, 'RSASHA256'] }),
    good('two-one-stripped', ['SHA-256'], {
      algorithms: [P256, 'RSASHA256'],
      spoil: without(/\sRRSIG\s+(MX|TLSA|NSEC) 13 /),
    }),
    good('two-one-broken', ['SHA-256'], {
      algorithms: [P256, 'RSASHA256'],
      spoil: replaced(/(\sRRSIG\s+MX 13 \d+ \d+ \d+ )\d+/g, '$120991231000000'),
    }),
    {
      label: 'spans',
      status: 'secure',
      because: null,
      zone: { ...spans, lines: [...spans.lines, ...cutLines, 'deep.below NS ns.unsigned'] },
      further: [
        ...cutQuestions,
        'deep.below DS',
        'below DS',
        'below A',
        'absent.below A',
        'absent DS',
        'mx DS',
        '@ DNSKEY',
        'b.c.ent TXT',
      ],
    },
  ];
}
