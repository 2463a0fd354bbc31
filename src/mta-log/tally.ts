/** The deliveries of a log, counted; destinations are kept by name only where DANE failed, and not without bound. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Delivery, LoggedStatus, LoggedTls, Mta } from './delivery.ts';

/** Own limit: destinations that are listed one by one; further ones are counted. */
export const MAX_DESTINATIONS = 100_000;
/** Own limit: hosts named with a destination. */
export const MAX_HOSTS = 10;

export interface OutcomeCount {
  readonly mta: Mta;
  readonly tls: LoggedTls;
  readonly status: LoggedStatus;
  readonly daneFault: ReasonKey | null;
  readonly deliveries: number;
}

/** One destination whose DANE failed: a recipient's domain, or an MX host where the log tells no domain. */
export interface FailedDestination {
  readonly domain: string | null;
  readonly hosts: readonly string[];
  readonly deliveries: number;
  readonly faults: Readonly<Partial<Record<ReasonKey, number>>>;
  readonly statuses: Readonly<Partial<Record<LoggedStatus, number>>>;
}

interface Counting {
  readonly domain: string | null;
  readonly hosts: Set<string>;
  deliveries: number;
  readonly faults: Partial<Record<ReasonKey, number>>;
  readonly statuses: Partial<Record<LoggedStatus, number>>;
}

export class LogTally {
  readonly #outcomes = new Map<string, OutcomeCount>();
  readonly #failed = new Map<string, Counting>();
  #notListed = 0;

  add(delivery: Delivery): void {
    const { mta, tls, status, daneFault } = delivery;
    const kind = `${mta} ${tls} ${status} ${daneFault}`;
    const deliveries = (this.#outcomes.get(kind)?.deliveries ?? 0) + 1;
    this.#outcomes.set(kind, { mta, tls, status, daneFault, deliveries });
    if (daneFault !== null) this.#fail(delivery, daneFault);
  }

  /** The most frequent first. */
  outcomes(): readonly OutcomeCount[] {
    return [...this.#outcomes.values()].sort((a, b) => b.deliveries - a.deliveries);
  }

  /** Those with the most deliveries first, then by name. */
  failed(): readonly FailedDestination[] {
    return [...this.#failed.entries()]
      .sort(([a, x], [b, y]) => y.deliveries - x.deliveries || (a < b ? -1 : 1))
      .map(([, counting]) => ({ ...counting, hosts: [...counting.hosts].sort() }));
  }

  /** Deliveries whose DANE failed, to destinations beyond the limit or without a name. */
  get notListed(): number {
    return this.#notListed;
  }

  #fail({ domain, host, address, status }: Delivery, fault: ReasonKey): void {
    const server = host === null || host === '' ? address : host;
    const name = domain ?? (server === null ? undefined : `host ${server}`);
    let counting = name === undefined ? undefined : this.#failed.get(name);
    if (name !== undefined && counting === undefined && this.#failed.size < MAX_DESTINATIONS) {
      counting = { domain, hosts: new Set(), deliveries: 0, faults: {}, statuses: {} };
      this.#failed.set(name, counting);
    }
    if (counting === undefined) {
      this.#notListed += 1;
      return;
    }
    counting.deliveries += 1;
    counting.faults[fault] = (counting.faults[fault] ?? 0) + 1;
    counting.statuses[status] = (counting.statuses[status] ?? 0) + 1;
    if (server !== null && counting.hosts.size < MAX_HOSTS) counting.hosts.add(server);
  }
}
