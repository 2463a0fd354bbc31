/** RFC 5321 §5.1, RFC 7505: how a domain takes mail, over a signed Internet in memory. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { MAX_MX_HOSTS } from '../../src/survey/mx-edges.ts';
import { surveyDomain } from '../../src/survey/survey-domain.ts';
import { AT, type Spoil } from '../lookup/signed-internet.ts';
import { silentFor, small } from './small-world.ts';

const survey = ({ lookup }: ReturnType<typeof small>, domain = 'example.test', askEveryServer = false) =>
  surveyDomain(domain, { lookup, random: seededRandom(1), clock: () => AT, askEveryServer });

describe('RFC 5321 §5.1: the route of mail', () => {
  test.each<[string, readonly string[], object]>([
    [
      'MX hosts by preference, each once',
      ['@ MX 20 b', '@ MX 10 a', '@ MX 10 b.other.test.', '@ MX 30 A'],
      {
        mail: 'mx',
        edges: [
          { host: 'a.example.test', preference: 10 },
          { host: 'b.other.test', preference: 10 },
          { host: 'b.example.test', preference: 20 },
        ],
        findings: [],
      },
    ],
    ['RFC 7505 §3: null MX', ['@ MX 0 .'], { mail: 'null-mx', edges: [], findings: [] }],
    [
      'null MX beside others',
      ['@ MX 0 .', '@ MX 10 a'],
      {
        mail: 'mx',
        edges: [{ host: 'a.example.test', preference: 10 }],
        findings: [{ key: 'null-mx-with-others', detail: '' }],
      },
    ],
    [
      'implicit MX',
      ['@ A 192.0.2.9'],
      { mail: 'implicit-mx', edges: [{ host: 'example.test', preference: 0 }] },
    ],
    ['implicit MX by IPv6', ['@ AAAA 2001:db8::9'], { mail: 'implicit-mx' }],
    ['neither MX nor address', ['www A 192.0.2.9'], { mail: 'none', edges: [] }],
    [
      'MX that is an address',
      ['@ MX 10 192.0.2.1.'],
      { mail: 'mx', findings: [{ key: 'mx-is-address', detail: '192.0.2.1' }] },
    ],
    ['MX through an alias', ['@ MX 10 a'], { mail: 'mx' }],
  ])('%s', async (_title, lines, expected) => {
    const facts = await survey(small(lines));
    expect(facts).toMatchObject({ ...expected, mx: { status: 'secure', reason: null } });
    expect(facts.zone).toMatchObject({ apex: 'example.test', security: 'secure', dsAlgorithms: [13] });
  });

  test('the names that a domain is an alias of, the expanded one last', async () => {
    const lines = ['alias CNAME way', 'way CNAME real.plain.test.'];
    const world = small(lines, { plain: ['real MX 10 mx.example.test.'] });
    expect(await survey(world, 'alias.example.test')).toMatchObject({
      mail: 'mx',
      mx: { status: 'insecure' },
      aliases: ['way.example.test', 'real.plain.test'],
      edges: [{ host: 'mx.example.test', preference: 10 }],
    });
    expect(await survey(small(['@ MX 10 a']))).toMatchObject({ aliases: [] });
  });

  test('NXDOMAIN', async () => {
    expect(await survey(small([]), 'nothing.test')).toMatchObject({
      mail: 'none',
      mx: { outcome: 'nxdomain', status: 'secure' },
      mtaSts: null,
      tlsRpt: null,
    });
  });

  test('an insecure domain is as routed as a secure one', async () => {
    expect(await survey(small([], { plain: ['@ MX 10 a'] }), 'plain.test')).toMatchObject({
      mail: 'mx',
      mx: { status: 'insecure', reason: 'insecure-delegation' },
    });
  });

  test('the MX lookup fails: unknown, never none', async () => {
    const failing = small(['@ MX 10 a'], { spoil: silentFor('example.test. MX') });
    expect(await survey(failing)).toMatchObject({
      mail: 'unknown',
      mx: { outcome: 'failed', status: 'indeterminate', reason: 'timeout' },
    });
    expect(await survey(small([]), 'expired.test')).toMatchObject({
      mail: 'unknown',
      mx: { outcome: 'failed', status: 'bogus', reason: 'rrsig-expired' },
    });
  });

  test('no MX, and one address lookup fails: unknown, unless the other has an address', async () => {
    const lookupFails = silentFor('example.test. A');
    expect(await survey(small([], { spoil: lookupFails }))).toMatchObject({
      mail: 'unknown',
      mx: { outcome: 'failed', reason: 'timeout' },
    });
    expect(await survey(small(['@ AAAA 2001:db8::9'], { spoil: lookupFails }))).toMatchObject({
      mail: 'implicit-mx',
      mx: { outcome: 'nodata', status: 'secure' },
    });
  });

  test('more hosts than are looked at: the first ones, and it is said', async () => {
    const lines = Array.from({ length: MAX_MX_HOSTS + 5 }, (_, i) => `@ MX ${i} h${i}`);
    const facts = await survey(small(lines));
    expect(facts.edges).toHaveLength(MAX_MX_HOSTS);
    expect(facts.edges.at(-1)).toEqual({
      host: `h${MAX_MX_HOSTS - 1}.example.test`,
      preference: MAX_MX_HOSTS - 1,
    });
    expect(facts.findings).toEqual([{ key: 'mx-too-many', detail: String(MAX_MX_HOSTS + 5) }]);
  });

  test('octets of a host name that are no letters are escaped', async () => {
    const facts = await survey(small(['@ MX 10 a\\000\\.b\\255']));
    expect(facts.edges).toEqual([{ host: 'a\\000\\.b\\255.example.test', preference: 10 }]);
  });
});

describe('RFC 8461 §3.1, RFC 8460 §3: policies beside DANE', () => {
  test.each<[string, readonly string[], boolean | null, boolean | null]>([
    ['both', ['_mta-sts TXT "v=STSv1; id=1"', '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@b"'], true, true],
    ['neither', [], false, false],
    ['other records', ['_mta-sts TXT "hello"', '_smtp._tls TXT "v=spf1 -all"'], false, false],
    ['of another version', ['_mta-sts TXT "v=STSv12; id=1"', '_smtp._tls TXT "v=TLSRPTv1x;"'], false, false],
    ['in several strings', ['_mta-sts TXT "v=STS" "v1 ; id=1"'], true, false],
    ['beside others', ['_mta-sts TXT "v=STSv1; id=1"', '_mta-sts TXT "verification=7"'], true, false],
    ['twice', ['_mta-sts TXT "v=STSv1; id=1"', '_mta-sts TXT "v=STSv1; id=2"'], false, false],
    [
      'behind an alias',
      ['_mta-sts CNAME p', 'p TXT "v=STSv1; id=1"', '_smtp._tls CNAME nothing.other.test.'],
      true,
      false,
    ],
    [
      'behind an alias that does not answer',
      ['_mta-sts CNAME p', 'p TXT "v=STSv1; id=1"', '_smtp._tls CNAME r'],
      null,
      false,
    ],
  ])('%s', async (title, lines, mtaSts, tlsRpt) => {
    const spoil = title.includes('not answer') ? { spoil: silentFor('p.example.test. TXT') } : {};
    expect(await survey(small(['@ MX 10 a', ...lines], spoil))).toMatchObject({ mtaSts, tlsRpt });
  });

  test('a lookup that fails: nobody knows', async () => {
    const spoil = silentFor('_mta-sts.example.test. TXT', '_smtp._tls.example.test. TXT');
    expect(await survey(small(['@ MX 10 a'], { spoil }))).toMatchObject({ mtaSts: null, tlsRpt: null });
  });
});

test('the zone and its SOA, and how it denies', async () => {
  const nsec3 = small(['@ MX 10 a'], { signed: { nsec3: { optOut: true, iterations: 5 } } });
  expect(await survey(nsec3)).toMatchObject({
    zone: { denial: 'nsec3', nsec3Iterations: 5, nsec3OptOut: true, nameServers: ['ns0.example.test'] },
    soa: { serial: 1, refresh: 2, minimum: 300 },
  });
  expect((await survey(small(['@ MX 10 a']))).zone).toMatchObject({ denial: 'nsec', nsec3OptOut: null });
});

describe('RFC 1034 §4.2.2: every server of the domain', () => {
  const servers = ['192.0.2.50', '192.0.2.60'];
  const lines = ['@ MX 10 mx', 'mx A 203.0.113.2'];
  const isMx = (text: string) => text === 'example.test. MX';
  const refuses: Spoil = (parts, { address, zone }) =>
    zone.apex === name('example.test') && address === servers[1]
      ? { ...parts, rcode: Rcode.REFUSED, answer: [], authority: [] }
      : undefined;

  test('is not asked where the lookup works, unless somebody wants to know', async () => {
    const quiet = await survey(small(lines, { servers, spoil: refuses }));
    expect(quiet).toMatchObject({ mail: 'mx', serverAnswers: [], findings: [] });
    const asked = await survey(small(lines, { servers, spoil: refuses }), 'example.test', true);
    expect(asked).toMatchObject({
      mail: 'mx',
      serverAnswers: [
        { name: 'example.test', address: servers[0], status: 'secure', faults: [] },
        { name: 'example.test', address: servers[1], rcode: 'REFUSED', faults: ['name-server-lame'] },
      ],
      findings: [{ key: 'name-server-lame', detail: `ns1.example.test/${servers[1]}` }],
    });
  });

  test('is asked where the lookup fails, and each shows what it does', async () => {
    const spoil: Spoil = (parts, asked, all) =>
      refuses(parts, asked, all) ??
      (isMx(asked.text) && servers.includes(asked.address) ? { kind: 'timeout' } : undefined);
    expect(await survey(small(lines, { servers, spoil }))).toMatchObject({
      mail: 'unknown',
      serverAnswers: [
        { address: servers[0], rcode: 'TIMEOUT', serial: 1, faults: ['name-server-drops-type'] },
        { address: servers[1], rcode: 'REFUSED', faults: ['name-server-lame'] },
      ],
    });
  });

  test('the servers of a top-level domain are not asked', async () => {
    const spoil: Spoil = (_parts, { text }) => (isMx(text) ? { kind: 'timeout' } : undefined);
    expect(await survey(small(lines, { spoil }))).toMatchObject({ mail: 'unknown', serverAnswers: [] });
  });

  test('a name that does not exist is not asked of the zone above', async () => {
    const world = small(lines);
    expect(await survey(world, 'nothing.test', true)).toMatchObject({ mail: 'none', serverAnswers: [] });
    expect(world.log.filter((line) => line.endsWith(' nothing.test. MX'))).toHaveLength(1);
  });
});
