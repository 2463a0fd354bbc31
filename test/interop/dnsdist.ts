/** dnsdist in front of a name server, dropping or spoiling what its rules say. Debian package `dnsdist`. */
import { join } from 'node:path';
import {
  askServer,
  type ServerProcess,
  serverDirectory,
  startServer,
  writeLines,
} from './name-servers-process.ts';
import type { NetworkNamespace } from './network-namespace.ts';

export interface DnsdistToStart {
  readonly namespace: NetworkNamespace;
  readonly address: string;
  /** The address of the server behind it. */
  readonly behind: string;
  /** Lines of its configuration, such as `addAction(QTypeRule(52), DropAction())`. */
  readonly rules: readonly string[];
  /** A zone that the server behind it has, and no rule touches. */
  readonly origin: string;
}

export async function startDnsdist(to: DnsdistToStart): Promise<ServerProcess> {
  const { namespace, address, behind, rules, origin } = to;
  const directory = await serverDirectory('dnsdist');
  const file = await writeLines(join(directory, 'dnsdist.conf'), [
    `setLocal('${address}:53')`,
    `setACL({'0.0.0.0/0'})`,
    'setSecurityPollSuffix("")',
    `newServer({address='${behind}:53', checkName='${origin}', checkType='SOA'})`,
    ...rules,
  ]);
  return startServer({
    namespace,
    directory,
    command: ['dnsdist', '--supervised', '--disable-syslog', '-C', file],
    isReady: async () => (await askServer(namespace, address, origin, 'SOA')).length > 0,
  });
}
