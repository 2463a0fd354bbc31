import { describe, expect, test } from 'vitest';
import { nameServerReasons } from '../../src/base/reasons/name-servers.ts';
import { planWorld } from '../../src/lab/plan/world.ts';
import * as mix from '../../src/lab/population/parameters.ts';
import { findingsThatNeedCause, type HostTruth } from '../../src/lab/truth.ts';
import { zoo } from '../../src/lab/zoo/zoo.ts';
import { mailKinds } from '../../src/survey/facts.ts';
import { domainVerdicts, endpointVerdicts, hostVerdicts } from '../../src/survey/verdicts.ts';

const world = planWorld({ domains: 5000, seed: 1 });
const domains = [...world.truth.domains()];
const hosts = [...world.truth.hosts()];
/** The zone of another domain that an alias stands in; the domain's own where it is none. */
const aliasHolder = (domain: string) => domain.replace(/^alias\./, '');

describe('the zoo', () => {
  test('scenario names are unique, and each has a truth', () => {
    const names = zoo.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const told = new Set(domains.map(({ scenario }) => scenario));
    expect(names.filter((name) => !told.has(name))).toEqual([]);
  });

  test.each([1, 2, 999])('with 300 domains and seed %i every verdict occurs', (seed) => {
    const { truth } = planWorld({ domains: 300, seed });
    const small = [...truth.domains()];
    const smallHosts = [...truth.hosts()];
    expect(new Set(small.map(({ mail }) => mail))).toEqual(new Set(mailKinds));
    expect(new Set(small.map(({ verdict }) => verdict))).toEqual(new Set(domainVerdicts));
    expect(new Set(smallHosts.map(({ verdict }) => verdict))).toEqual(new Set(hostVerdicts));
    const shown = smallHosts.flatMap(({ endpoints }) => endpoints.map(({ verdict }) => verdict));
    expect(new Set(shown)).toEqual(new Set(endpointVerdicts));
  });

  test('every finding that accuses a server occurs', () => {
    expect(new Set(hosts.flatMap(({ findings }) => findings))).toEqual(new Set(findingsThatNeedCause));
  });

  test('each fault of a name server occurs at one of two servers, and has its addresses', () => {
    const atOne = hosts.filter(({ scenario }) => scenario.startsWith('one-server-'));
    const faults = new Set(atOne.flatMap(({ serverFaults = [] }) => serverFaults.map(({ fault }) => fault)));
    for (const fault of Object.keys(nameServerReasons)) expect(faults).toContain(fault);
    for (const { serverFaults } of atOne) expect(serverFaults).toHaveLength(2);
  });

  test('time-outs are few, whatever the size', () => {
    const silent = ({ reasons }: HostTruth) => reasons.includes('timeout');
    expect(hosts.filter(silent).length).toBeLessThanOrEqual(3);
    const slow = hosts
      .flatMap(({ endpoints }) => endpoints)
      .filter(({ reasons }) => reasons.includes('greeting-timeout'));
    expect(slow.length).toBeLessThanOrEqual(4);
  });
});

