/**
 * The opt-out list: who asked not to be looked at. A text with an entry a line, `#` before a comment: a domain or host name, which
 * stands for all names below it too; an IP address; or a prefix such as `192.0.2.0/24`.
 *
 * The file is read again when it has changed, so that an entry holds from the next slice on. Name servers are not covered: they are
 * asked what anybody's resolver asks them.
 */
import { readFileSync, statSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { UsageError } from '../base/usage-error.ts';
import { listedName } from './listed-name.ts';

export interface OptOut {
  /** `name` is in A-labels, lower case, without the final dot. */
  hasName(name: string): boolean;
  hasAddress(address: string): boolean;
}

export const nobodyOptedOut: OptOut = { hasName: () => false, hasAddress: () => false };

/** Throws `UsageError` for a line that is none of these: an entry that is not understood would not be honoured. */
export function parseOptOut(text: string, where: string): OptOut {
  const names = new Set<string>();
  const addresses = new BlockList();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const entry = line.replace(/#.*$/, '').trim();
    if (entry === '' || addAddress(addresses, entry)) continue;
    // The number is not 1: a first line that reads `domain` is no header here.
    const listed = entry.includes('/') || /\s/.test(entry) ? undefined : listedName(entry, at + 2);
    if (listed?.kind !== 'name') {
      throw new UsageError(where, `line ${at + 1}: ${entry}`, 'a name, an IP address or a prefix');
    }
    names.add(listed.name);
  }
  return {
    hasName(name) {
      for (let rest = name; rest !== ''; rest = rest.slice(rest.indexOf('.') + 1)) {
        if (names.has(rest)) return true;
        if (!rest.includes('.')) break;
      }
      return false;
    },
    hasAddress: (address) => addresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
  };
}

function addAddress(addresses: BlockList, entry: string): boolean {
  const [address = '', length, ...more] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes('%')) return false;
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  if (length === undefined) {
    addresses.addAddress(address, kind);
    return true;
  }
  if (!/^\d{1,3}$/.test(length) || Number(length) > (family === 6 ? 128 : 32)) return false;
  addresses.addSubnet(address, Number(length), kind);
  return true;
}

/** The list of a file as it is now. Throws `UsageError` where it cannot be read, also later: what cannot be honoured must not run. */
export function optOutFile(path: string): () => OptOut {
  let read: { readonly version: string; readonly list: OptOut } | undefined;
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (read?.version !== version) read = { version, list: parseOptOut(readFileSync(path, 'utf8'), path) };
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError('--opt-out', path, 'a file that can be read', (error as Error).message);
    }
    return read.list;
  };
}
