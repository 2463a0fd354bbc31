/** What a probe finds out of TLS when it is asked for everything, over servers that differ from a good one in one thing. */
import { createSecureContext, type TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createDialer } from '../../src/net/dial.ts';
import { createSmtpProbe } from '../../src/net/smtp-probe.ts';
import type { Endpoint, ProbeResult } from '../../src/survey/probe-port.ts';
import { credentials, type FakeServer, type Script, smtpServer } from './fake-smtp-server.ts';
import { leaveNoHandles } from './open-handles.ts';

const quick = { connect: 2000, greeting: 300, command: 300, tls: 300, quit: 200, total: 5000 };
const ec = credentials('leaf-ec', 'int2');
const rsa = credentials('leaf-rsa', 'int2');
const both = { key: [ec.key, rsa.key], cert: [ec.cert, rsa.cert] };
const everyCipher = { ciphers: 'ALL:@SECLEVEL=0' };

function probe(server: FakeServer, over: Partial<Endpoint> = {}): Promise<ProbeResult> {
  const look = createSmtpProbe({
    dialer: createDialer({ allowPrivate: true }),
    ehloName: 'probe.example',
    smtpPort: server.port,
    timeouts: quick,
    clock: () => 0,
  });
  const everything = { bothKeyAlgorithms: true, everyTlsQuestion: true };
  return look({ address: '127.0.0.1', serverName: 'mx.example', ...everything, ...over });
}

leaveNoHandles();

