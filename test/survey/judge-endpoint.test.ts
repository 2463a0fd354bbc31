import { describe, expect, test } from 'vitest';
import type { TlsaOutcome, TlsaRecord } from '../../src/dane/tlsa-record.ts';
import { type EndpointSeen, judgeEndpoint, judgeEndpointFor } from '../../src/survey/judge-endpoint.ts';
import { digest, intermediate, keys, leaf, MX, NOW, root, selfSigned, spkiOf } from '../pki/hierarchy.ts';

const tlsa = (usage: number, key = keys.ec): TlsaRecord => ({
  usage,
  selector: 1,
  matchingType: 1,
  data: digest('sha256', spkiOf(key)),
});
const ecdsa = { chain: [leaf(), intermediate(), root()] };
const rsa = { chain: [selfSigned({ key: keys.rsa, issuer: { subject: MX, key: keys.rsa } })] };
const expired = { chain: [leaf({ notAfter: NOW - 1 }), intermediate(), root()] };

const tls: EndpointSeen = {
  reached: 'tls',
  fault: null,
  because: null,
  starttlsOffered: true,
  handshakes: [ecdsa],
  chainWithoutSni: null,
};
const stopped = (change: Partial<EndpointSeen>): EndpointSeen => ({
  ...tls,
  handshakes: [],
  fault: 'theirs',
  ...change,
});

function judge(seen: EndpointSeen, tlsaOutcome: TlsaOutcome, records: readonly TlsaRecord[] = [tlsa(3)]) {
  return judgeEndpoint(seen, { tlsaOutcome, records, baseDomain: MX }, NOW);
}

describe('RFC 7672 §3: TLS came about', () => {
  test.each([
    ['the record matches', [ecdsa], [tlsa(3)], 'authenticated', null, '3 1 1', 0],
    ['the anchor matches', [ecdsa], [tlsa(2, keys.root)], 'authenticated', null, '2 1 1', 2],
    ['no record matches', [ecdsa], [tlsa(3, keys.other)], 'failed', 'tlsa-mismatch', null, null],
    ['both algorithms match', [ecdsa, rsa], [tlsa(3), tlsa(3, keys.rsa)], 'authenticated', null, '3 1 1', 0],
    ['one algorithm matches', [rsa, ecdsa], [tlsa(3)], 'degraded', 'tlsa-mismatch-one-algorithm', '3 1 1', 0],
    [
      'one algorithm expired',
      [rsa, expired],
      [tlsa(3, keys.rsa), tlsa(2, keys.root)],
      'degraded',
      'ta-expired',
      '3 1 1',
      0,
    ],
    ['neither algorithm matches', [rsa, ecdsa], [tlsa(3, keys.other)], 'failed', 'tlsa-mismatch', null, null],
    ['no certificate', [{ chain: [] }], [tlsa(3)], 'failed', 'chain-empty', null, null],
  ])('usable: %s', (_, handshakes, records, verdict, reason, matched, matchedDepth) => {
    expect(judge({ ...tls, handshakes }, 'usable', records)).toMatchObject({
      verdict,
      reason,
      matched,
      matchedDepth,
      matchedWithoutSni: null,
    });
  });

  test('unusable, none, lookup-failed: nothing is authenticated', () => {
    expect(judge(tls, 'unusable')).toMatchObject({ verdict: 'encrypted', reason: 'tlsa-unusable' });
    expect(judge(tls, 'none')).toMatchObject({ verdict: 'encrypted', reason: null });
    expect(judge(tls, 'lookup-failed')).toMatchObject({ verdict: 'encrypted', reason: null });
  });

  test('usable records without a base domain are a fault of ours', () => {
    const demand = {
      tlsaOutcome: 'usable',
      records: [tlsa(3)],
      baseDomain: null,
    } as const;
    expect(() => judgeEndpoint(tls, demand, NOW)).toThrow('internal error');
  });
});

describe('RFC 7672 §3.2.2: a certificate that names other domains', () => {
  const named = { chain: [leaf({ dnsNames: ['domain.test', '*.web.test'] }), intermediate(), root()] };
  const lapsed = {
    chain: [leaf({ dnsNames: ['domain.test'], notAfter: NOW - 1 }), intermediate(), root()],
  };
  const both = [tlsa(2, keys.root), tlsa(3, keys.rsa)];
  test.each([
    ['the domain', [named], both, ['domain.test'], 'authenticated', null],
    ['the expanded name of the domain', [named], both, ['alias.test', 'domain.test'], 'authenticated', null],
    ['the domain, by a wildcard', [named], both, ['www.web.test'], 'authenticated', null],
    ['another domain', [named], both, ['other.test'], 'failed', 'ta-name-mismatch'],
    ['nobody’s domain', [named], both, [], 'failed', 'ta-name-mismatch'],
    ['the domain, but expired', [lapsed], both, ['domain.test'], 'failed', 'ta-name-mismatch'],
    ['the domain, beside a key that matches', [rsa, named], both, ['domain.test'], 'authenticated', null],
    [
      'another domain, beside a key that matches',
      [rsa, named],
      both,
      ['other.test'],
      'degraded',
      'ta-name-mismatch',
    ],
    [
      'the domain, beside a key that does not match',
      [rsa, named],
      [tlsa(2, keys.root)],
      ['domain.test'],
      'degraded',
      'tlsa-mismatch-one-algorithm',
    ],
  ])('%s', (_, handshakes, records, referenceNames, verdict, reason) => {
    const judged = judge({ ...tls, handshakes }, 'usable', records);
    expect(judgeEndpointFor(judged, referenceNames)).toMatchObject({ verdict, reason });
  });

  test('whatever a domain is called, the rest of the table stays', () => {
    for (const [handshakes, records] of [
      [[rsa, ecdsa], [tlsa(3)]],
      [[ecdsa], [tlsa(3, keys.other)]],
      [[expired], [tlsa(2, keys.root)]],
    ] as const) {
      const judged = judge({ ...tls, handshakes }, 'usable', records);
      expect(judgeEndpointFor(judged, [MX, 'domain.test'])).toEqual(judged);
    }
  });
});

