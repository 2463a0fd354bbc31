import { expect, test } from 'vitest';
import { Turns } from '../../src/net/turns.ts';

/** Tasks that end when told, and the order in which they began. */
function stage(turns: Turns) {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  return {
    begun,
    enter(name: string, key = 'k', signal?: AbortSignal) {
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      return turns.run(
        key,
        async () => {
          begun.push(name);
          await end.promise;
          return name;
        },
        signal,
      );
    },
    end: (name: string) => ends.get(name)!.resolve(),
    fail: (name: string) => ends.get(name)!.reject(new Error(name)),
  };
}

test('so many of one key at once, the others in the order of asking', async () => {
  const { begun, enter, end } = stage(new Turns(2));
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name));
  expect(begun).toEqual(['a', 'b']);
  end('b');
  expect(await all[1]).toBe('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  end('a');
  end('c');
  await Promise.all([all[0], all[2]]);
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  end('d');
  end('e');
  await Promise.all(all);
});

test('keys do not wait for each other', async () => {
  const { begun, enter, end } = stage(new Turns(1));
  const all = [enter('a', 'x'), enter('b', 'x'), enter('c', 'y')];
  expect(begun).toEqual(['a', 'c']);
  for (const name of ['a', 'b', 'c']) end(name);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

test('whoever asks when a place is given back stands behind those who wait', async () => {
  const { begun, enter, end } = stage(new Turns(1));
  const first = enter('a');
  const second = enter('b');
  const third = first.then(() => enter('c'));
  end('a');
  await first;
  end('b');
  await second;
  end('c');
  await third;
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('a task that fails gives its place back', async () => {
  const { begun, enter, end, fail } = stage(new Turns(1));
  const [first, second] = [enter('a'), enter('b')];
  fail('a');
  await expect(first).rejects.toThrow('a');
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await second;
  const third = enter('c');
  expect(begun).toEqual(['a', 'b', 'c']);
  end('c');
  await third;
});

test('an aborted signal leaves the queue, and takes nobody else along', async () => {
  const { begun, enter, end } = stage(new Turns(1));
  const leaving = new AbortController();
  const first = enter('a');
  const second = enter('b', 'k', leaving.signal);
  const third = enter('c');
  leaving.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  end('a');
  await first;
  end('c');
  await third;
  expect(begun).toEqual(['a', 'c']);
});

test('an aborted signal does not free the place of a task that still runs', async () => {
  const { begun, enter, end } = stage(new Turns(1));
  const leaving = new AbortController();
  const first = enter('a', 'k', leaving.signal);
  const second = enter('b');
  leaving.abort();
  await Promise.resolve();
  expect(begun).toEqual(['a']);
  end('a');
  end('b');
  expect(await Promise.all([first, second])).toEqual(['a', 'b']);
});

test('a signal aborted before takes no place', async () => {
  const { begun, enter, end } = stage(new Turns(1));
  await expect(enter('a', 'k', AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  const second = enter('b');
  end('b');
  await second;
  expect(begun).toEqual(['b']);
});

test.each([0, Number.NaN])('%d at once would let nobody in, and is refused', (most) => {
  expect(() => new Turns(most)).toThrow(RangeError);
});
