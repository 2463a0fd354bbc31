/** What the entries of a list come to that go into the database in one transaction. */
import type { ApartRecords, InvalidEntry, ListedAddress, ListedDomain } from '../store/listing.ts';
import type { ListEntry } from './list-entry.ts';

export interface Batch {
  readonly names: ListedDomain[];
  readonly invalid: InvalidEntry[];
  readonly apart: ApartRecords[];
  readonly addresses: ListedAddress[];
  skipped: number;
}

export const emptyBatch = (): Batch => ({ names: [], invalid: [], apart: [], addresses: [], skipped: 0 });

export function entriesIn({ names, invalid, apart, addresses }: Batch): number {
  return names.length + invalid.length + apart.length + addresses.length;
}

/** `delegations`: whether those that zone files hold are taken. */
export function sortIn(
  batch: Batch,
  entry: ListEntry,
  nextOrdinal: () => number,
  delegations: boolean,
): void {
  switch (entry.kind) {
    case 'name': {
      const { kind, ...listed } = entry;
      batch.names.push({
        ordinal: nextOrdinal(),
        ...listed,
        delegation: delegations ? (listed.delegation ?? null) : null,
      });
      break;
    }
    case 'invalid':
      batch.invalid.push(entry);
      break;
    case 'apart':
      if (delegations) batch.apart.push(entry);
      break;
    case 'address':
      if (delegations) batch.addresses.push(entry);
      break;
    case 'skipped':
      batch.skipped++;
      break;
  }
}
