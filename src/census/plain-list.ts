/** A list with one domain per line: `listed-name.ts` reads the lines. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Emit, ListReader } from './list-entry.ts';
import { listedName } from './listed-name.ts';

export class PlainList implements ListReader {
  readonly format = 'plain';
  readonly apex = null;
  readonly tagNames = [];
  readonly #emit: Emit;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  line(text: string, number: number): void {
    const listed = listedName(text, number);
    switch (listed.kind) {
      case 'name':
        this.#emit(listed);
        break;
      case 'invalid':
        this.#emit({ ...listed, line: number });
        break;
      case 'skipped':
        this.#emit(listed);
        break;
    }
  }

  unreadable(reason: ReasonKey, text: string, line: number): void {
    this.#emit({ kind: 'invalid', line, reason, text });
  }

  end(): void {}
}
