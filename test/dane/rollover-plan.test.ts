import { describe, expect, test } from 'vitest';
import { type RolloverInput, rolloverPlans } from '../../src/dane/rollover-plan.ts';
import { parseTlsaText } from '../../src/dane/tlsa-text.ts';

const record = (text: string) => parseTlsaText(text)!;
const [a, b, c, ca] = ['3 1 1 aa', '3 1 1 bb', '3 1 1 cc', '2 1 1 ff'].map(record);
const input = (change: Partial<RolloverInput>): RolloverInput => ({
  current: [a!],
  next: [],
  issuers: [],
  ttl: 3600,
  start: 1_000_000,
  ...change,
});
/** Scheme, then action, seconds since the start, and what the records describe. */
const shape = (given: RolloverInput) =>
  rolloverPlans(given).map(({ scheme, steps }) => [
    scheme,
    ...steps.map(({ action, notBefore, records }) => [
      action,
      notBefore - given.start,
      records.map(({ of, record: one }) => (one === null ? `${of}?` : of)).join(' '),
    ]),
  ]);

describe('how-to "Reliable certificate rollover", RFC 7671 §8.1', () => {
  test('current + next: two TTLs before the key changes, and two more before it can change again', () => {
    expect(shape(input({ next: [b!] }))).toEqual([
      [
        'current-next',
        ['publish', 0, 'current next'],
        ['deploy', 7200, 'current next'],
        ['replace', 7200, 'next after-next?'],
        ['again', 14_400, 'next after-next?'],
      ],
    ]);
  });

  test('current + issuer: the next key need not be there yet', () => {
    const steps = (replaced: string) => [
      [
        'current-issuer',
        ['publish', 0, 'current issuer'],
        ['deploy', 3600, 'current issuer'],
        ['replace', 3600, replaced],
        ['again', 7200, replaced],
      ],
    ];
    expect(shape(input({ issuers: [ca!], ttl: 1800 }))).toEqual(steps('next? issuer'));
  });

  test('both, where both can be; two algorithms have two of each', () => {
    const plans = rolloverPlans(input({ current: [a!, b!], next: [c!], issuers: [ca!] }));
    expect(plans.map(({ scheme }) => scheme)).toEqual(['current-next', 'current-issuer']);
    expect(plans[0]!.steps[0]!.records.map((one) => one.record)).toEqual([a, b, c]);
    expect(plans[1]!.steps[2]!.records.map((one) => one.record)).toEqual([c, ca]);
    expect(shape(input({ current: [a!, b!], issuers: [ca!] }))[0]![3]).toEqual([
      'replace',
      7200,
      'next? next? issuer',
    ]);
  });

  test('neither without a next key or an issuer', () => expect(rolloverPlans(input({}))).toEqual([]));

  test('every RRset on the way holds a record of the key in use at that time', () => {
    for (const { scheme, steps } of rolloverPlans(input({ next: [b!], issuers: [ca!] }))) {
      const [publish, deploy, replace] = steps.map(({ records }) => records.map((one) => one.record));
      const matchesOld = [a];
      const matchesNew = scheme === 'current-next' ? [b] : [ca];
      for (const rrset of [publish, deploy]) {
        expect(rrset!.some((one) => matchesOld.includes(one!))).toBe(true);
        expect(rrset!.some((one) => matchesNew.includes(one!))).toBe(true);
      }
      expect(replace!.some((one) => matchesNew.includes(one!) || one === b)).toBe(true);
    }
  });
});
