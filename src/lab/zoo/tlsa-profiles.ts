/** TLSA records against certificates (RFC 6698, 7671, 7672): which match, which do not, and which cannot. */
import {
  daneFails as fails,
  type HostProfile,
  danePasses as passes,
  daneUnusable as unusable,
} from '../plan/host-profile.ts';
import { chainFor, otherKey, tls, tlsa } from '../plan/tlsa-of-chain.ts';
import type { TlsaPlan } from '../plan/zone-plan.ts';

const rsa = (host: string) => chainFor(host, { key: `${host}/rsa`, keyType: 'rsa' });
const smallRsa = (host: string) => chainFor(host, { key: `${host}/rsa`, keyType: 'rsa-1024' });
const selfSigned = (host: string) =>
  chainFor(host, { key: `${host}/rsa`, keyType: 'rsa', issuer: 'self', sent: 1 });
const expired = (host: string) => chainFor(host, { validity: 'expired' });
const misnamed = (host: string) => chainFor(host, { names: [`www.${host}`] });
const leafOnly = (host: string) => chainFor(host, { sent: 1 });
const withRoot = (host: string) => chainFor(host, { sent: 3 });
const caTwo = (host: string) => chainFor(host, { issuer: 'ca-two' });

const ee = (parameters: string) => (host: string) => [tlsa(parameters, chainFor(host))];
const cut = (record: TlsaPlan): TlsaPlan => ({ ...record, spoilt: 'cut' });

