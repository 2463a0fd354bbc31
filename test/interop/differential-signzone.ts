/**
 * Zones signed by BIND's dnssec-signzone, for what ldns-signzone cannot do: a key-signing and a zone-signing key of each of
 * several algorithms, opt-out spans that leave unsigned delegations out, and DS records in other digests. Debian package
 * `bind9-utils`.
 */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverDirectory, writeLines } from './name-servers-process.ts';
import type { SignedZone } from './nsd.ts';

const run = promisify(execFile);

/** As dnssec-dsfromkey names them. */
export type Digest = 'SHA-1' | 'SHA-256' | 'SHA-384';

export interface ZoneToSign {
  readonly origin: string;
  readonly lines: readonly string[];
  readonly algorithms: readonly string[];
  /** NSEC3 with opt-out: unsigned delegations have no NSEC3 records. NSEC where it is left out. */
  readonly optOut?: boolean;
  readonly digests: readonly Digest[];
  /** What becomes of the signed file, a record a line. */
  readonly spoil?: (signed: string) => string;
  readonly ds?: (ds: string) => string;
}

export async function signByDnssecSignzone(zone: ZoneToSign): Promise<SignedZone> {
  const { origin, lines, algorithms, optOut, digests } = zone;
  const directory = await serverDirectory('signzone');
  try {
    const inside = (command: string, ...args: string[]) => run(command, args, { cwd: directory });
    const keySigning: string[] = [];
    for (const algorithm of algorithms) {
      const kind = ['-a', algorithm, ...(algorithm.startsWith('RSA') ? ['-b', '2048'] : [])];
      keySigning.push((await inside('dnssec-keygen', '-q', ...kind, '-f', 'KSK', origin)).stdout.trim());
      await inside('dnssec-keygen', '-q', ...kind, origin);
    }
    await writeLines(join(directory, 'zone'), [`$ORIGIN ${origin}`, '$TTL 3600', ...lines]);
    const denial = optOut === true ? ['-3', '-', '-H', '0', '-A'] : [];
    const how = ['-S', '-P', '-O', 'full', '-x', ...denial];
    await inside('dnssec-signzone', ...how, '-o', origin, '-f', 'signed', 'zone');
    let ds = '';
    for (const key of keySigning) {
      for (const digest of digests) ds += (await inside('dnssec-dsfromkey', '-a', digest, key)).stdout;
    }
    const text = await readFile(join(directory, 'signed'), 'utf8');
    return { origin, text: zone.spoil?.(text) ?? text, ds: zone.ds?.(ds) ?? ds };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
