/** PowerDNS Recursor as a resolver that validates for whoever wants it. Debian package `pdns-recursor`. */
import { join } from 'node:path';
import type { ResolverToStart } from './differential-resolvers.ts';
import {
  askServer,
  type ServerProcess,
  serverDirectory,
  startServer,
  writeLines,
} from './name-servers-process.ts';

export async function startPowerDnsRecursor({
  namespace,
  address,
  hints,
  anchor,
}: ResolverToStart): Promise<ServerProcess> {
  const directory = await serverDirectory('pdns-recursor');
  const ds = /\sDS\s+(.*)/.exec(anchor)![1]!.trim();
  await writeLines(join(directory, 'hints'), [hints]);
  const anchors = await writeLines(join(directory, 'anchors.lua'), ['clearTA()', `addTA('.', "${ds}")`]);
  await writeLines(join(directory, 'recursor.conf'), [
    `local-address=${address}`,
    `query-local-address=${address}`,
    'allow-from=0.0.0.0/0',
    'dont-query=',
    `hint-file=${join(directory, 'hints')}`,
    'dnssec=process',
    `lua-config-file=${anchors}`,
    `socket-dir=${directory}`,
    // What it concludes from remembered NSEC3 records hangs on what was asked before, and 4.8.8 concludes NXDOMAIN below an apex
    // with a DNAME from that apex's own record, which RFC 5155 §8.3 forbids.
    'aggressive-nsec-cache-size=0',
    'security-poll-suffix=',
    'threads=1',
    'daemon=no',
    'disable-syslog=yes',
    'write-pid=no',
    'setuid=',
    'setgid=',
  ]);
  return startServer({
    namespace,
    directory,
    command: ['pdns_recursor', `--config-dir=${directory}`],
    isReady: async () => (await askServer(namespace, address, '.', 'SOA', 'recurse')).length > 0,
  });
}
