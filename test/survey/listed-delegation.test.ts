/** Domains that are found by the delegations of a registry's zone file, held against what is found by asking the parent. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { formatName, formatNameBare, name as nameOf } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { readAddress } from '../../src/dns/rdata.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { formatType, RRType } from '../../src/dns/rr-type.ts';
import type { ListedDelegation } from '../../src/resolve/listed-delegation.ts';
import type { DomainFacts } from '../../src/survey/facts.ts';
import { surveyDomain } from '../../src/survey/survey-domain.ts';
import { readList } from '../census/read-list.ts';
import { AT, OPT, TEST, type World, world, zones } from '../lookup/signed-internet.ts';

const parents = new Set<string>([...TEST, OPT]);

/** The zone as its registry hands it out, read again. */
function delegationsOf(of: World, apex: string): Map<string, ListedDelegation> {
  const { records } = of.zones.get(apex)!;
  const lines = [...records]
    .sort((a, b) => Number(b.type === RRType.SOA) - Number(a.type === RRType.SOA))
    .map((record) =>
      [
        formatName(record.name),
        record.ttl,
        'IN',
        formatType(record.type),
        formatRdata(recordOf(record)),
      ].join(' '),
    );
  const { entries } = readList(lines.join('\n'));
  const glue = new Map<string, string[]>();
  for (const record of records) {
    const address = readAddress(recordOf(record));
    if (address === undefined) continue;
    const host = formatNameBare(record.name);
    glue.set(host, [...(glue.get(host) ?? []), address]);
  }
  return new Map(
    entries.flatMap((entry) => {
      if (entry.kind !== 'name') return [];
      const { nameServers, ds } = entry.delegation!;
      const of = nameServers!.flatMap((server) =>
        glue.has(server) ? [[server, glue.get(server)!] as const] : [],
      );
      const hex = ds.map((rdata) => Buffer.from(rdata).toString('hex'));
      return [[entry.name, { zone: apex, nameServers: nameServers!, glue: of, ds: hex }] as const];
    }),
  );
}

async function look(of: World, name: string, delegation: ListedDelegation | null): Promise<DomainFacts> {
  const ports = { lookup: of.lookup, random: seededRandom(1), clock: () => AT, askEveryServer: false };
  return surveyDomain(name, ports, delegation);
}

/**
 * What must be the same; the reasons of unsigned delegations are the parent's. Of a zone that the parent's servers serve as well no
 * referral ever names the servers: there the list tells more.
 */
const told = ({ domain, mail, mx, edges, zone, mtaSts, tlsRpt }: DomainFacts) => ({
  mail,
  outcome: mx.outcome,
  status: mx.status,
  edges,
  zone: { ...zone, reason: null, nameServers: /cohosted/.test(domain) ? null : zone?.nameServers },
  mtaSts,
  tlsRpt,
});

const all = zones.map(({ apex }) => apex).filter((apex) => /\.(test|opt)$/.test(apex));
const delegated = (of: World) => new Map([...delegationsOf(of, 'test'), ...delegationsOf(of, 'opt')]);

describe('delegations of a list', () => {
  test.each(all)('%s: the same is found as by asking the parent', async (name) => {
    const asked = await look(world(), name, null);
    const listed = world();
    expect(told(await look(listed, name, delegated(listed).get(name) ?? null))).toEqual(told(asked));
  });

  const own = all.filter(
    (apex) => !/cohosted|expired|wrongds|silent|undelegated|sub|island|iterations/.test(apex),
  );
  test.each(own)('%s: no query for it goes to the parent', async (name) => {
    const of = world();
    const facts = await look(of, name, delegated(of).get(name)!);
    expect(facts.delegationFromList).toBe(true);
    const parent = name.split('.').at(-1)!;
    const atParent = of.log.filter((line) => parents.has(line.split(' ')[0]!));
    expect(atParent.length).toBeGreaterThan(0);
    expect(new Set(atParent.map((line) => line.split(' ')[1]!.replace(/\.$/, '')))).toEqual(
      new Set([parent]),
    );
  });

  test('without DS records it is insecure by the file, and says so', async () => {
    const of = world();
    const { mx } = await look(of, 'plain.test', delegated(of).get('plain.test')!);
    expect(mx).toMatchObject({ status: 'insecure', reason: 'insecure-delegation-listed', outcome: 'data' });
  });

  test('it is secure only where the parent is: below an unsigned parent DS records make nothing secure', async () => {
    const texts = zones.map((text) => (text.apex === 'test' ? { ...text, ds: 'none' as const } : text));
    const of = world({ texts });
    const { mx, delegationFromList } = await look(of, 'good.test', delegated(of).get('good.test')!);
    expect(mx).toMatchObject({ status: 'insecure', reason: 'insecure-delegation' });
    expect(delegationFromList).toBe(true);
  });

  const stale: readonly [string, (was: ListedDelegation) => ListedDelegation][] = [
    ['DS records of an older key', (was) => ({ ...was, ds: was.ds.map((ds) => `${ds.slice(0, -4)}0000`) })],
    [
      'servers that do not answer',
      (was) => ({ ...was, glue: was.glue.map(([server]) => [server, ['192.0.2.99']]) }),
    ],
    [
      'servers without the zone',
      (was) => ({ ...was, glue: was.glue.map(([server]) => [server, ['192.0.2.13']]) }),
    ],
  ];
  test.each(stale)(
    'a list that is older than the zone (%s): the parent is asked, and the row says so',
    async (_, spoil) => {
      const of = world({
        spoil: (_parts, { address }) => (address === '192.0.2.99' ? { kind: 'timeout' } : undefined),
      });
      const facts = await look(of, 'good.test', spoil(delegated(of).get('good.test')!));
      expect(facts.mx).toMatchObject({ status: 'secure', outcome: 'data' });
      expect(facts.delegationFromList).toBeUndefined();
    },
  );

  test.each([
    ['no name server', { nameServers: [] }],
    ['malformed DS records', { ds: ['00'] }],
    ['another zone', { zone: 'opt' }],
    ['a parent that is no zone', { zone: 'nothing.test' }],
  ])('%s: the parent is asked', async (_, change) => {
    const of = world();
    const facts = await look(of, 'good.test', { ...delegated(of).get('good.test')!, ...change });
    expect(facts.mx.status).toBe('secure');
    expect(facts.delegationFromList).toBeUndefined();
  });

  test('what it leads to is remembered for nobody else', async () => {
    const of = world();
    const wrong = { ...delegated(of).get('good.test')!, ds: [] };
    expect((await look(of, 'good.test', wrong)).mx.status).toBe('insecure');
    expect((await look(of, 'good.test', null)).mx.status).toBe('secure');
    expect((await of.lookup.ask(nameOf('www.good.test'), RRType.A)).security.status).toBe('secure');
  });
});
