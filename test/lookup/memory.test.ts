/** What a lookup remembers, for how long, and what it may cost. */
import { describe, expect, test } from 'vitest';
import type { PlainRecord, ReplyParts } from '../../src/dns/message-writer.ts';
import { isWithin, name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { octetsOf as octetsOfAnswer } from '../../src/lookup/answer.ts';
import { FAILURE_SECONDS, MAX_ANSWER_SECONDS } from '../../src/lookup/limits.ts';
import { LOOKUP_LIMITS, MAX_ADDRESSES_TRIED, MAX_DELEGATION_OCTETS } from '../../src/resolve/limits.ts';
import { octetsOf } from '../../src/resolve/zone-cut.ts';
import { AT, type Spoil, TEST, verdict, without, world, type ZoneText, zones } from './signed-internet.ts';

const { A, AAAA, TXT, RRSIG, DNSKEY, DS, NSEC3 } = RRType;
const asksOf = (log: readonly string[], text: string) => log.filter((line) => line.endsWith(text)).length;

describe('RFC 2308 §5, RFC 4035 §4.5: answers are remembered, no longer than they may', () => {
  const ttls = (ttl: number): readonly ZoneText[] =>
    zones.map((text) =>
      text.apex === 'good.test'
        ? { ...text, lines: [...text.lines, `short ${ttl} CNAME far`, `quick ${ttl} A 203.0.113.7`] }
        : text,
    );

  test.each([
    ['quick.good.test', 60, 60],
    ['short.good.test', 60, 60],
    ['www.good.test', 60, MAX_ANSWER_SECONDS],
  ])('%s, whose records have a TTL of %d, for %d s', async (asked, ttl, seconds) => {
    const one = world({ texts: ttls(ttl) });
    await one.lookup.ask(name(asked), A);
    const before = one.log.length;
    one.clock.ms += (seconds - 1) * 1000;
    await one.lookup.ask(name(asked), A);
    expect(one.log.length).toBe(before);
    one.clock.ms += 2000;
    await one.lookup.ask(name(asked), A);
    expect(one.log.length).toBeGreaterThan(before);
  });

  test('a denial for the SOA’s MINIMUM or TTL, whichever is less', async () => {
    const spoil: Spoil = (parts, { zone }) =>
      zone.text.apex === 'plain.test' && parts.authority !== undefined
        ? { ...parts, authority: parts.authority.map((record) => ({ ...record, ttl: 3000 })) }
        : undefined;
    const one = world({ spoil });
    await one.lookup.ask(name('nothing.plain.test'), A);
    const before = one.log.length;
    one.clock.ms += 299_000;
    await one.lookup.ask(name('nothing.plain.test'), A);
    expect(one.log.length).toBe(before);
    one.clock.ms += 2000;
    await one.lookup.ask(name('nothing.plain.test'), A);
    expect(one.log.length).toBeGreaterThan(before);
  });

  const soaOf = (owner: string, ttl: number, minimum: number): PlainRecord => {
    const [record] = parseZoneFile([`${owner} ${ttl} SOA a. b. 1 2 3 4 ${minimum}`], 'SOA');
    return record!;
  };

  test.each<[string, PlainRecord[], number]>([
    ['TTL', [soaOf('plain.test.', 100, 900)], 100],
    ['MINIMUM', [soaOf('plain.test.', 900, 100)], 100],
    ['none', [], 0],
    ['one of the zone above', [soaOf('test.', 900, 900)], 0],
    ['one beside', [soaOf('other.test.', 900, 900)], 0],
    [
      'one below the name as well',
      [soaOf('x.nothing.plain.test.', 900, 900), soaOf('plain.test.', 100, 900)],
      100,
    ],
    ['one beside it as well', [soaOf('other.test.', 900, 900), soaOf('plain.test.', 100, 900)], 100],
  ])('a denial, by its zone’s SOA alone: %s', async (_title, soa, seconds) => {
    const spoil: Spoil = (parts, { text, zone }) =>
      zone.text.apex === 'plain.test' && text.startsWith('nothing.')
        ? { ...parts, authority: soa }
        : undefined;
    const one = world({ spoil, minimisation: 'off' });
    const asks = async (atSecond: number) => {
      one.clock.ms = atSecond * 1000;
      const before = one.log.length;
      await one.lookup.ask(name('nothing.plain.test'), A);
      return one.log.length > before;
    };
    await asks(0);
    if (seconds > 0) expect(await asks(seconds - 1)).toBe(false);
    expect(await asks(seconds + 1)).toBe(true);
  });

  test('no longer than its signatures hold', async () => {
    const spoil: Spoil = (parts, { zone, text }) =>
      text === 'www.good.test. A' && zone.text.apex === 'good.test'
        ? { ...parts, answer: zone.signed(without(RRSIG)(parts.answer), { expiration: AT + 100 }) }
        : undefined;
    const one = world({ spoil });
    expect(await verdict(one, 'www.good.test')).toBe('secure data');
    const before = one.log.length;
    one.clock.ms += 101_000;
    one.clock.at += 101;
    expect(await verdict(one, 'www.good.test')).toBe('bogus rrsig-expired');
    expect(one.log.length).toBeGreaterThan(before);
  });

  test('keys no longer than their TTL: a roll-over in between is not bogus', async () => {
    const asks = async (dnskeyTtl: number) => {
      const spoil: Spoil = (parts, { text, zone }) =>
        text === 'good.test. DNSKEY'
          ? {
              ...parts,
              answer: zone.signed(
                without(RRSIG)(parts.answer).map((record) => ({ ...record, ttl: dnskeyTtl })),
              ),
            }
          : undefined;
      const one = world({ spoil });
      await one.lookup.ask(name('www.good.test'), A);
      one.clock.ms += 301_000;
      one.clock.at += 301;
      await one.lookup.ask(name('mx.good.test'), A);
      return asksOf(one.log, ' good.test. DNSKEY');
    };
    expect(await asks(300)).toBe(2);
    expect(await asks(3600)).toBe(1);
  });
});

describe('RFC 9520 §2: failures are remembered for a while, and forgotten', () => {
  const silent: Spoil = (_parts, { text }) =>
    text === 'good.test. DNSKEY' ? { kind: 'timeout' } : undefined;

  test('keys that could not be had are asked for again after their time', async () => {
    let isOn = true;
    const one = world({ spoil: (...all) => (isOn ? silent(...all) : undefined) });
    expect(await verdict(one, 'www.good.test')).toBe('indeterminate timeout');
    const before = asksOf(one.log, 'DNSKEY');
    expect(await verdict(one, 'mx.good.test')).toBe('indeterminate timeout');
    expect(asksOf(one.log, 'DNSKEY')).toBe(before);
    isOn = false;
    one.clock.ms += FAILURE_SECONDS * 1000 + 1;
    expect(await verdict(one, 'www.good.test')).toBe('secure data');
  });

  test('a referral that one server forged is forgotten with the verdict on it', async () => {
    let isOn = true;
    const one = world({
      spoil: (parts, { zone, address }) =>
        isOn && zone.text.apex === 'test' && TEST.includes(address as never) && !parts.authoritative
          ? {
              ...parts,
              additional: (parts.additional ?? []).map((record) => ({
                ...record,
                rdata: Buffer.from([192, 0, 2, 99]).subarray(0, record.rdata.length === 4 ? 4 : 0),
              })),
            }
          : undefined,
    });
    expect(await verdict(one, 'www.good.test')).toMatch(/^indeterminate/);
    isOn = false;
    one.clock.ms += FAILURE_SECONDS * 1000 + 1;
    expect(await verdict(one, 'www.good.test')).toBe('secure data');
  });
});

describe('work under way is shared', () => {
  test('keys that end while they are asked for are asked for again', async () => {
    // The clock passes their end between any two looks at it.
    for (let looks = 0; looks < 30; looks++) {
      const one = world();
      expect(await verdict(one, 'www.good.test')).toBe('secure data');
      let left = looks;
      Object.defineProperty(one.clock, 'ms', { get: () => (left-- > 0 ? 3_599_000 : 3_601_000) });
      expect(await verdict(one, 'mx.good.test'), `after ${looks}`).toBe('secure data');
    }
  });

  test('the keys of a zone are asked for once, however many wait for them', async () => {
    const one = world();
    const asked = ['www', 'mx', 'a.ent', 'alias', 'nothing'].map((label) => name(`${label}.good.test`));
    const answers = await Promise.all(asked.map((each) => one.lookup.ask(each, A)));
    expect(answers.map(({ security }) => security.status)).toEqual(Array(5).fill('secure'));
    expect(asksOf(one.log, ' good.test. DNSKEY')).toBe(1);
    expect(asksOf(one.log, ' test. DNSKEY')).toBe(1);
    expect(asksOf(one.log, ' . DNSKEY')).toBe(1);
  });

  test('an error of ours reaches whoever asked, and is not remembered', async () => {
    let isBroken = true;
    const one = world({
      spoil(_parts, { type }) {
        if (isBroken && type === DNSKEY) throw new Error('out of memory');
        return undefined;
      },
    });
    await expect(one.lookup.ask(name('www.good.test'), A)).rejects.toThrow('out of memory');
    isBroken = false;
    expect(await verdict(one, 'www.good.test')).toBe('secure data');
  });
});

describe('CVE-2020-8616 and kin: one lookup costs a bounded number of queries', () => {
  test('a chain of aliases through zones with servers that have no address', async () => {
    const texts: readonly ZoneText[] = [
      ...zones
        .filter(({ apex }) => ['.', 'test'].includes(apex))
        .map((text) =>
          text.apex === 'test'
            ? {
                ...text,
                lines: Array.from({ length: 20 }, (_, i) => [
                  ...Array.from({ length: 12 }, (_, k) => `z${i} NS n${k}.z${(i + 1) % 20}`),
                ]).flat(),
              }
            : text,
        ),
    ];
    const one = world({ texts });
    expect(await verdict(one, 'www.z0.test')).toBe('indeterminate name-server-depth');
    expect(one.log.length).toBeLessThanOrEqual(LOOKUP_LIMITS.queries);
  });

  test('a budget spent is said, and not taken for absence', async () => {
    const one = world({
      texts: zones.map((text) =>
        text.apex === 'plain.test'
          ? { ...text, lines: [...Array(12).keys()].map((i) => `c${i} CNAME c${i + 1}.c${i}x`) }
          : text,
      ),
    });
    expect(await verdict(one, 'c0.plain.test', AAAA)).toMatch(/^insecure .* nxdomain$|^indeterminate /);
    expect(one.log.length).toBeLessThanOrEqual(LOOKUP_LIMITS.queries);
  });

  test('NSEC3 iterations and signatures of one lookup are counted over all its links', async () => {
    expect(await verdict(world(), 'nothing.iterations.test', TXT)).toBe(
      'insecure nsec3-iterations-insecure nxdomain',
    );
  });
});

describe('what is remembered holds on to no large message', () => {
  const junk = (count: number, of: Partial<PlainRecord>): PlainRecord[] =>
    Array.from({ length: count }, (_, i) => {
      const rdata = Buffer.from([1, 2, i >> 8, i & 0xff]);
      return { name: name('ns0.good.test'), type: A, ttl: 3600, rdata, ...of };
    });
  /** Referrals to good.test come with more. */
  const referring = (more: Pick<ReplyParts, 'authority' | 'additional'>): Spoil => {
    return (parts, { zone, name: asked }) =>
      zone.text.apex === 'test' && isWithin(asked, name('good.test')) && !parts.authoritative
        ? {
            ...parts,
            authority: [...(parts.authority ?? []), ...(more.authority ?? [])],
            additional: [...(parts.additional ?? []), ...(more.additional ?? [])],
          }
        : undefined;
  };
  const cutOf = async (spoil: Spoil) => {
    const answer = await world({ spoil }).lookup.ask(name('www.good.test'), A);
    expect(answer.security.status).toBe('secure');
    return answer.links[0]!.cut;
  };

  test('a zone cut keeps the proof of its delegation, and few addresses', async () => {
    const cut = await cutOf(referring({ additional: junk(1500, {}) }));
    const { octets, answer, authority, additional } = cut.delegation!;
    expect([octets.length, answer.length, additional.length]).toEqual([0, 0, 0]);
    expect(authority.map(({ type }) => type).sort()).toEqual([DS, RRSIG].sort());
    for (const record of authority) expect(record.data.length).toBe(record.length);
    expect(cut.glue.get(name('ns0.good.test'))).toHaveLength(MAX_ADDRESSES_TRIED);
  });

  test('a proof that is too large is not kept: the parent is asked again', async () => {
    const authority = junk(40, { type: NSEC3, rdata: Buffer.alloc(200, 1) });
    const cut = await cutOf(referring({ authority }));
    expect(cut.delegation!.authority).toEqual([]);
    expect(octetsOf(cut)).toBeLessThan(MAX_DELEGATION_OCTETS);
  });

  test('an answer weighs what its messages do', async () => {
    const { lookup } = world({
      spoil: (parts, { text }) =>
        text === 'www.plain.test. A'
          ? { ...parts, answer: junk(1500, { name: name('www.plain.test') }) }
          : undefined,
    });
    const weightOf = async (asked: string) => octetsOfAnswer(await lookup.ask(name(asked), A));
    expect(await weightOf('www.good.test')).toBeLessThan(10_000);
    expect(await weightOf('www.plain.test')).toBeGreaterThan(200_000);
  });
});

test('a signed zone whose servers are silent is not asked for its keys as well, and is indeterminate', async () => {
  const spoil: Spoil = (_parts, { zone }) =>
    zone.text.apex === 'good.test' ? { kind: 'timeout' } : undefined;
  const one = world({ spoil });
  const answer = await one.lookup.ask(name('www.good.test'), A);
  expect(answer.security).toMatchObject({ status: 'indeterminate', because: 'timeout' });
  expect(answer.links[0]!.zone).toMatchObject({ status: 'indeterminate', because: 'timeout' });
  expect(answer.links[0]!.zone.ds).not.toEqual([]);
  expect(asksOf(one.log, 'good.test. DNSKEY')).toBe(0);
});
