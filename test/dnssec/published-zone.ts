/** Zones as RFCs print them, signatures included: records of the DNSSEC types, which the zone file reader leaves alone, too. */
import { fromBase32Hex } from '../../src/dns/base32hex.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { type Name, name, nameToBytes } from '../../src/dns/name.ts';
import { parseType, RRType } from '../../src/dns/rr-type.ts';
import { writeTypeBitmap } from '../../src/dns/type-bitmap.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';

/** As RRSIG records are printed (RFC 4034 §3.2): YYYYMMDDHHmmSS, UTC. */
export function secondsOf(time: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(time)!.map(Number);
  return Date.UTC(y!, mo! - 1, d!, h!, mi!, s!) / 1000;
}

export class PublishedZone {
  readonly #records: readonly PlainRecord[];
  readonly #covered: ReadonlyMap<PlainRecord, number>;

  /** One record a line: owner, TTL, type, RDATA. */
  constructor(text: string) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    this.#records = lines.map(recordOf);
    this.#covered = new Map(
      this.#records
        .filter(({ type }) => type === RRType.RRSIG)
        .map((record) => [record, Buffer.from(record.rdata).readUInt16BE(0)]),
    );
  }

  rrset(owner: string, type: number): PlainRecord[] {
    return this.#records.filter((record) => record.name === name(owner) && record.type === type);
  }

  /** The RRset and every RRSIG that covers it; as a wildcard is expanded to `as`. */
  signed(owner: string, type: number, as = owner): PlainRecord[] {
    const signatures = this.rrset(owner, RRType.RRSIG).filter((record) => this.#covered.get(record) === type);
    const found = [...this.rrset(owner, type), ...signatures];
    if (found.length < 2) throw new Error(`not printed: ${owner} ${type}`);
    return found.map((record) => ({ ...record, name: name(as) }));
  }
}

function recordOf(line: string): PlainRecord {
  const [owner, ttl, mnemonic, ...rest] = line.trim().split(/\s+/);
  const type = parseType(mnemonic!)!;
  const rdata = rdataOf(type, rest);
  if (rdata !== undefined) return { name: name(owner!), type, ttl: Number(ttl), rdata };
  return parseZoneFile([line.trim()], 'published zone').next().value as PlainRecord;
}

function rdataOf(type: number, rest: string[]): Uint8Array | undefined {
  switch (type) {
    case RRType.RRSIG:
      return rrsigRdata(rest);
    case RRType.NSEC:
      return Buffer.concat([nameToBytes(name(rest[0]!)), bitmap(rest.slice(1))]);
    case RRType.NSEC3: {
      const next = fromBase32Hex(rest[4]!)!;
      const head = nsec3Head(rest);
      return Buffer.concat([head, Buffer.from([next.length]), next, bitmap(rest.slice(5))]);
    }
    case RRType.NSEC3PARAM:
      return nsec3Head(rest);
    case RRType.HINFO:
      return Buffer.concat(rest.map((text) => Buffer.from([text.length, ...Buffer.from(text)])));
    default:
      return undefined;
  }
}

function bitmap(mnemonics: readonly string[]): Uint8Array {
  return writeTypeBitmap(mnemonics.map((mnemonic) => parseType(mnemonic)!));
}

function nsec3Head([algorithm, flags, iterations, saltText]: readonly string[]): Buffer {
  const salt = Buffer.from(saltText === '-' ? '' : saltText!, 'hex');
  const head = Buffer.from([Number(algorithm), Number(flags), 0, 0, salt.length]);
  head.writeUInt16BE(Number(iterations), 2);
  return Buffer.concat([head, salt]);
}

function rrsigRdata([
  covered,
  algorithm,
  labels,
  ttl,
  expiration,
  inception,
  tag,
  signer,
  ...base64
]: readonly string[]): Buffer {
  const head = Buffer.alloc(18);
  head.writeUInt16BE(parseType(covered!)!, 0);
  head[2] = Number(algorithm);
  head[3] = Number(labels);
  head.writeUInt32BE(Number(ttl), 4);
  head.writeUInt32BE(secondsOf(expiration!), 8);
  head.writeUInt32BE(secondsOf(inception!), 12);
  head.writeUInt16BE(Number(tag), 16);
  const signerName: Name = name(signer!);
  return Buffer.concat([head, nameToBytes(signerName), Buffer.from(base64.join(''), 'base64')]);
}
