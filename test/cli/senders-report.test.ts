import { expect, test } from 'vitest';
import { sendersLines } from '../../src/cli/senders-report.ts';
import type { SenderVerdict } from '../../src/survey/sender-verdicts.ts';

const delivered: SenderVerdict = {
  sender: 'postfix-dane',
  outcome: 'authenticated',
  possible: ['authenticated'],
  reason: null,
  tlsrpt: null,
  hosts: [],
};
const mismatch = { outcome: 'deferred', possible: ['deferred'], reason: 'tlsa-mismatch' } as const;
const heading = '  what senders do with its mail (*: as documented, not seen):';

test('senders with one outcome and one reason stand on one line', () => {
  const senders: SenderVerdict[] = [
    { ...delivered, ...mismatch },
    { ...delivered, sender: 'exim-try' },
    { ...delivered, ...mismatch, sender: 'halon-dane' },
    {
      ...delivered,
      sender: 'exim-require',
      outcome: 'unknown',
      possible: ['authenticated', 'deferred'],
      reason: 'connection-timeout',
    },
  ];
  expect(sendersLines({ senders, hurtThoughUnsigned: false })).toEqual([
    heading,
    '    deferred: Postfix dane, Halon dane*',
    '      because no TLSA record matches the certificate chain of the server',
    '    authenticated: Exim try',
    '    unknown (authenticated or deferred): Exim require',
    '      because no connection came about in time',
  ]);
});

test('all of them, and a domain that is hurt', () => {
  expect(sendersLines({ senders: [delivered], hurtThoughUnsigned: true })).toEqual([
    heading,
    '    authenticated: all of them',
    '  TLSA records of its MX hosts hold up its mail, though it is not signed itself',
  ]);
});

test('what is not known of the hurt is not said', () => {
  expect(sendersLines({ senders: [delivered], hurtThoughUnsigned: null })).toHaveLength(2);
});
