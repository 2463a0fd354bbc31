/**
 * BIND 9 as an authoritative server that signs its zones itself (`dnssec-policy`, inline signing), and as a validating
 * resolver. Debian package `bind9`.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { trustAnchors } from './delv.ts';
import type { ResolverToStart } from './differential-resolvers.ts';
import {
  askServer,
  type ServerProcess,
  serverDirectory,
  startServer,
  writeLines,
} from './name-servers-process.ts';
import { isSigned, type ZoneToHost, zoneLines } from './name-servers-zones.ts';
import type { NetworkNamespace } from './network-namespace.ts';

export async function startBind(
  namespace: NetworkNamespace,
  address: string,
  zones: readonly ZoneToHost[],
): Promise<ServerProcess> {
  const directory = await serverDirectory('bind');
  const config = [...commonOptions(directory, address), '  recursion no;', '  notify no;', '};'];
  for (const [i, { origin, algorithm, denial }] of zones.entries()) {
    await mkdir(join(directory, `keys${i}`));
    await writeLines(join(directory, `${i}.zone`), ['$TTL 3600', ...zoneLines(address)]);
    config.push(
      `dnssec-policy "policy${i}" {`,
      `  keys { ksk lifetime unlimited algorithm ${algorithm}; zsk lifetime unlimited algorithm ${algorithm}; };`,
      ...(denial === 'nsec3' ? ['  nsec3param iterations 0 optout no salt-length 0;'] : []),
      '};',
      `zone "${origin}" {`,
      `  type primary; file "${i}.zone"; key-directory "keys${i}";`,
      `  dnssec-policy "policy${i}"; inline-signing yes;`,
      '};',
    );
  }
  return startNamed(namespace, directory, address, config, async () => {
    for (const zone of zones) if (!(await isSigned(namespace, address, zone))) return false;
    return true;
  });
}

/** `settings` go into the options. */
export async function startBindResolver(
  { namespace, address, hints, anchor }: ResolverToStart,
  settings: readonly string[] = [],
): Promise<ServerProcess> {
  const directory = await serverDirectory('bind');
  const config = [
    ...commonOptions(directory, address),
    '  recursion yes;',
    '  allow-query { any; };',
    '  dnssec-validation yes;',
    '  empty-zones-enable no;',
    `  query-source address ${address};`,
    ...settings.map((setting) => `  ${setting};`),
    '};',
    'zone "." { type hint; file "hints"; };',
    trustAnchors(anchor),
  ];
  await writeLines(join(directory, 'hints'), [hints]);
  return startNamed(
    namespace,
    directory,
    address,
    config,
    async () => (await askServer(namespace, address, '.', 'SOA', 'recurse')).length > 0,
  );
}

/** The options statement, left open. */
function commonOptions(directory: string, address: string): string[] {
  return [
    'controls { };',
    'options {',
    `  directory "${directory}";`,
    `  listen-on { ${address}; };`,
    '  listen-on-v6 { none; };',
    '  pid-file none;',
    `  session-keyfile "${directory}/session.key";`,
  ];
}

async function startNamed(
  namespace: NetworkNamespace,
  directory: string,
  address: string,
  config: readonly string[],
  isReady: () => Promise<boolean>,
): Promise<ServerProcess> {
  // named listens only on addresses that are on an interface by themselves.
  const [ip, args] = namespace.enter('ip', 'addr', 'add', `${address}/32`, 'dev', 'lo');
  await promisify(execFile)(ip, args);
  const path = await writeLines(join(directory, 'named.conf'), config);
  return startServer({
    namespace,
    directory,
    command: ['named', '-g', '-n', '1', '-c', path],
    isReady,
  });
}
