/** RFC 4035 §5.2: servers that serve zones one below the other skip some of them, in referrals and in answers. */
import { describe, expect, test } from 'vitest';
import { RRType } from '../../src/dns/rr-type.ts';
import { type Spoil, verdict, world, type ZoneText } from './signed-internet.ts';

const SHARED = '198.41.0.4';
const OWN = '192.0.2.77';
const address = ['www A 203.0.113.1'];

/** The root, a zone below it and one below that: all but the last on one server, or all on one. */
function chain(middle: Partial<ZoneText>, last: Partial<ZoneText>): ZoneText[] {
  return [
    { apex: '.', lines: [], servers: [SHARED], signed: {} },
    { apex: 'mid', lines: address, servers: [SHARED], signed: {}, ...middle },
    { apex: 'last.mid', lines: address, servers: [OWN], signed: {}, ...last },
  ];
}

const modes = ['strict', 'relaxed', 'off'] as const;

describe.each(modes)('minimisation %s', (mode) => {
  const status = (texts: readonly ZoneText[], spoil?: Spoil) =>
    verdict(world({ texts, ...(spoil && { spoil }) }), 'www.last.mid', RRType.A, mode);

  test.each([
    ['a referral that skips a signed zone', {}, {}, 'secure data'],
    ['a referral that skips a zone with NSEC3', { signed: { nsec3: { optOut: false } } }, {}, 'secure data'],
    [
      'a referral to an unsigned zone, over a signed one',
      {},
      { signed: undefined },
      'insecure insecure-delegation data',
    ],
    [
      'a referral to a signed zone, over an unsigned one',
      { signed: undefined },
      {},
      'insecure insecure-delegation data',
    ],
    ['a referral whose DS names another key', {}, { ds: 'of-another-key' }, 'bogus dnskey-no-ds-match'],
    ['all on one server', {}, { servers: [SHARED] }, 'secure data'],
    [
      'an island below an unsigned zone, all on one server',
      { signed: undefined },
      { servers: [SHARED] },
      'insecure insecure-delegation data',
    ],
  ] as const)('%s', async (_title, middle, last, expected) => {
    const clean = (text: object) =>
      Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined));
    const texts = chain({}, {}).map((text, i) => {
      const change = i === 1 ? middle : i === 2 ? last : {};
      return clean({ ...text, ...change }) as unknown as ZoneText;
    });
    expect(await status(texts)).toBe(expected);
  });

  test('a referral that skips a zone, with its DS and signatures stripped, is bogus', async () => {
    const spoil: Spoil = (parts, { zone }) =>
      zone.text.apex === 'mid' && parts.authoritative === false
        ? { ...parts, authority: (parts.authority ?? []).filter(({ type }) => type === RRType.NS) }
        : undefined;
    // The zone's own DS RRset is still to be had by asking for it.
    expect(await status(chain({}, {}), spoil)).toBe('secure data');
    const everywhere: Spoil = (parts, { zone, type }) =>
      zone.text.apex === 'mid' && (parts.authoritative === false || type === RRType.DS)
        ? { ...parts, answer: [], authority: (parts.authority ?? []).filter((r) => r.type === RRType.NS) }
        : undefined;
    expect(await status(chain({}, {}), everywhere)).toMatch(/^bogus/);
  });
});
