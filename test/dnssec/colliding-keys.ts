/** Keys that all share one key tag (CVE-2023-50387): two octets of each are chosen so that the sum comes out right. */
import { keyTag } from '../../src/dnssec/key-tag.ts';
import { type ZoneKey, ZSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';

/** What they sign does not verify. */
export function collidingKeys(count: number, tag: number): ZoneKey[] {
  const keys: ZoneKey[] = [];
  for (let i = 0; keys.length < count; i++) {
    const made = zoneKey(`colliding ${i}`, 15, ZSK_FLAGS);
    const dnskeyRdata = Buffer.from(made.dnskeyRdata);
    for (let value = 0; value < 0x10000; value++) {
      dnskeyRdata.writeUInt16BE(value, 20);
      if (keyTag(dnskeyRdata) !== tag) continue;
      keys.push({ ...made, dnskeyRdata, keyTag: tag });
      break;
    }
  }
  return keys;
}
