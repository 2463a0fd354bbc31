/**
 * A zone file as registries have them (RFC 1035 §5.1): the owners of NS records below the apex are the domains, each with its name
 * servers and DS records. The apex itself, glue, and all other records are no domains.
 *
 * One pass, whatever the length of the file, and nothing held but one owner: what stands together is one entry, a name with its
 * delegation. DS records away from the NS records of their owner, NS records of an owner that came before, and all addresses are
 * entries of their own, which are brought together when a domain is looked at. Where a record cannot be read, its owner's delegation
 * is marked as one that the file does not tell: half of it (no DS) would be a wrong one.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { UsageError } from '../base/usage-error.ts';
import type { PlainRecord } from '../dns/message-writer.ts';
import { formatNameBare, isWithin, type Name, nameFromWire } from '../dns/name.ts';
import { readAddress } from '../dns/rdata.ts';
import { recordOf } from '../dns/record-of.ts';
import { RRType } from '../dns/rr-type.ts';
import type { ZoneLine } from '../dns/zone-line.ts';
import { ZoneReader } from '../dns/zone-reader.ts';
import type { Emit, ListReader } from './list-entry.ts';
import { LONGEST_TEXT, nameOfField } from './listed-name.ts';

/** NS and DS records of one owner, together: own limit; what has more is looked up as usual, within the limits of that. */
export const MAX_DELEGATION_RECORDS = 64;

/** Names of servers remembered: own limit, some 2 MB. */
const MAX_SERVERS = 10_000;

const wanted = new Set<number>([RRType.SOA, RRType.NS, RRType.DS, RRType.A, RRType.AAAA]);

/** NS and DS records of one owner that follow each other. */
interface Group {
  readonly owner: Name;
  readonly line: number;
  readonly nameServers: Set<string>;
  readonly ds: Map<string, Uint8Array>;
  isSpoilt: boolean;
}

export class ZoneList implements ListReader {
  readonly format = 'zone';
  readonly tagNames = [];
  readonly #emit: Emit;
  readonly #list: string;
  readonly #reader = new ZoneReader(undefined, wanted);
  readonly #servers = new Map<string, string>();
  #apex: Name | undefined;
  #group: Group | undefined;

  constructor(emit: Emit, list: string) {
    this.#emit = emit;
    this.#list = list;
  }

  get apex(): string | null {
    return this.#apex === undefined ? null : formatNameBare(this.#apex);
  }

  line(text: string, number: number): void {
    this.#take(this.#reader.read(text, number));
  }

  unreadable(reason: ReasonKey, text: string, line: number): void {
    // The words of the line count as an unreadable record, so that what it belongs to is marked.
    this.#emit({ kind: 'invalid', line, reason, text });
    const owner = /^[^\s;"()]+/.exec(text)?.[0];
    const fault = this.#reader.read(`${owner ?? ' '} UNREADABLE`, line);
    if (fault.kind === 'fault') this.#spoil(fault.owner, line);
  }

  end(): void {
    this.#take(this.#reader.end());
    this.#flush();
    if (this.#apex === undefined) throw this.#refusal(1, 'no record', 'a zone with its SOA record');
  }

  #refusal(line: number, got: string, expected: string): UsageError {
    return new UsageError(
      `list ${this.#list} line ${line}`,
      got,
      expected,
      'see that the file is one whole zone',
    );
  }

  #take(read: ZoneLine): void {
    switch (read.kind) {
      case 'nothing':
      case 'unwanted':
        this.#emit({ kind: 'skipped' });
        break;
      case 'record':
        this.#record(read.record, read.line);
        break;
      case 'fault': {
        const { line, got, expected, owner, isFatal } = read;
        if (isFatal) throw this.#refusal(line, got.slice(0, LONGEST_TEXT), expected);
        this.#emit({
          kind: 'invalid',
          line,
          reason: 'zone-record-unreadable',
          text: got.slice(0, LONGEST_TEXT),
        });
        this.#spoil(owner, line);
        break;
      }
    }
  }

  #record(record: PlainRecord, line: number): void {
    const { name, type } = record;
    const apex = this.#apexFor(record, line);
    if (name === apex) {
      this.#emit({ kind: 'skipped' });
    } else if (type === RRType.SOA) {
      throw this.#refusal(line, `a second zone, ${formatNameBare(name)}`, `the zone ${this.apex} alone`);
    } else if (type === RRType.A || type === RRType.AAAA) {
      const address = isWithin(name, apex) ? readAddress(recordOf(record)) : undefined;
      if (address === undefined) this.#emit({ kind: 'skipped' });
      else this.#emit({ kind: 'address', host: formatNameBare(name), address });
    } else if (isWithin(name, apex)) {
      this.#delegate(record, line);
    } else {
      const text = formatNameBare(name).slice(0, LONGEST_TEXT);
      this.#emit({ kind: 'invalid', line, reason: 'zone-record-outside', text });
    }
  }

  /** That of the SOA record, which comes first; in an extract without one the origin. */
  #apexFor({ name, type }: PlainRecord, line: number): Name {
    if (this.#apex !== undefined) return this.#apex;
    const { origin } = this.#reader;
    if (type !== RRType.SOA && origin === undefined) {
      throw this.#refusal(line, 'a record before the SOA record', 'the SOA record first, or $ORIGIN');
    }
    const apex = type === RRType.SOA ? name : origin!;
    this.#apex = apex;
    return apex;
  }

  #delegate({ name, type, rdata }: PlainRecord, line: number): void {
    const group = this.#groupOf(name, line);
    const octets = Buffer.from(rdata.buffer, rdata.byteOffset, rdata.byteLength).toString('latin1');
    if (type === RRType.NS) group.nameServers.add(this.#serverOf(octets));
    else group.ds.set(octets, rdata);
    if (group.nameServers.size + group.ds.size > MAX_DELEGATION_RECORDS) this.#forget(group);
  }

  /** Most servers serve many zones, and often one after the other. */
  #serverOf(octets: string): string {
    const known = this.#servers.get(octets);
    if (known !== undefined) return known;
    if (this.#servers.size === MAX_SERVERS) this.#servers.clear();
    const server = formatNameBare(nameFromWire(octets));
    this.#servers.set(octets, server);
    return server;
  }

  /** Keeps what makes it a name, and nothing that grows. */
  #forget(group: Group): void {
    group.isSpoilt = true;
    group.ds.clear();
    const [first] = group.nameServers;
    group.nameServers.clear();
    if (first !== undefined) group.nameServers.add(first);
  }

  #spoil(owner: Name | undefined, line: number): void {
    const apex = this.#apex;
    if (owner === undefined || apex === undefined || owner === apex || !isWithin(owner, apex)) return;
    this.#groupOf(owner, line).isSpoilt = true;
  }

  #groupOf(owner: Name, line: number): Group {
    if (this.#group?.owner === owner) return this.#group;
    this.#flush();
    this.#group = { owner, line, nameServers: new Set(), ds: new Map(), isSpoilt: false };
    return this.#group;
  }

  #flush(): void {
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    const { line, nameServers, ds, isSpoilt } = group;
    const owner = formatNameBare(group.owner);
    const records = {
      nameServers: isSpoilt ? null : [...nameServers].sort(),
      ds: isSpoilt ? [] : [...ds.values()],
    };
    if (nameServers.size === 0) {
      this.#emit({ kind: 'apart', line, owner, ...records });
      return;
    }
    const listed = nameOfField(owner);
    if (listed.kind === 'invalid') this.#emit({ ...listed, line });
    else this.#emit({ kind: 'name', name: listed.name, delegation: { line, ...records } });
  }
}
