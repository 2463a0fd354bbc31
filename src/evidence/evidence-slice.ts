/** What one slice hands over as evidence: plain data that crosses threads and is written with the slice's rows. */
import type { Bundle } from './bundle.ts';

export interface EvidenceSubject {
  readonly subject: 'domain' | 'host';
  readonly name: string;
  /** What is kept proves what was found, from the root down: surveyed again from it, the subject shows the same. */
  readonly complete: boolean;
  /** Of these exchanges those that no other subject needs are in the provisional bundle: the verdict says whether they stay. */
  readonly provisional: boolean;
}

export interface EvidenceSlice {
  readonly bundle: Bundle | undefined;
  readonly provisional: Bundle | undefined;
  /** Those that evidence is kept of by name; none where all exchanges are kept. */
  readonly subjects: readonly EvidenceSubject[];
  /** SHA-256 (hexadecimal) of the certificates whose octets are to be kept. */
  readonly certificates: readonly string[];
}
