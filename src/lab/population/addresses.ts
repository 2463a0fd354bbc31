/**
 * The lab's addresses: ordinary global unicast ones, so that nothing is treated as special use. Where they lead, the address
 * map says. Population addresses hold the number of their domain, so that no table is needed to find it again.
 */
import { addressOctets, formatAddress } from '../../net/address-octets.ts';
import type { NextAddress } from '../zoo/scenario.ts';

/** Prefixes that the address map leads to a port where nobody listens. */
export const CLOSED_PREFIXES = ['5.46.0.0/16', '5.128.0.0/10', '2a10:5301::/32'] as const;

/** Hosts times families that a domain of the population can have. */
const ADDRESSES_PER_DOMAIN = 8;
/** What 5.64.0.0/10 holds. */
export const MAX_POPULATION = 4_194_304 / ADDRESSES_PER_DOMAIN;

/** Addresses in order, for what is planned once: 5.45.0.0/16 and 2a10:5300::/64, closed ones from `CLOSED_PREFIXES`. */
export function addressesInOrder(): NextAddress {
  let given = 0;
  return (family, closed) => {
    given++;
    if (family === 6) return `2a10:530${closed ? 1 : 0}::${given.toString(16)}`;
    return `5.${closed ? 46 : 45}.${given >> 8}.${given & 0xff}`;
  };
}

/** Below these, four octets of number. */
const POPULATION_IPV6 = addressOctets('2a10:5300:1::').subarray(0, 12);
const CLOSED_IPV6 = addressOctets('2a10:5301:1::').subarray(0, 12);
/** Second octets of the IPv4 prefixes; the number takes the 22 bits below. */
const POPULATION_IPV4 = 64;
const CLOSED_IPV4 = 128;

/** The addresses of one domain of the population. */
export function addressesOf(index: number): NextAddress {
  let given = 0;
  return (family, closed) => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(index * ADDRESSES_PER_DOMAIN + given++);
    if (family === 6) return formatAddress(Buffer.concat([closed ? CLOSED_IPV6 : POPULATION_IPV6, number]));
    number[0] = 5;
    number[1]! |= closed ? CLOSED_IPV4 : POPULATION_IPV4;
    return formatAddress(number);
  };
}

/** The number of the domain that has an address; undefined where the address is none of the population's open ones. */
export function domainIndexOf(address: string): number | undefined {
  const octets = addressOctets(address);
  if (octets.length === 16) {
    if (!octets.subarray(0, 12).equals(POPULATION_IPV6)) return undefined;
    return Math.floor(octets.readUInt32BE(12) / ADDRESSES_PER_DOMAIN);
  }
  if (octets[0] !== 5 || (octets[1]! & 0xc0) !== POPULATION_IPV4) return undefined;
  return Math.floor((octets.readUInt32BE(0) & 0x3fffff) / ADDRESSES_PER_DOMAIN);
}
