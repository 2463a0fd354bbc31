/** RFC 1034 §3.6.2, RFC 6672: chains of aliases; an answer is no better than the weakest of its links. */
import { describe, expect, test } from 'vitest';
import { formatNameBare, name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { MAX_ALIASES } from '../../src/lookup/limits.ts';
import { type Spoil, verdict, without, world } from './signed-internet.ts';
import { aliasStatuses } from './statuses.ts';

const { A, RRSIG } = RRType;

describe('RFC 4035 §5: the weakest link', () => {
  test.each(aliasStatuses)('%s: %s', async (asked, expected, aliases) => {
    for (const minimisation of ['strict', 'relaxed', 'off'] as const) {
      const one = world({ minimisation });
      expect(await verdict(one, asked)).toBe(expected);
      const answer = await one.lookup.ask(name(asked), A);
      expect(answer.aliases.map(formatNameBare)).toEqual(aliases);
    }
  });

  test('RFC 6672 §3.1: DNAME and the CNAME that it implies stand both in the answer', async () => {
    const answer = await world().lookup.ask(name('www.tree.good.test'), A);
    expect(answer.aliasRecords.map(({ name: owner, type }) => `${formatNameBare(owner)} ${type}`)).toEqual([
      'tree.good.test 39',
      'www.tree.good.test 5',
    ]);
    expect(answer.rrset?.name).toBe(name('www.good.opt'));
    expect(answer.links).toHaveLength(2);
  });

  test('an alias whose target does not answer: indeterminate', async () => {
    const spoil: Spoil = (_parts, { zone }) =>
      zone.text.apex === 'silent.test' ? { kind: 'timeout' } : undefined;
    expect(await verdict(world({ spoil }), 'tosilent.good.test')).toBe('indeterminate timeout');
  });

  test.each([
    ['an alias', 'alias.good.test', 'bogus rrsig-missing'],
    ['a DNAME', 'www.tree.good.test', 'bogus rrsig-missing'],
  ])('%s without signature is bogus, and not followed', async (_title, asked, expected) => {
    const spoil: Spoil = (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text.startsWith(asked)
        ? { ...parts, answer: without(RRSIG)(parts.answer) }
        : undefined;
    const one = world({ spoil, minimisation: 'off' });
    expect(await verdict(one, asked)).toBe(expected);
    expect(one.log.some((line) => line.includes('good.opt'))).toBe(false);
  });

  test.each(['off', 'relaxed', 'strict'] as const)(
    'RFC 6672 §2.2: a name that becomes too long; bogus where the DNAME is (%s)',
    async (minimisation) => {
      const label = 'b'.repeat(60);
      const asked = `bbbbbbbbbb.${label}.${label}.${label}.long.good.test`;
      expect(await verdict(world({ minimisation }), asked)).toBe('indeterminate dname-too-long');
      const spoil: Spoil = (parts, { zone, text }) =>
        zone.text.apex === 'good.test' && text.includes('.long.good.test.')
          ? { ...parts, answer: without(RRSIG)(parts.answer) }
          : undefined;
      expect(await verdict(world({ minimisation, spoil }), asked)).toBe('bogus rrsig-missing');
    },
  );
});

describe('RFC 1034 §5.2.2: loops and long chains end', () => {
  test.each([
    ['loop1.good.test', 'indeterminate cname-loop'],
    ['self.good.test', 'indeterminate cname-loop'],
    ['c0.good.test', 'indeterminate cname-too-long'],
    [`c${14 - MAX_ALIASES}.good.test`, 'secure data'],
  ])('%s: %s', async (asked, expected) => {
    const one = world();
    expect(await verdict(one, asked)).toBe(expected);
    expect(one.log.length).toBeLessThan(30);
  });
});
