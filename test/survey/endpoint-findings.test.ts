import { expect, test } from 'vitest';
import { endpointFindings } from '../../src/survey/endpoint-findings.ts';
import type { EndpointFacts, HandshakeFact } from '../../src/survey/probed-facts.ts';

const handshake: HandshakeFact = {
  keyAlgorithm: 'rsa',
  keyBits: 2048,
  protocol: 'TLSv1.2',
  cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  chain: ['aa'],
  leafSpki: 'bb',
  reason: null,
  namesInstead: null,
  inOtherManners: null,
};
const healthy: EndpointFacts = {
  address: '192.0.2.1',
  reached: 'tls',
  fault: null,
  because: null,
  banner: '',
  capabilities: [],
  capabilitiesInTls: null,
  starttlsOffered: true,
  secondKey: 'not-offered',
  tls12: true,
  tls13: false,
  withoutSni: 'same-chain',
  seenAt: 0,
  handshakes: [handshake],
  chainWithoutSni: ['aa'],
  verdict: 'authenticated',
  reason: null,
  matched: '3 1 1',
  matchedDepth: 0,
  matchedWithoutSni: true,
};
const unmatched = { verdict: 'failed', reason: 'tlsa-mismatch', matched: null, matchedDepth: null } as const;
const shown = (change: Partial<HandshakeFact>) => ({ handshakes: [{ ...handshake, ...change }] });

test.each<[string, Partial<EndpointFacts>, [string, string][]]>([
  ['all well', {}, []],
  ['no TLS', { reached: 'ehlo', handshakes: [], withoutSni: null, matchedWithoutSni: null }, []],
  ['RFC 8996: TLS 1.0', shown({ protocol: 'TLSv1' }), [['tls-version-old', '192.0.2.1']]],
  ['RFC 8996: TLS 1.1', shown({ protocol: 'TLSv1.1' }), [['tls-version-old', '192.0.2.1']]],
  ['TLS 1.3', shown({ protocol: 'TLSv1.3' }), []],
  ['RFC 9325 §4.5: RSA 2047', shown({ keyBits: 2047 }), [['tls-key-small', '192.0.2.1 rsa 2047']]],
  [
    'RFC 9325 §4.5: RSA-PSS 1024',
    shown({ keyAlgorithm: 'rsa-pss', keyBits: 1024 }),
    [['tls-key-small', '192.0.2.1 rsa-pss 1024']],
  ],
  [
    'RFC 9325 §4.5: P-192',
    shown({ keyAlgorithm: 'ec', keyBits: 192 }),
    [['tls-key-small', '192.0.2.1 ec 192']],
  ],
  ['P-224', shown({ keyAlgorithm: 'ec', keyBits: 224 }), []],
  ['a key of unknown size', shown({ keyAlgorithm: 'ed25519', keyBits: null }), []],
  ['the same key without SNI, still matched', { withoutSni: 'same-key' }, []],
  [
    'the same key without SNI, no longer matched',
    { withoutSni: 'same-key', matchedWithoutSni: false },
    [['tlsa-match-needs-sni', '192.0.2.1']],
  ],
  [
    'another key without SNI',
    { withoutSni: 'other-key', matchedWithoutSni: false },
    [['tlsa-match-needs-sni', '192.0.2.1']],
  ],
  ['another key without SNI that matches too', { withoutSni: 'other-key', matchedWithoutSni: true }, []],
  [
    'refused without SNI',
    { withoutSni: 'refused', matchedWithoutSni: null },
    [['tlsa-match-needs-sni', '192.0.2.1']],
  ],
  ['nobody looked', { withoutSni: null, matchedWithoutSni: null }, []],
  [
    'no records, refused without SNI',
    { ...unmatched, verdict: 'encrypted', reason: null, withoutSni: 'refused', matchedWithoutSni: null },
    [],
  ],
  [
    'one key fails, and that one is the choice without SNI',
    { verdict: 'degraded', withoutSni: 'same-chain', matchedWithoutSni: false },
    [],
  ],
  [
    'matched only without SNI',
    { ...unmatched, withoutSni: 'other-key', matchedWithoutSni: true },
    [['tlsa-match-without-sni-only', '192.0.2.1']],
  ],
  ['matched neither way', { ...unmatched, withoutSni: 'other-key', matchedWithoutSni: false }, []],
])('%s', (_, change, expected) => {
  const findings = endpointFindings([
    { ...healthy, address: '192.0.2.9' },
    { ...healthy, ...change },
  ]);
  expect(findings.map(({ key, detail }) => [key, detail])).toEqual(expected);
});

test('one finding for all addresses', () => {
  const old = { ...healthy, ...shown({ protocol: 'TLSv1' }) };
  expect(endpointFindings([old, { ...old, address: '2001:db8::1' }])).toEqual([
    { key: 'tls-version-old', detail: '192.0.2.1, 2001:db8::1' },
  ]);
});
