/** What lists tell, as it is stored: of domains, and what stands in zone files beside them. */

/** Text to text, by the names of the columns. */
export type Tags = Readonly<Record<string, string>>;

/** What a zone file says of one delegation, or some of it. */
export interface ListedRecords {
  /** Without the final dot, each once; null where the file cannot be followed here, so that the parent is to be asked. */
  readonly nameServers: readonly string[] | null;
  /** RDATA of DS records, each once. */
  readonly ds: readonly Uint8Array[];
}

/** What the list does not tell is left out or null. */
export interface ListedDomain {
  readonly ordinal: number;
  readonly name: string;
  readonly rank?: number | null;
  readonly weight?: number | null;
  readonly tags?: Tags | null;
  /** In zone files only. */
  readonly delegation?: ListedDelegationRecords | null;
}

export interface ListedDelegationRecords extends ListedRecords {
  /** Where they stand, from 1. */
  readonly line: number;
}

/** Records of a delegation away from where its NS records stand. */
export interface ApartRecords extends ListedDelegationRecords {
  readonly owner: string;
}

export interface ListedAddress {
  readonly host: string;
  readonly address: string;
}

export interface InvalidEntry {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}
