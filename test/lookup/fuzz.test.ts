/** Octets changed at random on their way: a lookup never throws, and never turns what is signed into insecure or absent. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { writeReply } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { world } from './signed-internet.ts';

const { A, TLSA, TXT } = RRType;
const RUNS = 400;

/** One to four octets changed, cut off, or doubled. */
function mutated(octets: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(octets);
  switch (random(6)) {
    case 0:
      return copy.subarray(0, random(copy.length));
    case 1: {
      // Counts of the header.
      copy[4 + random(8)] = random(4);
      return copy;
    }
    case 2: {
      const at = 12 + random(Math.max(1, copy.length - 12));
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at - random(12))]);
    }
    default:
      for (let i = 0; i <= random(4); i++) copy[random(copy.length)] = random(256);
      return copy;
  }
}

describe('hostile octets', () => {
  test.each([
    ['www.good.test', A, /^secure data$|^bogus|^indeterminate/],
    ['nothing.good.test', A, /^secure nxdomain$|^bogus|^indeterminate/],
    ['_25._tcp.mx.good.opt', TLSA, /^secure data$|^bogus|^indeterminate/],
    ['www.tree.good.test', A, /^secure data$|^bogus|^indeterminate/],
    ['x.wild.good.opt', TXT, /^secure data$|^bogus|^indeterminate/],
    ['www.cohosted.test', A, /^secure data$|^bogus|^indeterminate/],
    ['www.expired.test', A, /^bogus|^indeterminate/],
    ['www.wrongds.test', A, /^bogus|^indeterminate/],
    ['www.plain.test', A, /^insecure|^bogus|^indeterminate/],
    ['www.cohostedplain.test', A, /^insecure|^bogus|^indeterminate/],
    ['toplain.good.test', A, /^insecure|^bogus|^indeterminate/],
  ] as const)('%s', async (asked, type, allowed) => {
    for (let run = 0; run < RUNS; run++) {
      const random = seededRandom(run);
      const rarely = 1 + random(6);
      const one = world({
        seed: run,
        spoil: (parts) => (random(rarely) === 0 ? { octets: mutated(writeReply(parts), random) } : undefined),
      });
      const { security, outcome } = await one.lookup.ask(name(asked), type);
      const found = security.status === 'secure' ? `secure ${outcome}` : security.status;
      expect(found, `run ${run}`).toMatch(allowed);
    }
  });
});
