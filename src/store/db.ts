/**
 * The one interface over both databases: PGlite in a directory (`embedded.ts`) and Postgres 15 or later (`postgres.ts`).
 * In: SQL in the subset that both understand. Out: rows as objects; `bigint` comes as a number where it is a safe
 * integer and as a BigInt where not, `numeric` as text, `timestamptz` as a Date, `bytea` as octets.
 * Text that the database cannot hold (NUL octets, lone surrogates) is escaped on the way in by `storable.ts`, and only there.
 * Does not stream: a reader of many rows declares a cursor inside `tx` (see `read-view.ts`).
 */
import type { Column } from './bulk.ts';

/**
 * What every connection begins with (Postgres manual §20.7): whole views are read through cursors, so that the plan for all rows is
 * wanted and not the one for the first; and compiling the plans of views takes longer than running them.
 */
export const PLANNER_SETTINGS = 'SET cursor_tuple_fraction = 1; SET jit = off';

export type Row = Record<string, unknown>;

/** What can be said to the database, inside a transaction or outside. */
export interface Session {
  /** One statement. `params` are text, numbers, booleans, octets or null. Throws what the database throws. */
  query<R extends object = Row>(text: string, params?: readonly unknown[]): Promise<R[]>;
  /** Any number of statements without parameters; the rows of all of them, one after the other. */
  exec<R extends object = Row>(text: string): Promise<R[]>;
  /**
   * Inserts rows, leaving out those whose key is there already, and tells how many were inserted.
   * Each row holds one value per column, in their order.
   */
  bulk(table: string, columns: readonly Column[], rows: readonly (readonly unknown[])[]): Promise<number>;
}

export interface Db extends Session {
  /** `embedded`: this process is the only one that has the database open. */
  readonly kind: 'embedded' | 'postgres';
  /**
   * One transaction: committed when `work` returns, rolled back when it throws. Inside, speak to its argument only:
   * the embedded database has one session, and a call on the outer object would wait for itself.
   */
  tx<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Ends the connections and gives the directory free. */
  close(): Promise<void>;
}
