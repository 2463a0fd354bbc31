/** Figures counted from a truth of two domains, and what a row must be like to disagree with them. */
import { describe, expect, test } from 'vitest';
import { compareRates } from '../../src/lab/compare-rates.ts';
import { type ExpectedTable, Tally, type ViewRow } from '../../src/lab/expected-table.ts';
import { CountsByReason } from '../../src/lab/open-reasons.ts';
import { ratesOfTruth } from '../../src/lab/rates-of-truth.ts';
import type { DomainTruth, EndpointTruth, HostTruth, LabTruth } from '../../src/lab/truth.ts';

const endpoint: EndpointTruth = {
  address: '5.45.0.1',
  verdict: 'authenticated',
  reasons: [null],
  tls: {
    protocol: 'TLSv1.3',
    tls12: true,
    tls13: true,
    withoutSni: 'same-chain',
    keys: ['ec 256', 'rsa 2048'],
  },
};
const broken: EndpointTruth = {
  address: '5.45.0.2',
  verdict: 'failed',
  reasons: ['starttls-not-offered'],
  tls: null,
};
const host: HostTruth = {
  host: 'mx.a.xa',
  scenario: 'one',
  tlsaOutcome: 'usable',
  tlsaRecords: ['3 1 1', '2 1 1', '3 1 1'],
  tlsaTtl: 3600,
  verdict: 'dane-degraded',
  reasons: ['starttls-not-offered'],
  findings: ['ancestor-denied'],
  serverFaults: [
    { address: '5.45.0.9', fault: 'ancestor-denied' },
    { address: '5.45.0.8', fault: 'ancestor-denied' },
  ],
  endpoints: [endpoint, broken],
};
const domain: DomainTruth = {
  domain: 'a.xa',
  scenario: 'one',
  mail: 'mx',
  mxStatus: 'secure',
  verdict: 'dane-degraded',
  reasons: ['starttls-not-offered'],
  mtaSts: true,
  hosts: ['mx.a.xa'],
};
const bogus: DomainTruth = {
  ...domain,
  domain: 'b.xb',
  mail: 'unknown',
  mxStatus: 'bogus',
  verdict: 'lookup-failed',
  reasons: ['rrsig-expired', 'signature-invalid'],
  mtaSts: false,
  hosts: [],
};
const truth: LabTruth = {
  domains: () => [domain, bogus],
  domain: (name) => [domain, bogus].find((one) => one.domain === name),
  hosts: () => [host],
  host: (name) => (name === host.host ? host : undefined),
};