describe('the world', () => {
  test('has as many names as asked for, each once, each with its truth', () => {
    const names = [...world.names()];
    expect(names).toHaveLength(5000);
    expect(new Set(names).size).toBe(5000);
    expect(names.filter((name) => world.truth.domain(name)?.domain !== name)).toEqual([]);
    expect([...planWorld({ domains: 3, seed: 1 }).names()]).toHaveLength(3);
  });

  test('is the same again from the same seed, and another from another', () => {
    const again = planWorld({ domains: 5000, seed: 1 });
    expect([...again.truth.domains()]).toEqual(domains);
    expect([...again.truth.hosts()]).toEqual(hosts);
    const other = planWorld({ domains: 5000, seed: 2 });
    expect([...other.truth.domains()]).not.toEqual(domains);
  });

  test('has the zone of every domain that exists, and a mail server at every open address', () => {
    const lost = domains.filter(
      ({ domain, reasons }) =>
        !reasons.includes('domain-nxdomain') && !world.zone(domain) && !world.zone(aliasHolder(domain)),
    );
    expect(lost).toEqual([]);
    for (const { host, endpoints } of hosts) {
      for (const { address, reasons } of endpoints) {
        if (!reasons.includes('connection-refused')) expect(world.mailServer(address)?.host).toBe(host);
      }
    }
  });

  test('gives no address to two hosts', () => {
    const addresses = hosts.flatMap(({ endpoints }) => endpoints.map(({ address }) => address));
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});

describe('the population keeps near its parameters', () => {
  const large = planWorld({ domains: 40_000, seed: 3 });
  const ordinary = [...large.truth.domains()].filter(({ scenario }) => scenario.startsWith('population-'));
  const isSigned = (domain: string) =>
    large.zone(domain)?.ds === 'match' || large.zone(domain)?.ds === 'mismatch';
  const share = (part: number, whole: number) => part / whole;

  test('signed share by top-level domain', () => {
    for (const tld of ['xa', 'xb'] as const) {
      const within = ordinary.filter(({ domain }) => domain.endsWith(`.${tld}`) && large.zone(domain));
      const signed = within.filter(({ domain }) => isSigned(domain));
      expect(share(signed.length, within.length)).toBeCloseTo(mix.SIGNED_SHARE[tld], 1);
    }
  });

  test('DANE among signed domains, bogus among signed domains, half-DANE', () => {
    const signed = ordinary.filter(({ domain }) => isSigned(domain));
    const dane = signed.filter(({ verdict }) => verdict.startsWith('dane'));
    expect(share(dane.length, signed.length)).toBeCloseTo(mix.DANE_SHARE_OF_SIGNED, 1);
    const bogus = signed.filter(({ mxStatus }) => mxStatus === 'bogus');
    expect(share(bogus.length, signed.length)).toBeCloseTo(mix.BOGUS_SHARE_OF_SIGNED, 2);
    const half = ordinary.filter(({ verdict }) => verdict === 'insecure-mx');
    expect(share(half.length, half.length + dane.length)).toBeCloseTo(mix.UNSIGNED_SHARE_BEHIND_TLSA, 1);
  });

  test('the provider law', () => {
    const dane = ordinary.filter(
      ({ scenario }) => scenario === 'population-dane' || scenario.startsWith('population-own-dane'),
    );
    const at = (provider: number) =>
      dane.filter((domain) =>
        domain.hosts[0]!.endsWith(`.dane-provider-${provider}.${provider % 2 === 1 ? 'xa' : 'xb'}`),
      );
    expect(share(at(1).length, dane.length)).toBeCloseTo(mix.DANE_PROVIDER_SHARES[0]!, 1);
    const five = [1, 2, 3, 4, 5].reduce((sum, provider) => sum + at(provider).length, 0);
    expect(share(five, dane.length)).toBeCloseTo(0.545, 1);
  });

  test('hosts with TLSA records that fail', () => {
    const tlsa = [...large.truth.hosts()].filter(
      ({ tlsaOutcome, host }) => tlsaOutcome === 'usable' && /(^|\.)d\d+\.x|provider/.test(host),
    );
    const failing = tlsa.filter(({ verdict }) => verdict === 'dane-failed');
    expect(share(failing.length, tlsa.length)).toBeGreaterThan(mix.FAILING_SHARE_OF_TLSA_HOSTS / 2);
    expect(share(failing.length, tlsa.length)).toBeLessThan(mix.FAILING_SHARE_OF_TLSA_HOSTS * 2);
  });

  test('domains without mail', () => {
    const none = ordinary.filter(({ verdict }) => verdict === 'no-mail');
    expect(share(none.length, ordinary.length)).toBeCloseTo(0.15, 1);
    const implicit = ordinary.filter(({ mail }) => mail === 'implicit-mx');
    expect(share(implicit.length, ordinary.length)).toBeCloseTo(0.1, 1);
  });
});
