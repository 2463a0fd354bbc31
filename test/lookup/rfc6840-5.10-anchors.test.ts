/** RFC 4033 §2, RFC 6840 §5.10: several trust anchors, one within the other; the nearest above a name decides. */
import { describe, expect, test } from 'vitest';
import { DNSKEY_FLAG_REVOKE } from '../../src/dns/dnssec-algorithm.ts';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { type TrustAnchor, trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';
import { dnskeyOf, dsOf } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';
import {
  keyOf,
  rootAnchor,
  type Spoil,
  stripped,
  verdict,
  world,
  type ZoneText,
  zones,
} from './signed-internet.ts';

const { A, TXT, DS } = RRType;
const modes = ['strict', 'relaxed', 'off'] as const;
const root = rootAnchor(world().zones.get('.')!);
const at = (apex: string, key = keyOf(apex)): TrustAnchor =>
  trustAnchorsFrom([dsOf(key, name(apex), 2, 3600)])[0]!;
const stale = (apex: string) => at(apex, keyOf(`former ${apex}`));

describe.each(modes)('minimisation %s', (minimisation) => {
  const status = (
    anchors: readonly TrustAnchor[],
    asked: string,
    spoil?: Spoil,
    texts?: readonly ZoneText[],
  ) => verdict(world({ anchors, minimisation, ...(spoil && { spoil }), ...(texts && { texts }) }), asked);

  test.each([
    ['below a signed zone: the same', [root, at('good.test')], 'www.good.test', 'secure data'],
    ['below a signed zone, alone', [at('good.test')], 'www.good.test', 'secure data'],
    ['below the anchor, a delegation', [at('good.test')], 'www.sub.good.test', 'secure data'],
    ['below an insecure delegation', [root, at('island.plain.test')], 'www.island.plain.test', 'secure data'],
    ['beside it', [root, at('island.plain.test')], 'www.plain.test', 'insecure insecure-delegation data'],
    [
      'where the DS RRset of the parent is wrong',
      [root, at('wrongds.test')],
      'www.wrongds.test',
      'secure data',
    ],
    ['the root’s is stale, the nearer is not', [stale('.'), at('good.test')], 'www.good.test', 'secure data'],
    [
      'the root’s is stale, for a name beside',
      [stale('.'), at('good.test')],
      'mx.good.opt',
      'bogus anchor-no-match',
    ],
    [
      'the nearer is stale, the root’s is not',
      [root, stale('good.test')],
      'www.good.test',
      'bogus anchor-no-match',
    ],
    [
      'the nearer is stale, for a zone below it',
      [root, stale('good.test')],
      'www.sub.good.test',
      'bogus anchor-no-match',
    ],
    [
      'a stale one at an island',
      [root, stale('island.plain.test')],
      'www.island.plain.test',
      'bogus anchor-no-match',
    ],
    ['at a zone that is not signed', [root, at('plain.test')], 'www.plain.test', 'bogus dnskey-missing'],
  ])('an anchor %s', async (_title, anchors, asked, expected) => {
    expect(await status(anchors, asked)).toBe(expected);
  });

  test('RFC 5011 §2.1: a revoked key is no anchor any more', async () => {
    const revoked = zoneKey('.', 13, KSK_FLAGS | DNSKEY_FLAG_REVOKE);
    const anchors = trustAnchorsFrom([dnskeyOf(revoked, name('.'), 3600)]);
    expect(await status(anchors, 'www.good.test')).toBe('bogus anchor-no-match');
  });

  test('RFC 4035 §5: an anchor of an unsupported algorithm alone makes the zone insecure, beside another none', async () => {
    const unsupported = { ...root, ds: root.ds.map((ds) => ({ ...ds, algorithm: 253 })) };
    expect(await status([unsupported], 'www.good.test')).toBe('insecure ds-unsupported-algorithm data');
    const both = { ...root, ds: [...unsupported.ds, ...root.ds] };
    expect(await status([both], 'www.good.test')).toBe('secure data');
  });

  test('the DS RRset of an anchored zone is still its parent’s', async () => {
    const one = world({ anchors: [root, at('good.test')], minimisation });
    expect(await verdict(one, 'good.test', DS)).toBe('secure data');
    const island = world({ anchors: [root, at('island.plain.test')], minimisation });
    expect(await verdict(island, 'island.plain.test', DS)).toMatch(/^insecure insecure-delegation/);
  });

  describe('an island on the servers of the unsigned zone above it', () => {
    const texts = zones.map((text) =>
      text.apex === 'island.plain.test' ? { ...text, servers: ['192.0.2.13'] } : text,
    );
    const anchors = [root, at('island.plain.test')];
    const withChild = [
      ...texts,
      { apex: 'sub.island.plain.test', servers: ['192.0.2.30'], signed: {}, lines: ['www A 203.0.113.1'] },
      { apex: 'plain.island.plain.test', servers: ['192.0.2.31'], lines: ['www A 203.0.113.1'] },
    ];

    test('delegates zones of its own, past which the servers refer', async () => {
      expect(await status(anchors, 'www.sub.island.plain.test', undefined, withChild)).toBe('secure data');
      expect(await status(anchors, 'www.plain.island.plain.test', undefined, withChild)).toBe(
        'insecure insecure-delegation data',
      );
      const spoil: Spoil = (parts, { zone }) =>
        zone.text.apex === 'island.plain.test' ? stripped(parts) : undefined;
      for (const asked of ['www.sub.island.plain.test', 'www.plain.island.plain.test']) {
        expect(await status(anchors, asked, spoil, withChild)).toMatch(/^bogus/);
      }
    });

    test('is secure', async () => {
      expect(await status(anchors, 'www.island.plain.test', undefined, texts)).toBe('secure data');
      expect(await status(anchors, 'nothing.island.plain.test', undefined, texts)).toBe('secure nxdomain');
    });

    test('without its signatures it is bogus: security begins at the anchor, whatever is above', async () => {
      const spoil: Spoil = (parts, { zone }) =>
        zone.text.apex === 'island.plain.test' ? stripped(parts) : undefined;
      const one = () => world({ anchors, minimisation, spoil, texts });
      expect(await verdict(one(), 'www.island.plain.test', A)).toMatch(/^bogus/);
      expect(await verdict(one(), 'www.island.plain.test', TXT)).toMatch(/^bogus/);
      expect(await verdict(one(), 'nothing.island.plain.test', A)).toMatch(/^bogus/);
    });

    test('nor can the zone above speak for it', async () => {
      const spoil: Spoil = (parts, { zone, name: asked }, all) =>
        zone.text.apex === 'island.plain.test' && asked.includes('nothing')
          ? { ...parts, rcode: 3, answer: [], authority: all.get('plain.test')!.soa() }
          : undefined;
      expect(await status(anchors, 'nothing.island.plain.test', spoil, texts)).toMatch(/^bogus/);
    });
  });
});
