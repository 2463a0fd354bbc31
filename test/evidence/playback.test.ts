import { expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { CLASS_IN, RRType } from '../../src/dns/rr-type.ts';
import type { ExchangeRecord } from '../../src/evidence/exchange-record.ts';
import { Playback } from '../../src/evidence/playback.ts';
import type { Query } from '../../src/resolve/exchange.ts';
import { recordOf, referralTo, replyTo } from './records.ts';

const { A, MX, DS, TLSA } = RRType;
const NOW = 2000;

function playbackOf(...records: readonly ExchangeRecord[]): Playback {
  return new Playback({ recordsOf: async (of) => records.filter((one) => one.name === of) }, NOW);
}

function query(text: string, type: number, more: Partial<Query> = {}): Query {
  return { name: name(text), type, edns: true, recursionDesired: false, timeoutMs: 500, ...more };
}

test('a question is heard as it was heard, with the time that it took', async () => {
  const reply = replyTo('a.example', A);
  const playback = playbackOf(reply);
  const heard = await playback.exchange('192.0.2.1', query('a.example', A));
  expect(heard).toMatchObject({ kind: 'reply', overTcp: false, milliseconds: 20 });
  expect(playback.clockMs()).toBe(20);
  expect([...playback.touched]).toEqual([reply]);
  expect(playback.missing).toEqual([]);
});

test.each([
  ['another address', '192.0.2.2', query('a.example', A)],
  ['another name', '192.0.2.1', query('b.example', A)],
  ['another type', '192.0.2.1', query('a.example', MX)],
  ['without EDNS', '192.0.2.1', query('a.example', A, { edns: false })],
  ['with RD', '192.0.2.1', query('a.example', A, { recursionDesired: true })],
  ['oddly spelled', '192.0.2.1', query('a.example', A, { spelling: '\x01A\x07example\0' })],
])('what was not recorded is silence at once, and missing: %s', async (_, address, asked) => {
  const playback = playbackOf(replyTo('a.example', A));
  expect(await playback.exchange(address, asked)).toEqual({ kind: 'timeout' });
  expect(playback.clockMs()).toBe(0);
  expect(playback.missing).toEqual([{ address, name: asked.name, type: asked.type }]);
});

test.each([
  ['silence', 'timeout', 100],
  ['doubtful-silence', 'unreachable', 100],
  ['left-alone', 'timeout', 0],
  ['unreachable', 'unreachable', 3],
  ['not-dialled', 'not-dialled', 0],
  ['malformed', 'malformed', 5],
  ['tcp-failed', 'tcp-failed', 700],
] as const)('%s is heard as %s', async (outcome, kind, milliseconds) => {
  const playback = playbackOf(recordOf('a.example', A, { outcome, milliseconds }));
  expect(await playback.exchange('192.0.2.1', query('a.example', A))).toEqual({ kind });
  expect(playback.clockMs()).toBe(Math.min(milliseconds, 500));
  expect(playback.missing).toEqual([]);
});

test('of several records of one question replies come before silence, the latest that is not too late first', async () => {
  const [first, second, late] = [1000, 1500, 3000].map((at) => replyTo('a.example', A, { id: at }, { at }));
  const playback = playbackOf(first!, second!, late!, recordOf('a.example', A, { at: 1900 }));
  await playback.exchange('192.0.2.1', query('a.example', A));
  expect([...playback.touched]).toEqual([second]);
  const onlyLate = playbackOf(late!);
  await onlyLate.exchange('192.0.2.1', query('a.example', A));
  expect([...onlyLate.touched]).toEqual([late]);
});

test('addresses with a record for the question come first, in the recorded order', async () => {
  const at = (address: string) => recordOf('a.example', A, { address });
  const playback = playbackOf(
    at('192.0.2.3'),
    at('192.0.2.1'),
    recordOf('a.example', MX, { address: '192.0.2.2' }),
  );
  const question = { name: name('a.example'), type: A, class: CLASS_IN };
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
  expect(await playback.servers.order(addresses, question)).toEqual(['192.0.2.3', '192.0.2.1', '192.0.2.2']);
});

test.each<[string, ExchangeRecord, string, number, boolean]>([
  ['another type', replyTo('a.example', MX, referralTo('a.example')), 'a.example', A, true],
  ['a name below', replyTo('a.example', MX, referralTo('a.example')), 'mx.a.example', TLSA, true],
  ['a name beside', replyTo('a.example', MX, referralTo('a.example')), 'b.example', A, false],
  [
    'DS, which the parent answers itself',
    replyTo('a.example', MX, referralTo('a.example')),
    'a.example',
    DS,
    false,
  ],
  [
    'what the child says of itself',
    replyTo('a.example', MX, { ...referralTo('a.example'), authoritative: true }),
    'a.example',
    A,
    false,
  ],
])('RFC 1034 §4.3.2: a referral holds for %s', async (_, recorded, asked, type, holds) => {
  const playback = playbackOf(recorded);
  const question = { name: name(asked), type, class: CLASS_IN };
  const order = await playback.servers.order(['192.0.2.2', '192.0.2.1'], question);
  expect(order[0]).toBe(holds ? '192.0.2.1' : '192.0.2.2');
  const { kind } = await playback.exchange('192.0.2.1', query(asked, type));
  expect(kind).toBe(holds ? 'reply' : 'timeout');
  expect(playback.missing).toHaveLength(holds ? 0 : 1);
});

test('a server that is left alone is not asked, and that is part of the evidence', async () => {
  const alone = recordOf('a.example', A, { outcome: 'left-alone', milliseconds: 0 });
  const playback = playbackOf(alone);
  const question = { name: name('a.example'), type: A, class: CLASS_IN };
  await playback.servers.order(['192.0.2.1'], question);
  expect(playback.servers.mayAsk('192.0.2.1', question)).toBe(false);
  expect(playback.servers.mayAsk('192.0.2.2', question)).toBe(true);
  expect([...playback.touched]).toEqual([alone]);
});

test.each([
  ['kept the case of the question: it keeps any', '\x01A\x07exAmple\0', true],
  ['put it into lower case: it does so again', name('a.example'), false],
])('RFC 4343 §4.1: a server that %s', async (_, back, keeps) => {
  const sent = '\x01A\x07exAmple\0';
  const recorded = replyTo('a.example', A, { questionOctets: back }, { spelling: sent });
  const spelling = '\x01a\x07EXAMPLE\0';
  const heard = await playbackOf(recorded).exchange('192.0.2.1', query('a.example', A, { spelling }));
  if (heard.kind !== 'reply') throw new Error(heard.kind);
  expect(heard.message.questionOctets).toBe(keeps ? spelling : name('a.example'));
});
