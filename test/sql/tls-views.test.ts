/** Hand-made endpoints, one for each thing that the TLS views tell apart; counts and denominators by hand. */
import { expect, test } from 'vitest';
import { readView } from '../../src/store/read-view.ts';
import { writeHosts } from '../../src/store/write-hosts.ts';
import type { HostFacts } from '../../src/survey/facts.ts';
import type { EndpointFacts, HandshakeFact } from '../../src/survey/probed-facts.ts';
import { fakeSurveyor } from '../census/fake-surveyor.ts';
import { freshDatabase } from '../store/template.ts';

const CENSUS = 1;
const other = 2;

const [model] = (await fakeSurveyor().hosts(['mx.p1.example'], AbortSignal.any([]))).hosts as [HostFacts];
const shown: HandshakeFact = model.endpoints[0]!.handshakes[0]!;
const tls: EndpointFacts = {
  ...model.endpoints[0]!,
  secondKey: 'not-asked',
  withoutSni: null,
  chainWithoutSni: null,
  matchedWithoutSni: null,
  matched: null,
  handshakes: [shown],
};
const old = {
  ...shown,
  protocol: 'TLSv1',
  cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA',
  keyAlgorithm: 'rsa',
  keyBits: 1024,
};
const rsa = { ...shown, keyAlgorithm: 'rsa', keyBits: 2048 };
const matched = { matched: '3 1 1', matchedDepth: 0 };

const endpoints: readonly Partial<EndpointFacts>[] = [
  { tls12: null, tls13: true },
  {
    tls12: true,
    tls13: true,
    secondKey: 'seen',
    handshakes: [shown, rsa],
    // Matched by its other key alone: SNI makes no difference.
    withoutSni: 'same-chain',
    matchedWithoutSni: false,
    ...matched,
  },
  {
    tls12: true,
    tls13: true,
    secondKey: 'not-offered',
    withoutSni: 'other-key',
    matchedWithoutSni: false,
    ...matched,
  },
  { tls12: false, tls13: true, secondKey: 'not-offered', withoutSni: 'other-key' },
  { tls12: false, tls13: false, handshakes: [old], withoutSni: 'refused', ...matched },
  { tls12: null, tls13: null, secondKey: 'not-looked' },
  // Not TLS: in none of these views.
  {
    reached: 'starttls',
    fault: 'theirs',
    because: 'tls-no-shared-parameters',
    tls12: false,
    tls13: false,
    handshakes: [],
  },
];

async function stored() {
  const db = await freshDatabase();
  for (const census of [CENSUS, other]) {
    await db.query(
      "INSERT INTO dane.census (census_id, config, software, started_at) VALUES ($1, '{}', 'test', now())",
      [census],
    );
    await db.query('SELECT dane.add_partitions($1::int)', [census]);
  }
  const host = (of: readonly Partial<EndpointFacts>[]): HostFacts => ({
    ...model,
    endpoints: of.map((change, at) => ({ ...tls, ...change, address: `192.0.2.${at + 1}` })),
  });
  await db.tx((session) => writeHosts(session, CENSUS, [host(endpoints)], []));
  await db.tx((session) => writeHosts(session, other, [host([{ tls12: null, tls13: null }])], []));
  return (view: string, census = CENSUS) => readView(db, view, census);
}

test('tls_versions: what was not looked at is neither offered nor not offered', async () => {
  const read = await stored();
  expect(await read('tls_versions')).toEqual([
    {
      census_id: 1,
      version: 'TLSv1.2',
      offered: 2,
      not_offered: 2,
      not_looked: 2,
      endpoints: 6,
      least_share: '0.333333',
      most_share: '0.666667',
    },
    {
      census_id: 1,
      version: 'TLSv1.3',
      offered: 4,
      not_offered: 1,
      not_looked: 1,
      endpoints: 6,
      least_share: '0.666667',
      most_share: '0.833333',
    },
  ]);
  expect(await read('tls_versions', other)).toMatchObject([
    {
      version: 'TLSv1.2',
      offered: 0,
      not_offered: 0,
      not_looked: 1,
      least_share: '0.000000',
      most_share: '1.000000',
    },
    { version: 'TLSv1.3', offered: 0, not_offered: 0, not_looked: 1 },
  ]);
});

test('tls_ciphers: each endpoint once, by its free choice', async () => {
  const read = await stored();
  expect(await read('tls_ciphers')).toEqual([
    { census_id: 1, protocol: 'TLSv1', cipher: old.cipher, endpoints: 1, share: '0.166667' },
    { census_id: 1, protocol: 'TLSv1.3', cipher: shown.cipher, endpoints: 5, share: '0.833333' },
  ]);
});

test('key_algorithms: an endpoint with two keys counts at both, and once in the denominator', async () => {
  const read = await stored();
  expect(await read('key_algorithms')).toEqual([
    { census_id: 1, key_algorithm: 'ec', key_bits: 256, endpoints: 5, share: '0.833333' },
    { census_id: 1, key_algorithm: 'rsa', key_bits: 1024, endpoints: 1, share: '0.166667' },
    { census_id: 1, key_algorithm: 'rsa', key_bits: 2048, endpoints: 1, share: '0.166667' },
  ]);
});

test('second_keys: a share only among those that were looked at', async () => {
  const read = await stored();
  expect(await read('second_keys')).toEqual([
    { census_id: 1, second_key: 'not-asked', endpoints: 2, share: null },
    { census_id: 1, second_key: 'not-looked', endpoints: 1, share: null },
    { census_id: 1, second_key: 'not-offered', endpoints: 2, share: '0.666667' },
    { census_id: 1, second_key: 'seen', endpoints: 1, share: '0.333333' },
  ]);
});

test('without_sni: a share only among those that were looked at', async () => {
  const read = await stored();
  expect(await read('without_sni')).toEqual([
    { census_id: 1, without_sni: 'other-key', endpoints: 2, match_needs_sni: 1, share: '0.500000' },
    { census_id: 1, without_sni: 'refused', endpoints: 1, match_needs_sni: 1, share: '0.250000' },
    { census_id: 1, without_sni: 'same-chain', endpoints: 1, match_needs_sni: 0, share: '0.250000' },
    { census_id: 1, without_sni: null, endpoints: 2, match_needs_sni: 0, share: null },
  ]);
});

test('endpoint_result: the free choice, the versions, and what is shown without SNI', async () => {
  const read = await stored();
  const rows = await read('endpoint_result');
  expect(rows).toHaveLength(endpoints.length);
  expect(rows[1]).toMatchObject({
    protocol: 'TLSv1.3',
    cipher: shown.cipher,
    tls12: true,
    tls13: true,
    key_algorithms: 'ec rsa',
    without_sni: 'same-chain',
    matched_without_sni: false,
  });
  expect(rows[6]).toMatchObject({ protocol: null, tls12: false, without_sni: null });
});
