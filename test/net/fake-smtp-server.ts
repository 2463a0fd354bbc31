/**
 * SMTP servers on loopback that behave as told. `play` gets each connection; `smtpServer` plays a dialogue from a script in which
 * any reply can be text, or a function that does with the socket what it likes.
 */
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket, type TlsOptions } from 'node:tls';

export interface FakeServer extends AsyncDisposable {
  readonly port: number;
  /** Every line that clients sent, in and outside of TLS. */
  readonly lines: string[];
  /** SNI of each TLS connection; empty for none. */
  readonly serverNames: string[];
  connections: number;
}

export type Play = (socket: Socket, server: FakeServer) => void;

export async function listen(play: Play): Promise<FakeServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    fake.connections++;
    play(socket, fake);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeServer = {
    port: (server.address() as AddressInfo).port,
    lines: [],
    serverNames: [],
    connections: 0,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}

export type Answer = string | ((socket: Socket, server: FakeServer) => void);

export interface Script {
  readonly greeting?: Answer;
  readonly ehlo?: Answer;
  readonly helo?: Answer;
  readonly starttls?: Answer;
  readonly ehloInTls?: Answer;
  readonly quit?: Answer;
  /** For the TLS that follows a STARTTLS answered by text that begins with 220. */
  readonly tls?: TlsOptions;
}

export const ehloLines = '250-mx.example\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 8BITMIME\r\n';

export function smtpServer(script: Script | ((nth: number) => Script)): Promise<FakeServer> {
  return listen((socket, server) => {
    const chosen = typeof script === 'function' ? script(server.connections) : script;
    give(chosen.greeting ?? '220 mx.example ESMTP ready\r\n', socket, server);
    converse(socket, chosen, server, false);
  });
}

function converse(socket: Socket, script: Script, server: FakeServer, secure: boolean): void {
  let text = '';
  const onData = (octets: Buffer) => {
    text += octets.toString('latin1');
    const lines = text.split('\r\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      server.lines.push(line);
      switch (line.split(' ')[0]) {
        case 'EHLO':
          give((secure ? script.ehloInTls : script.ehlo) ?? ehloLines, socket, server);
          break;
        case 'HELO':
          give(script.helo ?? '250 mx.example\r\n', socket, server);
          break;
        case 'STARTTLS': {
          const answer = script.starttls ?? '220 go ahead\r\n';
          const granted = typeof answer === 'string' && /^220 [^\n]*\n$/.test(answer);
          // What follows is TLS, or what the script makes of it.
          if (granted || typeof answer !== 'string') socket.off('data', onData);
          give(answer, socket, server);
          if (granted) startTls(socket, script, server);
          break;
        }
        case 'QUIT':
          give(script.quit ?? ((closing) => closing.end('221 bye\r\n')), socket, server);
          break;
        default:
          socket.write('500 what\r\n');
      }
    }
  };
  socket.on('data', onData);
}

function startTls(socket: Socket, script: Script, server: FakeServer): void {
  const secured = new TLSSocket(socket, {
    isServer: true,
    SNICallback: (name, done) => {
      server.serverNames.push(name);
      done(null);
    },
    ...credentials('leaf-ec'),
    ...script.tls,
  });
  secured.on('error', () => socket.destroy());
  converse(secured, script, server, true);
}

function give(answer: Answer, socket: Socket, server: FakeServer): void {
  if (typeof answer === 'string') socket.write(answer, 'latin1');
  else answer(socket, server);
}

/** PEM of a certificate in fixtures/. */
export function certificate(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8');
}

/** Key and chain (leaf first) of fixtures/, as a TLS server takes them. */
export function credentials(leaf: string, ...above: readonly string[]): { key: string; cert: string } {
  return {
    key: readFileSync(new URL(`fixtures/${leaf}.key`, import.meta.url), 'utf8'),
    cert: [leaf, ...above].map(certificate).join(''),
  };
}
