import { expect, test } from 'vitest';
import { hasVersion, type VersionLook } from '../../src/net/tls-versions.ts';

const modern = ['TLSv1.2', 'TLSv1.3'] as const;
const legacy = ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const;
const ended = (offers: VersionLook['offers'], protocol: string): VersionLook => ({
  offers,
  protocol,
  refusesVersion: false,
});
const failed = (offers: VersionLook['offers'], refusesVersion: boolean): VersionLook => ({
  offers,
  protocol: null,
  refusesVersion,
});

test.each<[string, VersionLook[], boolean | null, boolean | null]>([
  ['nobody looked', [], null, null],
  ['1.3 negotiated: 1.2 is left open', [ended(modern, 'TLSv1.3')], null, true],
  ['RFC 8446 §4.2.1: 1.2 negotiated where 1.3 was offered', [ended(modern, 'TLSv1.2')], true, false],
  ['another failure leaves both open', [failed(modern, false)], null, null],
  ['RFC 8446 §D.2: refused for the versions', [failed(modern, true)], false, false],
  ['refused for 1.2 alone', [ended(modern, 'TLSv1.3'), failed(['TLSv1.2'], true)], false, true],
  ['failed with 1.2 alone', [ended(modern, 'TLSv1.3'), failed(['TLSv1.2'], false)], null, true],
  [
    'RFC 5246 §E.1: 1.0 negotiated where 1.2 was offered',
    [failed(modern, false), ended(legacy, 'TLSv1')],
    false,
    null,
  ],
  ['the modern offer refused, then 1.0', [failed(modern, true), ended(legacy, 'TLSv1')], false, false],
  ['1.2, but only with old ciphers', [failed(modern, false), ended(legacy, 'TLSv1.2')], true, null],
  ['what was seen once is there', [failed(['TLSv1.2'], true), ended([], 'TLSv1.2')], true, null],
  ['a restricted offer denies nothing', [ended([], 'TLSv1.2')], true, null],
  ['a name that is not known denies nothing', [ended(modern, 'QUIC')], null, null],
])('%s', (_, looks, tls12, tls13) => {
  expect([hasVersion('TLSv1.2', looks), hasVersion('TLSv1.3', looks)]).toEqual([tls12, tls13]);
});
