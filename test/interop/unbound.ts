/** Unbound as a validating resolver. Debian package `unbound`. */
import { join } from 'node:path';
import type { ResolverToStart } from './differential-resolvers.ts';
import {
  askServer,
  type ServerProcess,
  serverDirectory,
  startServer,
  writeLines,
} from './name-servers-process.ts';

/** `settings` go into the server clause. */
export async function startUnbound(
  { namespace, address, hints, anchor }: ResolverToStart,
  settings: readonly string[] = [],
): Promise<ServerProcess> {
  const directory = await serverDirectory('unbound');
  await writeLines(join(directory, 'hints'), [hints]);
  await writeLines(join(directory, 'anchor'), [anchor]);
  const path = await writeLines(join(directory, 'unbound.conf'), [
    'server:',
    `  interface: ${address}`,
    `  outgoing-interface: ${address}`,
    '  do-ip6: no',
    '  do-daemonize: no',
    '  username: ""',
    '  chroot: ""',
    '  pidfile: ""',
    '  use-syslog: no',
    `  directory: "${directory}"`,
    '  access-control: 0.0.0.0/0 allow',
    `  root-hints: "${join(directory, 'hints')}"`,
    `  trust-anchor-file: "${join(directory, 'anchor')}"`,
    '  module-config: "validator iterator"',
    '  val-log-level: 2',
    ...settings.map((setting) => `  ${setting}`),
    'remote-control:',
    '  control-enable: no',
  ]);
  return startServer({
    namespace,
    directory,
    command: ['unbound', '-d', '-c', path],
    isReady: async () => (await askServer(namespace, address, '.', 'SOA', 'recurse')).length > 0,
  });
}
