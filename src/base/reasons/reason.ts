/** One entry of the catalogue of reasons: the key is what SQL counts, the sentences are what people read. */
export interface Reason {
  /** The rule's source: RFC and section, a CVE, or the project's own limit. */
  readonly source: string;
  /** Extended DNS Error INFO-CODE (RFC 8914 §4), where there is one. */
  readonly ede?: number;
  /** Result type of RFC 8460 §4.3 where DANE or TLS fails for it; see `resultTypeOf` for those of lookups. */
  readonly tlsrpt?: string;
  /** Who can mend it: the domain's DNS operator, its mail operator, the parent, the network between, or we. */
  readonly mender: 'dns' | 'mail' | 'domain' | 'parent' | 'network' | 'ours' | 'nobody';
  /** What is so, as a sentence without a full stop. */
  readonly says: string;
  /** How to mend it, as a sentence without a full stop; empty where there is nothing to mend. */
  readonly hint: string;
}
