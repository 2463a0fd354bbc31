/** RFC 4033 §5: the four statuses, each with its reason, over the whole way from root to answer. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';
import { dnskeyOf, dsOf } from '../../src/lab/signing/sign-rrset.ts';
import { keyOf, rootAnchor, stripped, verdict, world, zones } from './signed-internet.ts';
import { statuses } from './statuses.ts';

const { A, TLSA } = RRType;

describe('RFC 4033 §5: the four statuses', () => {
  test.each(statuses)('%s type %d: %s', async (asked, type, expected) => {
    expect(await verdict(world(), asked, type)).toBe(expected);
  });

  test.each(['strict', 'relaxed', 'off'] as const)('the same with minimisation %s', async (minimisation) => {
    const one = world({ minimisation });
    expect(await verdict(one, '_25._tcp.mx.good.test', TLSA)).toBe('secure data');
    expect(await verdict(one, 'www.deep.cohosted.test')).toBe('secure data');
    expect(await verdict(one, 'www.cohostedplain.test')).toBe('insecure insecure-delegation data');
    expect(await verdict(one, 'a.b.nothing.good.opt')).toBe('secure nxdomain');
  });

  test.each([
    ['silence', { kind: 'timeout' }, 'indeterminate timeout'],
    ['no route from here', { kind: 'unreachable' }, 'indeterminate network-unreachable'],
    ['garbage', { kind: 'malformed' }, 'indeterminate malformed-reply'],
    ['truncation without TCP', { kind: 'tcp-failed' }, 'indeterminate tcp-failed'],
  ] as const)('%s is indeterminate, never absent', async (_title, heard, expected) => {
    const only = world({ spoil: (_parts, { text }) => (text.includes('TLSA') ? heard : undefined) });
    for (const host of ['_25._tcp.mx.good.test', '_25._tcp.mx.plain.test']) {
      expect(await verdict(only, host, TLSA)).toBe(expected);
    }
    const keys = world({ spoil: (_parts, { text }) => (text === 'good.test. DNSKEY' ? heard : undefined) });
    expect(await verdict(keys, 'www.good.test')).toBe(expected);
    const ds = world({
      spoil(parts, { zone, text }) {
        if (text === 'good.test. DS') return heard;
        return zone.text.apex === 'test' && text.startsWith('good.test.') ? stripped(parts) : undefined;
      },
    });
    expect(await verdict(ds, 'www.good.test')).toBe(expected);
  });
});

test('an unsigned zone that its parent’s servers serve too is the zone of its data', async () => {
  for (const [asked, type] of [
    ['www.cohostedplain.test', A],
    ['cohostedplain.test', RRType.TXT],
    ['nothing.cohostedplain.test', A],
  ] as const) {
    const { links } = await world().lookup.ask(name(asked), type);
    expect(links).toMatchObject([
      { cut: { apex: name('cohostedplain.test') }, zone: { status: 'insecure' } },
    ]);
  }
});

describe('RFC 4033 §2: trust anchors', () => {
  const root = rootAnchor(world().zones.get('.')!);
  const island = trustAnchorsFrom([
    dnskeyOf(keyOf('island.plain.test'), name('island.plain.test'), 3600),
  ])[0]!;

  test('none: indeterminate', async () => {
    expect(await verdict(world({ anchors: [] }), 'www.good.test')).toBe('indeterminate no-trust-anchor');
  });

  test('a DNSKEY record', async () => {
    const anchors = trustAnchorsFrom([dnskeyOf(keyOf('.'), name('.'), 3600)]);
    expect(await verdict(world({ anchors }), 'www.good.test')).toBe('secure data');
  });

  test('several for one zone, of which one matches', async () => {
    const anchors = trustAnchorsFrom([
      dsOf(keyOf('former root'), name('.'), 2, 3600),
      dsOf(keyOf('.'), name('.'), 2, 3600),
    ]);
    expect(anchors).toHaveLength(1);
    expect(await verdict(world({ anchors }), 'www.good.test')).toBe('secure data');
  });

  test('one that no key matches: bogus', async () => {
    const anchors = trustAnchorsFrom([dsOf(keyOf('former root'), name('.'), 2, 3600)]);
    expect(await verdict(world({ anchors }), 'www.good.test')).toBe('bogus anchor-no-match');
  });

  test('at a zone below an unsigned parent', async () => {
    const anchored = world({ anchors: [root, island] });
    expect(await verdict(anchored, 'www.island.plain.test')).toBe('secure data');
    expect(await verdict(anchored, 'nothing.island.plain.test')).toBe('secure nxdomain');
    expect(await verdict(anchored, 'www.plain.test')).toBe('insecure insecure-delegation data');
  });

  test('only below: what is beside it is indeterminate', async () => {
    const anchored = world({ anchors: [island] });
    expect(await verdict(anchored, 'www.island.plain.test')).toBe('secure data');
    expect(await verdict(anchored, 'www.plain.test')).toBe('indeterminate no-trust-anchor');
  });
});

describe('RFC 8020, RFC 9156: an ancestor that the zone denies', () => {
  test.each([
    ['ent.test', 'strict', 'secure nxdomain'],
    ['ent.opt', 'strict', 'secure nxdomain'],
    ['ent.test', 'relaxed', 'secure data'],
    ['ent.opt', 'relaxed', 'secure data'],
    ['ent.test', 'off', 'secure data'],
    ['ent.opt', 'off', 'secure data'],
  ] as const)('%s, %s: %s', async (zone, minimisation, expected) => {
    expect(await verdict(world(), `_25._tcp.mx.${zone}`, TLSA, minimisation)).toBe(expected);
  });

  test('one lookup with minimisation does not spoil the next without', async () => {
    const one = world();
    expect(await verdict(one, '_25._tcp.mx.ent.test', TLSA, 'strict')).toBe('secure nxdomain');
    expect(await verdict(one, '_25._tcp.mx.ent.test', TLSA, 'off')).toBe('secure data');
    expect(await verdict(one, '_tcp.mx.ent.test', A, 'off')).toBe('secure nxdomain');
  });

  test('every zone is used', () => {
    expect(new Set(zones.map(({ apex }) => apex)).size).toBe(zones.length);
  });
});
