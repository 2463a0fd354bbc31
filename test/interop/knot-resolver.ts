/** Knot Resolver as a validating resolver. Debian package `knot-resolver`. */
import { join } from 'node:path';
import type { ResolverToStart } from './differential-resolvers.ts';
import {
  askServer,
  type ServerProcess,
  serverDirectory,
  startServer,
  writeLines,
} from './name-servers-process.ts';

export async function startKnotResolver({
  namespace,
  address,
  hints,
  anchor,
}: ResolverToStart): Promise<ServerProcess> {
  const directory = await serverDirectory('kresd');
  await writeLines(join(directory, 'hints'), [hints]);
  await writeLines(join(directory, 'anchor'), [anchor]);
  const path = await writeLines(join(directory, 'kresd.conf'), [
    // Both modules would keep the anchor up to date with the real root.
    "modules.unload('ta_update')",
    "modules.unload('ta_signal_query')",
    "modules.load('hints > iterate')",
    `net.listen('${address}', 53, { kind = 'dns' })`,
    'net.ipv6 = false',
    `net.outgoing_v4('${address}')`,
    'cache.size = 10 * MB',
    "trust_anchors.remove('.')",
    `trust_anchors.add_file('${join(directory, 'anchor')}', true)`,
    `hints.root_file('${join(directory, 'hints')}')`,
  ]);
  return startServer({
    namespace,
    directory,
    command: ['kresd', '-n', '-c', path, directory],
    isReady: async () => (await askServer(namespace, address, '.', 'SOA', 'recurse')).length > 0,
  });
}
