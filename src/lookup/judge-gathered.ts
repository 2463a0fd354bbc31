/**
 * Judges what the resolver gathered for one link of an answer; where that proves nothing, other servers are asked before it counts.
 *
 * In: a reply with its zone cut, or a failure. Out: a link with its security, and the reply that it rests on, if any.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Gathered } from '../resolve/ask-zone.ts';
import { reasonOfSecurity } from './answer.ts';
import { type Asking, type Judged, type Judging, judgeOnce } from './judge-reply.ts';
import { ServersTried } from './servers-tried.ts';

/**
 * Judges what was gathered; where that proves nothing, it is gathered again without the servers that said so, until each
 * was asked. They may be the zone's own or its parent's: the way down begins anew at the deepest cut that is known.
 */
export async function judgeGathered(parts: Judging, first: Gathered, asking: Asking): Promise<Judged> {
  const tried = new ServersTried();
  const bogus: Judged[] = [];
  for (let gathered = first; ; ) {
    tried.heard(gathered);
    const judged = await judgeOnce(parts, gathered, asking);
    const { answered, link } = judged;
    const { security, zone, cut } = link;
    if (security.status === 'secure' || security.status === 'insecure') return withUseless(judged, tried);
    // Where it is the zone that is bogus or out of reach, its other servers have been asked for the keys already; unless only the
    // reply says that they serve it.
    const isTheZone = zone.status !== 'secure' && cut.isCoHosted !== true;
    // What nobody can tell of another server (the budget ended with it, for one) takes nothing back from what is bogus.
    const isOpen = security.status === 'indeterminate' && bogus.length > 0;
    if (isTheZone || isOpen || answered === undefined) {
      return withUseless(bogus.length === 0 ? judged : speaksForAll(bogus, tried.prevailing), tried);
    }
    bogus.push(judged);
    tried.provedNothing(answered.server, security.because);
    if (!tried.mayAskAnother) return withUseless(speaksForAll(bogus, tried.prevailing), tried);
    gathered = await parts.resolver.ask(asking.name, asking.type, { ...asking.session, avoid: tried.avoid });
  }
}

function speaksForAll(bogus: readonly Judged[], prevailing: ReasonKey): Judged {
  const fitting = bogus.filter(({ link }) => reasonOfSecurity(link.security) === prevailing);
  return fitting.sort((a, b) => (a.link.server! < b.link.server! ? -1 : 1))[0]!;
}

function withUseless({ link, answered }: Judged, tried: ServersTried): Judged {
  const useless = [...tried.useless, ...(link.zone.useless ?? [])];
  return { link: { ...link, useless }, answered };
}
