/** One zone for each way to sign, the same on every name server that is tried, and the questions that are asked of each. */
import { execFile } from 'node:child_process';
import { askServer } from './name-servers-process.ts';
import type { NetworkNamespace } from './network-namespace.ts';

export const algorithms = ['RSASHA256', 'ECDSAP256SHA256', 'ED25519'] as const;
export type Algorithm = (typeof algorithms)[number];
export type DenialBy = 'nsec' | 'nsec3';

/** A zone that a server signs by its own means. */
export interface ZoneToHost {
  /** With the final dot. */
  readonly origin: string;
  readonly algorithm: Algorithm;
  readonly denial: DenialBy;
}

const algorithmLabel = { RSASHA256: 'rsa', ECDSAP256SHA256: 'p256', ED25519: 'ed' } as const;

/** `<server>-<denial>-<algorithm>.nl.`, six of them. */
export function zonesToHost(server: string): ZoneToHost[] {
  return (['nsec', 'nsec3'] as const).flatMap((denial) =>
    algorithms.map((algorithm) => ({
      origin: `${server}-${denial}-${algorithmLabel[algorithm]}.nl.`,
      algorithm,
      denial,
    })),
  );
}

/** Where the unsigned children of all zones are served. */
export const CHILDREN_ADDRESS = '5.45.0.4';

/** Master file lines without $ORIGIN and $TTL; `address` is that of the zone's own server. */
export function zoneLines(address: string): string[] {
  return [
    '@ SOA ns hostmaster 1 3600 600 86400 300',
    '@ NS ns',
    `ns A ${address}`,
    '@ MX 10 mx',
    'mx A 5.45.1.1',
    'mx AAAA 2a10:5300::1',
    `_25._tcp.mx TLSA 3 1 1 ${'ab'.repeat(32)}`,
    'alias CNAME mx',
    'tree DNAME mx',
    '*.wild TXT "wild"',
    '*.wildalias CNAME mx',
    'a.b.c.ent TXT "deep"',
    'unsigned NS ns.unsigned',
    `ns.unsigned A ${CHILDREN_ADDRESS}`,
  ];
}

/** The unsigned zone below: a lawful end of security. */
export function unsignedChild({ origin }: ZoneToHost): { origin: string; lines: string[] } {
  return {
    origin: `unsigned.${origin}`,
    lines: [
      '@ SOA ns hostmaster 1 3600 600 86400 300',
      '@ NS ns',
      `ns A ${CHILDREN_ADDRESS}`,
      'www A 5.45.1.2',
    ],
  };
}

export interface ExpectedAnswer {
  readonly status: 'secure' | 'insecure';
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  /** Records, aliases included. */
  readonly answers: number;
}

const found = (answers: number): ExpectedAnswer => ({ status: 'secure', rcode: 'NOERROR', answers });
const noData = found(0);
const nameError: ExpectedAnswer = { status: 'secure', rcode: 'NXDOMAIN', answers: 0 };

/** Names are relative to the zone; '' is its apex. */
export const questions: readonly [title: string, name: string, type: string, expected: ExpectedAnswer][] = [
  ['the apex', '', 'MX', found(1)],
  ['SOA', '', 'SOA', found(1)],
  ['TLSA', '_25._tcp.mx', 'TLSA', found(1)],
  ['AAAA', 'mx', 'AAAA', found(1)],
  ['CNAME', 'alias', 'A', found(2)],
  ['CNAME into NODATA', 'alias', 'TXT', found(1)],
  ['the CNAME itself', 'alias', 'CNAME', found(1)],
  ['DNAME', '_25._tcp.tree', 'TLSA', found(3)],
  ['wildcard', 'x.wild', 'TXT', found(1)],
  ['wildcard, two labels up', 'y.x.wild', 'TXT', found(1)],
  ['wildcard NODATA', 'x.wild', 'MX', noData],
  ['wildcard NODATA, two labels up', 'y.x.wild', 'MX', noData],
  ['wildcard CNAME', 'x.wildalias', 'A', found(2)],
  ['NODATA', 'mx', 'TXT', noData],
  ['NODATA at the apex', '', 'TLSA', noData],
  ['NXDOMAIN', 'absent', 'A', nameError],
  ['NXDOMAIN below a name', 'c.b.a.absent.mx', 'A', nameError],
  ['NXDOMAIN of a TLSA name', '_26._tcp.mx', 'TLSA', nameError],
  ['empty non-terminal above TLSA', '_tcp.mx', 'A', noData],
  ['empty non-terminal, topmost of three', 'ent', 'A', noData],
  ['empty non-terminal, middle of three', 'c.ent', 'TXT', noData],
  ['NXDOMAIN below an empty non-terminal', 'absent.c.ent', 'A', nameError],
  ['DS of the zone', '', 'DS', found(1)],
  ['no DS at an unsigned delegation', 'unsigned', 'DS', noData],
  ['DS of a name that is no cut', 'mx', 'DS', noData],
  ['below an unsigned delegation', 'www.unsigned', 'A', { status: 'insecure', rcode: 'NOERROR', answers: 1 }],
  [
    'absent below an unsigned delegation',
    'absent.unsigned',
    'A',
    { status: 'insecure', rcode: 'NXDOMAIN', answers: 0 },
  ],
];

/** The lines that the parent has of a zone hosted elsewhere: NS, glue, and DS records of the keys that its server shows. */
export async function delegationTo(
  namespace: NetworkNamespace,
  address: string,
  origin: string,
): Promise<string[]> {
  const keys = await askServer(namespace, address, origin, 'DNSKEY');
  const ds = await new Promise<string>((resolve, reject) => {
    const child = execFile('dnssec-dsfromkey', ['-2', '-f', '-', origin], (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    child.stdin!.end(`${keys.filter((line) => !line.includes('RRSIG')).join('\n')}\n`);
  });
  return [`${origin} NS ns.${origin}`, `ns.${origin} A ${address}`, ...ds.trim().split('\n')];
}

/** Whether the server has signed the zone as it shall: keys, signatures and the kind of denial. */
export async function isSigned(
  namespace: NetworkNamespace,
  address: string,
  { origin, denial }: ZoneToHost,
): Promise<boolean> {
  for (const type of ['SOA', 'DNSKEY', ...(denial === 'nsec3' ? ['NSEC3PARAM'] : [])]) {
    const answer = await askServer(namespace, address, origin, type);
    if (!answer.some((line) => line.includes(`RRSIG\t${type} `))) return false;
  }
  return true;
}
