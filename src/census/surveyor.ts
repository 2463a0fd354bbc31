/** The port to whoever looks: what a job asks for, in slices. The real one is `piscina-surveyor.ts`. */
import type { EvidenceSlice } from '../evidence/evidence-slice.ts';
import type { CertificateFact, DomainFacts, DomainToSurvey, HostFacts } from '../survey/facts.ts';

/** How many subjects of a slice were judged again from evidence, and how many were taken over as they had been found. */
export interface Rejudged {
  readonly replayed: number;
  readonly carried: number;
}

interface Surveyed {
  /** Left out where none is kept. */
  readonly evidence?: EvidenceSlice | undefined;
  /** Left out where subjects were really looked at. */
  readonly rejudged?: Rejudged;
}

export interface SurveyedDomains extends Surveyed {
  readonly domains: readonly DomainFacts[];
}

export interface SurveyedHosts extends Surveyed {
  readonly hosts: readonly HostFacts[];
  readonly certificates: readonly CertificateFact[];
}

export interface Surveyor {
  /** Facts of every domain, in any order. Rejects for faults of ours only, and when the signal is aborted. */
  domains(domains: readonly DomainToSurvey[], signal: AbortSignal): Promise<SurveyedDomains>;
  /** Facts of every host, in any order, and each certificate that they showed once. Rejects as `domains`. */
  hosts(names: readonly string[], signal: AbortSignal): Promise<SurveyedHosts>;
  close(): Promise<void>;
}
