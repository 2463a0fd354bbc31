/** What the zones of the differential tests are made of: records, questions about them, and ways to spoil what was signed. */
import type { ZoneToServe } from './nsd.ts';
import { addresses } from './small-internet.ts';

export const P256 = 'ECDSAP256SHA256';
/** No route leads there, so that nobody waits. */
const DEAD = '5.46.0.1';

export type Status = 'secure' | 'insecure' | 'bogus' | 'indeterminate';

export interface ZooZone<Zone = ZoneToServe> {
  readonly label: string;
  /** What its MX lookup is. */
  readonly status: Status;
  /** Why it is not secure. */
  readonly because: string | null;
  readonly zone: Zone;
  /** What else is asked within the zone, besides `everyZone`; a label and a type. */
  readonly further?: readonly string[];
  /** In place of `everyZone`, where one of the validators needs twelve seconds for each question. */
  readonly only?: readonly string[];
}

/** Asked of every zone. The zones have `mx A`, `_25._tcp.mx TLSA`, `*.wild TXT`, `alias CNAME mx` and `a.b.c.ent TXT`. */
export const everyZone: readonly string[] = [
  '@ MX',
  '@ SOA',
  '@ DS',
  '_25._tcp.mx TLSA',
  'mx AAAA',
  '_tcp.mx A',
  'absent A',
  'x.wild TXT',
  'x.wild MX',
  'alias A',
];

/** BIND tries for twelve seconds to find a lawful reason for an alias without signatures. */
export const exceptAlias = everyZone.filter((question) => question !== 'alias A');

export const host = (tlsa: string) => [
  'mx A 5.45.1.1',
  `_25._tcp.mx TLSA ${tlsa}`,
  '*.wild TXT "wild"',
  'alias CNAME mx',
  'a.b.c.ent TXT "deep"',
  'more A 5.45.1.3',
  'more TXT "more"',
];

/** Where aliases can lead, by what becomes of the whole answer. */
const destinations = {
  secure: 'rsa.nl.',
  unsigned: 'unsigned.nl.',
  bogus: 'tampered.nl.',
  island: 'island.nl.',
  expired: 'expired.nl.',
} as const;

export const aliasLines = Object.entries(destinations).flatMap(([label, origin]) => [
  `to-${label} CNAME mx.${origin}`,
  `to-absent-${label} CNAME absent.${origin}`,
  `to-nodata-${label} CNAME nodata.${origin}`,
  `*.wild-${label} CNAME mx.${origin}`,
  `tree-${label} DNAME ${origin}`,
]);

const aliasQuestions = Object.keys(destinations).flatMap((label) => [
  `to-${label} A`,
  `to-${label} CNAME`,
  `to-absent-${label} A`,
  `x.wild-${label} A`,
  `mx.tree-${label} A`,
  `absent.tree-${label} A`,
  `tree-${label} DNAME`,
]);

export const cutLines = [
  'unsigned NS ns.unsigned',
  `ns.unsigned A ${addresses.domains}`,
  'signed NS ns.signed',
  `ns.signed A ${addresses.domains}`,
  'dead NS ns.dead',
  `ns.dead A ${DEAD}`,
  'lame NS ns.lame',
  `ns.lame A ${addresses.domains}`,
];

export const cutQuestions = [
  'unsigned DS',
  'www.unsigned A',
  'absent.unsigned A',
  'signed DS',
  'www.signed A',
  'absent.signed A',
  'www.signed TXT',
  'island.unsigned A',
  'www.island.unsigned A',
  'www.dead A',
  'www.lame A',
];

export const many = Array.from(
  { length: 40 },
  (_, i) => `big TXT "${i.toString().padStart(3, '0').repeat(60)}"`,
);

export const crossroadQuestions = [
  ...aliasQuestions,
  ...cutQuestions,
  'big TXT',
  'y.x.wild TXT',
  'a.b.c.ent TXT',
  'b.c.ent TXT',
  'c.ent A',
  'ent A',
  'absent.c.ent A',
  'below.absent.mx A',
  'mx DS',
  '@ DNSKEY',
  '@ NS',
  'loop A',
];

/** The zones below a zone that has cuts: unsigned, signed, and signed below the unsigned one. */
export function zonesBelow(origin: string): ZoneToServe[] {
  const apex = (rest: readonly string[]) => [
    '@ SOA ns hostmaster.example. 1 3600 600 86400 300',
    '@ NS ns',
    `ns A ${addresses.domains}`,
    'www A 5.45.1.2',
    ...rest,
  ];
  return [
    {
      origin: `unsigned.${origin}`,
      lines: apex(['island NS ns.island', `ns.island A ${addresses.domains}`]),
    },
    { origin: `signed.${origin}`, lines: apex([]), algorithm: P256, signing: ['-n'] },
    { origin: `island.unsigned.${origin}`, lines: apex([]), algorithm: P256 },
  ];
}

/** Takes out the lines that the pattern fits; throws where there are none, since nothing would be tested then. */
export const without = (pattern: RegExp) => (signed: string) => {
  const lines = signed.split('\n');
  const kept = lines.filter((line) => !pattern.test(line));
  if (kept.length === lines.length) throw new Error(`no line fits ${pattern}`);
  return kept.join('\n');
};

/** Throws where nothing is replaced. */
export const replaced = (pattern: RegExp, by: string) => (text: string) => {
  const changed = text.replaceAll(pattern, by);
  if (changed === text) throw new Error(`nothing fits ${pattern}`);
  return changed;
};

export const ZEROS = '0'.repeat(64);

/** About the root and the top-level domain, which is signed with opt-out. */
export const aboveQuestions: readonly string[] = [
  '. SOA',
  '. NS',
  '. DNSKEY',
  '. DS',
  '. TXT',
  'nl. SOA',
  'nl. NS',
  'nl. DS',
  'nl. DNSKEY',
  'nl. A',
  'absent. A',
  'absent.nl. A',
  'b.absent.nl. TLSA',
  'absent.nl. DS',
  'ns.nl. A',
  'ns.nl. AAAA',
  'GoOd.nL. MX',
];
