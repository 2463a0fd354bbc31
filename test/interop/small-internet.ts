/** A root, a top-level domain and domains below it, signed by real tools and served by real servers. */
import type { ZoneToServe } from './nsd.ts';

export const addresses = { root: '5.45.0.1', nl: '5.45.0.2', domains: '5.45.0.3' } as const;

const soa = (origin: string) =>
  `@ SOA ns.${origin === '.' ? '' : origin} hostmaster.example. 1 3600 600 86400 300`;

export const rootHints = `. 3600 NS ns.\nns. 3600 A ${addresses.root}\n`;

/** A domain below nl. with its own servers' address and an MX record within it. */
export function domain(
  label: string,
  lines: readonly string[],
  rest: Omit<ZoneToServe, 'origin' | 'lines'>,
): ZoneToServe {
  const origin = `${label}.nl.`;
  return {
    origin,
    lines: [soa(origin), '@ NS ns', `ns A ${addresses.domains}`, '@ MX 10 mx', ...lines],
    ...rest,
  };
}

/** Removes every record that the pattern fits, with its line. */
const without = (pattern: RegExp) => (signed: string) =>
  signed
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n');

const many = Array.from({ length: 40 }, (_, i) => `big TXT "${i.toString().padStart(3, '0').repeat(60)}"`);

const P256 = 'ECDSAP256SHA256';

/** One domain for each way to be signed or to go wrong. */
export function smallInternet(tlsa: string): ZoneToServe[] {
  const host = ['mx A 5.45.1.1', `_25._tcp.mx TLSA ${tlsa}`];
  const aliases = [
    'alias CNAME mx',
    'far CNAME mx.rsa.nl.',
    'insecure CNAME mx.unsigned.nl.',
    'loop CNAME pool',
    'pool CNAME loop',
    'tree DNAME rsa.nl.',
    '*.wild TXT "wild"',
    'a.b.c.ent TXT "deep"',
    ...many,
  ];
  const domains = [
    domain('good', [...host, ...aliases], { algorithm: P256 }),
    domain('nsec3', [...host, ...aliases], { algorithm: P256, signing: ['-n'] }),
    domain('rsa', host, { algorithm: 'RSASHA256' }),
    domain('ed', host, { algorithm: 'ED25519', signing: ['-n'] }),
    domain('unsigned', host, {}),
    domain('expired', host, { algorithm: P256, signing: ['-i', '20200101', '-e', '20200201'] }),
    domain('ds', host, {
      algorithm: P256,
      ds: (ds) => ds.replace(/[0-9a-f]{8}\s*$/, '00000000\n'),
    }),
    domain('nosig', host, { algorithm: P256, spoil: without(/\sRRSIG\sMX\s/) }),
    domain('nodenial', host, { algorithm: P256, spoil: without(/\sNSEC\s|\sRRSIG\sNSEC\s/) }),
  ];
  return internetOf(domains);
}

/** The domains with nl. and the root above them. */
export function internetOf(domains: readonly ZoneToServe[]): ZoneToServe[] {
  return [
    {
      origin: '.',
      lines: [soa('.'), '. NS ns.', `ns. A ${addresses.root}`, 'nl. NS ns.nl.', `ns.nl. A ${addresses.nl}`],
      algorithm: 'RSASHA256',
    },
    {
      origin: 'nl.',
      lines: [
        soa('nl.'),
        '@ NS ns',
        `ns A ${addresses.nl}`,
        ...domains.flatMap(({ origin }) => [
          `${origin} NS ns.${origin}`,
          `ns.${origin} A ${addresses.domains}`,
        ]),
      ],
      algorithm: P256,
      signing: ['-n', '-p'],
    },
    ...domains,
  ];
}
