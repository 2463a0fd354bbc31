/**
 * Where to connect for an address that the DNS, or the user, gave: mapped addresses go where the address map says, addresses
 * for special use are refused unless the user allowed them or named them himself. DNS and SMTP sockets both ask here, and
 * nothing else decides what is dialled. Opens no socket.
 */

import type { AddressMap } from './address-map.ts';
import { addressOctets } from './address-octets.ts';
import { encodeProxyHeader } from './proxy-protocol.ts';
import { isSpecialUse } from './special-use.ts';

export interface DialTarget {
  readonly host: string;
  readonly port: number;
  /** Octets to send first, before anything else: once in a TCP stream, in front of each UDP datagram. */
  readonly proxyHeader?: (protocol: 'tcp' | 'udp') => Buffer;
}

export type Dialled = DialTarget | { readonly refused: 'special-use-address' };

/** `address` is an IP address in text; throws TypeError for anything else. */
export type Dial = (address: string, port: number) => Dialled;

export interface DialerOptions {
  readonly addressMap?: AddressMap | undefined;
  /** Dial addresses for special use although only the DNS names them. */
  readonly allowPrivate: boolean;
  /** Addresses that the user named himself, for example in a root hints file. */
  readonly alwaysAllowed?: Iterable<string> | undefined;
}

export function createDialer({ addressMap, allowPrivate, alwaysAllowed = [] }: DialerOptions): Dial {
  const named = new Set(Array.from(alwaysAllowed, keyOf));
  return (address, port) => {
    const mapped = addressMap?.target(address, port);
    if (mapped !== undefined) {
      const { host, port: mappedPort, proxy } = mapped;
      if (!proxy) return { host, port: mappedPort };
      return { host, port: mappedPort, proxyHeader: (protocol) => headerFor(address, port, protocol) };
    }
    if (!allowPrivate && isSpecialUse(address) && !named.has(keyOf(address))) {
      return { refused: 'special-use-address' };
    }
    return { host: address, port };
  };
}

/** The source is left unspecified: the socket's own name tells it, and a NAT would make it untrue. */
function headerFor(address: string, port: number, protocol: 'tcp' | 'udp'): Buffer {
  const unspecified = address.includes(':') ? '::' : '0.0.0.0';
  return encodeProxyHeader({
    protocol,
    source: { address: unspecified, port: 0 },
    destination: { address, port },
  });
}

function keyOf(address: string): string {
  return addressOctets(address).toString('hex');
}
