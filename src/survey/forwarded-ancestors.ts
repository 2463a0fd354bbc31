/**
 * The ancestors of a TLSA name as a forwarder answers for them (RFC 8020 §2). Which name server it heard that from is not seen, so
 * that they have no servers; what a resolver that asks one of that kind makes of it is told as for a single server.
 */
import { never } from '../base/never.ts';
import type { Name } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { type Answer, reasonOfSecurity } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import { behavioursOf, consequenceOf } from './ancestor-consequence.ts';
import { ancestorsOf, faultOfProof } from './ancestors.ts';
import { factName } from './lookup-fact.ts';
import type { AncestorFact, AncestorProof } from './name-server-facts.ts';
import type { ServerSurvey } from './survey-name-servers.ts';

/** For a TLSA RRset that exists: `answer` is secure and holds it. */
export async function surveyForwardedAncestors(
  tlsaName: Name,
  answer: Answer,
  lookup: Lookup,
): Promise<Omit<ServerSurvey, 'prevailing' | 'soa'>> {
  const names = ancestorsOf(tlsaName, answer.links[0]!.cut.apex);
  const heard = await Promise.all(
    names.map((name) => lookup.ask(name, RRType.A, { minimisation: 'off', firsthand: true })),
  );
  const ancestors = heard.map(
    (one): AncestorFact => ({
      name: factName(one.name),
      rcode: one.rcode,
      proof: proofOf(one),
      reason: reasonOfSecurity(one.security),
      servers: [],
    }),
  );
  const views = ancestors.map(({ proof, reason }) => ({ proof, isSecure: reason === null })).reverse();
  const findings = ancestors.flatMap(({ name, proof }) => {
    const key = faultOfProof(proof);
    return key === undefined ? [] : [{ key, detail: name }];
  });
  const behaviours = findings.length > 0 ? behavioursOf([{ tlsa: 'found', ancestors: views }]) : [];
  return { answers: [], ancestors, behaviours, consequence: consequenceOf(behaviours), findings };
}

function proofOf({ outcome, aliases, rcode, security }: Answer): AncestorProof {
  switch (outcome) {
    case 'data':
    case 'nodata':
      return 'exists';
    case 'nxdomain':
      // An alias is there; it is where it leads that does not exist.
      return aliases.length > 0 ? 'exists' : 'denied-validly';
    case 'failed':
      if (rcode !== 'NXDOMAIN' || security.status !== 'bogus') return 'failed';
      return security.because === 'denial-missing' ? 'denied-unproven' : 'denied-contradictory';
    default:
      return never(outcome);
  }
}
