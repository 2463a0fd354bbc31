/** Equal tags as one object, so that what repeats from row to row is held and keyed once. */
import type { Tags } from '../store/listing.ts';

/** Own limit: some 20 MB. */
const MAX_SHARED = 50_000;

export class SharedTags {
  readonly #shared = new Map<string, Tags>();

  /** `tags` have their names in the order of the columns. */
  of(tags: Tags): Tags {
    const key = JSON.stringify(tags);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    if (this.#shared.size === MAX_SHARED) this.#shared.clear();
    this.#shared.set(key, tags);
    return tags;
  }
}
