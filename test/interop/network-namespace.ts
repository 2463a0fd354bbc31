/**
 * A network namespace of a test's own: ordinary global addresses without a route out, and ports below 1024, so that guards against
 * private addresses stay on. Needs root and the Debian package `iproute2`.
 */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** IPv4 addresses are local one by one, or by prefix; so are those of the IPv6 prefix, though none is on an interface. */
export const IPV4_PREFIX = '5.45.0.0/16';
export const IPV6_PREFIX = '2a10:5300::/32';

export interface NetworkNamespace extends AsyncDisposable {
  readonly name: string;
  /** The argument list that runs `command` within. */
  enter(...command: readonly string[]): [string, string[]];
}

/** What is missing for a namespace; undefined where all is there. */
export function missingForNamespace(): string | undefined {
  if (process.getuid?.() !== 0) return 'root';
  if (!['/usr/sbin/ip', '/sbin/ip'].some((path) => existsSync(path))) return 'the Debian package iproute2';
  const name = `dc-${randomBytes(4).toString('hex')}`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'the right to make network namespaces (CAP_SYS_ADMIN)';
  }
}

/** `etc`: files, by name, that every program in it finds in /etc in place of the machine's own (see ip-netns(8)). */
export async function makeNetworkNamespace(
  etc: Readonly<Record<string, string>> = {},
): Promise<NetworkNamespace> {
  const name = `dc-${randomBytes(4).toString('hex')}`;
  const ownEtc = join('/etc/netns', name);
  for (const [file, text] of Object.entries(etc)) {
    await mkdir(ownEtc, { recursive: true });
    await writeFile(join(ownEtc, file), text);
  }
  await run('ip', ['netns', 'add', name]);
  const inside = (...command: string[]) => run('ip', ['netns', 'exec', name, ...command]);
  await inside('ip', 'link', 'set', 'lo', 'up');
  await inside('ip', 'addr', 'add', IPV4_PREFIX, 'dev', 'lo');
  await inside('ip', '-6', 'route', 'add', 'local', IPV6_PREFIX, 'dev', 'lo');
  await inside('sysctl', '-q', '-w', 'net.ipv6.ip_nonlocal_bind=1');
  return {
    name,
    enter: (...command) => ['ip', ['netns', 'exec', name, ...command]],
    async [Symbol.asyncDispose]() {
      await run('ip', ['netns', 'del', name]);
      await rm(ownEtc, { recursive: true, force: true });
    },
  };
}
