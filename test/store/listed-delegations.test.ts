/** Delegations of zone files, from the lines to what the surveyor is given. */
import { describe, expect, test } from 'vitest';
import { takeIn } from '../../src/census/intake.ts';
import type { ListedDelegation } from '../../src/resolve/listed-delegation.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { pendingDomains } from '../../src/store/pending.ts';
import { freshDatabase } from './template.ts';

const SOA = 'tld. 900 IN SOA ns.tld. h.tld. 1 2 3 4 5';
const records = [
  'a.tld. NS ns.a.tld.',
  'a.tld. NS ns.other.example.',
  'a.tld. DS 1 13 2 aabb',
  'a.tld. DS 2 13 2 ccdd',
  'ns.a.tld. A 192.0.2.1',
  'ns.a.tld. AAAA 2001:db8::1',
  'b.tld. NS ns.a.tld.',
  'c.tld. NS ns.c.tld.',
  'c.tld. DS 3 13 2 eeff',
  'x.c.tld. NS ns.a.tld.',
  'y.z.tld. NS ns.a.tld.',
];
const glue: ListedDelegation['glue'][number] = ['ns.a.tld', ['192.0.2.1', '2001:db8::1']];
const whole = {
  'a.tld': {
    zone: 'tld',
    nameServers: ['ns.a.tld', 'ns.other.example'],
    glue: [glue],
    ds: ['00010d02aabb', '00020d02ccdd'],
  },
  'b.tld': { zone: 'tld', nameServers: ['ns.a.tld'], glue: [glue], ds: [] },
  'c.tld': { zone: 'tld', nameServers: ['ns.c.tld'], glue: [], ds: ['00030d02eeff'] },
  // Below another delegation: nothing that this zone could speak for.
  'x.c.tld': null,
  'y.z.tld': { zone: 'tld', nameServers: ['ns.a.tld'], glue: [glue], ds: [] },
};

/** By name; the DS records in the order of their octets. */
async function read(
  db: Db,
  lists: Record<string, readonly string[]>,
  more: { delegations?: boolean } = {},
): Promise<Record<string, ListedDelegation | null>> {
  const census = await beginCensus(db, {}, Object.keys(lists), 'test', 0);
  await takeIn({
    db,
    census,
    jobSize: 1000,
    format: null,
    delegations: true,
    signal: new AbortController().signal,
    enqueue: async () => {},
    onNames: () => {},
    read: async function* (list) {
      yield lists[list]!.map((line) => Buffer.from(line));
    },
    ...more,
  });
  const pending = await pendingDomains(db, census, { first: 1, last: 1000 });
  return Object.fromEntries(
    pending.map(({ name, delegation }) => [
      name,
      delegation && { ...delegation, ds: [...delegation.ds].sort() },
    ]),
  );
}

/** A shuffle that a seed decides (numerical recipes' generator). */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  let state = seed;
  return all
    .map((one) => {
      state = (state * 1_664_525 + 1_013_904_223) >>> 0;
      return { one, lot: state };
    })
    .sort((x, y) => x.lot - y.lot)
    .map(({ one }) => one);
}

describe('delegations of a zone file', () => {
  test('sorted as registries sort', async () => {
    const db = await freshDatabase();
    expect(await read(db, { zone: [SOA, ...records] })).toEqual(whole);
    expect(await db.query('SELECT 1 FROM dane.delegation_apart')).toEqual([]);
  });

  test('in any order they come to the same', async () => {
    const db = await freshDatabase();
    for (let seed = 1; seed <= 12; seed++) {
      expect(await read(db, { zone: [SOA, ...shuffled(records, seed)] }), String(seed)).toEqual(whole);
    }
  });

  test('a record that cannot be read, wherever it stands: the parent is asked', async () => {
    const db = await freshDatabase();
    const broken = [
      SOA,
      ...records,
      'a.tld. DS 4 NOALGORITHM 2 aabb',
      'new.tld. NS ns.a.tld.',
      'new.tld. DS x',
    ];
    const { 'a.tld': a, 'b.tld': b, 'new.tld': fresh } = await read(db, { zone: broken });
    expect({ a, b, fresh }).toEqual({ a: null, b: whole['b.tld'], fresh: null });
  });

  test('the first list that names a domain decides; records of two lists are not mixed', async () => {
    const db = await freshDatabase();
    const first = [SOA, 'a.tld. NS ns.first.'];
    const second = [SOA, 'a.tld. NS ns.second.', 'a.tld. DS 1 13 2 aabb', 'b.tld. NS ns.second.'];
    expect(await read(db, { plain: ['b.tld'], first, second })).toEqual({
      'b.tld': null,
      'a.tld': { zone: 'tld', nameServers: ['ns.first'], glue: [], ds: [] },
    });
  });

  test('--no-delegations: none is kept', async () => {
    const db = await freshDatabase();
    const found = await read(db, { zone: [SOA, ...records] }, { delegations: false });
    expect(new Set(Object.values(found))).toEqual(new Set([null]));
    expect(await db.query('SELECT 1 FROM dane.listed_address')).toEqual([]);
  });

  test('sets of name servers are kept once over all censuses', async () => {
    const db = await freshDatabase();
    await read(db, { zone: [SOA, ...records] });
    await read(db, { zone: [SOA, ...records] });
    const [{ sets }] = (await db.query<{ sets: number }>(
      'SELECT count(*) AS sets FROM dane.delegation_set',
    )) as [{ sets: number }];
    expect(sets).toBe(3);
  });
});

test('domains of a zone file get their parts when all of it is read', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['zone', 'plain'], 'test', 0);
  const stop = new AbortController();
  const names = Array.from({ length: 6000 }, (_, at) => Buffer.from(`d${at}.tld. NS n.`));
  const options = {
    db,
    census,
    jobSize: 1000,
    format: null,
    delegations: true,
    enqueue: async () => {},
    read: async function* (list: string) {
      yield list === 'zone' ? [Buffer.from(SOA), ...names] : [Buffer.from('last.example')];
    },
  };
  await takeIn({ ...options, signal: stop.signal, onNames: () => stop.abort() });
  const parts = () =>
    db.query('SELECT count(*) AS parts, sum(last_ordinal - first_ordinal + 1) AS names FROM dane.part');
  expect(await parts()).toEqual([{ parts: 0, names: null }]);
  await takeIn({ ...options, signal: new AbortController().signal, onNames: () => {} });
  expect(await parts()).toEqual([{ parts: 7, names: 6001 }]);
  const [domains] = await db.query(
    'SELECT count(*) AS count, count(DISTINCT name) AS names FROM dane.domain',
  );
  expect(domains).toEqual({ count: 6001, names: 6001 });
});
