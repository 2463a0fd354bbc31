/** The evidence of a census as a source of records: an index in memory, bundles from the database, the latest of them remembered. */
import { LruCache } from '../base/lru-cache.ts';
import type { Name } from '../dns/name.ts';
import { recordsIn } from '../evidence/bundle.ts';
import type { ExchangeRecord } from '../evidence/exchange-record.ts';
import { KeyIndex } from '../evidence/key-index.ts';
import type { RecordSource } from '../evidence/playback.ts';
import type { Session } from '../store/db.ts';
import { bundleKeys, readBundle } from '../store/read-evidence.ts';

/** What decompressed bundles may take; a slice's neighbours and what all of them share are some tens of megabytes. */
const MAX_BUNDLES_OCTETS = 268_435_456;
const MAX_BUNDLES = 10_000;
/** Of one record beside its reply, as measured. */
const RECORD_OVERHEAD_OCTETS = 400;

type ByName = ReadonlyMap<Name, readonly ExchangeRecord[]>;

export async function storedEvidence(db: Session, census: number): Promise<RecordSource> {
  const index = new KeyIndex();
  const numbers: number[] = [];
  for await (const { bundle, keys } of bundleKeys(db, census)) {
    index.add(keys);
    numbers.push(bundle);
  }
  const remembered = new LruCache<number, { readonly records: Promise<ByName>; readonly octets: number }>(
    MAX_BUNDLES,
    () => 0,
    { weigh: ({ octets }) => octets, maxWeight: MAX_BUNDLES_OCTETS },
  );
  const bundleAt = (place: number): Promise<ByName> => {
    const known = remembered.get(place);
    if (known !== undefined) return known.records;
    const records = readBundle(db, census, numbers[place]!).then((octets) => {
      const [byName, weight] = sorted(recordsIn(octets));
      remembered.set(place, { records, octets: weight }, Number.POSITIVE_INFINITY);
      return byName;
    });
    // Whoever asks meanwhile waits for the same; its weight is known when it is there.
    remembered.set(place, { records, octets: 0 }, Number.POSITIVE_INFINITY);
    return records;
  };
  return {
    async recordsOf(name) {
      const found: ExchangeRecord[] = [];
      for (const place of index.placesOf(name)) found.push(...((await bundleAt(place)).get(name) ?? []));
      return found;
    },
  };
}

function sorted(records: readonly ExchangeRecord[]): readonly [ByName, number] {
  const byName = new Map<Name, ExchangeRecord[]>();
  let octets = 0;
  for (const record of records) {
    octets += record.octets.length + RECORD_OVERHEAD_OCTETS;
    const known = byName.get(record.name);
    if (known === undefined) byName.set(record.name, [record]);
    else known.push(record);
  }
  return [byName, octets];
}
