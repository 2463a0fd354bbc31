import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../src/dane/verify-chain.ts';
import { digest, intermediate, keys, leaf, MX, NOW, root, spkiOf } from '../pki/hierarchy.ts';
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

describe('RFC 7672 §3.2.2: the names of a leaf that fails by its name alone', () => {
  const names = ['domain.test', '*.other.test'];
  const anchor = { usage: 2, selector: 1, matchingType: 1, data: digest('sha256', spkiOf(keys.root)) };
  const other = { ...anchor, data: digest('sha256', spkiOf(keys.other)) };
  test.each([
    ['nothing else is amiss', leaf({ dnsNames: names }), anchor, 'ta-name-mismatch', names],
    [
      'by common name',
      leaf({ subject: 'domain.test', dnsNames: [] }),
      anchor,
      'ta-name-mismatch',
      ['domain.test'],
    ],
    ['expired too', leaf({ dnsNames: names, notAfter: NOW - 1 }), anchor, 'ta-name-mismatch', undefined],
    ['of another anchor', leaf({ dnsNames: names }), other, 'tlsa-mismatch', undefined],
    ['expired, with the name', leaf({ notAfter: NOW - 1 }), anchor, 'ta-expired', undefined],
  ])('%s', (_, first, record, reason, namesInstead) => {
    const chain = [first, intermediate(), root()];
    const question = { chain, records: [record], baseDomain: MX, at: NOW };
    const verdict = verifyChain({ ...question, referenceNames: [] });
    expect(verdict).toEqual({ ok: false, reason, ...(namesInstead && { namesInstead }) });
    const further = verifyChain({ ...question, referenceNames: ['domain.test'] });
    expect(further.ok).toBe(namesInstead !== undefined);
  });
});
