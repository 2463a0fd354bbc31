import { describe, expect, test } from 'vitest';
import { matchesHostName } from '../../src/pki/host-name-match.ts';

describe('RFC 7672 §3.2.3, RFC 6125 §6.4: does a presented name match a reference name', () => {
  test.each([
    ['mx.example.test', 'mx.example.test'],
    ['MX.Example.Test', 'mx.example.TEST'],
    ['mx.example.test', 'mx.example.test.'],
    ['*.example.test', 'mx.example.test'],
    ['*.Example.test', 'MX.example.test.'],
    ['test', 'test'],
    ['xn--mller-kva.example.test', 'xn--mller-kva.example.test'],
  ])('%s matches %s', (presented, reference) => {
    expect(matchesHostName(presented, reference)).toBe(true);
  });

  test.each([
    ['mx.example.test', 'mx2.example.test', 'another host'],
    ['example.test', 'mx.example.test', 'the domain of the host'],
    ['mx.example.test', 'example.test', 'a host of the domain'],
    ['*.example.test', 'example.test', 'a wildcard is one label'],
    ['*.example.test', 'a.mx.example.test', 'and not two'],
    ['*.example.test', '.example.test', 'and not an empty one'],
    ['*.test', 'example.test', 'two labels must follow the wildcard'],
    ['*', 'test', 'a wildcard alone'],
    ['m*.example.test', 'mx.example.test', 'a partial wildcard'],
    ['*x.example.test', 'mx.example.test', 'a partial wildcard'],
    ['xn--*.example.test', 'xn--a.example.test', 'a partial wildcard'],
    ['mx.*.test', 'mx.example.test', 'a wildcard further right'],
    ['*.*.example.test', 'a.b.example.test', 'two wildcards'],
    ['mx.example.test.', 'mx.example.test', 'a final dot in the certificate'],
    ['.example.test', 'mx.example.test', 'a leading dot'],
    ['mx.example.test\0.evil.test', 'mx.example.test', 'NUL'],
    ['', '', 'nothing'],
    ['', '.', 'nothing'],
  ])('%j does not match %j: %s', (presented, reference) => {
    expect(matchesHostName(presented, reference)).toBe(false);
  });
});
