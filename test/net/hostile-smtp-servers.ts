/**
 * A bank of SMTP servers that misbehave, each with what a probe must say of it: how far it came, whose fault it was, why, and
 * whether STARTTLS was seen to be offered (null: could not look).
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { Fault, ProbeStage } from '../../src/survey/probed-facts.ts';
import { certificate, credentials, ehloLines, type Script } from './fake-smtp-server.ts';

export const silent = () => {};
export const floods = (octets: Buffer | string) => (socket: Socket) => {
  const more = () => {
    while (!socket.destroyed && socket.write(octets));
  };
  socket.on('drain', more);
  more();
};
export const drips = (text: string) => (socket: Socket) => {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length]!), 20);
  socket.on('close', () => clearInterval(timer));
};
const afterGo = (act: (socket: Socket) => void) => ({
  starttls: (socket: Socket) => {
    socket.write('220 go\r\n');
    socket.once('data', () => act(socket));
  },
});
const alert = (code: number) => Buffer.from([0x15, 3, 3, 0, 2, 2, code]);
const bad = { key: credentials('leaf-ec').key, cert: certificate('leaf-ec') };

/** Reached, fault, because, whether STARTTLS was offered. */
type Row = readonly [
  name: string,
  Script | ((nth: number) => Script),
  ProbeStage,
  Fault | null,
  ReasonKey | null,
  boolean | null,
];

