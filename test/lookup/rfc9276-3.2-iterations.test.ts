/** RFC 9276 §3.2: where NSEC3 iterations make an answer insecure or indeterminate, and that a resolver can be told so. */
import { expect, test } from 'vitest';
import { RRType } from '../../src/dns/rr-type.ts';
import { verdict, world, type ZoneText } from './signed-internet.ts';

const { A, DS } = RRType;
const texts: readonly ZoneText[] = [
  { apex: '.', servers: ['198.41.0.4'], signed: {}, lines: [] },
  {
    apex: 'many',
    servers: ['192.0.2.1'],
    signed: { nsec3: { optOut: false, iterations: 150 } },
    lines: ['www A 203.0.113.1'],
  },
  { apex: 'plain.many', servers: ['192.0.2.2'], lines: ['www A 203.0.113.2'] },
  { apex: 'good.many', servers: ['192.0.2.3'], signed: {}, lines: ['www A 203.0.113.3'] },
];

test.each([
  [150, 65_535, ['secure nxdomain', 'insecure insecure-delegation data']],
  [149, 65_535, ['insecure nsec3-iterations-insecure nxdomain', 'insecure nsec3-iterations-insecure data']],
  [0, 149, ['indeterminate nsec3-iterations-indeterminate', 'indeterminate nsec3-iterations-indeterminate']],
  [100, 150, ['insecure nsec3-iterations-insecure nxdomain', 'insecure nsec3-iterations-insecure data']],
])(
  'insecure above %d, indeterminate above %d, with 150',
  async (insecureAbove, indeterminateAbove, expected) => {
    const nsec3Iterations = { insecureAbove, indeterminateAbove };
    const one = world({ texts, nsec3Iterations });
    // A denial, and a zone whose delegation hangs on one.
    expect([await verdict(one, 'nothing.many'), await verdict(one, 'www.plain.many')]).toEqual(expected);
    // What needs no denial is as it was.
    expect(await verdict(one, 'www.many', A)).toBe('secure data');
    expect(await verdict(one, 'www.good.many', A)).toBe('secure data');
    expect(await verdict(one, 'good.many', DS)).toBe('secure data');
  },
);