export const tlsaProfiles: Readonly<Record<string, HostProfile>> = {
  'dane-3-1-1': passes(ee('3 1 1')),
  'dane-3-0-1': passes(ee('3 0 1')),
  'dane-3-1-2': passes(ee('3 1 2')),
  'dane-3-0-2': passes(ee('3 0 2')),
  'dane-3-1-0': passes(ee('3 1 0')),
  'dane-3-0-0': passes(ee('3 0 0')),
  'dane-2-1-1': passes(ee('2 1 1')),
  'dane-2-0-1': passes(ee('2 0 1')),
  'dane-2-1-1-root-sent': passes(
    (host) => [tlsa('2 1 1', withRoot(host), 2)],
    (host) => tls(withRoot(host)),
  ),
  'dane-rsa-only': passes(
    (host) => [tlsa('3 1 1', rsa(host))],
    (host) => tls(rsa(host)),
  ),
  'dane-ecdsa-only': passes(ee('3 1 1')),
  'dane-dual-both-covered': passes(
    (host) => [tlsa('3 1 1', rsa(host)), tlsa('3 1 1', chainFor(host))],
    (host) => tls(rsa(host), chainFor(host)),
  ),
  'dane-self-signed': passes(
    (host) => [tlsa('3 1 1', selfSigned(host))],
    (host) => tls(selfSigned(host)),
  ),
  'dane-ee-expired': passes(
    (host) => [tlsa('3 1 1', expired(host))],
    (host) => tls(expired(host)),
  ),
  'dane-ee-wrong-name': passes(
    (host) => [tlsa('3 1 1', misnamed(host))],
    (host) => tls(misnamed(host)),
  ),
  'dane-current-and-next': passes((host) => [tlsa('3 1 1', chainFor(host)), tlsa('3 1 1', otherKey(host))]),
  'dane-current-and-issuer': passes((host) => [tlsa('3 1 1', chainFor(host)), tlsa('2 1 1', chainFor(host))]),
  'dane-issuer-saves-stale-leaf': passes((host) => [
    tlsa('3 1 1', otherKey(host)),
    tlsa('2 1 1', chainFor(host)),
  ]),
  'dane-two-issuers': passes((host) => [tlsa('2 1 1', chainFor(host)), tlsa('2 1 1', caTwo(host))]),
  'dane-ta-key-in-dns': passes(
    (host) => [tlsa('2 1 0', leafOnly(host))],
    (host) => tls(leafOnly(host)),
  ),
  'dane-ta-certificate-in-dns': passes(
    (host) => [tlsa('2 0 0', leafOnly(host))],
    (host) => tls(leafOnly(host)),
  ),
  'dane-usable-beside-pkix': passes((host) => [tlsa('1 1 1', chainFor(host)), tlsa('3 1 1', chainFor(host))]),
  'dane-usable-beside-cut-digest': passes((host) => [
    cut(tlsa('3 1 1', otherKey(host))),
    tlsa('3 1 1', chainFor(host)),
  ]),
  'dane-tls-1.2': passes(ee('3 1 1'), (host) => ({
    kind: 'tls',
    chains: [chainFor(host)],
    maxVersion: 'TLSv1.2',
  })),
  'dane-tls-1.3-only': passes(ee('3 1 1'), (host) => ({
    kind: 'tls',
    chains: [chainFor(host)],
    minVersion: 'TLSv1.3',
  })),
  'dane-tls-1.0-only': {
    ...passes(ee('3 1 1'), (host) => ({
      kind: 'tls',
      chains: [chainFor(host)],
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
    })),
    findings: ['tls-version-old'],
  },
  'dane-rsa-1024': {
    ...passes(
      (host) => [tlsa('3 1 1', smallRsa(host))],
      (host) => tls(smallRsa(host)),
    ),
    findings: ['tls-key-small'],
  },
  'dane-needs-sni': {
    ...passes(ee('3 1 1'), (host) => ({
      kind: 'tls',
      chains: [chainFor(host)],
      withoutSni: chainFor(`default.${host}`),
    })),
    findings: ['tlsa-match-needs-sni'],
  },
  'dane-same-key-without-sni': passes(ee('3 1 1'), (host) => ({
    kind: 'tls',
    chains: [chainFor(host)],
    withoutSni: chainFor(host, { names: [`default.${host}`] }),
  })),
  'tlsa-stale': fails((host) => [tlsa('3 1 1', otherKey(host))], 'tlsa-mismatch'),
  'tlsa-stale-certificate': fails((host) => [tlsa('3 0 1', caTwo(host))], 'tlsa-mismatch'),
  'tlsa-digest-agility': fails(
    (host) => [tlsa('3 1 1', chainFor(host)), tlsa('3 1 2', otherKey(host))],
    'tlsa-mismatch',
  ),
  'tlsa-ta-retired-issuer': fails((host) => [tlsa('2 1 1', caTwo(host))], 'tlsa-mismatch'),
  'tlsa-ta-at-leaf': fails((host) => [tlsa('2 1 1', chainFor(host), 0)], 'tlsa-mismatch'),
  'tlsa-ta-intermediate-not-sent': fails(ee('2 1 1'), 'tlsa-mismatch', (host) => tls(leafOnly(host))),
  'tlsa-ta-root-not-sent': fails((host) => [tlsa('2 1 1', chainFor(host), 2)], 'tlsa-mismatch'),
  'tlsa-ta-wrong-name': fails(ee('2 1 1'), 'ta-name-mismatch', (host) => tls(misnamed(host))),
  'tlsa-ta-expired': fails(ee('2 1 1'), 'ta-expired', (host) => tls(expired(host))),
  'unusable-usage-0': unusable(ee('0 1 1')),
  'unusable-usage-1': unusable(ee('1 1 1')),
  'unusable-usage-unknown': unusable((host) => [{ ...tlsa('3 1 1', chainFor(host)), usage: 7 }]),
  'unusable-selector': unusable((host) => [{ ...tlsa('3 1 1', chainFor(host)), selector: 2 }]),
  'unusable-matching-type': unusable((host) => [{ ...tlsa('3 1 1', chainFor(host)), matchingType: 9 }]),
  'unusable-digest-length': unusable((host) => [cut(tlsa('3 1 1', chainFor(host)))]),
};