/** Rows that agree, as the views have them. */
const rows: Readonly<Record<string, readonly ViewRow[]>> = {
  census_overview: [
    {
      ...{ listed: 2, duplicates: 0, invalid: 0, domains: 2, looked_at: 2, not_looked_at: 0, no_mail: 0 },
      ...{ unknown: 0, judged: 2, hosts: 1, hosts_looked_at: 1, endpoints: 2, endpoints_unknown: 0 },
    },
  ],
  adoption: [
    {
      ...{ judged: 2, mx_secure: 1, dane_any: 1, dane: 0, dane_degraded: 1, dane_partial: 0, dane_failed: 0 },
      ...{ insecure_mx: 0, mta_sts: 1, mx_secure_share: '0.500000', dane_any_share: '0.500000' },
      ...{ dane_share: '0.000000' },
    },
  ],
  adoption_by_tld: [
    {
      ...{ tld: 'xa', domains: 1, no_mail: 0, unknown: 0, judged: 1, mx_secure: 1, dane_any: 1, dane: 0 },
      ...{ dane_failed: 0, dane_any_share: '1.000000' },
    },
    {
      ...{ tld: 'xb', domains: 1, no_mail: 0, unknown: 0, judged: 1, mx_secure: 0, dane_any: 0, dane: 0 },
      ...{ dane_failed: 0, dane_any_share: '0.000000' },
    },
  ],
  adoption_by_provider: [
    { provider: 'a.xa', dane_any: 1, dane: 0, dane_failed: 0, insecure_mx: 0, dane_any_share: '1.000000' },
  ],
  mx_security: [
    { mx_status: 'secure', domains: 1, share: '0.500000' },
    { mx_status: 'bogus', domains: 1, share: '0.500000' },
  ],
  domain_verdicts: [
    { verdict: 'dane-degraded', domains: 1, share: '0.500000' },
    { verdict: 'lookup-failed', domains: 1, share: '0.500000' },
  ],
  host_verdicts: [{ verdict: 'dane-degraded', hosts: 1, share: '1.000000' }],
  endpoint_verdicts: [
    { verdict: 'authenticated', endpoints: 1, share: '0.500000' },
    { verdict: 'failed', endpoints: 1, share: '0.500000' },
  ],
  tlsa_outcomes: [{ tlsa_outcome: 'usable', hosts: 1, uses: 1, ours: 0, share: '1.000000' }],
  tlsa_parameters: [
    { usage: 3, selector: 1, matching_type: 1, reason: null, records: 1 },
    { usage: 3, selector: 1, matching_type: 1, reason: 'digest-length', records: 1 },
    { usage: 2, selector: 1, matching_type: 1, reason: null, records: 1 },
  ],
  tlsa_combinations: [{ combination: '2 1 1 + 3 1 1 + 3 1 1', hosts: 1 }],
  host_result: [
    { host: 'mx.a.xa', tlsa_outcome: 'usable', tlsa_ttl: 3600 },
    { host: 'mx.b.xb', tlsa_outcome: 'none', tlsa_ttl: null },
  ],
  failures_by_reason: [
    { subject: 'domain', verdict: 'dane-degraded', reason: 'starttls-not-offered', affected: 1 },
    { subject: 'domain', verdict: 'lookup-failed', reason: 'signature-invalid', affected: 1 },
    { subject: 'host', verdict: 'dane-degraded', reason: 'starttls-not-offered', affected: 1 },
    { subject: 'endpoint', verdict: 'failed', reason: 'starttls-not-offered', affected: 1 },
  ],
  findings_by_reason: [
    { subject: 'host', finding: 'ancestor-denied', affected: 1 },
    // Needs no cause: the truth does not tell.
    { subject: 'host', finding: 'mx-is-cname', affected: 7 },
  ],
  name_server_findings: [
    { subject: 'host', finding: 'ancestor-denied' },
    { subject: 'host', finding: 'ancestor-denied' },
  ],
  tls_ciphers: [{ protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', endpoints: 1 }],
  tls_versions: ['TLSv1.2', 'TLSv1.3'].map((version) => ({
    ...{ version, offered: 1, not_offered: 0, not_looked: 0, endpoints: 1 },
    ...{ least_share: '1.000000', most_share: '1.000000' },
  })),
  key_algorithms: [
    { key_algorithm: 'ec', key_bits: 256, endpoints: 1, share: '1.000000' },
    { key_algorithm: 'rsa', key_bits: 2048, endpoints: 1, share: '1.000000' },
  ],
  second_keys: [{ second_key: 'seen', endpoints: 1, share: '1.000000' }],
  without_sni: [{ without_sni: 'same-chain', endpoints: 1, share: '1.000000' }],
};

async function told(over: Readonly<Record<string, readonly ViewRow[]>>, tables = ratesOfTruth(truth, true)) {
  const all = { ...rows, ...over };
  const { compared, agreed, disagreements } = await compareRates(tables, async (view, take) =>
    take(all[view]!),
  );
  expect(agreed).toBe(compared - disagreements.length);
  return disagreements.map(({ view, key, column, expected, seen }) =>
    [view, key, column, expected, seen].filter((text) => text !== '').join(' '),
  );
}

test('rows that say what is so agree in every figure', async () => {
  expect(await told({})).toEqual([]);
});

test('every view is compared', async () => {
  for (const { view } of ratesOfTruth(truth, true)) expect(await told({ [view]: [] })).not.toEqual([]);
});

test.each<[string, string, readonly ViewRow[], readonly string[]]>([
  [
    'a count',
    'adoption_by_provider',
    [{ ...rows['adoption_by_provider']![0]!, dane: 1 }],
    ['adoption_by_provider a.xa dane 0 1'],
  ],
  [
    'a share',
    'host_verdicts',
    [{ verdict: 'dane-degraded', hosts: 1, share: '0.999999' }],
    ['host_verdicts dane-degraded share 1 0.999999'],
  ],
  [
    'a row too many',
    'tlsa_combinations',
    [...rows['tlsa_combinations']!, { combination: '3 1 1', hosts: 1 }],
    ['tlsa_combinations 3 1 1 hosts 0 1'],
  ],
  [
    'another reason than those left open',
    'failures_by_reason',
    rows['failures_by_reason']!.map((row) =>
      row['verdict'] === 'lookup-failed' ? { ...row, reason: 'timeout' } : row,
    ),
    [
      'failures_by_reason domain lookup-failed rrsig-expired or signature-invalid affected 1 0',
      'failures_by_reason domain lookup-failed timeout affected 0 1',
    ],
  ],
  [
    'a row fewer, of rows that are counted',
    'name_server_findings',
    rows['name_server_findings']!.slice(1),
    ['name_server_findings host ancestor-denied rows 2 1'],
  ],
])('%s that is wrong disagrees', async (_, view, instead, expected) => {
  expect(await told({ [view]: instead })).toEqual(expected);
});

test('a view without the column is a fault of ours', async () => {
  await expect(told({ domain_verdicts: [{ verdict: 'dane' }] })).rejects.toThrow('no column domains');
});

test('without every TLS question what was not asked is not compared', () => {
  const views = ratesOfTruth(truth, false).map(({ view }) => view);
  expect(views).not.toContain('key_algorithms');
  const versions = ratesOfTruth(truth, false).find(({ view }) => view === 'tls_versions')!;
  expect([...versions.figures.keys()]).toEqual(['TLSv1.3']);
  expect(versions.keyOf({ version: 'TLSv1.2' })).toBeUndefined();
});

describe('shares', () => {
  test.each([
    [1, 128, 0.007813],
    [1, 640, 0.001563],
    [1, 3, 0.333333],
    [2, 3, 0.666667],
    [0, 7, 0],
    [7, 7, 1],
  ])('%i of %i is %f: half away from zero, as numeric is rounded', (of, by, expected) => {
    const share = { column: 'share', of: 'k', by: 'n' };
    const tally = new Tally({ view: 'v', keys: [], counts: ['k', 'n'], shares: [share] });
    tally.add([], { k: of, n: by });
    expect(tally.shareOf(share, '')).toBe(expected);
  });

  test('of nothing there is none', () => {
    const share = { column: 'share', of: 'k', by: 'n' };
    expect(
      new Tally({ view: 'v', keys: [], counts: ['k', 'n'], shares: [share] }).shareOf(share, ''),
    ).toBeNull();
  });
});

describe('reasons that are left open', () => {
  const keysOf = (table: ExpectedTable) => [...table.figures].map(([key, [count]]) => `${key}: ${count}`);

  test('are summed with whatever they share an alternative with, and apart by verdict', () => {
    const counts = new CountsByReason('v');
    counts.add('host', 'lookup-failed', ['refused', 'timeout']);
    counts.add('host', 'lookup-failed', ['timeout', 'lame']);
    counts.add('host', 'lookup-failed', ['lame']);
    counts.add('host', 'lookup-failed', ['servfail']);
    counts.add('host', 'dane-failed', ['timeout']);
    expect(keysOf(counts)).toEqual([
      'host lookup-failed lame or refused or timeout: 3',
      'host lookup-failed servfail: 1',
      'host dane-failed timeout: 1',
    ]);
  });
});
