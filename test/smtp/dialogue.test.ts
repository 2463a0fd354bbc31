import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginDialogue, type Dialogue, next, type Signal, type Step } from '../../src/smtp/dialogue.ts';

const octets = (text: string): Signal => ({ kind: 'octets', octets: Buffer.from(text, 'latin1') });

/** Plays a whole session: each text is what the server sends while we listen; TLS always succeeds. */
function play(server: readonly (string | Signal)[]): { said: string[]; end: Step; dialogue: Dialogue } {
  let dialogue = beginDialogue('probe.example');
  let step = { do: 'listen' } as Step;
  const said: string[] = [];
  const rest = [...server];
  const tell = (signal: Signal) => {
    [dialogue, step] = next(dialogue, signal);
  };
  for (;;) {
    if (step.do === 'say') {
      said.push(step.line);
      tell({ kind: 'said' });
    } else if (step.do === 'start-tls') {
      said.push('<tls>');
      tell({ kind: 'tls-begun' });
    } else if (step.do === 'listen') {
      const heard = rest.shift() ?? { kind: 'closed' as const };
      tell(typeof heard === 'string' ? octets(heard) : heard);
    } else return { said, end: step, dialogue };
  }
}

const greeting = '220 mx.example ESMTP ready\r\n';
const ehlo = '250-mx.example\r\n250-SIZE 1000\r\n250 STARTTLS\r\n';
const go = '220 go ahead\r\n';
const good = [greeting, ehlo, go, '250-mx.example\r\n250 AUTH PLAIN\r\n'];

describe('RFC 5321 §3.1, RFC 3207 §4: the dialogue', () => {
  test('a good server', () => {
    const { said, end, dialogue } = play(good);
    expect(said).toEqual(['EHLO probe.example', 'STARTTLS', '<tls>', 'EHLO probe.example']);
    expect(end).toEqual({ do: 'finish' });
    expect(dialogue.heard).toEqual({
      reached: 'starttls',
      banner: 'mx.example ESMTP ready',
      capabilities: ['SIZE', 'STARTTLS'],
      capabilitiesInTls: ['AUTH'],
      starttlsOffered: true,
    });
  });

  const closed: Signal = { kind: 'closed' };
  const timeout: Signal = { kind: 'timeout' };
  test.each<[string, (string | Signal)[], string, string, string, boolean | null]>([
    ['§3.8 421 greeting', ['421 busy\r\n'], 'connect', 'ours', 'greeting-rejected-temporarily', null],
    ['450 greeting', ['450 later\r\n'], 'connect', 'ours', 'greeting-rejected-temporarily', null],
    ['§3.1 554 greeting', ['554 no\r\n'], 'connect', 'ours', 'greeting-rejected', null],
    ['354 greeting', ['354 go\r\n'], 'connect', 'theirs', 'smtp-syntax', null],
    ['HTTP greeting', ['HTTP/1.1 400\r\n'], 'connect', 'theirs', 'smtp-syntax', null],
    ['endless greeting', ['220-x\r\n'.repeat(101)], 'connect', 'theirs', 'smtp-reply-too-long', null],
    ['no greeting', [timeout], 'connect', 'network', 'greeting-timeout', null],
    ['half a greeting', ['220 mx', timeout], 'connect', 'network', 'greeting-timeout', null],
    ['closed at once', [closed], 'connect', 'theirs', 'connection-reset', null],
    ['closed after the greeting', [greeting, closed], 'greeting', 'theirs', 'connection-reset', null],
    ['no answer to EHLO', [greeting, timeout], 'greeting', 'network', 'smtp-timeout', null],
    ['EHLO 421', [greeting, '421 bye\r\n'], 'greeting', 'ours', 'ehlo-rejected-temporarily', null],
    ['EHLO 450', [greeting, '450 greylisted\r\n'], 'greeting', 'ours', 'ehlo-rejected-temporarily', null],
    [
      'EHLO 502, HELO 250',
      [greeting, '502 what\r\n', '250 hi\r\n'],
      'greeting',
      'theirs',
      'ehlo-rejected',
      false,
    ],
    ['EHLO 550, HELO 550', [greeting, '550 no\r\n', '550 no\r\n'], 'greeting', 'ours', 'helo-rejected', null],
    [
      'EHLO 550, HELO 421',
      [greeting, '550 no\r\n', '421 no\r\n'],
      'greeting',
      'ours',
      'ehlo-rejected-temporarily',
      null,
    ],
    ['no STARTTLS', [greeting, '250-mx\r\n250 SIZE\r\n'], 'ehlo', 'theirs', 'starttls-not-offered', false],
    [
      'STARTTLS as server name',
      [greeting, '250 STARTTLS\r\n'],
      'ehlo',
      'theirs',
      'starttls-not-offered',
      false,
    ],
    ['RFC 3207 §4 454', [greeting, ehlo, '454 no cert\r\n'], 'ehlo', 'theirs', 'starttls-refused', true],
    ['STARTTLS 502', [greeting, ehlo, '502 what\r\n'], 'ehlo', 'theirs', 'starttls-refused', true],
    ['STARTTLS 421', [greeting, ehlo, '421 bye\r\n'], 'ehlo', 'ours', 'session-closed-by-server', true],
    ['STARTTLS silence', [greeting, ehlo, timeout], 'ehlo', 'network', 'smtp-timeout', true],
    ['STARTTLS close', [greeting, ehlo, closed], 'ehlo', 'theirs', 'connection-reset', true],
    [
      'CVE-2011-0411',
      [greeting, ehlo, `${go}250 injected\r\n`],
      'starttls',
      'theirs',
      'plaintext-after-starttls',
      true,
    ],
    [
      'CVE-2011-0411, one octet',
      [greeting, ehlo, `${go}\x16`],
      'starttls',
      'theirs',
      'plaintext-after-starttls',
      true,
    ],
    [
      '§3.8: 421 behind the go-ahead',
      [greeting, ehlo, `${go}421 too many\r\n`],
      'starttls',
      'ours',
      'session-closed-by-server',
      true,
    ],
    [
      'CVE-2011-0411, half a 421',
      [greeting, ehlo, `${go}421 too`],
      'starttls',
      'theirs',
      'plaintext-after-starttls',
      true,
    ],
    [
      'EHLO codes differ',
      [greeting, '250-mx\r\n550 STARTTLS\r\n'],
      'greeting',
      'theirs',
      'smtp-syntax',
      null,
    ],
  ])('%s', (_, server, reached, fault, because, starttlsOffered) => {
    const { end, dialogue } = play(server);
    expect(end).toMatchObject({ do: 'stop', fault, because });
    expect(dialogue.heard).toMatchObject({ reached, starttlsOffered });
  });

  test.each([
    ['refused', '502 no\r\n'],
    ['421', '421 bye\r\n'],
  ])('RFC 3207 §4.2: EHLO within TLS %s: TLS stays reached', (_, reply) => {
    const { end, dialogue } = play([greeting, ehlo, go, reply]);
    expect(end).toEqual({ do: 'finish' });
    expect(dialogue.heard.capabilitiesInTls).toBeNull();
  });

  test.each(['', 'a b', 'x\r\nMAIL FROM:<>', 'ümlaut'])('%j is no EHLO name', (name) => {
    expect(() => beginDialogue(name)).toThrow(TypeError);
  });
});

