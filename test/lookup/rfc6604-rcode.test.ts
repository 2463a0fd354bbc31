/** RFC 6604: which link of a chain of aliases the rcode and the status of an answer speak of. */
import { describe, expect, test } from 'vitest';
import type { ReplyParts } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { replyOf, type Spoil, verdict, world } from './signed-internet.ts';

const { A, TXT } = RRType;
const modes = ['strict', 'relaxed', 'off'] as const;

async function answerOf(asked: string, type: number, spoil?: Spoil) {
  const found = [];
  for (const minimisation of modes) {
    const one = world({ minimisation, ...(spoil && { spoil }) });
    const { rcode, outcome, security, aliases } = await one.lookup.ask(name(asked), type);
    found.push(`${security.status} ${outcome} ${rcode} after ${aliases.length}`);
  }
  expect(new Set(found).size).toBe(1);
  return found[0];
}

describe('RFC 6604 §2.1, §3: the rcode is that of the last name', () => {
  test.each([
    ['tonothing.good.test', A, 'secure nxdomain NXDOMAIN after 1'],
    ['nothing.tree.good.test', A, 'secure nxdomain NXDOMAIN after 1'],
    ['alias.good.test', TXT, 'secure nodata NOERROR after 1'],
    ['www.tree.good.test', TXT, 'secure nodata NOERROR after 1'],
    ['alias.good.test', A, 'secure data NOERROR after 1'],
  ])('%s type %i: %s', async (asked, type, expected) => {
    expect(await answerOf(asked, type)).toBe(expected);
  });

  /** Servers often put the whole chain into one reply, with the rcode of its end (RFC 1034 §4.3.2). */
  const chained =
    (rcode: number): Spoil =>
    (parts, { zone, text }) => {
      if (zone.text.apex !== 'good.test' || !/^(alias|tonothing)\.good\.test\./.test(text)) return undefined;
      const target = name(text.startsWith('alias') ? 'www.good.test' : 'nothing.good.test');
      const end: ReplyParts = replyOf(zone, {
        name: target,
        type: A,
        edns: true,
        recursionDesired: false,
        timeoutMs: 1,
      });
      return {
        ...parts,
        rcode,
        answer: [...(parts.answer ?? []), ...(end.answer ?? [])],
        authority: end.authority ?? [],
      };
    };

  test.each([
    ['alias.good.test', Rcode.NOERROR, 'secure data NOERROR after 1'],
    ['tonothing.good.test', Rcode.NXDOMAIN, 'secure nxdomain NXDOMAIN after 1'],
    // What the reply says of its end is not believed: the end is asked for.
    ['alias.good.test', Rcode.NXDOMAIN, 'secure data NOERROR after 1'],
    ['tonothing.good.test', Rcode.NOERROR, 'secure nxdomain NXDOMAIN after 1'],
  ])('%s with the whole chain in one reply, rcode %i: %s', async (asked, rcode, expected) => {
    expect(await answerOf(asked, A, chained(rcode))).toBe(expected);
  });

  test('RFC 6604 §4: NXDOMAIN beside a CNAME does not deny the alias', async () => {
    const spoil: Spoil = (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'toplain.good.test. A'
        ? { ...parts, rcode: Rcode.NXDOMAIN }
        : undefined;
    expect(await verdict(world({ spoil, minimisation: 'off' }), 'toplain.good.test')).toBe(
      'insecure insecure-delegation data',
    );
  });
});
