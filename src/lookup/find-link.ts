/**
 * One link of an answer: from what is remembered where a resolver of this kind would answer from it, else asked for and judged.
 *
 * With `relaxed` minimisation and `hardenBelowNxdomain` an NXDOMAIN for an ancestor is judged before the full name is asked:
 * in a signed zone its verdict is that of the name (Unbound: iterator.c, "Stop resolving when NXDOMAIN is DNSSEC signed"); in any
 * other the full name is asked after all, since old servers deny empty non-terminals.
 */

import { judgeGathered } from './judge-gathered.ts';
import type { Asking, Judged, Judging } from './judge-reply.ts';
import type { NegativeMemory } from './negative-memory.ts';

/** Without `memory` the servers are asked, and nothing but the reply to this very question counts. */
export async function findLink(
  parts: Judging,
  asking: Asking,
  memory: NegativeMemory | undefined,
): Promise<Judged> {
  const { name, type, session, validation } = asking;
  const remembered = memory?.answer(name, type, validation);
  if (remembered !== undefined) return remembered;
  const endsAtNxdomain = memory?.hardenBelowNxdomain === true && session.minimisation === 'relaxed';
  const first = await gatherAndJudge(
    parts,
    endsAtNxdomain ? { ...asking, session: { ...session, endsAtNxdomain } } : asking,
  );
  const judged =
    endsAtNxdomain && isDeniedAncestor(first) && first.link.zone.status !== 'secure'
      ? await gatherAndJudge(parts, { ...asking, session: { ...session, minimisation: 'off' } })
      : first;
  memory?.learn(judged, validation.at);
  return judged;
}

async function gatherAndJudge(parts: Judging, asking: Asking): Promise<Judged> {
  const gathered = await parts.resolver.ask(asking.name, asking.type, asking.session);
  return judgeGathered(parts, gathered, asking);
}

function isDeniedAncestor({ link, said }: Judged): boolean {
  return said?.reply.kind === 'nxdomain' && said.question.name !== link.name;
}
