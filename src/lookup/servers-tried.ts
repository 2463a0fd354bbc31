/**
 * The servers of one zone that were asked the same question one after the other, since none of them has proven anything yet:
 * whom to leave out next time, what each of them did, and which reason speaks for all.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { validationBudgetReasons } from '../base/reasons/validation-budget.ts';
import type { Gathered } from '../resolve/ask-zone.ts';
import { MAX_SERVERS_ASKED, MAX_SERVERS_THAT_SPEND_THE_BUDGET } from './limits.ts';

/** A server address that was of no use for a question, and why: it failed, or what it said proves nothing. */
export interface UselessServer {
  readonly address: string;
  readonly because: ReasonKey;
}

export class ServersTried {
  /** Those that gave a reply which proves nothing. */
  readonly avoid = new Set<string>();
  readonly #useless = new Map<string, ReasonKey>();
  #budgetsSpent = 0;

  /** Servers that gave no reply of use on the way to this one. */
  heard({ failures }: Gathered): void {
    for (const { server, because } of failures) this.#useless.set(server, because);
  }

  /** The reply of `server` proves nothing. */
  provedNothing(server: string, because: ReasonKey): void {
    this.avoid.add(server);
    this.#useless.set(server, because);
    if (because in validationBudgetReasons) this.#budgetsSpent++;
  }

  get mayAskAnother(): boolean {
    return this.avoid.size < MAX_SERVERS_ASKED && this.#budgetsSpent < MAX_SERVERS_THAT_SPEND_THE_BUDGET;
  }

  /** By address. */
  get useless(): readonly UselessServer[] {
    if (this.#useless.size === 0) return [];
    return [...this.#useless]
      .map(([address, because]) => ({ address, because }))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /**
   * Why the answer is bogus: the reason that most of those give which proved nothing, of equally frequent ones the first by
   * the alphabet, so that it does not hang on who was asked first. At least one must have been noted.
   */
  get prevailing(): ReasonKey {
    const counts = new Map<ReasonKey, number>();
    for (const address of this.avoid) {
      const because = this.#useless.get(address)!;
      counts.set(because, (counts.get(because) ?? 0) + 1);
    }
    const [first] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return first![0];
  }
}
