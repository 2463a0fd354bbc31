/**
 * Our signer before other verifiers, and our validator before other signers: BIND's dnssec-signzone and dnssec-verify, ldns, NSD.
 * Needs the Debian packages `bind9-utils`, `bind9-dnsutils`, `ldnsutils` and `nsd`; uses the loopback address only.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DnssecAlgorithm } from '../../src/dns/dnssec-algorithm.ts';
import { type Message, readMessage } from '../../src/dns/message.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { formatName, type Name, name, nameToBytes } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { encodeQuery } from '../../src/dns/query.ts';
import { type Ds, readDs } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { CLASS_IN, formatType, RRType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { Budget } from '../../src/dnssec/budget.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { SignatureMemo } from '../../src/dnssec/signature-memo.ts';
import { verifyZoneKeys, type ZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { nsecChain } from '../../src/lab/signing/nsec-chain.ts';
import { nsec3Chain, nsec3paramRdata } from '../../src/lab/signing/nsec3-chain.ts';
import { dnskeyOf, signRRset } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, ZSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';

const APEX = name('example.');
const now = Math.floor(Date.now() / 1000);

const ZONE = `$TTL 3600
$ORIGIN example.
@ SOA ns hostmaster 1 3600 900 604800 300
@ NS ns
@ MX 10 Mail
ns A 192.0.2.53
mail A 192.0.2.25
mail AAAA 2001:db8::25
_25._tcp.mail TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
alias CNAME Mail
redirected DNAME elsewhere.test.
*.wild TXT "expanded"
host.wild TXT "own"
*.aliases CNAME mail
signed NS ns.signed
signed DS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
ns.signed A 192.0.2.54
unsigned NS ns.elsewhere.test.
deep.down.unsigned2 NS ns.elsewhere.test.
`;

const tools = ['dnssec-signzone', 'dnssec-verify', 'dnssec-keygen', 'ldns-verify-zone', 'nsd'];
const missing = tools.filter(
  (tool) =>
    !['/usr/bin', '/usr/sbin', '/sbin', '/bin'].some((directory) => existsSync(join(directory, tool))),
);
const skip = missing.length > 0 && process.env['CI'] !== 'true';
if (skip) console.log(`skipped: dnssec-signzone.test.ts needs ${missing.join(', ')}`);

const directory = skip ? '' : mkdtempSync(join(tmpdir(), 'dnssec-'));
afterAll(() => {
  if (!skip) rmSync(directory, { recursive: true, force: true });
});

describe.skipIf(skip)('zones of ours are found good by dnssec-verify and ldns-verify-zone', () => {
  const cases = [
    ['NSEC, RSA/SHA-256', DnssecAlgorithm.RSASHA256, undefined],
    ['NSEC, ECDSA P-256', DnssecAlgorithm.ECDSAP256SHA256, undefined],
    [
      'NSEC3, ECDSA P-384',
      DnssecAlgorithm.ECDSAP384SHA384,
      { iterations: 0, salt: Buffer.alloc(0), optOut: false },
    ],
    [
      'NSEC3, Ed25519',
      DnssecAlgorithm.ED25519,
      { iterations: 5, salt: Buffer.from('abcd', 'hex'), optOut: false },
    ],
    [
      'NSEC3 with opt-out, RSA/SHA-512',
      DnssecAlgorithm.RSASHA512,
      { iterations: 1, salt: Buffer.alloc(4), optOut: true },
    ],
  ] as const;

  test.each(cases)('%s', (title, algorithm, nsec3) => {
    const ksk = zoneKey(`${title} ksk`, algorithm, KSK_FLAGS);
    const zsk = zoneKey(`${title} zsk`, algorithm, ZSK_FLAGS);
    const records = [
      ...parseZoneFile(ZONE.split('\n'), 'zone'),
      dnskeyOf(ksk, APEX, 3600),
      dnskeyOf(zsk, APEX, 3600),
    ];
    if (nsec3 !== undefined) {
      records.push({ name: APEX, type: RRType.NSEC3PARAM, ttl: 0, rdata: nsec3paramRdata(nsec3) });
    }
    const glue = name('ns.signed.example.');
    const rrsets = Map.groupBy(
      records.filter((record) => record.name !== glue),
      (record) => `${record.type} ${record.name}`,
    );
    const types = new Map<Name, number[]>();
    for (const [first] of rrsets.values()) {
      types.set(first!.name, [...(types.get(first!.name) ?? []), first!.type]);
    }
    const names = [...types].map(([owner, owned]) => ({ name: owner, types: owned }));
    const chain = nsec3 === undefined ? nsecChain(names, 300) : nsec3Chain(APEX, names, nsec3, 300);
    const sign = (rrset: readonly PlainRecord[]) => {
      const key = rrset[0]!.type === RRType.DNSKEY ? ksk : zsk;
      return signRRset(rrset, { key, signer: APEX, inception: now - 3600, expiration: now + 86_400 });
    };
    const lines = records.map(lineOf);
    for (const rrset of rrsets.values()) {
      const isCut = rrset[0]!.type === RRType.NS && rrset[0]!.name !== APEX;
      if (!isCut) lines.push(lineOf(sign(rrset)));
    }
    for (const record of chain.records()) lines.push(lineOf(record), lineOf(sign([record])));
    const file = join(directory, `${algorithm}.zone`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    execFileSync('dnssec-verify', ['-q', '-x', '-o', 'example.', file]);
    execFileSync('ldns-verify-zone', [file]);
  });
});

function lineOf(record: PlainRecord): string {
  return `${formatName(record.name)} ${record.ttl} IN ${formatType(record.type)} ${formatRdata(recordOf(record))}`;
}

const signers = [
  { title: 'NSEC, RSASHA256', algorithm: 'RSASHA256', options: [] },
  { title: 'NSEC, ECDSAP256SHA256', algorithm: 'ECDSAP256SHA256', options: [] },
  { title: 'NSEC3, ED25519', algorithm: 'ED25519', options: ['-3', '-', '-H', '0'] },
  {
    title: 'NSEC3, ECDSAP384SHA384, salted',
    algorithm: 'ECDSAP384SHA384',
    options: ['-3', 'aabb', '-H', '10'],
  },
  { title: 'NSEC3 with opt-out, ED448', algorithm: 'ED448', options: ['-3', '-', '-H', '0', '-A'] },
  { title: 'NSEC3 with opt-out, RSASHA512', algorithm: 'RSASHA512', options: ['-3', '-', '-H', '0', '-A'] },
];

/** Owner, type, what is said; `unless` is the status in a zone with opt-out. */
const questions: [string, number, string, string, string?][] = [
  ['example.', RRType.MX, 'secure', 'answer'],
  ['example.', RRType.NSEC3PARAM, 'secure', '*'],
  ['mail.example.', RRType.A, 'secure', 'answer'],
  ['_25._tcp.mail.example.', RRType.TLSA, 'secure', 'answer'],
  ['_tcp.mail.example.', RRType.TLSA, 'secure', 'nodata'],
  ['mail.example.', RRType.TXT, 'secure', 'nodata'],
  ['nope.example.', RRType.A, 'secure', 'nxdomain', 'insecure'],
  ['zzzz.example.', RRType.A, 'secure', 'nxdomain', 'insecure'],
  ['a.b.c.mail.example.', RRType.A, 'secure', 'nxdomain', 'insecure'],
  ['x.wild.example.', RRType.TXT, 'secure', 'answer', 'insecure'],
  ['y.x.wild.example.', RRType.TXT, 'secure', 'answer', 'insecure'],
  ['x.wild.example.', RRType.MX, 'secure', 'nodata', 'insecure'],
  ['host.wild.example.', RRType.TXT, 'secure', 'answer'],
  ['x.host.wild.example.', RRType.TXT, 'secure', 'nxdomain', 'insecure'],
  ['x.aliases.example.', RRType.MX, 'secure', 'cname', 'insecure'],
  ['alias.example.', RRType.MX, 'secure', 'cname'],
  ['a.redirected.example.', RRType.MX, 'secure', 'dname'],
  ['unsigned.example.', RRType.DS, 'secure', 'nodata', 'insecure'],
];

