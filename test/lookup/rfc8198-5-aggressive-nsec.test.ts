/** RFC 8198 §5: what a remembered NSEC or NSEC3 record denies is not asked for; what a remembered wildcard answers neither. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { Minimisation } from '../../src/resolve/session.ts';
import {
  type Spoil,
  stripped,
  verdict,
  type World,
  type WorldOptions,
  world,
  type ZoneText,
  zones,
} from './signed-internet.ts';

const { A, AAAA, DS, MX, TLSA, TXT } = RRType;
const aggressive = (options: WorldOptions = {}) =>
  world({ aggressiveNsec: true, minimisation: 'off', ...options });

/** The verdict, and whether anybody was asked. */
async function found(one: World, asked: string, type: number = A, mode?: Minimisation): Promise<string> {
  const before = one.log.length;
  const said = await verdict(one, asked, type, mode);
  return `${said}, ${one.log.length === before ? 'remembered' : 'asked'}`;
}

describe.each(['ent.test', 'ent.opt'])('the record below a denied ancestor, %s', (zone) => {
  const record = `_25._tcp.mx.${zone}`;

  test.each<Minimisation>(['strict', 'relaxed', 'off'])('lost after the ancestor, %s', async (mode) => {
    const one = aggressive();
    expect(await found(one, `_tcp.mx.${zone}`)).toBe('secure nxdomain, asked');
    expect(await found(one, record, TLSA, mode)).toBe('secure nxdomain, remembered');
  });

  test('found before it, and for as long as it is remembered itself', async () => {
    const one = aggressive();
    expect(await found(one, record, TLSA)).toBe('secure data, asked');
    await found(one, `_tcp.mx.${zone}`);
    expect(await found(one, record, TLSA)).toBe('secure data, remembered');
  });

  test('found by a firsthand question, and without the option', async () => {
    for (const one of [aggressive(), world({ minimisation: 'off' })]) {
      await found(one, `_tcp.mx.${zone}`);
      const firsthand = await one.lookup.ask(name(record), TLSA, { firsthand: true });
      expect(firsthand.outcome).toBe('data');
    }
    const one = world({ minimisation: 'off' });
    await found(one, `_tcp.mx.${zone}`);
    expect(await found(one, record, TLSA)).toBe('secure data, asked');
  });
});

test.each([
  ['ent.test', 'secure nxdomain, remembered'],
  ['ent.opt', 'secure data, asked'],
])('with NSEC alone, below a denied ancestor, %s: %s', async (zone, expected) => {
  const one = aggressive({ aggressiveNsec3: false });
  await found(one, `_tcp.mx.${zone}`);
  expect(await found(one, `_25._tcp.mx.${zone}`, TLSA)).toBe(expected);
});

describe('RFC 8198 §5.1, §5.2: denials', () => {
  test.each([
    // NSEC: nothing0 and nothing1 lie in the same span; the wildcard's denial came along.
    [
      'a neighbour in the span of an NSEC',
      'nothing0.good.test',
      A,
      'nothing1.good.test',
      A,
      'secure nxdomain, remembered',
    ],
    [
      'another type of a denied name',
      'nothing.good.test',
      A,
      'nothing.good.test',
      TXT,
      'secure nxdomain, remembered',
    ],
    [
      'a name below a denied one',
      'nothing.good.test',
      A,
      'a.b.nothing.good.test',
      A,
      'secure nxdomain, remembered',
    ],
    ['a name in no span that is known', 'nothing.good.test', A, 'zzz.good.test', A, 'secure nxdomain, asked'],
    [
      'another type of a NODATA name, NSEC',
      'www.good.test',
      TXT,
      'www.good.test',
      AAAA,
      'secure nodata, remembered',
    ],
    ['the type that is there', 'www.good.test', TXT, 'www.good.test', A, 'secure data, asked'],
    ['an empty non-terminal’s types', 'ent.good.test', A, 'ent.good.test', TXT, 'secure nodata, remembered'],
    [
      'another type of a NODATA name, NSEC3',
      'www.good.opt',
      TXT,
      'www.good.opt',
      AAAA,
      'secure nodata, remembered',
    ],
    ['the type that is there, NSEC3', 'www.good.opt', TXT, 'www.good.opt', A, 'secure data, asked'],
    [
      'a name below a denied one, NSEC3',
      'nothing.good.opt',
      A,
      'a.b.nothing.good.opt',
      A,
      'secure nxdomain, remembered',
    ],
    ['a name elsewhere, NSEC3', 'nothing.good.opt', A, 'www.good.opt', A, 'secure data, asked'],
    // RFC 6840 §4.3: at an alias every type leads on.
    ['a type of an alias', 'alias0.good.test', A, 'alias.good.test', TXT, 'secure nodata, asked'],
    // RFC 6840 §4.1, §4.4: the parent's side of a cut says nothing of the child.
    ['a name of a zone below', 'nothing.test', A, 'www.good.test', A, 'secure data, asked'],
    ['the apex of a zone below', 'good0.test', A, 'good.test', MX, 'secure data, asked'],
    ['DS', 'nothing.good.test', A, 'nothing.good.test', DS, 'secure nxdomain, asked'],
    // RFC 8198 §5.2, RFC 5155 §6: nothing is denied by an opt-out span.
    [
      'a name in an opt-out span',
      'nothing.opt',
      A,
      'nothing.opt',
      TXT,
      'insecure insecure-opt-out nxdomain, asked',
    ],
    [
      'a delegation in an opt-out span',
      'nothing.opt',
      A,
      'www.plain.opt',
      A,
      'insecure insecure-opt-out data, asked',
    ],
    [
      'a name of an unsigned zone',
      'nothing.plain.test',
      A,
      'a.nothing.plain.test',
      A,
      'insecure insecure-delegation nxdomain, asked',
    ],
    // RFC 9276 §3.2: what is not believed of too many iterations is not concluded from them either.
    [
      'a name in a zone with many iterations',
      'nothing.iterations.test',
      A,
      'a.nothing.iterations.test',
      A,
      'insecure nsec3-iterations-insecure nxdomain, asked',
    ],
  ])('%s', async (_title, first, firstType, asked, type, expected) => {
    const one = aggressive();
    await verdict(one, first, firstType);
    expect(await found(one, asked, type)).toBe(expected);
  });

  test('records that nobody proved are not remembered', async () => {
    let isOn = true;
    const spoil: Spoil = (parts, { text, zone }) =>
      isOn && text === 'nothing.good.test. A' && zone.text.apex === 'good.test'
        ? {
            ...parts,
            authority: (parts.authority ?? []).map((r) =>
              r.type === RRType.RRSIG ? { ...r, rdata: r.rdata.map((o, i) => (i > 60 ? o ^ 1 : o)) } : r,
            ),
          }
        : undefined;
    const one = aggressive({ spoil });
    expect(await verdict(one, 'nothing.good.test')).toMatch(/^bogus /);
    isOn = false;
    expect(await found(one, 'a.nothing.good.test')).toBe('secure nxdomain, asked');
  });
});

