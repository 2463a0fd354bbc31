/** What a lookup remembers, for how long, and what it may cost. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { FAILURE_SECONDS, MAX_ANSWER_SECONDS } from '../../src/lookup/limits.ts';
import { LOOKUP_LIMITS } from '../../src/resolve/limits.ts';
import {
  AT,
  type Spoil,
  stripped,
  TEST,
  verdict,
  without,
  world,
  type ZoneText,
  zones,
} from './signed-internet.ts';

const { A, AAAA, TXT, RRSIG, DNSKEY } = RRType;
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

  test('a failed answer is not kept', async () => {
    let isOn = true;
    const one = world({
      spoil: (parts, { text, zone }) =>
        isOn && zone.text.apex === 'good.test' && text === 'www.good.test. A' ? stripped(parts) : undefined,
    });
    expect(await verdict(one, 'www.good.test')).toBe('bogus rrsig-missing');
    isOn = false;
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