describe('TLS 1.2 and TLS 1.3', () => {
  test.each<[string, TlsOptions, object, number]>([
    ['both', {}, { tls12: true, tls13: true }, 4],
    ['1.2 only', { maxVersion: 'TLSv1.2' }, { tls12: true, tls13: false }, 3],
    ['1.3 only', { minVersion: 'TLSv1.3' }, { tls12: false, tls13: true }, 4],
    [
      '1.0 only',
      { ...everyCipher, minVersion: 'TLSv1', maxVersion: 'TLSv1' },
      { tls12: false, tls13: false },
      3,
    ],
    [
      '1.1 at most',
      { ...everyCipher, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' },
      { tls12: false, tls13: false },
      3,
    ],
    // The alert of the modern offer is about ciphers, so that TLS 1.3 has a connection of its own.
    [
      '1.2 with old ciphers only',
      { ...rsa, ciphers: 'CAMELLIA128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' },
      { tls12: true, tls13: false },
      5,
    ],
    [
      '1.3, and 1.2 with old ciphers only',
      { ...rsa, ciphers: 'TLS_AES_128_GCM_SHA256:CAMELLIA128-SHA:@SECLEVEL=0' },
      { tls12: true, tls13: true },
      4,
    ],
    [
      '1.3, and no cipher for 1.2 that its key fits',
      { ...ec, ciphers: 'TLS_AES_128_GCM_SHA256:AES128-SHA' },
      { tls12: null, tls13: true },
      4,
    ],
  ])('%s', async (_, tls, expected, connections) => {
    await using server = await smtpServer({ tls });
    expect(await probe(server)).toMatchObject({ reached: 'tls', ...expected });
    expect(server.connections).toBe(connections);
  });

  test.each<[string, TlsOptions, object]>([
    ['both', {}, { tls12: null, tls13: true }],
    ['1.3 only', { minVersion: 'TLSv1.3' }, { tls12: null, tls13: true }],
    ['1.2 only', { maxVersion: 'TLSv1.2' }, { tls12: true, tls13: false }],
    [
      '1.0 only',
      { ...everyCipher, minVersion: 'TLSv1', maxVersion: 'TLSv1' },
      { tls12: false, tls13: false },
    ],
  ])('a census spends no connection on it: %s', async (_, tls, expected) => {
    await using server = await smtpServer({ tls });
    const result = await probe(server, { everyTlsQuestion: false });
    expect(result).toMatchObject({ ...expected, withoutSni: null, chainWithoutSni: null });
    expect(server.connections).toBe(2);
  });

  test('a second key for TLS 1.3 alone is seen: no connection is restricted in key and version together', async () => {
    const tls = { ...both, ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256' };
    await using server = await smtpServer({ tls });
    expect(await probe(server)).toMatchObject({ secondKey: 'seen', tls12: true, tls13: true });
  });

  test('where only a legacy offer came to TLS, TLS 1.3 has a connection of its own', async () => {
    const old = { tls: { ...rsa, ciphers: 'CAMELLIA128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' } } as const;
    // The free choice, the legacy offer, the other key; then one that TLS 1.3 alone can reach.
    await using server = await smtpServer((nth) => (nth <= 3 ? old : { tls: { minVersion: 'TLSv1.3' } }));
    expect(await probe(server)).toMatchObject({ tls12: true, tls13: true });
  });

  test('a second key for TLS 1.2 alone shows that version', async () => {
    const second = { tls: { ...rsa, maxVersion: 'TLSv1.2' } } as const;
    await using server = await smtpServer((nth) => (nth === 1 ? { tls: ec } : second));
    const result = await probe(server, { everyTlsQuestion: false });
    expect(result).toMatchObject({ secondKey: 'seen', tls12: true, tls13: true });
  });

  test.each<[string, Script]>([
    ['421', { greeting: '421 too many\r\n' }],
    ['silence', { greeting: () => {} }],
    ['silence in TLS', { starttls: (socket) => socket.write('220 go\r\n') }],
    ['a reset in TLS', { starttls: (socket) => socket.write('220 go\r\n', () => socket.resetAndDestroy()) }],
    ['no STARTTLS', { ehlo: '250 mx.example\r\n' }],
    [
      'text in place of TLS',
      { starttls: (socket) => socket.write('220 go\r\n', () => socket.end('500 no\r\n')) },
    ],
  ])('later connections that meet %s take nothing back and conclude nothing', async (_, later) => {
    await using server = await smtpServer((nth) => (nth === 1 ? {} : later));
    const result = await probe(server);
    expect(result).toMatchObject({
      reached: 'tls',
      because: null,
      tls12: null,
      tls13: true,
      withoutSni: null,
    });
    expect(result.handshakes).toHaveLength(1);
  });

  test('a server that was not reached has said nothing', async () => {
    await using server = await smtpServer({ greeting: '554 no\r\n' });
    expect(await probe(server)).toMatchObject({ tls12: null, tls13: null, withoutSni: null });
    expect(server.connections).toBe(1);
  });
});

describe('RFC 6066 §3, RFC 7672 §8.1: without SNI', () => {
  const named = (own: TlsOptions, unnamed: TlsOptions): TlsOptions => ({
    ...unnamed,
    SNICallback: (name, done) => done(null, name === 'mx.example' ? createSecureContext(own) : undefined),
  });
  const refuses: TlsOptions = { key: undefined, cert: undefined } as never;

  test.each<[string, TlsOptions, string, number]>([
    ['the same chain', named(ec, ec), 'same-chain', 2],
    ['another chain of the same leaf', named(ec, credentials('leaf-ec')), 'same-key', 1],
    ['another key', named(ec, credentials('leaf-rsa')), 'other-key', 1],
    ['the other of two keys is no difference', named(both, rsa), 'same-chain', 2],
  ])('%s', async (_, tls, withoutSni, certificates) => {
    await using server = await smtpServer({ tls });
    const result = await probe(server);
    expect(result).toMatchObject({ reached: 'tls', withoutSni });
    expect(result.chainWithoutSni).toHaveLength(certificates);
  });

  test('refused: a server without a certificate for nobody', async () => {
    await using server = await smtpServer({ tls: named(ec, refuses) });
    expect(await probe(server)).toMatchObject({
      reached: 'tls',
      withoutSni: 'refused',
      chainWithoutSni: null,
    });
  });

  test('where no name can be sent, there is no difference to be looked for', async () => {
    await using server = await smtpServer({});
    const result = await probe(server, { serverName: '' });
    expect(result).toMatchObject({ reached: 'tls', withoutSni: null, chainWithoutSni: null });
    expect(server.connections).toBe(3);
  });
});
