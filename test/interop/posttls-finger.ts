/** Postfix's own probe, posttls-finger(1): one look at a domain at the level `dane`, in the words of its log. */
import { outputOf } from './name-servers-process.ts';
import type { NetworkNamespace } from './network-namespace.ts';

/** How many look at once. */
const AT_ONCE = 8;

/** The one address with which it came to TLS: it stops there, whatever it finds. */
export interface Fingered {
  readonly host: string;
  readonly address: string;
  /** Whether TLSA records fit: "Verified", or "Trusted" behind an insecure MX RRset. */
  readonly matches: boolean;
}

/** By domain, where it came to TLS. */
export async function finger(
  namespace: NetworkNamespace,
  domains: readonly string[],
): Promise<ReadonlyMap<string, Fingered>> {
  const found = new Map<string, Fingered>();
  const waiting = [...domains];
  const look = async () => {
    for (let domain = waiting.shift(); domain !== undefined; domain = waiting.shift()) {
      const command = `posttls-finger -c -t 5 -T 5 -l dane -L summary ${domain} 2>&1`;
      const printed = await outputOf(namespace, ['sh', '-c', command]);
      const [, how, host, address] =
        /^posttls-finger: (\w+) TLS connection established to (\S+)\[(\S+)\]:25:/m.exec(printed) ?? [];
      if (how === undefined || host === undefined || address === undefined) continue;
      found.set(domain, { host, address, matches: how === 'Verified' || how === 'Trusted' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return found;
}
