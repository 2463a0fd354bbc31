import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../src/dane/verify-chain.ts';
import { MX, NOW } from '../pki/hierarchy.ts';
import { chainCases } from './verify-chain.cases.ts';

describe('RFC 7671 §5, RFC 7672 §3: a chain held against TLSA records', () => {
  test.each(chainCases)(
    '$name -> $expect',
    ({ chain, records, baseDomain, referenceNames, at, expect: wanted }) => {
      const verdict = verifyChain({
        chain,
        records,
        baseDomain: baseDomain ?? MX,
        referenceNames: referenceNames ?? [],
        at: at ?? NOW,
      });
      const { usage, selector, matchingType, depth } = verdict.ok ? verdict.matched : {};
      expect(verdict.ok ? `${usage} ${selector} ${matchingType} @${depth}` : verdict.reason).toBe(wanted);
    },
  );
});
