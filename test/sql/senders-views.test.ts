/** Views of what senders do, over rows whose counts are known by hand. */
import { expect, test } from 'vitest';
import { senderKeys, senders } from '../../src/dane/senders.ts';
import { columns } from '../../src/store/bulk.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import type { Db, Row } from '../../src/store/db.ts';
import { openDatabase } from '../../src/store/open.ts';
import { writeVerdicts } from '../../src/store/pending.ts';
import { readView } from '../../src/store/read-view.ts';
import { writeDomains } from '../../src/store/write-domains.ts';
import { writeHosts } from '../../src/store/write-hosts.ts';
import type { DomainFacts, HostFacts } from '../../src/survey/facts.ts';
import type { JudgedDomain } from '../../src/survey/verdicts.ts';
import { fakeSurveyor } from '../census/fake-surveyor.ts';
import { freshDatabase, freshDirectory } from '../store/template.ts';

const signal = new AbortController().signal;
const { domains: seen } = await fakeSurveyor().domains([{ name: 'd1.example', delegation: null }], signal);
const aDomain = seen[0]!;
const aHost = (await fakeSurveyor().hosts(['mx.example'], signal)).hosts[0]!;
const insecure = {
  ...aDomain.mx,
  outcome: 'data',
  status: 'insecure',
  reason: 'insecure-delegation',
} as const;
const secure = { ...aDomain.mx, outcome: 'data', status: 'secure', reason: null } as const;

interface Case {
  readonly name: string;
  readonly at: readonly string[];
  readonly facts?: Partial<DomainFacts>;
  readonly judged: JudgedDomain;
  readonly senders: string | null;
  readonly hurt: boolean | null;
}

const dane = { verdict: 'dane', reason: null } as const;
const half = { verdict: 'insecure-mx', reason: 'domain-unsigned' } as const;
const good = 'mx.good.example';
const bad = 'mx.bad.example';
const cases: readonly Case[] = [
  { name: 'a.xa', at: [good], facts: { mx: secure }, judged: dane, senders: 'AAAAAAAAAAE', hurt: false },
  { name: 'b.xb', at: [good], facts: { mx: secure }, judged: dane, senders: 'AAAAAAAUUUE', hurt: false },
  { name: 'c.xb', at: [bad], judged: half, senders: 'DEDEEBBUUUE', hurt: true },
  { name: 'd.xb', at: [bad, good], judged: half, senders: 'DEDEEBBUUUE', hurt: true },
  { name: 'e.xb', at: [good], judged: half, senders: 'EEDEEBBEEEE', hurt: false },
  { name: 'f.xb', at: [good], judged: half, senders: 'UUUUUUUUUUU', hurt: null },
  { name: 'g.xb', at: [good], judged: half, senders: null, hurt: null },
  {
    name: 'h.xa',
    at: [],
    facts: { mail: 'null-mx' },
    judged: { verdict: 'no-mail', reason: 'null-mx' },
    senders: 'BBBBBBBBBBB',
    hurt: false,
  },
];

const host = (name: string, verdict: 'dane' | 'dane-failed'): HostFacts => ({
  ...aHost,
  host: name,
  verdict,
  reason: verdict === 'dane' ? null : 'tlsa-mismatch',
});

async function filled(): Promise<{ db: Db; read: (view: string) => Promise<Row[]> }> {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['list'], 'test', 1);
  await db.tx(async (session) => {
    await session.bulk(
      'dane.domain',
      columns('census_id int, ordinal int, name text'),
      cases.map(({ name }, at) => [census, at + 1, name]),
    );
    const rows = cases.map(({ name, at, facts }, number) => {
      const edges = at.map((one, preference) => ({ host: one, preference }));
      return {
        ordinal: number + 1,
        facts: { ...aDomain, mail: 'mx' as const, mx: insecure, aliases: [], ...facts, domain: name, edges },
      };
    });
    await writeDomains(session, census, rows, (name) => ({ provider: name.replace('mx.', ''), bucket: 0 }));
    await writeHosts(session, census, [host(good, 'dane'), host(bad, 'dane-failed')], []);
    await writeVerdicts(
      session,
      census,
      cases.map(({ judged, senders, hurt }, at) => {
        // Rows of before letters were kept have none.
        return { ordinal: at + 1, judged, mail: { senders: senders as string, hurt } };
      }),
    );
  });
  return { db, read: (view) => readView<Row>(db, view, census) };
}

