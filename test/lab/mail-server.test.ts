import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { createChainMaker } from '../../src/lab/mail/chain.ts';
import { chainFor } from '../../src/lab/plan/tlsa-of-chain.ts';
import { dialMail } from './lab-client.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: 400, seed: 5 });
});
afterAll(() => lab.close());

function addressesOf(scenario: string): { host: string; addresses: string[] } {
  for (const host of lab.truth.hosts()) {
    if (host.scenario === scenario) {
      return { host: host.host, addresses: host.endpoints.map(({ address }) => address) };
    }
  }
  throw new Error(`no host of scenario ${scenario}`);
}

/** Says each line after the reply to the one before; gives what was heard until the server closes or falls silent. */
async function converse(
  scenario: string,
  lines: readonly string[],
): Promise<{ heard: string[]; socket: Socket }> {
  const socket = dialMail(lab, addressesOf(scenario).addresses[0]!);
  const heard: string[] = [];
  for (const line of [undefined, ...lines]) {
    if (line !== undefined) socket.write(`${line}\r\n`);
    const [octets] = (await once(socket, 'data')) as [Buffer];
    heard.push(octets.toString('latin1'));
  }
  return { heard, socket };
}

/** The handshake after STARTTLS; `serverName` empty for none. */
async function handshake(
  scenario: string,
  over: { serverName?: string; sigalgs?: string; index?: number } = {},
): Promise<TLSSocket> {
  const { host, addresses } = addressesOf(scenario);
  const socket = dialMail(lab, addresses[over.index ?? 0]!);
  await once(socket, 'data');
  for (const line of ['EHLO probe.example', 'STARTTLS']) {
    socket.write(`${line}\r\n`);
    await once(socket, 'data');
  }
  const secured = connectTls({
    socket,
    servername: over.serverName ?? host,
    rejectUnauthorized: false,
    ...(over.sigalgs && { sigalgs: over.sigalgs }),
  });
  await once(secured, 'secureConnect');
  return secured;
}

const leafNames = (secured: TLSSocket) => secured.getPeerX509Certificate()!.subjectAltName;

describe('the dialogue (RFC 5321, RFC 3207)', () => {
  test('greets, offers STARTTLS, refuses mail, says good-bye', async () => {
    const { heard, socket } = await converse('dane-3-1-1', ['EHLO a', 'MAIL FROM:<>', 'QUIT']);
    socket.destroy();
    expect(heard[0]).toMatch(/^220 /);
    expect(heard[1]).toContain('250-STARTTLS\r\n');
    expect(heard[2]).toMatch(/^502 /);
    expect(heard[3]).toMatch(/^221 /);
  });

  test.each([
    ['smtp-greets-421', [], /^421 /],
    ['smtp-greets-554', [], /^554 /],
    ['smtp-ehlo-refused', ['EHLO a'], /^502 /],
    ['smtp-ehlo-refused', ['EHLO a', 'HELO a'], /^250 /],
    ['smtp-no-starttls', ['EHLO a', 'STARTTLS'], /^502 /],
    ['smtp-starttls-454', ['EHLO a', 'STARTTLS'], /^454 /],
    ['smtp-injects', ['EHLO a', 'STARTTLS'], /^220 .*\r\n250 injected\r\n$/],
    ['smtp-not-tls', ['EHLO a', 'STARTTLS', 'x'], /^500 /],
    ['smtp-tls-alert', ['EHLO a', 'STARTTLS', 'x'], /^\x15\x03\x03/],
  ])('%s after %j', async (scenario, lines, last) => {
    const { heard, socket } = await converse(scenario, lines);
    socket.destroy();
    expect(heard.at(-1)).toMatch(last);
  });

  test('no STARTTLS is offered where there is none', async () => {
    const { heard, socket } = await converse('smtp-no-starttls', ['EHLO a']);
    socket.destroy();
    expect(heard[1]).not.toContain('STARTTLS');
  });

  test('a reset comes before the greeting, a refusal from the system itself', async () => {
    for (const [scenario, code] of [
      ['smtp-reset', 'ECONNRESET'],
      ['smtp-refused', 'ECONNREFUSED'],
    ] as const) {
      const socket = dialMail(lab, addressesOf(scenario).addresses[0]!);
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe(code);
    }
  });

  test('an address where no mail server is, and no PROXY header at all, are reset', async () => {
    const socket = dialMail(lab, '5.45.200.200');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
  });
});

describe('TLS', () => {
  test('shows the chain of its plan, and answers EHLO within', async () => {
    const secured = await handshake('dane-2-1-1-root-sent');
    expect(secured.getProtocol()).toBe('TLSv1.3');
    const leaf = secured.getPeerX509Certificate()!;
    expect(leaf.issuerCertificate?.issuerCertificate?.subject).toContain('root');
    secured.write('EHLO a\r\n');
    const [octets] = (await once(secured, 'data')) as [Buffer];
    expect(octets.toString()).toContain('250');
    secured.destroy();
  });

  test('TLS 1.2 at most', async () => {
    const secured = await handshake('dane-tls-1.2');
    expect(secured.getProtocol()).toBe('TLSv1.2');
    secured.destroy();
  });

  test.each([
    ['rsa', 'rsa_pss_rsae_sha256:rsa_pkcs1_sha256'],
    ['ec', 'ecdsa_secp256r1_sha256'],
  ])('a server with two certificates shows the %s one when asked', async (keyType, sigalgs) => {
    const secured = await handshake('dane-dual-both-covered', { sigalgs });
    expect(secured.getPeerX509Certificate()!.publicKey.asymmetricKeyType).toBe(keyType);
    secured.destroy();
  });

  test('another certificate without SNI', async () => {
    const { host } = addressesOf('dane-needs-sni');
    const named = await handshake('dane-needs-sni');
    expect(leafNames(named)).toBe(`DNS:${host}`);
    named.destroy();
    const unnamed = await handshake('dane-needs-sni', { serverName: '' });
    expect(leafNames(unnamed)).toBe(`DNS:default.${host}`);
    unnamed.destroy();
  });

  test('another chain at the second address', async () => {
    const first = await handshake('smtp-one-address-stale', { index: 0 });
    const second = await handshake('smtp-one-address-stale', { index: 1 });
    const [one, two] = [first, second].map((each) => each.getPeerX509Certificate()!.publicKey);
    expect(one!.equals(two!)).toBe(false);
    first.destroy();
    second.destroy();
  });
});

describe('certificates', () => {
  const now = 1_782_907_200;
  const plans = [
    chainFor('a.xa'),
    chainFor('a.xa', { keyType: 'rsa', key: 'a.xa/rsa' }),
    chainFor('a.xa', { keyType: 'rsa', key: 'a.xa/rsa', issuer: 'self', sent: 1 }),
  ];

  test('the same seed gives the same octets, another seed others', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => createChainMaker(seed, now));
    for (const plan of plans) {
      expect(one!.chain(plan).certificates).toEqual(same!.chain(plan).certificates);
      expect(one!.chain(plan).certificates).not.toEqual(other!.chain(plan).certificates);
    }
  });
});
