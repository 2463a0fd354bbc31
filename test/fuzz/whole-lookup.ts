/**
 * Fuzzes the whole lookup over a signed Internet whose replies, or those of a forwarder, are spoiled on their way.
 *
 * Invariants: nothing is thrown; what is signed ends as secure with its true data, as bogus or as indeterminate, never as
 * insecure; what is not signed never becomes secure; queries stay within their budget; a neighbour is answered rightly.
 */
import { canonicalRdata } from '../../src/dns/canonical.ts';
import { type PlainRecord, type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { Answer } from '../../src/lookup/answer.ts';
import { LOOKUP_LIMITS } from '../../src/resolve/limits.ts';
import { minimisations } from '../../src/resolve/session.ts';
import { forwarders } from '../lookup/fake-forwarder.ts';
import { world } from '../lookup/signed-internet.ts';
import { mutateOctets } from './mutate-octets.ts';
import { mutateReply } from './mutate-reply.ts';
import { holds, type Target } from './target.ts';

const { A, MX, TLSA, TXT, DS } = RRType;

/** What each question is truly answered with; `signed` follows from it. */
const asked = [
  ['www.good.test', A],
  ['good.test', MX],
  ['good.test', DS],
  ['nothing.good.test', A],
  ['x.wild.good.test', TXT],
  ['_25._tcp.mx.good.opt', TLSA],
  ['nothing.good.opt', A],
  ['www.tree.good.test', A],
  ['x.wild.good.opt', TXT],
  ['www.cohosted.test', A],
  ['www.deep.cohosted.test', A],
  ['www.expired.test', A],
  ['www.wrongds.test', A],
  ['www.plain.test', A],
  ['www.plain.opt', A],
  ['www.island.plain.test', A],
  ['www.cohostedplain.test', A],
  ['toplain.good.test', A],
] as const;

export async function wholeLookup(): Promise<Target> {
  const truths = new Map<string, string>();
  const seen: PlainRecord[] = [];
  const clean = world({
    spoil(parts) {
      seen.push(...(parts.answer ?? []), ...(parts.authority ?? []));
      return undefined;
    },
  });
  for (const [text, type] of asked)
    truths.set(`${text} ${type}`, said(await clean.lookup.ask(name(text), type)));
  return {
    title: 'lookup',
    async feed(random) {
      const [text, type] = asked[random(asked.length)]!;
      const rarely = 1 + random(6);
      const spoil = (parts: ReplyParts) => {
        if (random(rarely) > 0) return undefined;
        const mixed = random(2) === 0 ? mutateReply(parts, seen, random) : parts;
        return mixed !== parts && random(3) > 0 ? mixed : { octets: mutateOctets(writeReply(mixed), random) };
      };
      const how = { seed: random(1 << 30), minimisation: minimisations[random(3)]! };
      const isForwarded = random(4) === 0;
      const one = world(isForwarded ? { ...how, forwarders: forwarders(spoil) } : { ...how, spoil });
      const found = said(await one.lookup.ask(name(text), type));
      const truth = truths.get(`${text} ${type}`)!;
      const lost = found === 'bogus' || found === 'indeterminate';
      // Unsigned data can be anything.
      const allowed = truth.startsWith('insecure') ? found.startsWith('insecure') : found === truth;
      holds(lost || allowed, () => `${text} ${type}: ${found}, truly ${truth}`);
      holds(
        one.log.length <= 2 * LOOKUP_LIMITS.queries,
        () => `${one.log.length} queries for ${text} ${type}`,
      );
    },
  };
}

function said({ security: { status }, outcome, rrset, aliases }: Answer): string {
  if (status === 'bogus' || status === 'indeterminate') return status;
  const rdatas = (rrset?.records ?? []).map((record) => Buffer.from(canonicalRdata(record)).toString('hex'));
  return JSON.stringify([status, outcome, aliases, [...new Set(rdatas)].sort()]).replace(
    '["insecure"',
    'insecure',
  );
}