describe.skipIf(skip).each(signers)('dnssec-signzone and NSD: $title', ({ title, algorithm, options }) => {
  const home = join(directory, title.replaceAll(/\W/g, '-'));
  const isOptOut = options.includes('-A');
  let server: Awaited<ReturnType<typeof startNsd>>;
  let ds: Ds[];
  let keys: ZoneKeys;

  beforeAll(async () => {
    execFileSync('mkdir', ['-p', home]);
    writeFileSync(join(home, 'zone'), ZONE);
    const keygen = (...flags: string[]) =>
      execFileSync('dnssec-keygen', ['-q', '-a', algorithm, '-K', home, ...flags, 'example.']);
    keygen('-f', 'KSK');
    keygen();
    const signing = ['-S', '-q', '-x', '-K', home, '-d', home, '-o', 'example.', '-N', 'keep', ...options];
    execFileSync('dnssec-signzone', [...signing, '-f', join(home, 'signed'), join(home, 'zone')], {
      stdio: 'pipe',
    });
    const dsset = execFileSync('cat', [join(home, 'dsset-example.')]).toString();
    ds = [...parseZoneFile(dsset.split('\n'), 'dsset')].map((record) => readDs(recordOf(record))!);
    server = await startNsd(home);
    const reply = await server.ask('example.', RRType.DNSKEY);
    const verdict = verifyZoneKeys(APEX, ds, reply, validation());
    if (verdict.status !== 'secure') throw new Error(verdict.because);
    keys = verdict.keys;
  });
  afterAll(() => server?.stop());

  test.each(questions)('%s %i', async (owner, type, status, kind, inOptOut) => {
    const reply = await server.ask(owner, type);
    const question = { name: name(owner), type, class: CLASS_IN };
    const verdict = verifyAnswer(keys, question, reply, validation());
    const expected = isOptOut ? (inOptOut ?? status) : status;
    expect(verdict).toMatchObject(kind === '*' ? { status: expected } : { status: expected, kind });
  });

  test('delegations: by referral and by DS question', async () => {
    const cut = async (child: string, owner: string, type: number) =>
      verifyDelegation(keys, name(child), await server.ask(owner, type), validation());
    for (const [owner, type] of [
      ['www.signed.example.', RRType.A],
      ['signed.example.', RRType.DS],
    ] as const) {
      expect(await cut('signed.example.', owner, type)).toMatchObject({
        kind: 'signed',
        ds: [{ keyTag: 1 }],
      });
    }
    const because = isOptOut ? 'insecure-opt-out' : 'insecure-delegation';
    for (const [owner, type] of [
      ['www.unsigned.example.', RRType.A],
      ['unsigned.example.', RRType.DS],
    ] as const) {
      expect(await cut('unsigned.example.', owner, type)).toMatchObject({ kind: 'insecure', because });
    }
    const deep = 'deep.down.unsigned2.example.';
    expect(await cut(deep, `a.${deep}`, RRType.A)).toMatchObject({ kind: 'insecure', because });
    expect(await cut('mail.example.', 'mail.example.', RRType.DS)).toMatchObject({ kind: 'not-a-cut' });
    expect(await cut('_tcp.mail.example.', '_tcp.mail.example.', RRType.DS)).toMatchObject({
      kind: 'not-a-cut',
    });
  });
});

