/** RFC 4033 §5: the four statuses, each with its reason, over the whole way from root to answer. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';
import { dnskeyOf, dsOf } from '../../src/lab/signing/sign-rrset.ts';
import { keyOf, rootAnchor, stripped, verdict, world, zones } from './signed-internet.ts';

const { A, MX, TLSA, TXT, DS, DNSKEY, SOA } = RRType;

describe('RFC 4033 §5: the four statuses', () => {
  test.each([
    ['www.good.test', A, 'secure data'],
    ['good.test', MX, 'secure data'],
    ['good.test', DS, 'secure data'],
    ['good.test', DNSKEY, 'secure data'],
    ['.', SOA, 'secure data'],
    ['.', DS, 'secure nodata'],
    ['good.test', TXT, 'secure nodata'],
    ['ent.good.test', A, 'secure nodata'],
    ['nothing.good.test', A, 'secure nxdomain'],
    ['a.b.nothing.good.test', A, 'secure nxdomain'],
    ['x.wild.good.test', TXT, 'secure data'],
    ['www.good.opt', A, 'secure data'],
    ['nothing.good.opt', A, 'secure nxdomain'],
    ['x.wild.good.opt', TXT, 'secure data'],
    ['_25._tcp.mx.good.opt', TLSA, 'secure data'],
    ['_tcp.mx.good.opt', A, 'secure nodata'],
    ['nothing.test', A, 'secure nxdomain'],
    ['nothing', A, 'secure nxdomain'],
    ['www.sub.good.test', A, 'secure data'],
    ['www.cohosted.test', A, 'secure data'],
    ['nothing.cohosted.test', A, 'secure nxdomain'],
    ['cohosted.test', DS, 'secure data'],
    ['www.deep.cohosted.test', A, 'secure data'],
    ['deep.cohosted.test', TXT, 'secure nodata'],
    ['plain.test', DS, 'secure nodata'],

    ['www.plain.test', A, 'insecure insecure-delegation data'],
    ['nothing.plain.test', A, 'insecure insecure-delegation nxdomain'],
    ['plain.test', TXT, 'insecure insecure-delegation nodata'],
    ['www.island.plain.test', A, 'insecure insecure-delegation data'],
    ['www.plain.opt', A, 'insecure insecure-opt-out data'],
    ['plain.opt', DS, 'insecure insecure-opt-out nodata'],
    ['nothing.opt', A, 'insecure insecure-opt-out nxdomain'],
    ['www.cohostedplain.test', A, 'insecure insecure-delegation data'],
    ['cohostedplain.test', TXT, 'insecure insecure-delegation nodata'],
    ['nothing.cohostedplain.test', A, 'insecure insecure-delegation nxdomain'],
    ['nothing.iterations.test', A, 'insecure nsec3-iterations-insecure nxdomain'],

    ['www.expired.test', A, 'bogus rrsig-expired'],
    ['nothing.expired.test', A, 'bogus rrsig-expired'],
    ['www.wrongds.test', A, 'bogus dnskey-no-ds-match'],
    ['www.undelegated.test', A, 'bogus rrsig-missing'],
  ] as const)('%s type %d: %s', async (asked, type, expected) => {
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
