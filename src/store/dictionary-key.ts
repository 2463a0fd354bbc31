/** Keys of what is stored once over all censuses: the first 8 octets of SHA-256 of its JSON, as Postgres has them in a bigint. */
import { hash } from 'node:crypto';
import type { Tags } from './listing.ts';
import { storableJson } from './storable.ts';

const keys = new WeakMap<Tags, bigint>();

/** Keys in the order of their UTF-16 units, no blanks. Tags never change, and rows that have the same may share the object. */
export function tagSetKey(tags: Tags): bigint {
  const known = keys.get(tags) ?? keyOfTags(tags);
  keys.set(tags, known);
  return known;
}

function keyOfTags(tags: Tags): bigint {
  const stored = storableJson(tags) as Tags;
  const sorted = Object.keys(stored).sort();
  return keyOf(`{${sorted.map((tag) => `${JSON.stringify(tag)}:${JSON.stringify(stored[tag])}`).join(',')}}`);
}

/** Of names that are sorted already. */
export function delegationSetKey(nameServers: readonly string[]): bigint {
  return keyOf(JSON.stringify(nameServers));
}

/** Of any entry as JSON. */
export function keyOf(json: string): bigint {
  return hash('sha256', json, 'buffer').readBigInt64BE(0);
}