describe('RFC 3207 §4, RFC 7672 §2.2: no TLS, by the server’s doing', () => {
  test.each<[string, EndpointSeen]>([
    [
      'starttls-not-offered',
      stopped({ reached: 'ehlo', starttlsOffered: false, because: 'starttls-not-offered' }),
    ],
    ['starttls-refused', stopped({ reached: 'ehlo', because: 'starttls-refused' })],
    ['tls-handshake-failed', stopped({ reached: 'starttls', because: 'tls-handshake-failed' })],
    ['connection-reset', stopped({ reached: 'starttls', because: 'connection-reset' })],
    ['ehlo-rejected', stopped({ reached: 'greeting', starttlsOffered: null, because: 'ehlo-rejected' })],
    ['starttls-not-offered', stopped({ reached: 'ehlo', starttlsOffered: false, because: null })],
  ])('%s', (reason, seen) => {
    expect(judge(seen, 'usable')).toMatchObject({ verdict: 'failed', reason });
    expect(judge(seen, 'unusable')).toMatchObject({ verdict: 'failed', reason });
    expect(judge(seen, 'none')).toMatchObject({ verdict: 'cleartext', reason });
    expect(judge(seen, 'lookup-failed')).toMatchObject({ verdict: 'cleartext', reason });
  });
});

describe('could not look', () => {
  const unheard = { starttlsOffered: null } as const;
  test.each<[string, EndpointSeen]>([
    ['connection-refused', stopped({ ...unheard, reached: 'nothing', because: 'connection-refused' })],
    [
      'connection-timeout',
      stopped({ ...unheard, reached: 'nothing', fault: 'network', because: 'connection-timeout' }),
    ],
    ['no-local-route', stopped({ ...unheard, reached: 'nothing', fault: 'ours', because: 'no-local-route' })],
    ['greeting-timeout', stopped({ ...unheard, reached: 'connect', because: 'greeting-timeout' })],
    ['smtp-syntax', stopped({ ...unheard, reached: 'connect', because: 'smtp-syntax' })],
    ['greeting-rejected', stopped({ ...unheard, reached: 'greeting', because: 'greeting-rejected' })],
    [
      'greeting-rejected-temporarily',
      stopped({ ...unheard, reached: 'greeting', because: 'greeting-rejected-temporarily' }),
    ],
    [
      'ehlo-rejected-temporarily',
      stopped({ ...unheard, reached: 'greeting', because: 'ehlo-rejected-temporarily' }),
    ],
    ['smtp-timeout', stopped({ ...unheard, reached: 'greeting', because: 'smtp-timeout' })],
    ['tls-timeout', stopped({ reached: 'starttls', fault: 'network', because: 'tls-timeout' })],
  ])('%s', (reason, seen) => {
    for (const outcome of ['usable', 'unusable', 'none', 'lookup-failed'] as const) {
      expect(judge(seen, outcome)).toMatchObject({
        verdict: 'unknown',
        reason,
        matched: null,
        matchedDepth: null,
      });
    }
  });
});

describe('RFC 7672 §8.1: what is shown without SNI changes no verdict', () => {
  test.each([
    ['the same chain', ecdsa, ecdsa, 'usable', 'authenticated', true],
    ['another key', ecdsa, rsa, 'usable', 'authenticated', false],
    ['the key that the record means', rsa, ecdsa, 'usable', 'failed', true],
    ['no certificate', ecdsa, { chain: [] }, 'usable', 'authenticated', false],
    ['not seen', ecdsa, null, 'usable', 'authenticated', null],
    ['unusable records', ecdsa, ecdsa, 'unusable', 'encrypted', null],
    ['no records', ecdsa, ecdsa, 'none', 'encrypted', null],
  ] as const)('%s', (_, named, unnamed, outcome, verdict, matchedWithoutSni) => {
    const seen = { ...tls, handshakes: [named], chainWithoutSni: unnamed?.chain ?? null };
    expect(judge(seen, outcome)).toMatchObject({ verdict, matchedWithoutSni });
  });
});
