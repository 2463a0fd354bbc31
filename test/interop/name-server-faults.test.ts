/**
 * Faults of one real name server out of two: dnsdist before NSD drops, refuses or spoils what it is told to, another NSD has an
 * unsigned zone or none at all. `check` must find each as what it is, at its address, although the other server is good.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDnsdist } from './dnsdist.ts';
import { missingForPrograms, outputOf } from './name-servers-process.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { addresses, domain, internetOf, rootHints } from './small-internet.ts';

const missing = missingForNsd() ?? missingForPrograms('/usr/bin/dig', '/usr/bin/dnsdist');
if (missing !== undefined) console.warn(`faults of real name servers need ${missing}`);

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const GOOD = addresses.domains;
const DNSDIST = '5.45.0.21';
const OTHER_NSD = '5.45.0.22';
const NOBODY = '5.45.0.23';
const TLSA = 52;

interface Case {
  readonly label: string;
  /** Where the second server of the zone is. */
  readonly at: string;
  readonly faults: readonly string[];
  readonly rcode: string;
  /** Rules of dnsdist beside "for this zone". */
  readonly rules?: readonly (readonly [rule: string, action: string])[];
}

const forTlsa = (action: string) => [[`QTypeRule(${TLSA})`, action]] as const;

const cases: readonly Case[] = [
  { label: 'well', at: DNSDIST, faults: [], rcode: 'NOERROR' },
  {
    label: 'dropstlsa',
    at: DNSDIST,
    faults: ['name-server-drops-type'],
    rcode: 'TIMEOUT',
    rules: forTlsa('DropAction()'),
  },
  ...(['REFUSED', 'SERVFAIL', 'NOTIMP', 'FORMERR'] as const).map(
    (rcode): Case => ({
      label: `${rcode.toLowerCase()}tlsa`,
      at: DNSDIST,
      faults: ['name-server-drops-type'],
      rcode,
      rules: forTlsa(`RCodeAction(DNSRCode.${rcode})`),
    }),
  ),
  {
    label: 'notcp',
    at: DNSDIST,
    faults: ['name-server-no-tcp'],
    rcode: 'TCP-FAILED',
    rules: [
      [`QTypeRule(${TLSA}), TCPRule(false)`, 'TCAction()'],
      ['TCPRule(true)', 'DropAction()'],
    ],
  },
  {
    label: 'noedns',
    at: DNSDIST,
    faults: ['name-server-drops-edns'],
    rcode: 'NOERROR',
    rules: [['RecordsTypeCountRule(DNSSection.Additional, 41, 1, 1)', 'DropAction()']],
  },
  {
    label: 'deniesent',
    at: DNSDIST,
    faults: ['ancestor-nxdomain-unproven'],
    rcode: 'NOERROR',
    rules: [['QNameRule("_tcp.mx.deniesent.nl.")', 'RCodeAction(DNSRCode.NXDOMAIN)']],
  },
  {
    label: 'refusesall',
    at: DNSDIST,
    faults: ['name-server-lame'],
    rcode: 'REFUSED',
    rules: [['AllRule()', 'RCodeAction(DNSRCode.REFUSED)']],
  },
  { label: 'unsigned', at: OTHER_NSD, faults: ['name-server-unsigned'], rcode: 'NOERROR' },
  { label: 'notthere', at: OTHER_NSD, faults: ['name-server-lame'], rcode: 'REFUSED' },
  { label: 'silent', at: NOBODY, faults: ['name-server-silent'], rcode: 'TIMEOUT' },
];
const originOf = (label: string) => `${label}.nl.`;