describe('RFC 8198 §5.3: wildcards', () => {
  test.each(['good.test', 'good.opt'])(
    'a remembered one answers for a name that is denied, %s',
    async (zone) => {
      const one = aggressive();
      expect(await found(one, `a.wild.${zone}`, TXT)).toBe('secure data, asked');
      // The next closer name is the same, so that the same denial shows that the wildcard is due.
      expect(await found(one, `b.a.wild.${zone}`, TXT)).toBe('secure data, remembered');
      const answer = await one.lookup.ask(name(`b.a.wild.${zone}`), TXT);
      expect(answer.rrset?.records.map(formatRdata)).toEqual(['"expanded"']);
      expect(answer.rrset?.name).toBe(name(`b.a.wild.${zone}`));
      expect(answer.rrset?.records[0]?.ttl).toBeLessThanOrEqual(300);
    },
  );

  test('a wildcard that exists keeps its names from being denied', async () => {
    const one = aggressive();
    expect(await found(one, 'a.wild.good.test', A)).toBe('secure nodata, asked');
    expect(await found(one, 'b.a.wild.good.test', AAAA)).toBe('secure nodata, remembered');
    expect(await found(one, 'a.wild.good.test', TXT)).toBe('secure data, asked');
  });

  test('an alias at a wildcard is followed', async () => {
    const texts: readonly ZoneText[] = zones.map((text) =>
      text.apex === 'good.test' ? { ...text, lines: [...text.lines, '*.led CNAME www'] } : text,
    );
    const one = aggressive({ texts });
    expect(await found(one, 'x.led.good.test')).toBe('secure data, asked');
    const before = one.log.length;
    expect(await verdict(one, 'y.x.led.good.test')).toBe('secure data');
    expect(one.log.slice(before)).toEqual([expect.stringMatching(/ www\.good\.test\. A$/)]);
    expect((await one.lookup.ask(name('y.x.led.good.test'), A)).aliases).toEqual([name('www.good.test')]);
  });
});

describe('RFC 8198 §5.4, RFC 9077 §3.4: for how long', () => {
  const later = (one: World, seconds: number) => {
    one.clock.ms += seconds * 1000;
    one.clock.at += seconds;
  };
  const withTtls =
    (soa: number, nsec: number): Spoil =>
    (parts, { zone }) =>
      zone.text.apex === 'good.test' && parts.authority !== undefined
        ? {
            ...parts,
            authority: [
              ...zone.signed(zone.rrset(zone.apex, RRType.SOA).map((r) => ({ ...r, ttl: soa }))),
              ...parts.authority
                .filter(({ type }) => type === RRType.NSEC)
                .flatMap((record) => zone.signed([{ ...record, ttl: nsec }])),
            ],
          }
        : undefined;

  test.each([
    [60, 3000, 60],
    [3000, 60, 60],
    // The SOA's MINIMUM is 300 in this zone.
    [3000, 3000, 300],
  ])('SOA %d s, NSEC %d s: %d s', async (soa, nsec, seconds) => {
    const one = aggressive({ spoil: withTtls(soa, nsec) });
    await verdict(one, 'nothing.good.test');
    later(one, seconds - 1);
    expect(await found(one, 'a.nothing.good.test')).toBe('secure nxdomain, remembered');
    later(one, 2);
    expect(await found(one, 'b.nothing.good.test')).toBe('secure nxdomain, asked');
  });

  test('a validation clock that stands still does not keep them alive', async () => {
    const one = aggressive();
    await verdict(one, 'nothing.good.test');
    one.clock.ms += 301_000;
    expect(await found(one, 'a.nothing.good.test')).toBe('secure nxdomain, asked');
  });
});

test('what is remembered ends with the keys that proved it', async () => {
  let isOn = false;
  const one = aggressive({
    spoil: (parts, { zone }) => (isOn && zone.text.apex === 'good.test' ? stripped(parts) : undefined),
  });
  await verdict(one, 'nothing.good.test');
  isOn = true;
  one.clock.ms += 3_601_000;
  one.clock.at += 3601;
  expect(await found(one, 'a.nothing.good.test')).toMatch(/^bogus .*, asked$/);
});
