/** RFC 9077 §3, RFC 2308 §5: how long a denial is remembered, whatever TTL its parts have. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { type Spoil, without, world } from './signed-internet.ts';

const { A, NSEC, NSEC3, SOA, RRSIG } = RRType;

/** Denials of a zone with other TTLs, signed as a zone with these TTLs is. */
const withTtls =
  (apex: string, soa: number, proof: number): Spoil =>
  (parts, { zone, text }) => {
    if (zone.text.apex !== apex || !text.startsWith('nothing.')) return undefined;
    const authority = without(RRSIG)(parts.authority).flatMap((record) => {
      const isProof = record.type === NSEC || record.type === NSEC3;
      if (!isProof && record.type !== SOA) return [];
      return zone.signed([{ ...record, ttl: isProof ? proof : soa }]);
    });
    return { ...parts, authority };
  };

/** Whether the second lookup after so many seconds asks anybody. */
async function asksAgain(asked: string, spoil: Spoil, seconds: number): Promise<boolean> {
  const one = world({ spoil, minimisation: 'off' });
  const { security, outcome } = await one.lookup.ask(name(asked), A);
  expect([security.status, outcome]).toEqual(['secure', 'nxdomain']);
  const before = one.log.length;
  one.clock.ms += seconds * 1000;
  one.clock.at += seconds;
  await one.lookup.ask(name(asked), A);
  return one.log.length > before;
}

describe.each(['good.test', 'good.opt'])('RFC 9077 §3: %s, whose SOA MINIMUM is 300', (apex) => {
  test.each([
    ['all as RFC 9077 asks', 300, 300, 300],
    ['the TTL of the proof longer than MINIMUM', 300, 3600, 300],
    ['the TTL of the SOA longer than MINIMUM', 3600, 300, 300],
    ['both longer', 3600, 3600, 300],
    ['the TTL of the proof shorter', 300, 100, 100],
    ['the TTL of the SOA shorter', 100, 300, 100],
  ])('%s: SOA %i, NSEC %i, remembered for %i s', async (_title, soa, proof, seconds) => {
    const spoil = withTtls(apex, soa, proof);
    expect(await asksAgain(`nothing.${apex}`, spoil, seconds - 1)).toBe(false);
    expect(await asksAgain(`nothing.${apex}`, spoil, seconds + 1)).toBe(true);
  });
});
