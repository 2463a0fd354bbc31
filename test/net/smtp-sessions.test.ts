import { expect, test } from 'vitest';
import { type Peer, SmtpSessions } from '../../src/net/smtp-sessions.ts';

/** The most of a kind that were under way at once. */
class Most {
  readonly #now = new Map<string, number>();
  readonly most = new Map<string, number>();
  enter(kind: string): void {
    const now = (this.#now.get(kind) ?? 0) + 1;
    this.#now.set(kind, now);
    this.most.set(kind, Math.max(now, this.most.get(kind) ?? 0));
  }
  leave(kind: string): void {
    this.#now.set(kind, this.#now.get(kind)! - 1);
  }
}

/** A session of some turns of the event loop, watched. */
function watched(sessions: SmtpSessions, watch: Most) {
  return (peer: Peer, turns: number) =>
    sessions.run(peer, async () => {
      const kinds = ['all', `address ${peer.address}`, `provider ${peer.provider}`];
      for (const kind of kinds) watch.enter(kind);
      for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      for (const kind of kinds) watch.leave(kind);
      return peer.address;
    });
}

test('one session with an address, so many with a provider, so many altogether; and each bound is reached', async () => {
  const watch = new Most();
  const run = watched(new SmtpSessions({ sessions: 8, sessionsPerProvider: 3 }), watch);
  const peers = Array.from({ length: 400 }, (_, n) => ({
    // 50 addresses, each of hosts of several providers; 7 providers.
    address: `192.0.2.${(n * 13) % 50}`,
    provider: `p${n % 7}.example`,
  }));
  const seen = await Promise.all(peers.map((peer, n) => run(peer, n % 5)));
  expect(seen).toEqual(peers.map(({ address }) => address));
  expect(watch.most.get('all')).toBe(8);
  for (const [kind, most] of watch.most) {
    if (kind.startsWith('address')) expect([kind, most]).toEqual([kind, 1]);
    if (kind.startsWith('provider')) expect([kind, most]).toEqual([kind, 3]);
  }
});

test('a provider whose servers never answer holds back nobody else', async () => {
  const sessions = new SmtpSessions({ sessions: 3, sessionsPerProvider: 2 });
  const silent = Promise.withResolvers<void>();
  const stuck = Array.from({ length: 20 }, (_, n) =>
    sessions.run({ address: `192.0.2.${n}`, provider: 'silent.example' }, () => silent.promise),
  );
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      sessions.run({ address: `198.51.100.${n}`, provider: `p${n}.example` }, async () => {
        order.push(n);
      }),
    ),
  );
  expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  silent.resolve();
  await Promise.all(stuck);
});

test.each([
  [
    'an address',
    { address: '192.0.2.1', provider: 'b.example' },
    { address: '192.0.2.1', provider: 'c.example' },
  ],
  [
    'a provider',
    { address: '192.0.2.2', provider: 'a.example' },
    { address: '192.0.2.3', provider: 'a.example' },
  ],
  [
    'them all',
    { address: '192.0.2.2', provider: 'b.example' },
    { address: '192.0.2.3', provider: 'c.example' },
  ],
])(
  'an aborted signal leaves the queue of %s, and the next in it has its turn',
  async (what, leaver, next) => {
    const bounds = {
      sessions: what === 'them all' ? 1 : 9,
      sessionsPerProvider: what === 'a provider' ? 1 : 9,
    };
    const sessions = new SmtpSessions(bounds);
    const end = Promise.withResolvers<void>();
    const leaving = new AbortController();
    const order: string[] = [];
    const first = sessions.run({ address: '192.0.2.1', provider: 'a.example' }, () => end.promise);
    const second = sessions.run(leaver, async () => order.push('left'), leaving.signal);
    const third = sessions.run(next, async () => order.push('next'));
    leaving.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    expect(order).toEqual([]);
    end.resolve();
    await Promise.all([first, third]);
    expect(order).toEqual(['next']);
    // Nothing is left taken: the same peer has its turn again.
    await sessions.run(leaver, async () => order.push('again'));
    expect(order).toEqual(['next', 'again']);
  },
);
