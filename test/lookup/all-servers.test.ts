/** A bogus answer counts only after every server of the zone was asked; what those did that were of no use stays with the link. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { MAX_SERVER_NAMES } from '../../src/resolve/limits.ts';
import { type Spoil, without, world, type ZoneText, zones } from './signed-internet.ts';

const www = name('www.many.test');
const top = zones.filter(({ apex }) => apex === '.' || apex === 'test');
const addressesOf = (count: number) => Array.from({ length: count }, (_, i) => `192.0.2.${100 + i}`);

function textsOf(servers: readonly string[]): readonly ZoneText[] {
  return [...top, { apex: 'many.test', servers, signed: {}, lines: ['www A 203.0.113.1'] }];
}

const isOf = (zone: Parameters<Spoil>[1]['zone']) => zone.text.apex === 'many.test';
const unsigned = without(RRType.RRSIG);
const answersUnsigned =
  (type: number, ...but: readonly string[]): Spoil =>
  (parts, { address, zone, type: asked }) =>
    isOf(zone) && asked === type && !but.includes(address)
      ? { ...parts, answer: unsigned(parts.answer), authority: unsigned(parts.authority) }
      : undefined;

describe('RFC 4035 §5: every server before a verdict', () => {
  const servers = addressesOf(MAX_SERVER_NAMES);
  const texts = textsOf(servers);

  test.each([
    ['the answer', RRType.A],
    ['the keys', RRType.DNSKEY],
  ])('%s is right at one server of as many as are believed', async (_title, type) => {
    for (const seed of [1, 2, 3]) {
      const good = servers.at(-1)!;
      const { lookup } = world({ texts, seed, spoil: answersUnsigned(type, good) });
      const { security, outcome, links } = await lookup.ask(www, RRType.A);
      expect([outcome, security.status]).toEqual(['data', 'secure']);
      const { useless } = links[0]!;
      expect(useless.every(({ because }) => because === 'rrsig-missing')).toBe(true);
      expect(useless.map(({ address }) => address)).not.toContain(good);
    }
  });

  test('bogus everywhere: each address is asked once, and is kept with its reason', async () => {
    const { lookup, log } = world({ texts, spoil: answersUnsigned(RRType.A) });
    const { security, links } = await lookup.ask(www, RRType.A);
    expect(security).toMatchObject({ status: 'bogus', because: 'rrsig-missing' });
    const asked = log.filter((line) => line.endsWith('www.many.test. A'));
    expect(asked.map((line) => line.split(' ')[0]).sort()).toEqual([...servers].sort());
    const { useless } = links[0]!;
    expect(useless).toEqual([...servers].sort().map((address) => ({ address, because: 'rrsig-missing' })));
  });

  test('a server that fails on the way is kept too', async () => {
    const [silent, refusing, good] = addressesOf(3);
    const spoil: Spoil = (parts, { address, zone }) => {
      if (!isOf(zone) || address === good) return undefined;
      return address === silent ? { kind: 'timeout' } : { ...parts, rcode: Rcode.REFUSED, answer: [] };
    };
    const kept = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const { lookup } = world({ texts: textsOf(addressesOf(3)), seed, spoil });
      const { security, links } = await lookup.ask(www, RRType.A);
      expect(security.status).toBe('secure');
      for (const { address, because } of links[0]!.useless) kept.add(`${address} ${because}`);
    }
    expect([...kept].sort()).toEqual([`${silent} timeout`, `${refusing} refused`].sort());
  });

  test('the reason does not hang on who is asked first', async () => {
    const [first] = addressesOf(3);
    const spoil: Spoil = (parts, asked) =>
      isOf(asked.zone) && asked.type === RRType.A && asked.address === first
        ? { ...parts, answer: [], authority: [], rcode: Rcode.NXDOMAIN }
        : answersUnsigned(RRType.A)(parts, asked, new Map());
    const reasons = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const { lookup } = world({ texts: textsOf(addressesOf(3)), seed, spoil });
      reasons.add(JSON.stringify((await lookup.ask(www, RRType.A)).security));
    }
    expect([...reasons]).toEqual(['{"status":"bogus","because":"rrsig-missing","at":"www.many.test."}']);
  });
});