export const hostileServers: readonly Row[] = [
  [
    'RFC 5321 §3.8: 421 greeting',
    { greeting: '421 busy\r\n' },
    'connect',
    'ours',
    'greeting-rejected-temporarily',
    null,
  ],
  ['§3.1: 554 greeting', { greeting: '554 no\r\n' }, 'connect', 'ours', 'greeting-rejected', null],
  ['no greeting', { greeting: silent }, 'connect', 'network', 'greeting-timeout', null],
  ['closes at once', { greeting: (s) => s.end() }, 'connect', 'theirs', 'connection-reset', null],
  [
    'another protocol',
    { greeting: 'HTTP/1.1 400 Bad Request\r\n\r\n' },
    'connect',
    'theirs',
    'smtp-syntax',
    null,
  ],
  ['TLS from the start', { greeting: (s) => s.write(alert(40)) }, 'connect', 'theirs', 'smtp-syntax', null],
  [
    '64 KiB greeting line',
    { greeting: `220 ${'x'.repeat(65_536)}` },
    'connect',
    'theirs',
    'smtp-reply-too-long',
    null,
  ],
  [
    'endless greeting',
    { greeting: floods('220-x\r\n'.repeat(1000)) },
    'connect',
    'theirs',
    'smtp-reply-too-long',
    null,
  ],
  [
    'one octet after the other',
    { greeting: drips('220-tarpit\r\n') },
    'connect',
    'network',
    'greeting-timeout',
    null,
  ],
  ['no answer to EHLO', { ehlo: silent }, 'greeting', 'network', 'smtp-timeout', null],
  ['closes after EHLO', { ehlo: (s) => s.end() }, 'greeting', 'theirs', 'connection-reset', null],
  ['§4.2.1: codes differ', { ehlo: '250-mx\r\n550 STARTTLS\r\n' }, 'greeting', 'theirs', 'smtp-syntax', null],
  ['EHLO 421', { ehlo: '421 bye\r\n' }, 'greeting', 'ours', 'ehlo-rejected-temporarily', null],
  ['EHLO refused, HELO taken', { ehlo: '502 what\r\n' }, 'greeting', 'theirs', 'ehlo-rejected', false],
  [
    'EHLO and HELO refused',
    { ehlo: '550 x\r\n', helo: '550 x\r\n' },
    'greeting',
    'ours',
    'helo-rejected',
    null,
  ],
  ['no STARTTLS', { ehlo: '250-mx\r\n250 SIZE\r\n' }, 'ehlo', 'theirs', 'starttls-not-offered', false],
  ['RFC 3207 §4: 454', { starttls: '454 no cert\r\n' }, 'ehlo', 'theirs', 'starttls-refused', true],
  ['STARTTLS 502', { starttls: '502 what\r\n' }, 'ehlo', 'theirs', 'starttls-refused', true],
  ['STARTTLS 421', { starttls: '421 bye\r\n' }, 'ehlo', 'ours', 'session-closed-by-server', true],
  ['STARTTLS silence', { starttls: silent }, 'ehlo', 'network', 'smtp-timeout', true],
  ['STARTTLS drips', { starttls: drips('220-x\r\n') }, 'ehlo', 'network', 'smtp-timeout', true],
  [
    'CVE-2011-0411',
    { starttls: '220 go\r\n250 injected\r\n' },
    'starttls',
    'theirs',
    'plaintext-after-starttls',
    true,
  ],
  ['TLS silence', afterGo(silent), 'starttls', 'network', 'tls-timeout', true],
  [
    'TLS partial record',
    afterGo((s) => s.write(Buffer.from([0x16, 3, 3, 1]))),
    'starttls',
    'network',
    'tls-timeout',
    true,
  ],
  [
    'TLS drips',
    afterGo(drips('\x16\x03\x03\x40\x00\x02\x00\x3f\xf0')),
    'starttls',
    'network',
    'tls-timeout',
    true,
  ],
  [
    'plain text for TLS',
    afterGo((s) => s.write('250 hello there\r\n')),
    'starttls',
    'theirs',
    'tls-not-tls',
    true,
  ],
  [
    'HTTP for TLS',
    afterGo((s) => s.write('HTTP/1.1 400 Bad\r\n')),
    'starttls',
    'theirs',
    'tls-not-tls',
    true,
  ],
  [
    'alert handshake_failure',
    afterGo((s) => s.write(alert(40))),
    'starttls',
    'theirs',
    'tls-no-shared-parameters',
    true,
  ],
  [
    'alert protocol_version',
    afterGo((s) => s.write(alert(70))),
    'starttls',
    'theirs',
    'tls-no-shared-parameters',
    true,
  ],
  [
    'alert internal_error',
    afterGo((s) => s.write(alert(80))),
    'starttls',
    'theirs',
    'tls-handshake-failed',
    true,
  ],
  [
    'oversize record',
    afterGo((s) => s.write(Buffer.from([0x16, 3, 3, 0xff, 0xff, 2]))),
    'starttls',
    'theirs',
    'tls-handshake-failed',
    true,
  ],
  [
    'endless warning alerts',
    afterGo(floods(Buffer.alloc(7000, Buffer.from([0x15, 3, 3, 0, 2, 1, 90])))),
    'starttls',
    'theirs',
    'tls-handshake-failed',
    true,
  ],
  [
    'endless TLS records',
    afterGo(floods(Buffer.concat([Buffer.from([0x16, 3, 3, 0x40, 0]), Buffer.alloc(0x4000)]))),
    'starttls',
    'theirs',
    'tls-handshake-failed',
    true,
  ],
  ['closes in TLS', afterGo((s) => s.end()), 'starttls', 'theirs', 'connection-reset', true],
  ['resets in TLS', afterGo((s) => s.resetAndDestroy()), 'starttls', 'theirs', 'connection-reset', true],
  [
    'no usable cipher',
    { tls: { ...bad, ciphers: 'AES128-SHA256', maxVersion: 'TLSv1.2' } },
    'starttls',
    'theirs',
    'tls-no-shared-parameters',
    true,
  ],

  // Turned away at every step: ours to ask again, and no word about STARTTLS.
  [
    '§3.8: 421 greeting of several lines',
    { greeting: '421-mx\r\n421 busy\r\n' },
    'connect',
    'ours',
    'greeting-rejected-temporarily',
    null,
  ],
  ['450 greeting', { greeting: '450 later\r\n' }, 'connect', 'ours', 'greeting-rejected-temporarily', null],
  [
    'RFC 7504: 521 greeting',
    { greeting: '521 no mail here\r\n' },
    'connect',
    'ours',
    'greeting-rejected',
    null,
  ],
  [
    '421 in one segment with the greeting',
    { greeting: '220 mx\r\n421 busy\r\n' },
    'greeting',
    'ours',
    'ehlo-rejected-temporarily',
    null,
  ],
  ['EHLO 451', { ehlo: '451 slow down\r\n' }, 'greeting', 'ours', 'ehlo-rejected-temporarily', null],
  [
    'EHLO refused, HELO 421',
    { ehlo: '502 what\r\n', helo: '421 bye\r\n' },
    'greeting',
    'ours',
    'ehlo-rejected-temporarily',
    null,
  ],
  [
    'STARTTLS 421 of several lines',
    { starttls: '421-mx\r\n421 bye\r\n' },
    'ehlo',
    'ours',
    'session-closed-by-server',
    true,
  ],
  [
    '421 in one segment with the go-ahead',
    { starttls: '220 go\r\n421 too many\r\n' },
    'starttls',
    'ours',
    'session-closed-by-server',
    true,
  ],
  // The greeting.
  ['greeting without line end', { greeting: '220 mx' }, 'connect', 'network', 'greeting-timeout', null],
  ['354 greeting', { greeting: '354 go on\r\n' }, 'connect', 'theirs', 'smtp-syntax', null],
  ['binary greeting', { greeting: '\x00\x01\xff\xfe220 mx\r\n' }, 'connect', 'theirs', 'smtp-syntax', null],
  [
    'endless NUL octets',
    { greeting: floods(Buffer.alloc(65_536)) },
    'connect',
    'theirs',
    'smtp-syntax',
    null,
  ],
  [
    'endless greeting line',
    { greeting: floods(Buffer.alloc(65_536, '220')) },
    'connect',
    'theirs',
    'smtp-syntax',
    null,
  ],
  // EHLO and HELO.
  [
    'endless EHLO lines',
    { ehlo: floods('250-x\r\n'.repeat(1000)) },
    'greeting',
    'theirs',
    'smtp-reply-too-long',
    null,
  ],
  [
    '64 KiB EHLO line',
    { ehlo: `250-${'x'.repeat(65_536)}` },
    'greeting',
    'theirs',
    'smtp-reply-too-long',
    null,
  ],
  ['EHLO drips', { ehlo: drips('250-x\r\n') }, 'greeting', 'network', 'smtp-timeout', null],
  ['binary EHLO reply', { ehlo: '\x00\x00\x00\r\n' }, 'greeting', 'theirs', 'smtp-syntax', null],
  ['resets at EHLO', { ehlo: (s) => s.resetAndDestroy() }, 'greeting', 'theirs', 'connection-reset', null],
  [
    'half a reply to EHLO, then FIN',
    { ehlo: (s) => s.end('250-mx\r\n250-STARTTLS\r\n') },
    'greeting',
    'theirs',
    'connection-reset',
    null,
  ],
  [
    'EHLO refused, no answer to HELO',
    { ehlo: '502 what\r\n', helo: silent },
    'greeting',
    'network',
    'smtp-timeout',
    null,
  ],
  [
    'EHLO refused, closes at HELO',
    { ehlo: '502 what\r\n', helo: (s) => s.end() },
    'greeting',
    'theirs',
    'connection-reset',
    null,
  ],
  [
    'STARTTLS hidden until known',
    (nth) => (nth === 1 ? { ehlo: '250-mx\r\n250 SIZE\r\n' } : {}),
    'ehlo',
    'theirs',
    'starttls-not-offered',
    false,
  ],
  [
    'STARTTLS as the name of the server',
    { ehlo: '250-STARTTLS\r\n250 SIZE\r\n' },
    'ehlo',
    'theirs',
    'starttls-not-offered',
    false,
  ],
  // STARTTLS.
  ['closes at STARTTLS', { starttls: (s) => s.end() }, 'ehlo', 'theirs', 'connection-reset', true],
  [
    'resets at STARTTLS',
    { starttls: (s) => s.resetAndDestroy() },
    'ehlo',
    'theirs',
    'connection-reset',
    true,
  ],
  [
    'endless reply to STARTTLS',
    { starttls: floods('220-x\r\n'.repeat(1000)) },
    'ehlo',
    'theirs',
    'smtp-reply-too-long',
    true,
  ],
  ['binary reply to STARTTLS', { starttls: '\x16\x03\x03\r\n' }, 'ehlo', 'theirs', 'smtp-syntax', true],
  [
    'CVE-2011-0411, half a line',
    { starttls: '220 go\r\n2' },
    'starttls',
    'theirs',
    'plaintext-after-starttls',
    true,
  ],
  [
    'CVE-2011-0411, endless',
    { starttls: (s) => s.write(`220 go\r\n${'250 x\r\n'.repeat(1000)}`) },
    'starttls',
    'theirs',
    'plaintext-after-starttls',
    true,
  ],
  // TLS.
  [
    'noise in a handshake record',
    afterGo((s) => s.write(Buffer.concat([Buffer.from([0x16, 3, 3, 0, 64]), Buffer.alloc(64, 0xa5)]))),
    'starttls',
    'theirs',
    'tls-handshake-failed',
    true,
  ],
  [
    'NUL octets for TLS',
    afterGo((s) => s.write(Buffer.alloc(64))),
    'starttls',
    'theirs',
    'tls-not-tls',
    true,
  ],
  [
    'half a ServerHello, then FIN',
    afterGo((s) => s.end(Buffer.from([0x16, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3]))),
    'starttls',
    'theirs',
    'connection-reset',
    true,
  ],
  [
    'alert close_notify for a ServerHello',
    afterGo((s) => s.end(Buffer.from([0x15, 3, 3, 0, 2, 1, 0]))),
    'starttls',
    'theirs',
    'connection-reset',
    true,
  ],
];