interface Printed {
  readonly domain: string;
  readonly findings: readonly { readonly key: string; readonly detail: string }[];
  readonly hosts: readonly {
    readonly tlsaOutcome: string;
    readonly ancestorConsequence: string | null;
    readonly findings: readonly { readonly key: string; readonly detail: string }[];
    readonly serverAnswers: readonly {
      readonly address: string;
      readonly rcode: string;
      readonly faults: readonly string[];
    }[];
  }[];
}

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('one name server of two', () => {
  let namespace: NetworkNamespace;
  let directory: string;
  const running: AsyncDisposable[] = [];
  const checked = new Map<string, Printed>();

  beforeAll(async () => {
    expect(missing).toBeUndefined();
    namespace = await makeNetworkNamespace();
    const hash = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
    const domains = cases.map(({ label, at }) =>
      domain(label, ['@ NS ns2', `ns2 A ${at}`, 'mx A 5.45.1.1', `_25._tcp.mx TLSA 3 1 1 ${hash}`], {
        algorithm: 'ECDSAP256SHA256',
      }),
    );
    const [root, nl, ...below] = internetOf(domains);
    const seconds = cases.flatMap(({ label, at }) => [
      `${originOf(label)} NS ns2.${originOf(label)}`,
      `ns2.${originOf(label)} A ${at}`,
    ]);
    const signed = await signZones([root!, { ...nl!, lines: [...nl!.lines, ...seconds] }, ...below]);
    const zone = (origin: string) => signed.filter((one) => one.origin === origin);
    running.push(await startNsd(namespace, [addresses.root], zone('.')));
    running.push(await startNsd(namespace, [addresses.nl], zone('nl.')));
    running.push(
      await startNsd(
        namespace,
        [GOOD],
        domains.flatMap(({ origin }) => zone(origin)),
      ),
    );
    const stripped = zone(originOf('unsigned')).map((one) => ({ ...one, text: withoutDnssec(one.text) }));
    running.push(await startNsd(namespace, [OTHER_NSD], stripped));
    const rules = cases.flatMap(({ label, rules: own = [] }) =>
      own.map(([rule, action]) => `addAction(AndRule({makeRule("${originOf(label)}"), ${rule}}), ${action})`),
    );
    const origin = originOf('well');
    running.push(await startDnsdist({ namespace, address: DNSDIST, behind: GOOD, rules, origin }));

    directory = await mkdtemp(join(tmpdir(), 'name-server-faults-'));
    await writeFile(join(directory, 'hints'), rootHints);
    await writeFile(join(directory, 'anchor'), zone('.')[0]!.ds);
    const printed = await outputOf(namespace, [
      process.execPath,
      commandLine,
      'check',
      ...cases.map(({ label }) => originOf(label)),
      ...['--json', '--timeout', '1000', '--smtp-timeout', '1000'],
      ...['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')],
    ]);
    for (const line of printed.trim().split('\n')) {
      const one = JSON.parse(line) as Printed;
      checked.set(one.domain, one);
    }
  });

  afterAll(async () => {
    for (const server of running) await server[Symbol.asyncDispose]();
    await namespace[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  test.each(cases)('$label: $faults', ({ label, at, faults, rcode }) => {
    const { hosts } = checked.get(`${label}.nl`)!;
    const [host] = hosts;
    expect(host!.tlsaOutcome).toBe('usable');
    expect(host!.serverAnswers).toMatchObject([
      { address: GOOD, rcode: 'NOERROR', faults: [] },
      { address: at, rcode, faults },
    ]);
    expect(host!.findings.map(({ key }) => key)).toEqual(faults);
    for (const { detail } of host!.findings) expect(detail).toMatch(new RegExp(`ns2\\.${label}\\.nl/${at}$`));
    expect(host!.ancestorConsequence).toBe(label === 'deniesent' ? 'mail-deferred' : null);
  });

  test('the servers of the domain itself are looked at too', () => {
    const ofDomain = (label: string) => checked.get(`${label}.nl`)!.findings;
    expect(ofDomain('well')).toEqual([]);
    expect(ofDomain('dropstlsa')).toEqual([]);
    for (const [label, key] of [
      ['refusesall', 'name-server-lame'],
      ['silent', 'name-server-silent'],
      ['unsigned', 'name-server-unsigned'],
      ['noedns', 'name-server-drops-edns'],
    ] as const) {
      expect(ofDomain(label).map((finding) => finding.key)).toEqual([key]);
    }
  });
});

/** The zone as somebody serves it who has never signed it. */
function withoutDnssec(text: string): string {
  const types = /\s(RRSIG|NSEC|NSEC3|NSEC3PARAM|DNSKEY)\s/;
  return text
    .split('\n')
    .filter((line) => !types.test(line))
    .join('\n');
}
