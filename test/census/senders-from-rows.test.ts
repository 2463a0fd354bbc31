/** What each sender does with the mail of each domain of the zoo: from rows as from what was seen, and as certificates say. */
import { beforeAll, expect, test } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { createSurvey } from '../../src/census/stack.ts';
import { surveyConfigOf } from '../../src/census/survey-config.ts';
import type { SurveyedHosts } from '../../src/census/surveyor.ts';
import { verifyChain } from '../../src/dane/verify-chain.ts';
import { otherMannerKeys, otherManners, rfc7671 } from '../../src/dane/verifying-manner.ts';
import { startLab } from '../../src/lab/lab.ts';
import { zoo } from '../../src/lab/zoo/zoo.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import { writeIntakeBatch } from '../../src/store/intake-record.ts';
import { pendingVerdicts, writeVerdicts } from '../../src/store/pending.ts';
import { writeDomains } from '../../src/store/write-domains.ts';
import { writeHosts } from '../../src/store/write-hosts.ts';
import type { DomainFacts } from '../../src/survey/facts.ts';
import { judgeDomain } from '../../src/survey/judge-domain.ts';
import { namesOneInstead } from '../../src/survey/judge-endpoint.ts';
import { judgeSenders } from '../../src/survey/judge-senders.ts';
import { nextHopNames } from '../../src/survey/next-hop-names.ts';
import { lettersOf, rememberingSendersJudge } from '../../src/survey/sender-letters.ts';
import { freshDatabase } from '../store/template.ts';

let domains: readonly DomainFacts[];
let surveyed: SurveyedHosts;

beforeAll(async () => {
  const lab = await startLab({ domains: zoo.length, seed: 1 });
  const survey = createSurvey(
    surveyConfigOf({
      ...lab.config,
      minimisation: 'relaxed',
      timeoutMs: 1000,
      smtpTimeoutMs: 3000,
      queriesPerSecond: 0,
      dnsPort: 53,
      smtpPort: 25,
      allowPrivate: false,
      ehloName: 'census.example',
      domainsInFlight: 400,
      hostsInFlight: 100,
    }),
  );
  const { signal } = new AbortController();
  const listed = [...lab.names()].map((name) => ({ name, delegation: null }));
  domains = (await survey.domains(listed, signal)).domains;
  const hosts = new Set(domains.flatMap(({ edges }) => edges.map(({ host }) => host)));
  surveyed = await survey.hosts([...hosts], signal);
  await survey.close();
  await lab.close();
});

test('from rows as from what was seen', async () => {
  const { hosts, certificates } = surveyed;
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['list'], 'test', 1);
  const rows = domains.map((facts, at) => ({ ordinal: at + 1, facts }));
  await db.tx(async (session) => {
    const names = rows.map(({ ordinal, facts }) => ({ ordinal, name: facts.domain }));
    const batch = { names, invalid: [], skipped: 0, lines: 1, digest: new Uint8Array(), complete: true };
    await writeIntakeBatch(session, census, 0, 0, batch);
    await writeDomains(session, census, rows, (name) => ({ provider: name, bucket: 0 }));
    await writeHosts(session, census, hosts, certificates);
  });
  const byName = new Map(hosts.map((host) => [host.host, host]));
  const expected = rows.map(({ ordinal, facts }) => {
    return { ordinal, domain: facts.domain, ...lettersOf(judgeSenders(facts, byName)) };
  });
  // The zoo tells senders apart, and leaves some of them open.
  expect(new Set(expected.map(({ senders }) => senders)).size).toBeGreaterThan(15);
  expect(expected.some(({ senders }) => senders.includes('U'))).toBe(true);
  expect(expected.some(({ hurt }) => hurt)).toBe(true);

  const pending = await pendingVerdicts(db, census, { first: 1, last: rows.length });
  const mailOf = rememberingSendersJudge(pending.hosts);
  const judged = pending.domains.map(({ ordinal, facts }) => {
    return { ordinal, judged: judgeDomain(facts, pending.hosts), mail: mailOf(facts) };
  });
  await writeVerdicts(db, census, judged);
  const kept = await db.query(
    `SELECT v.ordinal, d.name AS domain, v.senders, v.hurt
       FROM dane.domain_verdict v JOIN dane.domain d ON d.census_id = v.census_id AND d.ordinal = v.ordinal
      WHERE v.census_id = $1 ORDER BY v.ordinal`,
    [census],
  );
  expect(kept).toEqual(expected);
});

test('RFC 7671 §5, §9, RFC 7672 §3.2.2: what is kept of a handshake says what its certificates say, in every manner', () => {
  const { hosts, certificates } = surveyed;
  const ders = new Map(certificates.map(({ sha256, der }) => [sha256, der]));
  const differing = new Set<string>();
  for (const { host, tlsaOutcome, tlsaBase, tlsaRecords, endpoints } of hosts) {
    if (tlsaOutcome !== 'usable') continue;
    const records = tlsaRecords
      .filter(({ reason }) => reason !== 'tlsa-malformed')
      .map((record) => ({ ...record, data: fromHex(record.data)! }));
    const namedBy = domains.filter(({ edges }) => edges.some((edge) => edge.host === host));
    for (const { handshakes, seenAt } of endpoints) {
      for (const handshake of handshakes) {
        const chain = handshake.chain.map((sha256) => ders.get(sha256)!);
        const shown = { chain, records, baseDomain: tlsaBase!, at: seenAt };
        for (const manner of otherMannerKeys) {
          const verdict = verifyChain({ ...shown, referenceNames: [], manner: otherManners[manner] });
          const { inOtherManners, reason } = handshake;
          expect(inOtherManners === null ? reason : inOtherManners[manner]).toBe(
            verdict.ok ? null : verdict.reason,
          );
          if (verdict.ok !== (reason === null)) differing.add(manner);
        }
        for (const domain of namedBy) {
          const names = nextHopNames(domain);
          const verdict = verifyChain({ ...shown, referenceNames: names, manner: rfc7671 });
          expect(handshake.reason === null || namesOneInstead(handshake, names)).toBe(verdict.ok);
        }
      }
    }
  }
  expect(differing).toEqual(new Set(otherMannerKeys));
});
