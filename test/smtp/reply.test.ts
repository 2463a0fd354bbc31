import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ehloKeywords } from '../../src/smtp/ehlo-keywords.ts';
import { MAX_REPLY_LINE_OCTETS, MAX_REPLY_LINES, MAX_REPLY_OCTETS, readReply } from '../../src/smtp/reply.ts';

const read = (text: string) => readReply(Buffer.from(text, 'latin1'));

describe('RFC 5321 §4.2: replies', () => {
  test.each([
    ['one line', '220 mx.example ESMTP\r\n', 220, ['mx.example ESMTP']],
    ['code alone', '250\r\n', 250, ['']],
    ['code and blank', '250 \r\n', 250, ['']],
    ['several lines', '250-mx\r\n250-SIZE 1\r\n250 HELP\r\n', 250, ['mx', 'SIZE 1', 'HELP']],
    ['hyphen without text', '250-\r\n250 ok\r\n', 250, ['', 'ok']],
    ['bare LF, as senders accept it', '250-mx\n250 ok\n', 250, ['mx', 'ok']],
    ['octets above 0x7f', '220 \xfc\xff\r\n', 220, ['\xfc\xff']],
    ['NUL and escapes stay', '220 \x00\x1b[2J\r\n', 220, ['\x00\x1b[2J']],
    ['CR within', '220 a\rb\r\n', 220, ['a\rb']],
  ])('%s', (_, text, code, lines) => {
    expect(read(text)).toMatchObject({ state: 'reply', reply: { code, lines } });
  });

  test('what stands behind a reply is left', () => {
    const result = read('220 go\r\n250 more');
    expect(result.state === 'reply' && result.rest.toString()).toBe('250 more');
  });

  test.each(['', '2', '25', '250', '250-', '250-mx', '250-mx\r\n', '250-mx\r\n2', '250\r', '250 mx\r'])(
    '%j is partial',
    (text) => expect(read(text)).toEqual({ state: 'partial' }),
  );

  test.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n'],
    ['HTTP, unfinished', 'HT'],
    ['TLS alert', '\x15\x03\x01\x00\x02'],
    ['SSH', 'SSH-2.0-x\r\n'],
    ['no code', 'hello\r\n'],
    ['empty line', '\r\n'],
    ['code too small', '150 x\r\n'],
    ['code too large', '650 x\r\n'],
    ['two digits', '25 x\r\n'],
    ['four digits', '2500 x\r\n'],
    ['no separator', '250x\r\n'],
    ['§4.2.1: codes that differ', '250-a\r\n251 b\r\n'],
  ])('not SMTP: %s', (_, text) =>
    expect(read(text)).toEqual({ state: 'unreadable', because: 'smtp-syntax' }),
  );

  test.each([
    ['line', `220 ${'x'.repeat(MAX_REPLY_LINE_OCTETS)}\r\n`],
    ['line without end', `220 ${'x'.repeat(MAX_REPLY_LINE_OCTETS)}`],
    ['64 KiB line', `220 ${'x'.repeat(65_536)}`],
    ['lines', '250-x\r\n'.repeat(MAX_REPLY_LINES + 1)],
    ['octets', `250-${'x'.repeat(2000)}\r\n`.repeat(Math.ceil(MAX_REPLY_OCTETS / 2000))],
  ])('§4.5.3.1.5: too many or too long: %s', (_, text) => {
    expect(read(text)).toEqual({ state: 'unreadable', because: 'smtp-reply-too-long' });
  });

  test.each([
    ['NUL octets', '\0'.repeat(65_536)],
    ['digits', '220'.repeat(20_000)],
    ['a line that is long and no reply', `HTTP/1.1 ${'x'.repeat(65_536)}\r\n`],
    ['a second line', `220-x\r\n${'y'.repeat(65_536)}`],
  ])('§4.2: what never began as a reply is none, however long its portions are: %s', (_, text) => {
    for (const portion of [text, text.slice(0, 1000)]) {
      expect(read(portion)).toEqual({ state: 'unreadable', because: 'smtp-syntax' });
    }
  });

  test('as many lines as the limit are read', () => {
    expect(read(`${'250-x\r\n'.repeat(MAX_REPLY_LINES - 1)}250 x\r\n`).state).toBe('reply');
  });

  test('any octets end in one of the three states', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (octets) => {
        expect(['reply', 'partial', 'unreadable']).toContain(readReply(Buffer.from(octets)).state);
      }),
    );
  });

  test('a beginning of a good reply is partial, never unreadable', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', '7', ' ', '-', '\x80', '=', '\r'),
      maxLength: 40,
    });
    const reply = fc.record({
      code: fc.integer({ min: 200, max: 599 }),
      lines: fc.array(text, { minLength: 1 }),
    });
    fc.assert(
      fc.property(reply, ({ code, lines }) => {
        const octets = Buffer.from(
          lines.map((line, i) => `${code}${i + 1 < lines.length ? '-' : ' '}${line}\r\n`).join(''),
          'latin1',
        );
        for (let length = 0; length < octets.length; length++) {
          expect(readReply(octets.subarray(0, length))).toEqual({ state: 'partial' });
        }
        expect(readReply(octets)).toMatchObject({
          state: 'reply',
          reply: { code, lines },
          rest: Buffer.alloc(0),
        });
      }),
    );
  });
});

describe('RFC 5321 §4.1.1.1: EHLO keywords', () => {
  const keywords = (...lines: string[]) => ehloKeywords({ code: 250, lines });
  test('sorted, upper case, each once, parameters left out', () => {
    expect(keywords('mx.example', 'size 100', 'STARTTLS', 'starttls', 'AUTH PLAIN', '8BITMIME')).toEqual([
      '8BITMIME',
      'AUTH',
      'SIZE',
      'STARTTLS',
    ]);
  });
  test('the first line names the server: STARTTLS there offers nothing', () => {
    expect(keywords('STARTTLS')).toEqual([]);
  });
  test.each([
    ['AUTH=LOGIN', ['AUTH']],
    ['STARTTLS ', ['STARTTLS']],
    ['XXXXXXXA', ['XXXXXXXA']],
    ['STARTTLS_NOT', []],
    ['STARTTLS\x00', []],
    [' STARTTLS', []],
    ['-STARTTLS', []],
    ['', []],
    ['A'.repeat(65), []],
  ])('%j: %j', (line, expected) => expect(keywords('mx', line)).toEqual(expected));
});
