/** Rows on their way into a file of some form: octets that begin it, octets of the rows as they come, octets that end it. */
export interface Table {
  begin(): Uint8Array;
  /** May hold rows back until there are enough of them. */
  take(rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array;
  end(): Uint8Array;
}

export const tableFormats = ['csv', 'parquet'] as const;
export type TableFormat = (typeof tableFormats)[number];