/** Servers that are odd, and yet show their chain: TLS is reached, whatever comes behind it. */
export const oddServers: readonly (readonly [name: string, Script])[] = [
  ['asks for a certificate of the client', { tls: { requestCert: true, rejectUnauthorized: false } }],
  [
    'demands a certificate of the client, TLS 1.2',
    { tls: { requestCert: true, rejectUnauthorized: false, maxVersion: 'TLSv1.2' } },
  ],
  ['has a certificate for another name, out of date or not', { tls: credentials('leaf-rsa') }],
  ['RFC 5746: wants to renegotiate', { tls: { maxVersion: 'TLSv1.2' }, ehloInTls: renegotiates }],
  ['421 within TLS', { ehloInTls: '421 bye\r\n' }],
  ['binary octets within TLS', { ehloInTls: '\x00\xff\r\n' }],
  ['closes within TLS', { ehloInTls: (s) => s.end() }],
  ['resets within TLS', { ehloInTls: (s) => s.destroy() }],
  ['floods within TLS', { ehloInTls: floods(Buffer.alloc(65_536, '250-x\r\n')) }],
  ['drips within TLS', { ehloInTls: drips('250-x\r\n') }],
  ['is silent within TLS', { ehloInTls: silent }],
  ['closes without reply to QUIT', { quit: (s) => s.end() }],
  ['resets at QUIT', { quit: (s) => s.destroy() }],
  ['is silent at QUIT', { quit: silent }],
  ['floods at QUIT', { quit: floods(Buffer.alloc(65_536, '221-x\r\n')) }],
  ['ends lines with a bare LF', { greeting: '220 mx\n', ehlo: '250-mx\n250 STARTTLS\n' }],
  ['sends each octet by itself', { greeting: octetwise('220-a\r\n220 b\r\n'), ehlo: octetwise(ehloLines) }],
  ['greets with a bare code, after lines with NUL octets', { greeting: '220-\x00\x00\r\n220\r\n' }],
];

/** HelloRequest (RFC 5246 §7.4.1.1); then the reply. */
function renegotiates(socket: Socket): void {
  (socket as TLSSocket).renegotiate({}, () => {});
  socket.write(ehloLines);
}

/** In segments of their own, where the kernel does not join them. */
function octetwise(text: string): (socket: Socket) => void {
  return (socket) => {
    socket.setNoDelay(true);
    for (const octet of text) socket.write(octet);
  };
}
