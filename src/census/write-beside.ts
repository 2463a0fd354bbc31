/** Writes what a slice brings beside its facts, in the same transaction; and takes back what its verdicts do not call for. */
import { verdictIsToBeProved } from '../evidence/to-be-proved.ts';
import type { Session } from '../store/db.ts';
import type { DomainToJudge } from '../store/pending.ts';
import { countRejudged } from '../store/rejudge-record.ts';
import { dropProvisionalEvidence, writeEvidence } from '../store/write-evidence.ts';
import type { JudgedDomain } from '../survey/verdicts.ts';
import type { SurveyedDomains } from './surveyor.ts';

export async function writeBeside(
  session: Session,
  census: number,
  kind: 'domains' | 'hosts',
  { evidence, rejudged }: Pick<SurveyedDomains, 'evidence' | 'rejudged'>,
): Promise<void> {
  if (evidence !== undefined) await writeEvidence(session, census, evidence);
  if (rejudged !== undefined) await countRejudged(session, census, kind, rejudged);
}

/** Evidence that was kept until the verdicts of its domains were known. `verdicts` are in the order of `domains`. */
export async function dropUncalledFor(
  session: Session,
  census: number,
  domains: readonly DomainToJudge[],
  verdicts: readonly { readonly judged: JudgedDomain }[],
): Promise<void> {
  const well = domains.filter((_, at) => !verdictIsToBeProved(verdicts[at]!.judged));
  await dropProvisionalEvidence(
    session,
    census,
    well.map(({ facts }) => facts.domain),
  );
}
