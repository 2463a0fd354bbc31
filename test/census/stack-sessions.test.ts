/** The survey of a thread, with names from the lab and mail servers that watch who is there at the same time. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { createSurvey } from '../../src/census/stack.ts';
import { addNetworkOptions, type NetworkOptions, surveyConfigFrom } from '../../src/cli/network-options.ts';
import { startLab } from '../../src/lab/lab.ts';
import { decodeProxyHeader } from '../../src/net/proxy-protocol.ts';
import { listen } from '../net/fake-smtp-server.ts';

const options = addNetworkOptions(new Command()).parse([], { from: 'user' }).opts<NetworkOptions>();
const signal = new AbortController().signal;
/** Of the event loop, which the survey shares: in so many it begins every session that it may. */
const TURNS = 50;

test('sessions with an address, a provider and altogether stay within their bounds', async () => {
  const events: { address: string; change: 1 | -1 }[] = [];
  await using servers = await listen((socket) => {
    socket.once('data', (octets: Buffer) => {
      const header = decodeProxyHeader(octets);
      if (header.state !== 'header') throw new Error(`no PROXY header: ${header.state}`);
      const { address } = header.header!.destination;
      events.push({ address, change: 1 });
      const wait = (turns: number) => {
        if (turns > 0) return setImmediate(wait, turns - 1);
        // Before the client can know, so that no session of the next one is seen beside this one.
        events.push({ address, change: -1 });
        return socket.end('554 no\r\n');
      };
      wait(TURNS);
    });
  });
  const lab = await startLab({ domains: 300, seed: 1 });
  const survey = createSurvey({
    ...surveyConfigFrom(options),
    timeoutMs: 500,
    ...lab.config,
    addressMap: lab.config.addressMap.replace(/^\*:25 .*$/m, `*:25 127.0.0.1:${servers.port} proxy`),
    sessions: 4,
    sessionsPerProvider: 2,
  });
  try {
    const listed = [...lab.names()].slice(-60).map((name) => ({ name, delegation: null }));
    const { domains } = await survey.domains(listed, signal);
    const names = [...new Set(domains.flatMap(({ edges }) => edges.map(({ host }) => host)))];
    // Each twice, as hosts that share their addresses.
    const { hosts } = await survey.hosts([...names, ...names], signal);
    expect(hosts).toHaveLength(2 * names.length);
    const providers = new Map(
      hosts.flatMap(({ provider, endpoints }) => endpoints.map(({ address }) => [address, provider])),
    );
    const kinds = {
      all: () => '',
      provider: (address: string) => providers.get(address)!,
      address: (address: string) => address,
    };
    const most = Object.entries(kinds).map(([kind, keyOf]) => {
      const now = new Map<string, number>();
      let top = 0;
      for (const { address, change } of events) {
        const count = (now.get(keyOf(address)) ?? 0) + change;
        now.set(keyOf(address), count);
        top = Math.max(top, count);
      }
      return [kind, top];
    });
    expect(Object.fromEntries(most)).toEqual({ all: 4, provider: 2, address: 1 });
  } finally {
    await survey.close();
    await lab.close();
  }
});