test('each sender stands at its place, with how its rules are known', async () => {
  const db = await freshDatabase();
  const known = await db.query('SELECT position, sender, name, seen FROM dane.sender ORDER BY position');
  expect(known).toEqual(
    senderKeys.map((sender, at) => {
      const { name, situations } = senders[sender];
      return { position: at + 1, sender, name, seen: situations['tlsa-usable'].evidence === 'seen' };
    }),
  );
  expect(senderKeys.slice(0, 4)).toEqual([
    'postfix-dane',
    'postfix-dane-mx-may',
    'postfix-dane-only',
    'exim-try',
  ]);
});

test('a database whose letters stand for other senders is refused', async () => {
  const path = await freshDirectory();
  const db = await openDatabase(path, 'create');
  await db.query("UPDATE dane.sender SET sender = 'another' WHERE position = 2");
  await db.close();
  await expect(openDatabase(path, 'create')).rejects.toThrow('sender 2');
});

test('outcomes are counted by sender, provider and top-level domain; what is in no share stands apart', async () => {
  const { read } = await filled();
  const outcomes = await read('sender_outcomes');
  expect(outcomes).toHaveLength(senderKeys.length);
  const of = (rows: readonly Row[], sender: string) => rows.find((row) => row['sender'] === sender);
  expect(of(outcomes, 'postfix-dane')).toMatchObject({
    domains: 8,
    no_mail: 1,
    not_kept: 1,
    unknown: 1,
    judged: 5,
    authenticated: 2,
    encrypted: 1,
    clear: 0,
    deferred: 2,
    bounced: 0,
    authenticated_share: '0.400000',
    authenticated_share_low: null,
    deferred_share: '0.400000',
    requires_dane: false,
    seen: true,
  });
  expect(of(outcomes, 'halon-dane')).toMatchObject({ unknown: 4, judged: 2, authenticated: 1, seen: false });
  expect(of(outcomes, 'exim-require')).toMatchObject({ bounced: 3, judged: 5, requires_dane: true });

  const byProvider = await read('sender_outcomes_by_provider');
  expect(byProvider).toHaveLength(2 * senderKeys.length);
  const postfix = byProvider.filter((row) => row['sender'] === 'postfix-dane');
  expect(postfix.find((row) => row['provider'] === 'bad.example')).toMatchObject({
    domains: 2,
    judged: 2,
    deferred: 2,
    undelivered_share: '1.000000',
  });
  expect(postfix.find((row) => row['provider'] === 'good.example')).toMatchObject({
    domains: 6,
    not_kept: 1,
    unknown: 1,
    judged: 4,
    undelivered: 1,
  });

  const byTld = (await read('sender_outcomes_by_tld')).filter((row) => row['sender'] === 'postfix-dane');
  expect(byTld.map(({ tld, domains, no_mail, judged }) => [tld, domains, no_mail, judged])).toEqual([
    ['xa', 2, 1, 1],
    ['xb', 6, 0, 4],
  ]);
  const list = await read('sender_outcome_list');
  expect(list).toHaveLength(7 * senderKeys.length);
  expect(list.filter((row) => row['domain'] === 'c.xb' && row['sender'] === 'exim-require')).toMatchObject([
    { outcome: 'bounced', verdict: 'insecure-mx', hurt_though_unsigned: true },
  ]);
});

test('senders disagree where their outcomes differ, those left open aside', async () => {
  const { read } = await filled();
  const rows = await read('sender_disagreements');
  expect(rows.map(({ domains }) => domains)).toHaveLength(4);
  expect(rows.find(({ domains }) => domains === 2)).toMatchObject({
    combination:
      'encrypted: postfix-dane-mx-may, exim-try, exim-try-openssl, opportunistic; ' +
      'deferred: postfix-dane, postfix-dane-only; bounced: exim-require, exim-require-openssl; ' +
      'unknown: halon-dane, halon-dane-require, powermta-use-dane',
    outcomes: 3,
    delivery_differs: true,
    compared: 6,
    share: '0.333333',
  });
  expect(rows.filter((row) => row['delivery_differs'] === false)).toHaveLength(3);
});

test('domains that are hurt though unsigned, by the provider that fails', async () => {
  const { read } = await filled();
  expect(await read('hurt_unsigned')).toMatchObject([
    { unsigned: 5, insecure_mx: 5, not_kept: 1, unknown: 1, judged: 3, hurt: 2, hurt_share: '0.666667' },
  ]);
  expect(await read('hurt_unsigned_by_provider')).toMatchObject([
    {
      provider: 'bad.example',
      host_verdict: 'dane-failed',
      reason: 'tlsa-mismatch',
      hosts: 1,
      domains: 2,
      judged: 2,
      share: '1.000000',
      mender: 'mail',
    },
  ]);
  const list = await read('hurt_unsigned_list');
  expect(list.map(({ domain, host, preference }) => [domain, host, preference])).toEqual([
    ['c.xb', bad, 0],
    ['d.xb', bad, 0],
  ]);
});