function validation() {
  return { at: now, budget: new Budget(), memo: new SignatureMemo() };
}

/** NSD with one zone on a loopback port; asked over TCP, so that nothing is cut short. */
async function startNsd(home: string) {
  const port = await freePort();
  const config = `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  zonesdir: "${home}"
  database: ""
  pidfile: ""
  zonelistfile: "${home}/zone.list"
  xfrdfile: "${home}/xfrd.state"
  verbosity: 1
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: example
  zonefile: signed
`;
  writeFileSync(join(home, 'nsd.conf'), config);
  const child = spawn('nsd', ['-d', '-c', join(home, 'nsd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const heard: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    heard.push(line);
    if (/nsd started/.test(line)) break;
  }
  if (child.exitCode !== null) throw new Error(`nsd: ${heard.join('\n')}`);
  child.stderr.resume();
  return {
    ask: (owner: string, type: number) => askOverTcp(port, owner, type),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function askOverTcp(port: number, owner: string, type: number): Promise<Message> {
  const flags = { recursionDesired: false, checkingDisabled: false, edns: true };
  const query = encodeQuery(1, nameToBytes(name(owner)).toString('latin1'), type, flags);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('connect', () =>
      socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 0xff]), query])),
    );
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      socket.destroy();
      const message = readMessage(received.subarray(2, 2 + received.readUInt16BE(0)));
      if (message === undefined) reject(new Error('malformed reply'));
      else resolve(message);
    });
  });
}
