/**
 * RDATA as text (RFC 1035 §5.1 and the RFC of each type); unknown types and malformed RDATA as RFC 3597 §5 has it.
 *
 * In: a `ResourceRecord`. Out: one line of printable ASCII, whatever the octets were.
 */
import { toBase64, toHex } from '../base/bytes.ts';
import { toBase32Hex } from './base32hex.ts';
import { uncompressedRdata } from './canonical.ts';
import type { ResourceRecord } from './message.ts';
import { formatName } from './name.ts';
import { octet, octets2, octets4, rdataName, rdataOctets, readA, readAaaa, readSoa } from './rdata.ts';
import { readDnskey, readDs, readNsec3, readRrsig } from './rdata-dnssec.ts';
import { formatType, RRType } from './rr-type.ts';
import { readTypeBitmap } from './type-bitmap.ts';

export function formatRdata(record: ResourceRecord): string {
  return formatters.get(record.type)?.(record) ?? generic(record);
}

/** `\# length hex` (RFC 3597 §5). */
function generic(record: ResourceRecord): string {
  const octets = uncompressedRdata(record);
  return `\\# ${octets.length}${octets.length === 0 ? '' : ` ${toHex(octets)}`}`;
}

type Formatter = (record: ResourceRecord) => string | undefined;

/** The name at `at` where it ends the RDATA. */
function lastName(record: ResourceRecord, at: number): string | undefined {
  const read = rdataName(record, at);
  return read?.end === record.length ? formatName(read.octets) : undefined;
}

function oneName(record: ResourceRecord): string | undefined {
  return lastName(record, 0);
}

function preferenceAndName(record: ResourceRecord): string | undefined {
  const exchange = record.length < 3 ? undefined : lastName(record, 2);
  return exchange === undefined ? undefined : `${octets2(record, 0)} ${exchange}`;
}

function soa(record: ResourceRecord): string | undefined {
  const read = readSoa(record);
  if (read === undefined) return undefined;
  const mname = rdataName(record, 0)!;
  const rname = rdataName(record, mname.end)!;
  const numbers = [read.serial, read.refresh, read.retry, read.expire, read.minimum].join(' ');
  return `${formatName(mname.octets)} ${formatName(rname.octets)} ${numbers}`;
}

function quoted(octets: Uint8Array): string {
  let text = '';
  for (const value of octets) {
    if (value === 0x22 || value === 0x5c) text += `\\${String.fromCharCode(value)}`;
    else if (value >= 0x20 && value <= 0x7e) text += String.fromCharCode(value);
    else text += `\\${value.toString().padStart(3, '0')}`;
  }
  return `"${text}"`;
}

function txt(record: ResourceRecord): string | undefined {
  const octets = rdataOctets(record);
  const strings: string[] = [];
  for (let at = 0; at < octets.length; at += 1 + octets[at]!) {
    if (at + 1 + octets[at]! > octets.length) return undefined;
    strings.push(quoted(octets.subarray(at + 1, at + 1 + octets[at]!)));
  }
  return strings.length === 0 ? undefined : strings.join(' ');
}

function srv(record: ResourceRecord): string | undefined {
  const target = record.length < 7 ? undefined : lastName(record, 6);
  return target === undefined
    ? undefined
    : `${octets2(record, 0)} ${octets2(record, 2)} ${octets2(record, 4)} ${target}`;
}

function ds(record: ResourceRecord): string | undefined {
  const read = readDs(record);
  return read && `${read.keyTag} ${read.algorithm} ${read.digestType} ${toHex(read.digest).toUpperCase()}`;
}

function dnskey(record: ResourceRecord): string | undefined {
  const read = readDnskey(record);
  return read && `${read.flags} ${read.protocol} ${read.algorithm} ${toBase64(read.publicKey)}`;
}

/** `YYYYMMDDHHmmSS` in UTC, the 32 bits taken as seconds since 1970 (RFC 4034 §3.2). */
function signatureTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/[-:T]|\.\d+Z/g, '');
}

