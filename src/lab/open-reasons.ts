/**
 * Counts by reason where the world leaves the reason of some open. Reasons that one truth names as alternatives are counted
 * together, with whatever else is an alternative to one of them: of such a group only the sum is expected.
 */
import { type ExpectedTable, keyText, type ViewRow } from './expected-table.ts';
import type { Reasons } from './truth.ts';

interface Open {
  /** Subject and verdict. */
  readonly of: string;
  readonly reasons: readonly string[];
  count: number;
}

/** Of a view with the columns subject, verdict, reason and affected. */
export class CountsByReason implements ExpectedTable {
  readonly view: string;
  readonly counts = ['affected'];
  readonly shares = [];
  readonly #open = new Map<string, Open>();

  constructor(view: string) {
    this.view = view;
  }

  add(subject: string, verdict: string, reasons: Reasons): void {
    const of = keyText([subject, verdict]);
    const names = [...new Set(reasons.map((reason) => keyText([reason])))].sort();
    const key = keyText([of, ...names]);
    const open = this.#open.get(key);
    if (open === undefined) this.#open.set(key, { of, reasons: names, count: 1 });
    else open.count++;
  }

  get figures(): ReadonlyMap<string, readonly number[]> {
    const figures = new Map<string, readonly [number]>();
    for (const { of, reasons, count } of this.#open.values()) {
      const key = this.#keyOf(of, reasons[0]!);
      figures.set(key, [(figures.get(key)?.[0] ?? 0) + count]);
    }
    return figures;
  }

  keyOf({ subject, verdict, reason }: ViewRow): string {
    return this.#keyOf(keyText([subject, verdict]), keyText([reason]));
  }

  shareOf(): null {
    return null;
  }

  #keyOf(of: string, reason: string): string {
    const group = new Set([reason]);
    // A Set hands out what is added to it on the way.
    for (const member of group) {
      for (const open of this.#open.values()) {
        if (open.of !== of || !open.reasons.includes(member)) continue;
        for (const other of open.reasons) group.add(other);
      }
    }
    return `${of} ${[...group].sort().join(' or ')}`;
  }
}
