import { expect, test } from 'vitest';
import { tlsLines } from '../../src/cli/tls-lines.ts';
import type { EndpointFacts, HandshakeFact } from '../../src/survey/probed-facts.ts';

const handshake: HandshakeFact = {
  keyAlgorithm: 'ec',
  keyBits: 256,
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  chain: ['aa', 'bb'],
  leafSpki: 'cc',
  reason: null,
  namesInstead: null,
  inOtherManners: null,
};
const seen: EndpointFacts = {
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
  tls13: true,
  withoutSni: null,
  seenAt: 0,
  handshakes: [handshake],
  chainWithoutSni: null,
  verdict: 'authenticated',
  reason: null,
  matched: '3 1 1',
  matchedDepth: 0,
  matchedWithoutSni: null,
};
const first = 'TLSv1.3 TLS_AES_256_GCM_SHA384, key ec 256 bits, 2 certificates sent';
const both = 'TLS 1.2: yes; TLS 1.3: yes';

test.each<[string, Partial<EndpointFacts>, string[]]>([
  ['one handshake', {}, [first, both]],
  ['no TLS', { handshakes: [], tls12: null, tls13: null }, []],
  ['TLS 1.2 is not there', { tls12: false }, [first, 'TLS 1.2: no; TLS 1.3: yes']],
  ['nobody could look for TLS 1.2', { tls12: null }, [first, 'TLS 1.2: could not look; TLS 1.3: yes']],
  [
    'a key without size',
    { handshakes: [{ ...handshake, keyAlgorithm: 'ed25519', keyBits: null }] },
    ['TLSv1.3 TLS_AES_256_GCM_SHA384, key ed25519, 2 certificates sent', both],
  ],
  [
    'nobody could look for the second key',
    { secondKey: 'not-looked' },
    [first, both, 'could not look whether there is a certificate of another key algorithm'],
  ],
  [
    'the same without SNI',
    { withoutSni: 'same-chain', matchedWithoutSni: true },
    [first, both, 'without SNI: the same certificates'],
  ],
  [
    'another chain of the same key',
    { withoutSni: 'same-key', matchedWithoutSni: true },
    [first, both, 'without SNI: other certificates with the same key, which a TLSA record matches'],
  ],
  [
    'another key',
    { withoutSni: 'other-key', matchedWithoutSni: false },
    [first, both, 'without SNI: a certificate of another key, which no TLSA record matches'],
  ],
  [
    'another key, where no record is',
    { withoutSni: 'other-key' },
    [first, both, 'without SNI: a certificate of another key'],
  ],
  ['refused without SNI', { withoutSni: 'refused' }, [first, both, 'without SNI: TLS fails']],
])('%s', (_, change, lines) => {
  expect(tlsLines('  ', { ...seen, ...change })).toEqual(lines.map((line) => `  ${line}`));
});
