/** Arbitrary names and hand-made records for the tests of this room. */
import fc from 'fast-check';
import type { ResourceRecord } from '../../src/dns/message.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { MAX_NAME_OCTETS, type Name, name, nameFromWire } from '../../src/dns/name.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';

const anyOctet = fc.oneof(
  fc.constantFrom(...'azAZ09-_*.\\"@$();', '\0', ' ', '\x03', '\x7f', '\x80', '\xff'),
  fc.integer({ min: 0, max: 255 }).map((octet) => String.fromCharCode(octet)),
);
const anyLabel = fc.string({ unit: anyOctet, minLength: 1, maxLength: 63 });

/** Labels of any octets, at most as many as a name can hold. */
export const anyLabels = fc.array(anyLabel, { maxLength: 12 }).map((labels) => {
  const kept: string[] = [];
  let octets = 1;
  for (const label of labels) {
    octets += 1 + label.length;
    if (octets > MAX_NAME_OCTETS) break;
    kept.push(label);
  }
  return kept;
});

export function wireOf(labels: readonly string[]): string {
  return `${labels.map((label) => String.fromCharCode(label.length) + label).join('')}\0`;
}

export const anyName: fc.Arbitrary<Name> = anyLabels.map((labels) => nameFromWire(wireOf(labels)));

/** Octets from a mixed list of numbers, octet arrays, and strings, which are presentation names. */
export function octetsOf(...parts: (number | Uint8Array | string)[]): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Buffer.from([part])
        : typeof part === 'string'
          ? Buffer.from(name(part), 'latin1')
          : part,
    ),
  );
}

export function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

export function u32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}

export function plain(owner: string, type: keyof typeof RRType, rdata: Uint8Array, ttl = 300): PlainRecord {
  return { name: name(owner), type: RRType[type], ttl, rdata };
}

export function record(type: keyof typeof RRType | number, rdata: Uint8Array): ResourceRecord {
  const code = typeof type === 'number' ? type : RRType[type];
  return recordOf({ name: name('example.com'), type: code, ttl: 300, rdata });
}

/** RRSIG RDATA with fixed times and key tag. */
export function rrsigRdata(covered: number, labels: number, signer: string, ttl = 300): Buffer {
  const times = [u32(1_440_021_600), u32(1_438_207_200)];
  return octetsOf(u16(covered), 13, labels, u32(ttl), ...times, u16(4711), signer, Buffer.alloc(64, 7));
}
