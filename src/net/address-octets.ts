/**
 * An IP address in text as the octets that stand on the wire: 4 for IPv4, 16 for IPv6 (RFC 4291 §2.2), and back.
 * Throws for what is no address: callers have addresses from RDATA or from checked options.
 */
import { isIP } from 'node:net';

/** The octets of `address`. Zone identifiers (`%eth0`) belong to one machine and are refused. */
export function addressOctets(address: string): Buffer {
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 4) return Buffer.from(address.split('.').map(Number));
  if (family !== 6) throw new TypeError(`not an IP address: ${JSON.stringify(address)}`);
  const [head = '', tail] = address.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

/** Text for 4 or 16 octets; IPv6 as RFC 5952 §4 writes it. */
export function formatAddress(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) throw new TypeError(`an address has 4 or 16 octets, not ${octets.length}`);
  const parts: number[] = [];
  for (let at = 0; at < 16; at += 2) parts.push((octets[at]! << 8) | octets[at + 1]!);
  const zeros = longestZeroRun(parts);
  const hex = (from: number, to: number) =>
    parts
      .slice(from, to)
      .map((part) => part.toString(16))
      .join(':');
  return zeros.length < 2 ? hex(0, 8) : `${hex(0, zeros.at)}::${hex(zeros.at + zeros.length, 8)}`;
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function longestZeroRun(parts: readonly number[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < parts.length; at++) {
    let length = 0;
    while (parts[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  return best;
}