describe('any portions, any octets', () => {
  /** Hears the whole of each reply in portions; the portions never join two replies. */
  const portions = (text: string, cuts: readonly number[]) => {
    const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
    return [0, ...places]
      .map((from, i) => text.slice(from, places[i] ?? text.length))
      .filter((part) => part !== '');
  };

  test('how the octets are cut does not matter', () => {
    const cuts = fc.array(fc.nat(200), { maxLength: 30 });
    const servers = [
      good,
      [greeting, '502 what\r\n', '250 hi\r\n'],
      [greeting, ehlo, '454-no\r\n454 cert\r\n'],
      ['421-too\r\n421 busy\r\n'],
      [greeting, '250-mx\r\n250 SIZE\r\n'],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...servers), cuts, (server, where) => {
        const whole = play(server);
        const cut = play(server.flatMap((reply) => portions(reply, where)));
        expect(cut.said).toEqual(whole.said);
        expect(cut.end).toEqual(whole.end);
        expect(cut.dialogue.heard).toEqual(whole.dialogue.heard);
      }),
    );
  });

  test('any octets: it ends, keeps little, and never says anything but its four commands', () => {
    const piece = fc.oneof(
      fc.constantFrom(greeting, ehlo, go, '250 x\r\n', '250-', '5', '554 no\r\n', '\r\n', '220 STARTTLS\r\n'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (server) => {
        const { said, dialogue } = play(server);
        expect(dialogue.pending.length).toBeLessThan(20_000);
        for (const line of said) {
          expect(['EHLO probe.example', 'HELO probe.example', 'STARTTLS', '<tls>']).toContain(line);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('octet by octet up to the limit costs little', () => {
    let dialogue = beginDialogue('probe.example');
    let step = { do: 'listen' } as Step;
    const line = `220-${'x'.repeat(150)}\r\n`;
    for (let sent = 0; step.do === 'listen'; sent++) {
      [dialogue, step] = next(dialogue, octets(line[sent % line.length]!));
      expect(sent).toBeLessThan(20_000);
    }
    expect(step).toMatchObject({ do: 'stop', because: 'smtp-reply-too-long' });
  }, 5000);
});
