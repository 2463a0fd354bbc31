import { expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { ExchangeJournal } from '../../src/evidence/exchange-journal.ts';
import { ExchangeMemory } from '../../src/evidence/exchange-memory.ts';
import { recordOf, replyTo } from './records.ts';

const { A } = RRType;
const silence = recordOf('a.example', A);
const reply = replyTo('a.example', A);
const again = replyTo('a.example', A, { id: 8 });
const denial = replyTo('a.example', A, { rcode: 3 });

test.each([
  ['silence, then a reply', [silence, reply], [reply]],
  ['a reply, then silence', [reply, silence], [reply]],
  ['the same reply with another id', [reply, again], [reply]],
  ['another reply', [reply, denial], [denial]],
  [
    'another server',
    [reply, { ...reply, address: '192.0.2.9' }],
    [reply, { ...reply, address: '192.0.2.9' }],
  ],
])('of each question to each address the last word is remembered: %s', (_, heard, kept) => {
  const memory = new ExchangeMemory();
  for (const record of heard) memory.add(record);
  const plain = (records: typeof heard) => records.map((one) => ({ ...one, octets: [...one.octets] }));
  expect(plain([...memory.recordsOf(name('a.example'))])).toEqual(plain(kept));
});

test('names that were of no use lately are forgotten, those at the top are kept apart, those in use stay', () => {
  const memory = new ExchangeMemory(20_000);
  memory.add(replyTo('example', A));
  memory.add(replyTo('used.example', A));
  for (let at = 0; at < 200; at++) {
    memory.add(replyTo(`d${at}.example`, A));
    memory.recordsOf(name('used.example'));
  }
  expect(memory.recordsOf(name('example'))).toHaveLength(1);
  expect(memory.recordsOf(name('used.example'))).toHaveLength(1);
  expect(memory.recordsOf(name('d0.example'))).toHaveLength(0);
  expect(memory.recordsOf(name('d199.example'))).toHaveLength(1);
});

test('a journal hands over each exchange once, and another word of the same server again', () => {
  const journal = new ExchangeJournal();
  for (const record of [silence, reply, again]) journal.add(record);
  expect(journal.take().map(({ outcome }) => outcome)).toEqual(['silence', 'reply']);
  for (const record of [again, silence, denial]) journal.add(record);
  expect(journal.take().map(({ octets }) => octets.length)).toEqual([denial.octets.length]);
  expect(journal.take()).toEqual([]);
});
