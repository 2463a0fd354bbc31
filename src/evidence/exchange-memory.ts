/**
 * The exchanges that one thread remembers, so that it can prove a finding when it meets one: of each question to each address what
 * was heard last, replies before silence. Bounded by octets: names that were of no use lately are forgotten, those at the top of the
 * tree apart from the others, since every proof begins there and they are asked for once a day.
 */
import { LruCache } from '../base/lru-cache.ts';
import { labelCount, type Name } from '../dns/name.ts';
import { type ExchangeRecord, isReply, isSameQuestion, tellsTheSame } from './exchange-record.ts';
import type { RecordSource } from './playback.ts';

/** The exchanges of some twelve thousand domains, so that one is remembered for some minutes at the least. */
export const MEMORY_OCTETS = 134_217_728;
/** Those about the root and the top-level domains, of which there are some 1,500. */
const TOP_OCTETS = 33_554_432;
/** Of one record beside its reply, as measured. */
const RECORD_OVERHEAD_OCTETS = 400;

export class ExchangeMemory implements RecordSource {
  readonly #top: LruCache<Name, readonly ExchangeRecord[]>;
  readonly #others: LruCache<Name, readonly ExchangeRecord[]>;

  constructor(octets = MEMORY_OCTETS) {
    const cache = (maxWeight: number) =>
      new LruCache<Name, readonly ExchangeRecord[]>(Number.POSITIVE_INFINITY, () => 0, {
        weigh: weightOf,
        maxWeight,
      });
    this.#top = cache(Math.min(octets, TOP_OCTETS));
    this.#others = cache(octets);
  }

  add(record: ExchangeRecord): void {
    const { name } = record;
    const known = this.#cacheOf(name).get(name) ?? [];
    const at = known.findIndex((one) => isSameQuestion(one, record));
    const before = known[at];
    if (before !== undefined && (tellsTheSame(before, record) || (isReply(before) && !isReply(record)))) {
      return;
    }
    // A copy: the octets may be a small part of something large.
    const own = { ...record, octets: new Uint8Array(record.octets) };
    this.#cacheOf(name).set(
      name,
      before === undefined ? [...known, own] : known.with(at, own),
      Number.POSITIVE_INFINITY,
    );
  }

  recordsOf(name: Name): readonly ExchangeRecord[] {
    return this.#cacheOf(name).get(name) ?? [];
  }

  #cacheOf(name: Name): LruCache<Name, readonly ExchangeRecord[]> {
    return labelCount(name) < 2 ? this.#top : this.#others;
  }
}

function weightOf(records: readonly ExchangeRecord[]): number {
  return records.reduce((sum, { octets }) => sum + octets.length + RECORD_OVERHEAD_OCTETS, 0);
}
