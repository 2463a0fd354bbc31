/** RFC 8020 §2, as Unbound's harden-below-nxdomain: below a name whose NXDOMAIN was secure there is nothing. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { Minimisation } from '../../src/resolve/session.ts';
import { type Spoil, stripped, verdict, type WorldOptions, world } from './signed-internet.ts';

const { A, AAAA, DS, TLSA } = RRType;
const hardened = (options: WorldOptions = {}) => world({ hardenBelowNxdomain: true, ...options });
const BROKEN = ['ent.test', 'ent.opt'] as const;

describe.each(BROKEN)('the record below a denied ancestor, %s', (zone) => {
  const record = `_25._tcp.mx.${zone}`;
  const ancestor = `_tcp.mx.${zone}`;

  test.each<[Minimisation, string]>([
    ['strict', 'secure nxdomain'],
    ['relaxed', 'secure nxdomain'],
    ['off', 'secure data'],
  ])('asked first, %s: %s', async (mode, expected) => {
    expect(await verdict(hardened(), record, TLSA, mode)).toBe(expected);
  });

  test.each<Minimisation>(['strict', 'relaxed', 'off'])('after its ancestor, %s: lost', async (mode) => {
    const one = hardened();
    expect(await verdict(one, ancestor, A, 'off')).toBe('secure nxdomain');
    const before = one.log.length;
    expect(await verdict(one, record, TLSA, mode)).toBe('secure nxdomain');
    expect(one.log.length).toBe(before);
  });

  test('after the ancestor’s NXDOMAIN has expired: found again', async () => {
    const one = hardened();
    await verdict(one, ancestor, A, 'off');
    one.clock.ms += 299_000;
    one.clock.at += 299;
    expect(await verdict(one, record, TLSA, 'off')).toBe('secure nxdomain');
    one.clock.ms += 2000;
    one.clock.at += 2;
    expect(await verdict(one, record, TLSA, 'off')).toBe('secure data');
  });

  test('after its proof has ended by the validation clock alone: found again', async () => {
    const one = hardened();
    await verdict(one, ancestor, A, 'off');
    one.clock.at += 301;
    expect(await verdict(one, record, TLSA, 'off')).toBe('secure data');
  });

  test('what is remembered of the record itself goes on being the answer (RFC 8020 §2: MAY)', async () => {
    const one = hardened();
    expect(await verdict(one, record, TLSA, 'off')).toBe('secure data');
    await verdict(one, ancestor, A, 'off');
    expect(await verdict(one, record, TLSA, 'off')).toBe('secure data');
    expect(await verdict(one, record, A, 'off')).toBe('secure nxdomain');
  });

  test('not for a firsthand question', async () => {
    const one = hardened();
    await verdict(one, ancestor, A, 'off');
    const answer = await one.lookup.ask(name(record), TLSA, { minimisation: 'off', firsthand: true });
    expect(answer.outcome).toBe('data');
    expect(await verdict(one, record, TLSA, 'off')).toBe('secure nxdomain');
  });

  test('not without the option', async () => {
    const one = world();
    await verdict(one, ancestor, A, 'off');
    expect(await verdict(one, record, TLSA, 'off')).toBe('secure data');
    expect(await verdict(one, record, TLSA, 'relaxed')).toBe('secure data');
  });
});

describe('an NXDOMAIN that is not secure', () => {
  const denies =
    (apex: string): Spoil =>
    (parts, { text, zone }) =>
      zone.text.apex === apex && text.startsWith('_tcp.mx.')
        ? { ...parts, rcode: Rcode.NXDOMAIN }
        : undefined;

  test('with a proof that contradicts it: the lookup is bogus under relaxed, and nothing is remembered', async () => {
    const one = hardened({ spoil: denies('good.test') });
    expect(await verdict(one, '_25._tcp.mx.good.test', TLSA, 'relaxed')).toMatch(/^bogus /);
    expect(await verdict(one, '_25._tcp.mx.good.test', TLSA, 'off')).toBe('secure data');
  });

  test('without proof: the same', async () => {
    const spoil: Spoil = (...all) => {
      const parts = denies('good.test')(...all);
      return parts && stripped(parts as (typeof all)[0]);
    };
    const one = hardened({ spoil });
    expect(await verdict(one, '_25._tcp.mx.good.test', TLSA, 'relaxed')).toBe('bogus denial-missing');
    expect(await verdict(one, '_25._tcp.mx.good.test', TLSA, 'off')).toBe('secure data');
  });

  test('in an unsigned zone: the full name is asked all the same', async () => {
    const one = hardened({ spoil: denies('plain.test') });
    expect(await verdict(one, '_25._tcp.mx.plain.test', TLSA, 'relaxed')).toBe(
      'insecure insecure-delegation data',
    );
    await verdict(one, '_tcp.mx.plain.test', A, 'off');
    expect(await verdict(one, '_25._tcp.mx.plain.test', AAAA, 'off')).toBe(
      'insecure insecure-delegation nodata',
    );
  });

  test('by an opt-out span: it ends the lookup as in Unbound, but is not remembered', async () => {
    const one = hardened();
    expect(await verdict(one, 'a.nothing.opt', A, 'relaxed')).toBe('insecure insecure-opt-out nxdomain');
    const before = one.log.length;
    await verdict(one, 'b.nothing.opt', A, 'off');
    expect(one.log.length).toBeGreaterThan(before);
  });

  test('an error for the ancestor does not end it', async () => {
    const spoil: Spoil = (parts, { text }) =>
      text.startsWith('_tcp.mx.')
        ? { ...parts, rcode: Rcode.SERVFAIL, authoritative: false, answer: [], authority: [] }
        : undefined;
    expect(await verdict(hardened({ spoil }), '_25._tcp.mx.good.test', TLSA, 'relaxed')).toBe('secure data');
  });
});

test('names beside and above a denied one are asked for', async () => {
  const one = hardened();
  await verdict(one, 'a.nothing.good.test', A, 'off');
  expect(await verdict(one, 'www.good.test', A, 'off')).toBe('secure data');
  const before = one.log.length;
  // Not a proof of the name above (RFC 8020 §2: at or below the node that the NXDOMAIN is about).
  expect(await verdict(one, 'nothing.good.test', A, 'off')).toBe('secure nxdomain');
  expect(one.log.length).toBeGreaterThan(before);
  const then = one.log.length;
  expect(await verdict(one, 'b.c.nothing.good.test', A, 'off')).toBe('secure nxdomain');
  expect(one.log.length).toBe(then);
});

test('DS is asked for all the same (RFC 6840 §4.4)', async () => {
  const one = hardened();
  await verdict(one, '_tcp.mx.ent.test', A, 'off');
  const before = one.log.length;
  await verdict(one, '_25._tcp.mx.ent.test', DS, 'off');
  expect(one.log.length).toBeGreaterThan(before);
});

test('an alias that leads below a denied name ends there', async () => {
  const one = hardened();
  await verdict(one, 'nothing.good.test', A, 'off');
  const before = one.log.length;
  const answer = await one.lookup.ask(name('tonothing.good.test'), A, { minimisation: 'off' });
  expect(answer).toMatchObject({ outcome: 'nxdomain', security: { status: 'secure' } });
  expect(one.log.slice(before)).toEqual([expect.stringMatching(/ tonothing\.good\.test\. A$/)]);
});
