/**
 * Addresses that stand for something else than a host on the public Internet. Whatever the DNS says, a survey does not
 * dial them: an MX record must not make this machine talk to its own neighbours.
 *
 * Sources, as of 2025-10: the IANA special-purpose address registries (RFC 6890 §2.2 and updates),
 * https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry,
 * the multicast blocks (RFC 5771 §3, RFC 4291 §2.7), and the deprecated forms of RFC 4291 §2.5.5.1 and RFC 3879.
 * The globally reachable anycast assignments inside 192.0.0.0/24 and 2001::/23 are refused with their block: none is a mail
 * or name server's. AS112 and AMT blocks that are globally reachable are not in the table.
 */
import { BlockList } from 'node:net';
import { addressOctets, formatAddress } from './address-octets.ts';

const specialIpv4 = [
  ['0.0.0.0', 8, 'this network, RFC 791 §3.2'],
  ['10.0.0.0', 8, 'private use, RFC 1918'],
  ['100.64.0.0', 10, 'shared address space, RFC 6598'],
  ['127.0.0.0', 8, 'loopback, RFC 1122 §3.2.1.3'],
  ['169.254.0.0', 16, 'link local, RFC 3927'],
  ['172.16.0.0', 12, 'private use, RFC 1918'],
  ['192.0.0.0', 24, 'IETF protocol assignments, RFC 6890 §2.1'],
  ['192.0.2.0', 24, 'documentation, RFC 5737'],
  ['192.88.99.0', 24, 'deprecated 6to4 relay anycast, RFC 7526'],
  ['192.168.0.0', 16, 'private use, RFC 1918'],
  ['198.18.0.0', 15, 'benchmarking, RFC 2544'],
  ['198.51.100.0', 24, 'documentation, RFC 5737'],
  ['203.0.113.0', 24, 'documentation, RFC 5737'],
  ['224.0.0.0', 4, 'multicast, RFC 5771'],
  ['240.0.0.0', 4, 'reserved and limited broadcast, RFC 1112 §4, RFC 8190'],
] as const;

const specialIpv6 = [
  ['::', 96, 'unspecified, loopback, IPv4-compatible, RFC 4291 §2.5'],
  ['::ffff:0:0', 96, 'IPv4-mapped, RFC 4291 §2.5.5.2'],
  ['64:ff9b:1::', 48, 'local-use IPv4/IPv6 translation, RFC 8215'],
  ['100::', 64, 'discard only, RFC 6666'],
  ['100:0:0:1::', 64, 'dummy prefix, RFC 9780'],
  ['2001:db8::', 32, 'documentation, RFC 3849'],
  ['3fff::', 20, 'documentation, RFC 9637'],
  ['5f00::', 16, 'segment routing SIDs, RFC 9602'],
  ['fc00::', 7, 'unique local, RFC 4193'],
  ['fe80::', 10, 'link local, RFC 4291 §2.5.6'],
  ['fec0::', 10, 'deprecated site local, RFC 3879'],
  ['ff00::', 8, 'multicast, RFC 4291 §2.7'],
] as const;

/** IETF protocol assignments, RFC 2928: refused but for Teredo (RFC 4380), whose embedded addresses decide. */
const ietfAssignments = prefix('2001::', 23);
const teredo = prefix('2001::', 32);
/** RFC 3056 §2: the IPv4 address in bits 16 to 47 decides. */
const sixToFour = prefix('2002::', 16);
/** The well-known NAT64 prefix, RFC 6052 §2.1: the IPv4 address in the last 32 bits decides. */
const nat64 = prefix('64:ff9b::', 96);

/** Two lists: in one, `::ffff:0:0/96` would cover every IPv4 address. */
const blockedIpv4 = new BlockList();
for (const [address, length] of specialIpv4) blockedIpv4.addSubnet(address, length, 'ipv4');
const blockedIpv6 = new BlockList();
for (const [address, length] of specialIpv6) blockedIpv6.addSubnet(address, length, 'ipv6');

/** Whether `address` must not be dialled on the DNS's word. Throws TypeError for what is no address. */
export function isSpecialUse(address: string): boolean {
  const octets = addressOctets(address);
  if (octets.length === 4) return blockedIpv4.check(address, 'ipv4');
  if (blockedIpv6.check(address, 'ipv6')) return true;
  if (nat64.check(address, 'ipv6')) return isSpecialUse(formatAddress(octets.subarray(12)));
  if (sixToFour.check(address, 'ipv6')) return isSpecialUse(formatAddress(octets.subarray(2, 6)));
  if (teredo.check(address, 'ipv6')) {
    const server = octets.subarray(4, 8);
    const client = octets.subarray(12).map((octet) => octet ^ 0xff);
    return isSpecialUse(formatAddress(server)) || isSpecialUse(formatAddress(client));
  }
  return ietfAssignments.check(address, 'ipv6');
}

function prefix(address: string, length: number): BlockList {
  const list = new BlockList();
  list.addSubnet(address, length, 'ipv6');
  return list;
}
