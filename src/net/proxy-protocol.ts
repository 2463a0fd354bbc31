/**
 * PROXY protocol version 2 (HAProxy, doc/proxy-protocol.txt, §2.2): a binary header that names the address really meant.
 * It stands in front of a TCP stream, or in front of the payload in the same UDP datagram, so that one listening socket can
 * stand for any number of addresses. Replies carry no header.
 * Not here: version 1 (text), UNIX addresses, and the meaning of TLVs, which are skipped.
 */
import { addressOctets, formatAddress } from './address-octets.ts';

const SIGNATURE = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
const FIXED_OCTETS = 16;
const VERSION_2 = 0x20;
const COMMAND = { LOCAL: 0, PROXY: 1 } as const;
const FAMILY = { IPV4: 1, IPV6: 2 } as const;
const TRANSPORT = { STREAM: 1, DGRAM: 2 } as const;
/** Own limit; §2.2 asks receivers for 232 octets at least, and nobody here sends TLVs. */
const MAX_HEADER_OCTETS = 536;

export interface SocketName {
  readonly address: string;
  readonly port: number;
}

export interface ProxyHeader {
  readonly protocol: 'tcp' | 'udp';
  readonly source: SocketName;
  readonly destination: SocketName;
}

/**
 * - `header`: `header` is null where the sender speaks for itself (LOCAL); the payload begins at `length`.
 * - `partial`: a beginning of a header; more octets are needed. `not-proxy`: no PROXY header. `malformed`: a broken one.
 */
export type DecodedProxyHeader =
  | { readonly state: 'header'; readonly header: ProxyHeader | null; readonly length: number }
  | { readonly state: 'partial' | 'not-proxy' | 'malformed' };

/** The header's octets. Both addresses are of one family; the source may be the unspecified address with port 0. */
export function encodeProxyHeader({ protocol, source, destination }: ProxyHeader): Buffer {
  const from = addressOctets(source.address);
  const to = addressOctets(destination.address);
  if (from.length !== to.length)
    throw new TypeError('PROXY protocol: addresses of two families in one header');
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(source.port, 0);
  ports.writeUInt16BE(destination.port, 2);
  const family = to.length === 4 ? FAMILY.IPV4 : FAMILY.IPV6;
  const transport = protocol === 'tcp' ? TRANSPORT.STREAM : TRANSPORT.DGRAM;
  const fixed = Buffer.from([
    VERSION_2 | COMMAND.PROXY,
    (family << 4) | transport,
    0,
    from.length + to.length + ports.length,
  ]);
  return Buffer.concat([SIGNATURE, fixed, from, to, ports]);
}

/** Reads a header at the start of `octets`; never throws, never asks for more than 536 octets. */
export function decodeProxyHeader(octets: Uint8Array): DecodedProxyHeader {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const seen = Math.min(buffer.length, SIGNATURE.length);
  if (buffer.compare(SIGNATURE, 0, seen, 0, seen) !== 0) return { state: 'not-proxy' };
  if (buffer.length < FIXED_OCTETS) return { state: 'partial' };
  const versionAndCommand = buffer[12]!;
  const length = FIXED_OCTETS + buffer.readUInt16BE(14);
  if ((versionAndCommand & 0xf0) !== VERSION_2 || length > MAX_HEADER_OCTETS) return { state: 'malformed' };
  if (buffer.length < length) return { state: 'partial' };
  const command = versionAndCommand & 0x0f;
  if (command === COMMAND.LOCAL) return { state: 'header', header: null, length };
  if (command !== COMMAND.PROXY) return { state: 'malformed' };
  const header = readAddresses(buffer.subarray(FIXED_OCTETS, length), buffer[13]!);
  return header === undefined ? { state: 'malformed' } : { state: 'header', header, length };
}

function readAddresses(block: Buffer, familyAndTransport: number): ProxyHeader | undefined {
  const transport = familyAndTransport & 0x0f;
  if (transport !== TRANSPORT.STREAM && transport !== TRANSPORT.DGRAM) return undefined;
  const family = familyAndTransport >> 4;
  if (family !== FAMILY.IPV4 && family !== FAMILY.IPV6) return undefined;
  const size = family === FAMILY.IPV4 ? 4 : 16;
  if (block.length < 2 * size + 4) return undefined;
  return {
    protocol: transport === TRANSPORT.STREAM ? 'tcp' : 'udp',
    source: { address: formatAddress(block.subarray(0, size)), port: block.readUInt16BE(2 * size) },
    destination: {
      address: formatAddress(block.subarray(size, 2 * size)),
      port: block.readUInt16BE(2 * size + 2),
    },
  };
}
