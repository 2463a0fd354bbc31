/** Server names that one lookup cannot reach from where it stands are no fault of theirs: another lookup finds them. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { MAX_DEPTH } from '../../src/resolve/limits.ts';
import { fakeInternet, resolverOver } from './fake-internet.ts';

const ROOT = '198.41.0.4';
const TLD = '192.0.2.1';
const HELPER = '192.0.2.5';
const HOST = '192.0.2.6';

/** A chain of zones, each served from the next, that ends just too deep at an honest name. */
const chain = Array.from({ length: MAX_DEPTH - 1 }, (_, i) => `d${i} NS ns.d${i + 1}`);
const internet = {
  [ROOT]: { '.': ['test. NS ns.test.', `ns.test. A ${TLD}`, 'far. NS ns.far.', `ns.far. A ${HELPER}`] },
  [TLD]: {
    'test.': [...chain, `d${MAX_DEPTH - 1} NS ns.honest`, 'honest NS ns.far.', 'neighbour NS ns.honest'],
  },
  [HELPER]: {
    'far.': [`ns A ${HELPER}`],
    'honest.test.': [`ns A ${HOST}`],
  },
  [HOST]: { 'neighbour.test.': ['www A 203.0.113.1'] },
};

describe('a chain of name servers that is too deep', () => {
  test('takes no address away from the names it ends at', async () => {
    const { resolver, session } = resolverOver(fakeInternet(internet).exchange);
    // The address of the honest zone's server is one step too far away.
    expect(await resolver.ask(name('www.d0.test'), RRType.A, session())).toMatchObject({
      kind: 'failed',
      because: 'name-server-depth',
    });
    expect(await resolver.ask(name('www.neighbour.test'), RRType.A, session())).toMatchObject({
      kind: 'reply',
    });
  });
});
