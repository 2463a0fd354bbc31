/**
 * Octets spoiled at random, with an eye for what a DNS message is made of: counts, pointers, lengths, types, whole records.
 * The same random sequence spoils the same octets in the same way.
 */
import type { Random } from '../../src/base/random.ts';
import { readMessage } from '../../src/dns/message.ts';
import { RRType } from '../../src/dns/rr-type.ts';

const telling = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff];
const types = Object.values(RRType);

/** One to six changes. */
export function mutateOctets(octets: Uint8Array, random: Random): Buffer {
  let spoilt: Buffer = Buffer.from(octets);
  for (let i = 0; i <= random(6); i++) spoilt = mutations[random(mutations.length)]!(spoilt, random);
  return spoilt;
}

type Mutation = (octets: Buffer, random: Random) => Buffer;

const someWhere = (octets: Buffer, random: Random) => random(Math.max(1, octets.length));

const overwrite: Mutation = (octets, random) => {
  if (octets.length > 0) octets[someWhere(octets, random)] = random(256);
  return octets;
};

const overwriteTelling: Mutation = (octets, random) => {
  if (octets.length > 0) octets[someWhere(octets, random)] = telling[random(telling.length)]!;
  return octets;
};

const flipBit: Mutation = (octets, random) => {
  if (octets.length > 0) octets[someWhere(octets, random)]! ^= 1 << random(8);
  return octets;
};

const cutOff: Mutation = (octets, random) => octets.subarray(0, random(octets.length + 1));

const insert: Mutation = (octets, random) => {
  const at = random(octets.length + 1);
  const added = Buffer.from(Array.from({ length: 1 + random(8) }, () => random(256)));
  return Buffer.concat([octets.subarray(0, at), added, octets.subarray(at)]);
};

const remove: Mutation = (octets, random) => {
  const at = random(octets.length + 1);
  return Buffer.concat([octets.subarray(0, at), octets.subarray(at + 1 + random(16))]);
};

const double: Mutation = (octets, random) => {
  const at = random(octets.length + 1);
  return Buffer.concat([octets.subarray(0, at), octets.subarray(Math.max(0, at - random(64)))]);
};

const headerCount: Mutation = (octets, random) => {
  if (octets.length >= 12)
    octets.writeUInt16BE(random(3) === 0 ? random(0x10000) : random(8), 4 + 2 * random(4));
  return octets;
};

const plantPointer: Mutation = (octets, random) => {
  if (octets.length < 14) return octets;
  octets.writeUInt16BE(0xc000 | random(Math.min(octets.length, 0x4000)), 12 + random(octets.length - 13));
  return octets;
};

/** Type, class, TTL or RDLENGTH of one record, or its RDATA. */
const recordField: Mutation = (octets, random) => {
  const message = readMessage(octets);
  const records =
    message === undefined ? [] : [...message.answer, ...message.authority, ...message.additional];
  if (records.length === 0) return overwrite(octets, random);
  const { offset, length } = records[random(records.length)]!;
  switch (random(5)) {
    case 0:
      octets.writeUInt16BE(types[random(types.length)]!, offset - 10);
      break;
    case 1:
      octets.writeUInt16BE(random(4), offset - 8);
      break;
    case 2:
      octets.writeUInt32BE(random(2 ** 31) * 2 + random(2), offset - 6);
      break;
    case 3:
      octets.writeUInt16BE(Math.max(0, length + random(9) - 4), offset - 2);
      break;
    default:
      if (length > 0) octets[offset + random(length)] = random(256);
  }
  return octets;
};

const mutations: readonly Mutation[] = [
  overwrite,
  overwrite,
  overwriteTelling,
  flipBit,
  flipBit,
  cutOff,
  insert,
  remove,
  double,
  headerCount,
  plantPointer,
  recordField,
  recordField,
  recordField,
];
