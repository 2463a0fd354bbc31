/** The port to whoever looks: what a job asks for, in slices. The real one is `piscina-surveyor.ts`. */
import type { CertificateFact, DomainFacts, DomainToSurvey, HostFacts } from '../survey/facts.ts';

export interface SurveyedHosts {
  readonly hosts: readonly HostFacts[];
  readonly certificates: readonly CertificateFact[];
}

export interface Surveyor {
  /** Facts of every domain, in any order. Rejects for faults of ours only, and when the signal is aborted. */
  domains(domains: readonly DomainToSurvey[], signal: AbortSignal): Promise<readonly DomainFacts[]>;
  /** Facts of every host, in any order, and each certificate that they showed once. Rejects as `domains`. */
  hosts(names: readonly string[], signal: AbortSignal): Promise<SurveyedHosts>;
  close(): Promise<void>;
}