function rrsig(record: ResourceRecord): string | undefined {
  const read = readRrsig(record);
  if (read === undefined) return undefined;
  const signer = formatName(rdataName(record, 18)!.octets);
  return [
    `${formatType(read.typeCovered)} ${read.algorithm} ${read.labels} ${read.originalTtl}`,
    `${signatureTime(read.expiration)} ${signatureTime(read.inception)} ${read.keyTag} ${signer}`,
    toBase64(read.signature),
  ].join(' ');
}

function nsec(record: ResourceRecord): string | undefined {
  const next = rdataName(record, 0);
  const types = next && readTypeBitmap(rdataOctets(record).subarray(next.end));
  return types && [formatName(next.octets), ...types.list().map(formatType)].join(' ');
}

function salt(octets: Uint8Array): string {
  return octets.length === 0 ? '-' : toHex(octets).toUpperCase();
}

function nsec3(record: ResourceRecord): string | undefined {
  const read = readNsec3(record);
  if (read === undefined) return undefined;
  const head = `${read.hashAlgorithm} ${read.flags} ${read.iterations} ${salt(read.salt)}`;
  return [head, toBase32Hex(read.nextHashed).toUpperCase(), ...read.types.list().map(formatType)].join(' ');
}

function nsec3param(record: ResourceRecord): string | undefined {
  if (record.length < 5 || record.length !== 5 + octet(record, 4)) return undefined;
  return `${octet(record, 0)} ${octet(record, 1)} ${octets2(record, 2)} ${salt(rdataOctets(record).subarray(5))}`;
}

function tlsa(record: ResourceRecord): string | undefined {
  if (record.length < 4) return undefined;
  const hex = toHex(rdataOctets(record).subarray(3)).toUpperCase();
  return `${octet(record, 0)} ${octet(record, 1)} ${octet(record, 2)} ${hex}`;
}

function sshfp(record: ResourceRecord): string | undefined {
  if (record.length < 3) return undefined;
  return `${octet(record, 0)} ${octet(record, 1)} ${toHex(rdataOctets(record).subarray(2)).toUpperCase()}`;
}

function caa(record: ResourceRecord): string | undefined {
  const octets = rdataOctets(record);
  const tagEnd = 2 + (octets[1] ?? 0);
  const tag = Buffer.from(octets.subarray(2, tagEnd)).toString('latin1');
  if (octets.length < tagEnd || !/^[A-Za-z0-9]+$/.test(tag)) return undefined;
  return `${octets[0]} ${tag} ${quoted(octets.subarray(tagEnd))}`;
}

function uri(record: ResourceRecord): string | undefined {
  if (record.length < 5) return undefined;
  return `${octets2(record, 0)} ${octets2(record, 2)} ${quoted(rdataOctets(record).subarray(4))}`;
}

function zonemd(record: ResourceRecord): string | undefined {
  if (record.length < 7) return undefined;
  const hex = toHex(rdataOctets(record).subarray(6)).toUpperCase();
  return `${octets4(record, 0)} ${octet(record, 4)} ${octet(record, 5)} ${hex}`;
}

const formatters = new Map<number, Formatter>([
  [RRType.A, readA],
  [RRType.AAAA, readAaaa],
  [RRType.NS, oneName],
  [RRType.CNAME, oneName],
  [RRType.PTR, oneName],
  [RRType.DNAME, oneName],
  [RRType.MX, preferenceAndName],
  [RRType.AFSDB, preferenceAndName],
  [RRType.KX, preferenceAndName],
  [RRType.SOA, soa],
  [RRType.TXT, txt],
  [RRType.SPF, txt],
  [RRType.SRV, srv],
  [RRType.DS, ds],
  [RRType.CDS, ds],
  [RRType.DNSKEY, dnskey],
  [RRType.CDNSKEY, dnskey],
  [RRType.RRSIG, rrsig],
  [RRType.NSEC, nsec],
  [RRType.NSEC3, nsec3],
  [RRType.NSEC3PARAM, nsec3param],
  [RRType.TLSA, tlsa],
  [RRType.SMIMEA, tlsa],
  [RRType.SSHFP, sshfp],
  [RRType.CAA, caa],
  [RRType.URI, uri],
  [RRType.ZONEMD, zonemd],
]);
