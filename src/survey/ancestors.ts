/**
 * The ancestors of a TLSA name, down from the zone cut: none of them may be NXDOMAIN while the TLSA RRset exists (RFC 8020
 * §2). Each is asked for directly at each server, so that it shows what a minimising resolver would be told on its way (RFC
 * 9156 §2), and each denial is judged as that server gave it: a good server must not hide a bad one.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Message } from '../dns/message.ts';
import { isBelow, type Name, parentOf } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { reasonOfSecurity } from '../lookup/answer.ts';
import type { OneServer, ServerSaid } from '../lookup/one-server.ts';
import { failureOf } from '../resolve/failure.ts';
import { askTwice, isOfUse } from './ask-name-server.ts';
import type { Finding } from './facts.ts';
import { factName } from './lookup-fact.ts';
import type {
  AncestorAtServerFact,
  AncestorFact,
  AncestorProof,
  NameServerFault,
} from './name-server-facts.ts';
import { summaryOf } from './server-answer.ts';

/** From the nearest to the name upwards, those strictly below `cut`. */
export function ancestorsOf(name: Name, cut: Name): readonly Name[] {
  const names: Name[] = [];
  for (let at = parentOf(name); isBelow(at, cut); at = parentOf(at)) names.push(at);
  return names;
}

/** One ancestor at one server. */
export interface AncestorHeard {
  readonly fact: AncestorAtServerFact;
  readonly message: Message | undefined;
}

/** Undefined where the server could not be asked. */
export async function askAncestor(server: OneServer, name: Name): Promise<AncestorHeard | undefined> {
  const said = await askTwice(server, name, RRType.A);
  if (said.kind === 'not-asked') return undefined;
  const { proof, reason } = await proofOf(server, said);
  const { rcode } = summaryOf(said);
  return {
    fact: { server: factName(server.server), address: server.address, rcode, proof, reason },
    message: said.kind === 'reply' ? said.message : undefined,
  };
}

async function proofOf(
  server: OneServer,
  said: ServerSaid,
): Promise<{ readonly proof: AncestorProof; readonly reason: ReasonKey | null }> {
  if (!isOfUse(said)) return { proof: 'failed', reason: failureIn(said) };
  const security = await server.judge(said);
  const reason = reasonOfSecurity(security);
  // An alias is there; it is where it leads that may not exist.
  if (said.reply.kind !== 'nxdomain') return { proof: 'exists', reason };
  if (security.status === 'secure' || security.status === 'insecure') {
    return { proof: 'denied-validly', reason };
  }
  return { proof: reason === 'denial-missing' ? 'denied-unproven' : 'denied-contradictory', reason };
}

function failureIn(said: ServerSaid): ReasonKey {
  if (said.kind !== 'reply') return said.because;
  return said.reply.kind === 'error' ? failureOf(said.reply.rcode) : 'lame';
}

const severity: readonly AncestorProof[] = [
  'denied-validly',
  'denied-contradictory',
  'denied-unproven',
  'exists',
  'failed',
];

/** `counts` tells of which servers: one that denies the TLSA RRset itself rightly denies what is above. Undefined without any. */
export function ancestorFact(
  name: Name,
  servers: readonly AncestorAtServerFact[],
  counts: (server: AncestorAtServerFact) => boolean,
): AncestorFact | undefined {
  const worst = severity
    .map((proof) => servers.find((server) => server.proof === proof && counts(server)))
    .find((server) => server !== undefined);
  if (worst === undefined) return undefined;
  const { rcode, proof, reason } = worst;
  return { name: factName(name), rcode, proof, reason, servers };
}

const faultOf = {
  'denied-validly': 'ancestor-denied',
  'denied-unproven': 'ancestor-nxdomain-unproven',
  'denied-contradictory': 'ancestor-proof-contradicts',
} as const;

export function isDenied(proof: AncestorProof): proof is keyof typeof faultOf {
  return proof in faultOf;
}

export function faultOfDenial(proof: keyof typeof faultOf): NameServerFault {
  return faultOf[proof];
}

/** One for each ancestor and way of denying it, with the servers that do: "NAME SERVER/ADDRESS …". */
export function ancestorFindings(
  ancestors: readonly AncestorFact[],
  counts: (server: AncestorAtServerFact) => boolean,
): Finding[] {
  const findings: Finding[] = [];
  for (const { name, servers } of ancestors) {
    for (const proof of ['denied-validly', 'denied-unproven', 'denied-contradictory'] as const) {
      const at = servers.filter((server) => server.proof === proof && counts(server));
      if (at.length === 0) continue;
      const places = at.map(({ server, address }) => `${server}/${address}`);
      findings.push({ key: faultOf[proof], detail: [name, ...places].join(' ') });
    }
  }
  return findings;
}
