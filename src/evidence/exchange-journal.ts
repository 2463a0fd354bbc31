/**
 * The exchanges that one thread made since somebody last took them, where all of them are kept: each once, as far as the thread
 * remembers what it has handed over.
 */
import { LruCache } from '../base/lru-cache.ts';
import { type ExchangeRecord, isReply, tellsTheSame } from './exchange-record.ts';

/** What is asked again at all is asked soon, or is about the root and top-level domains, which are asked for often. */
const MAX_REMEMBERED = 50_000;
const MAX_REMEMBERED_OCTETS = 67_108_864;

export class ExchangeJournal {
  #fresh: ExchangeRecord[] = [];
  readonly #last = new LruCache<string, ExchangeRecord>(MAX_REMEMBERED, () => 0, {
    weigh: ({ octets }) => octets.length,
    maxWeight: MAX_REMEMBERED_OCTETS,
  });

  add(record: ExchangeRecord): void {
    const { address, name, spelling, type, edns } = record;
    const key = `${address} ${type} ${edns} ${spelling === name} ${name}`;
    const before = this.#last.get(key);
    if (before !== undefined && (tellsTheSame(before, record) || (isReply(before) && !isReply(record)))) {
      return;
    }
    const own = { ...record, octets: new Uint8Array(record.octets) };
    this.#last.set(key, own, Number.POSITIVE_INFINITY);
    this.#fresh.push(own);
  }

  take(): readonly ExchangeRecord[] {
    const taken = this.#fresh;
    this.#fresh = [];
    return taken;
  }
}
