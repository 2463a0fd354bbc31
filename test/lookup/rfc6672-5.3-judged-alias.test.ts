/** RFC 6672 §5.3: the alias that is followed is the one that was judged, whichever zone the resolver took the reply for. */
import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { formatNameBare, type Name, name, nameToBytes } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';
import { dnskeyOf } from '../../src/lab/signing/sign-rrset.ts';
import { newSession } from '../../src/resolve/session.ts';
import { keyOf, rootAnchor, type Spoil, world, zones } from './signed-internet.ts';

const { A, CNAME, DNAME } = RRType;
const alias = (owner: string, type: number, target: string): PlainRecord => ({
  name: name(owner),
  type,
  ttl: 3600,
  rdata: nameToBytes(name(target)),
});

describe('RFC 6672 §5.3: records of another zone beside an alias', () => {
  test('a DNAME above an anchored zone, on the same servers', async () => {
    const island = 'island.plain.test';
    const texts = zones.map((text) =>
      text.apex === island
        ? { ...text, servers: ['192.0.2.13'], lines: [...text.lines, 'alias CNAME www'] }
        : text,
    );
    const anchors = [
      rootAnchor(world().zones.get('.')!),
      ...trustAnchorsFrom([dnskeyOf(keyOf(island), name(island), 3600)]),
    ];
    const spoil: Spoil = (parts, { zone, text }) =>
      zone.text.apex === island && text === `alias.${island}. A`
        ? { ...parts, answer: [...parts.answer!, alias('plain.test', DNAME, 'tree.good.test')] }
        : undefined;
    for (const minimisation of ['strict', 'relaxed', 'off'] as const) {
      const answer = await world({ texts, anchors, spoil, minimisation }).lookup.ask(
        name(`alias.${island}`),
        A,
      );
      expect(answer.security.status).toBe('secure');
      expect(answer.aliases.map(formatNameBare)).toEqual([`www.${island}`]);
    }
  });

  test('a CNAME at a name below a DNAME, while a zone between the two that somebody made up is believed', async () => {
    const made = name('made.up.tree.good.test');
    const asked = name('www.made.up.tree.good.test');
    const spoil: Spoil = (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === `${formatNameBare(asked)}. A`
        ? {
            ...parts,
            answer: [
              ...parts.answer!.filter(({ type }) => type !== CNAME),
              alias(formatNameBare(asked), CNAME, 'www.good.test'),
            ],
          }
        : undefined;
    const one = world({ spoil, minimisation: 'off' });
    await one.lookup.ask(name('www.good.test'), A);
    const session = newSession(one.clock.ms + 12_000, 'off');
    const { cut } = await one.resolver.ask(name('www.good.test') as Name, A, session);
    await one.resolver.coHostedCut(cut, made, session);
    const answer = await one.lookup.ask(asked, A);
    expect(answer.links[0]!.security.status).toBe('secure');
    expect(answer.aliases.map(formatNameBare)).toEqual(['www.made.up.good.opt']);
  });
});
