/** Spans in the order of an NSEC or NSEC3 chain (RFC 4034 §6.1, RFC 5155 §1.3), found by where they begin. */
export class SpanChain<S extends { readonly from: string }> {
  readonly #spans: S[] = [];
  readonly #compare: (a: string, b: string) => number;

  constructor(compare: (a: string, b: string) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#spans.length;
  }

  /** Any of them; undefined where there is none. */
  get first(): S | undefined {
    return this.#spans[0];
  }

  /** Takes the place of one that begins there as well. */
  put(span: S): void {
    const at = this.#placeOf(span.from);
    const isThere = at > 0 && this.#spans[at - 1]!.from === span.from;
    this.#spans.splice(isThere ? at - 1 : at, isThere ? 1 : 0, span);
  }

  remove(span: S): void {
    const at = this.#placeOf(span.from) - 1;
    if (this.#spans[at] === span) this.#spans.splice(at, 1);
  }

  /** The one that begins at `from` or nearest before it; around the ring, the last of all where none does. */
  atOrBefore(from: string): S | undefined {
    const at = this.#placeOf(from);
    return at === 0 ? this.#spans.at(-1) : this.#spans[at - 1];
  }

  /** How many begin at or before `from`. */
  #placeOf(from: string): number {
    let low = 0;
    let high = this.#spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#spans[middle]!.from, from) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
