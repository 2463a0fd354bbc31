/** One log, whoever wrote it: each line goes to the mail server whose form it has. Lines of none are counted, never fatal. */
import type { Delivery, LogReader } from './delivery.ts';
import { EximLog } from './exim.ts';
import { HalonLog } from './halon.ts';
import { PostfixLog } from './postfix.ts';
import { PowerMtaLog } from './powermta.ts';

export class MtaLog {
  readonly #readers: readonly LogReader[] = [
    new PostfixLog(),
    new EximLog(),
    new HalonLog(),
    new PowerMtaLog(),
  ];
  #lines = 0;
  #unknown = 0;

  /** The deliveries that the line completes. */
  read(line: string): readonly Delivery[] {
    this.#lines += 1;
    for (const reader of this.#readers) {
      const deliveries = reader.read(line);
      if (deliveries !== undefined) return deliveries;
    }
    this.#unknown += 1;
    return [];
  }

  end(): readonly Delivery[] {
    return this.#readers.flatMap((reader) => reader.end());
  }

  get lines(): number {
    return this.#lines;
  }

  /** Lines that say nothing of a delivery's protection. */
  get unknown(): number {
    return this.#unknown;
  }
}
