import { expect, test } from 'vitest';
import { isOlderSerial } from '../../src/dns/serial.ts';

test.each([
  [1, 2, true],
  [2, 1, false],
  [7, 7, false],
  [0xffffffff, 0, true],
  [0, 0xffffffff, false],
  [0, 0x7fffffff, true],
  [0x7fffffff, 0, false],
  // Half the circle: undefined, so that neither is older.
  [0, 0x80000000, false],
  [0x80000000, 0, false],
  [2026112401, 2026112402, true],
])('RFC 1982 §3.2: %i before %i: %s', (a, b, expected) => {
  expect(isOlderSerial(a, b)).toBe(expected);
});
