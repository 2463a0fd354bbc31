/** A TLSA record from and to its wire form (RFC 6698 §2.1) and its presentation form (RFC 6698 §2.2). */
import { fromHex, toHex } from '../base/bytes.ts';
import type { TlsaRecord } from './tlsa-record.ts';

/** From RDATA. Three octets are enough: whether there is anything to match is a question of usability. */
export function parseTlsaRdata(rdata: Uint8Array): TlsaRecord | 'tlsa-malformed' {
  const [usage, selector, matchingType] = rdata;
  if (usage === undefined || selector === undefined || matchingType === undefined) return 'tlsa-malformed';
  return { usage, selector, matchingType, data: rdata.subarray(3) };
}

/**
 * From "3 1 1 2b0f…": three numbers from 0 to 255, then hexadecimal digits that may be parted by white space.
 * Undefined for anything else, an empty data field included.
 */
export function parseTlsaText(text: string): TlsaRecord | undefined {
  const fields = /^\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+([0-9a-fA-F\s]+)$/.exec(text);
  if (fields === null) return undefined;
  const [usage = NaN, selector = NaN, matchingType = NaN] = fields.slice(1, 4).map(Number);
  const data = fromHex(fields[4]!.replaceAll(/\s+/g, ''));
  if (data === undefined || data.length === 0) return undefined;
  if (usage > 255 || selector > 255 || matchingType > 255) return undefined;
  return { usage, selector, matchingType, data };
}

/** "3 1 1 2b0f…", in lower case. */
export function formatTlsa(record: TlsaRecord): string {
  return `${formatTlsaParameters(record)} ${toHex(record.data)}`;
}

/** "3 1 1": what statistics count by. */
export function formatTlsaParameters({ usage, selector, matchingType }: Omit<TlsaRecord, 'data'>): string {
  return `${usage} ${selector} ${matchingType}`;
}

/** The owner name of a service's TLSA records (RFC 6698 §3), in presentation form with its final dot. */
export function tlsaOwner(host: string, port: number): string {
  return `_${port}._tcp.${host.replace(/\.$/, '')}.`;
}

/** A line of a zone file (RFC 1035 §5.1), without TTL. */
export function formatTlsaLine(owner: string, record: TlsaRecord): string {
  return `${owner} IN TLSA ${formatTlsa(record)}`;
}
