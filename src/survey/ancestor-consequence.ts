/**
 * What becomes of a TLSA RRset whose ancestor some name server denies (RFC 8020), by the behaviour of the resolver that a mail
 * sender asks, and what follows for mail. Pure.
 *
 * In: for each server address what it says of the TLSA name and of each ancestor. A resolver may ask another address at every
 * step, so that each step can come out as it does at any of them; one that fails sends it to the next. Out: for each behaviour
 * what can become of the RRset, one outcome where all roads lead there, several where it is a matter of luck ("sometimes").
 *
 * | behaviour             | the ancestor is denied validly | unproven, or the proof contradicts | nobody answers for it |
 * | --------------------- | ------------------------------ | ---------------------------------- | --------------------- |
 * | strict-minimisation   | lost                           | fails                              | fails                 |
 * | harden-below-nxdomain | lost                           | fails                              | asks in full          |
 * | relaxed-minimisation  | asks in full                   | asks in full                       | asks in full          |
 * | aggressive-nsec       | lost, once it was asked for    | asks in full                       | asks in full          |
 * | no-minimisation       | never asks                     | never asks                         | never asks            |
 *
 * Some resolvers ask another server where a denial is bogus (Unbound), others do not (strict ones that stop at any NXDOMAIN):
 * with one good server among bad ones `fails` therefore stands beside `found`.
 */
import type { AncestorProof } from './name-server-facts.ts';

/**
 * - `strict-minimisation`: RFC 9156 to the letter; NXDOMAIN or failure for an ancestor ends the lookup.
 * - `relaxed-minimisation`: after either the full name is asked (BIND's default, Knot Resolver).
 * - `harden-below-nxdomain`: minimises, and takes an NXDOMAIN of a signed zone for all that is below (Unbound's default).
 * - `aggressive-nsec`: asks in full, and denies from the NSEC and NSEC3 records that it remembers (RFC 8198).
 * - `no-minimisation`: asks in full.
 */
export const resolverBehaviours = [
  'strict-minimisation',
  'relaxed-minimisation',
  'harden-below-nxdomain',
  'aggressive-nsec',
  'no-minimisation',
] as const;
export type ResolverBehaviour = (typeof resolverBehaviours)[number];

/**
 * - `found`: DANE applies. `lost`: the resolver says that there is none, and the sender believes it: silently unprotected.
 * - `fails`: no answer, so that mail is deferred (RFC 7672 §2.1.1).
 */
export type Fate = 'found' | 'lost' | 'fails';

/** Sorted, each once, at least one. */
export type Fates = readonly Fate[];

export interface BehaviourFact {
  readonly behaviour: ResolverBehaviour;
  /** With an empty memory. */
  readonly fates: Fates;
  /** After the ancestor itself was asked for. */
  readonly fatesAfterAncestor: Fates;
}

export type AncestorConsequence = 'silently-unprotected' | 'mail-deferred' | 'either';

/** One server address. */
export interface ServerView {
  /** What it says of the TLSA RRset, judged by its own reply. */
  readonly tlsa: 'found' | 'denied' | 'failed';
  /** From the zone cut downwards, the same names at each server. */
  readonly ancestors: readonly AncestorView[];
}

export interface AncestorView {
  readonly proof: AncestorProof;
  /** A secure denial: one of an opt-out span is none, and cannot be used for other names (RFC 8198 §5.2, RFC 5155 §6). */
  readonly isSecure: boolean;
}

/** `servers`: those that could be asked; at least one of them shows the RRset. */
export function behavioursOf(servers: readonly ServerView[]): readonly BehaviourFact[] {
  const full = askedInFull(servers);
  const fatesOf = (behaviour: ResolverBehaviour, wasAsked: boolean): Fates => {
    switch (behaviour) {
      case 'strict-minimisation':
        return sorted(descend(servers, full, strictStep, 'fails'));
      case 'harden-below-nxdomain':
        return sorted(descend(servers, full, strictStep, undefined));
      case 'aggressive-nsec':
        return sorted(wasAsked ? descend(servers, full, synthesisStep, undefined) : full);
      case 'relaxed-minimisation':
      case 'no-minimisation':
        return sorted(full);
    }
  };
  return resolverBehaviours.map((behaviour) => ({
    behaviour,
    fates: fatesOf(behaviour, false),
    fatesAfterAncestor: fatesOf(behaviour, true),
  }));
}

/** Null where each behaviour finds the RRset whatever was asked before. */
export function consequenceOf(behaviours: readonly BehaviourFact[]): AncestorConsequence | null {
  const all = behaviours.flatMap(({ fates, fatesAfterAncestor }) => [...fates, ...fatesAfterAncestor]);
  const isLost = all.includes('lost');
  if (all.includes('fails')) return isLost ? 'either' : 'mail-deferred';
  return isLost ? 'silently-unprotected' : null;
}

/** A failure sends the resolver to another server; only where all fail it is the end. */
function askedInFull(servers: readonly ServerView[]): ReadonlySet<Fate> {
  const fates = new Set<Fate>();
  for (const { tlsa } of servers) {
    if (tlsa === 'found') fates.add('found');
    if (tlsa === 'denied') fates.add('lost');
  }
  return fates.size === 0 ? new Set(['fails']) : fates;
}

/** How the lookup ends at this ancestor; undefined where it goes on. */
type Step = (ancestor: AncestorView) => 'lost' | 'fails' | undefined;

const strictStep: Step = ({ proof }) => {
  if (proof === 'denied-validly') return 'lost';
  return proof === 'denied-unproven' || proof === 'denied-contradictory' ? 'fails' : undefined;
};

const synthesisStep: Step = ({ proof, isSecure }) =>
  proof === 'denied-validly' && isSecure ? 'lost' : undefined;

/** From ancestor to ancestor; `unanswered` is how it ends where no server answers for one, undefined where it goes on. */
function descend(
  servers: readonly ServerView[],
  full: ReadonlySet<Fate>,
  step: Step,
  unanswered: 'fails' | undefined,
): ReadonlySet<Fate> {
  const fates = new Set<Fate>();
  const levels = Math.max(0, ...servers.map(({ ancestors }) => ancestors.length));
  for (let level = 0; level < levels; level++) {
    const answered = servers
      .map(({ ancestors }) => ancestors[level])
      .filter((ancestor) => ancestor !== undefined && ancestor.proof !== 'failed');
    const ends = answered.length === 0 ? [unanswered] : answered.map((ancestor) => step(ancestor!));
    for (const end of ends) if (end !== undefined) fates.add(end);
    if (!ends.includes(undefined)) return fates;
  }
  return new Set([...fates, ...full]);
}

function sorted(fates: ReadonlySet<Fate>): Fates {
  return [...fates].sort();
}
