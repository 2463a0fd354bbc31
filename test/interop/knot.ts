/** Knot DNS that signs its zones itself (`dnssec-signing`), with a key-signing and a zone-signing key. Debian package `knot`. */
import { join } from 'node:path';
import { type ServerProcess, serverDirectory, startServer, writeLines } from './name-servers-process.ts';
import { isSigned, type ZoneToHost, zoneLines } from './name-servers-zones.ts';
import type { NetworkNamespace } from './network-namespace.ts';

export async function startKnot(
  namespace: NetworkNamespace,
  address: string,
  zones: readonly ZoneToHost[],
): Promise<ServerProcess> {
  const directory = await serverDirectory('knot');
  const config = [
    'server:',
    `  rundir: "${directory}"`,
    '  user: root:root',
    `  listen: ${address}@53`,
    'log:',
    '  - target: stderr',
    '    any: notice',
    'database:',
    `  storage: "${directory}"`,
    'policy:',
  ];
  const zoneSection = ['zone:'];
  for (const [i, { origin, algorithm, denial }] of zones.entries()) {
    config.push(
      `  - id: policy${i}`,
      `    algorithm: ${algorithm.toLowerCase()}`,
      `    nsec3: ${denial === 'nsec3' ? 'on' : 'off'}`,
      '    nsec3-iterations: 0',
      '    nsec3-salt-length: 8',
    );
    await writeLines(join(directory, `${i}.zone`), ['$TTL 3600', ...zoneLines(address)]);
    zoneSection.push(
      `  - domain: ${origin}`,
      `    storage: "${directory}"`,
      `    file: ${i}.zone`,
      '    zonefile-sync: -1',
      '    zonefile-load: difference-no-serial',
      '    journal-content: all',
      '    dnssec-signing: on',
      `    dnssec-policy: policy${i}`,
    );
  }
  const path = await writeLines(join(directory, 'knot.conf'), [...config, ...zoneSection]);
  return startServer({
    namespace,
    directory,
    command: ['knotd', '-c', path],
    isReady: async () => {
      for (const zone of zones) if (!(await isSigned(namespace, address, zone))) return false;
      return true;
    },
  });
}
