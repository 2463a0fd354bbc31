/**
 * An address with or without a port, as text: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`. An IPv6
 * address stands in brackets where a port follows.
 */
import { isIP } from 'node:net';
import { addressOctets, formatAddress } from './address-octets.ts';

export interface AddressAndPort {
  /** As RFC 5952 §4 writes it. */
  readonly address: string;
  readonly port: number | undefined;
}

/** Undefined for anything else. */
export function parseAddressAndPort(text: string): AddressAndPort | undefined {
  const { host, port } = splitPort(text);
  if (isIP(host) === 0 || host.includes('%')) return undefined;
  const number = port === undefined ? undefined : parsePort(port);
  if (port !== undefined && number === undefined) return undefined;
  return { address: formatAddress(addressOctets(host)), port: number };
}

export function formatAddressAndPort({ address, port }: AddressAndPort): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `HOST`, `HOST:PORT`, `[HOST]`, `[HOST]:PORT`, whatever stands for them. */
export function splitPort(text: string): { host: string; port: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return { host: bracketed[1]!, port: bracketed[2] };
  const colons = text.split(':');
  if (colons.length > 2) return { host: text, port: undefined };
  return { host: colons[0]!, port: colons[1] };
}

export function parsePort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535 ? Number(text) : undefined;
}
