import { expect, test } from 'vitest';
import { readMessage } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { CLASS_IN, RRType } from '../../src/dns/rr-type.ts';
import type { ExchangeRecord } from '../../src/evidence/exchange-record.ts';
import { recordedExchange, recordedServers } from '../../src/evidence/recorder.ts';
import type { Heard } from '../../src/resolve/exchange.ts';
import { SILENCES_UNTIL_DOWN, SILENT_SERVERS_UNTIL_NETWORK_DOWN } from '../../src/resolve/limits.ts';
import { ServerMemory } from '../../src/resolve/server-memory.ts';
import { replyTo } from './records.ts';

const clock = () => 1000;
const query = {
  name: name('a.example'),
  type: RRType.A,
  edns: true,
  recursionDesired: false,
  timeoutMs: 500,
};

/** What is recorded of one exchange, by a thread that has this memory of servers. */
async function recorded(heard: Heard, servers: ServerMemory): Promise<ExchangeRecord> {
  const kept: ExchangeRecord[] = [];
  const ports = { clock, clockMs: () => 0, keep: (record: ExchangeRecord) => void kept.push(record) };
  expect(await recordedExchange(async () => heard, servers, ports)('192.0.2.1', query)).toBe(heard);
  return kept[0]!;
}

function memory(): ServerMemory {
  return new ServerMemory(
    () => 0,
    () => 0,
  );
}

test.each([false, true])('a reply is kept with its octets; over TCP: %s', async (overTcp) => {
  const { octets } = replyTo('a.example', RRType.A);
  const record = await recorded(
    { kind: 'reply', message: readMessage(octets)!, overTcp, milliseconds: 9 },
    memory(),
  );
  expect(record).toMatchObject({ outcome: overTcp ? 'reply-over-tcp' : 'reply', milliseconds: 9, at: 1000 });
  expect(record.octets).toBe(octets);
});

test('silence tells of a server only where the network is known to work', async () => {
  const servers = memory();
  const outcome = async () => (await recorded({ kind: 'timeout' }, servers)).outcome;
  expect(await outcome()).toBe('doubtful-silence');
  servers.answered('192.0.2.9', 5);
  expect(await outcome()).toBe('silence');
  const silent = (count: number) => {
    for (let at = 0; at < count; at++) servers.silent(`198.51.100.${at}`, 0);
  };
  silent(SILENT_SERVERS_UNTIL_NETWORK_DOWN - 2);
  expect(await outcome()).toBe('silence');
  // With this one it would seem down.
  silent(SILENT_SERVERS_UNTIL_NETWORK_DOWN - 1);
  expect(await outcome()).toBe('doubtful-silence');
});

test('RFC 9520 §2.2: a server that is left alone is recorded as such', () => {
  const kept: ExchangeRecord[] = [];
  const inner = memory();
  const servers = recordedServers(inner, clock, (record) => kept.push(record));
  const question = { name: query.name, type: query.type, class: CLASS_IN };
  expect(servers.mayAsk('192.0.2.1', question)).toBe(true);
  for (let at = 0; at < SILENCES_UNTIL_DOWN; at++) servers.silent('192.0.2.1', at);
  expect(servers.mayAsk('192.0.2.1', question)).toBe(false);
  expect(kept).toMatchObject([{ address: '192.0.2.1', outcome: 'left-alone', name: query.name }]);
});
