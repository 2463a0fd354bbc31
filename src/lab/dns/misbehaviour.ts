/** Which of the faults that a plan wants concerns a question. */
import type { Name } from '../../dns/name.ts';
import type { Match, Misbehaviour, ZonePlan } from '../plan/zone-plan.ts';
import { below } from './owner.ts';

interface Asked {
  readonly name: Name;
  readonly type: number;
}

/** `server` is the index of the name server asked; undefined where it makes no difference. */
export function matches(
  match: Match,
  apex: Name,
  { name, type }: Asked,
  server: number | undefined,
): boolean {
  if (match.owner !== undefined && below(match.owner, apex) !== name) return false;
  if (match.types !== undefined && !match.types.includes(type)) return false;
  return match.servers === undefined || (server !== undefined && match.servers.includes(server));
}

export function misbehaviourFor(
  plan: ZonePlan,
  apex: Name,
  asked: Asked,
  server: number,
): Misbehaviour | undefined {
  return plan.replies.find(({ to }) => matches(to, apex, asked, server))?.reply;
}
