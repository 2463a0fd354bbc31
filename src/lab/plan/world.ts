/**
 * The whole small Internet as a plan: which names there are, which zones, which mail servers, and the truth. Pure: the same
 * seed and size make the same world, in any thread, without keys, certificates or sockets.
 *
 * Below the root stand two top-level domains with codes that ISO 3166 leaves to private use, so that none is ever delegated:
 * `xa`, denying with NSEC, and `xb`, denying with NSEC3 and opt-out. The zoo comes first, then the population.
 */
import { addressesInOrder, domainIndexOf } from '../population/addresses.ts';
import { type Population, populate } from '../population/population.ts';
import { planOperator, planProviders } from '../population/providers.ts';
import type { DomainTruth, HostTruth, LabTruth } from '../truth.ts';
import { buildScenario, type Scenario } from '../zoo/scenario.ts';
import { zoo } from '../zoo/zoo.ts';
import type { MailServerPlan } from './mail-plan.ts';
import { type NameServerPlan, planZone, type ZonePlan } from './zone-plan.ts';

export interface WorldSize {
  /** How many domains a census of it is given; at least one. */
  readonly domains: number;
  readonly seed: number;
}

export interface MailServerAt {
  readonly host: string;
  readonly server: MailServerPlan;
}

export interface World {
  readonly size: WorldSize;
  readonly rootServers: readonly NameServerPlan[];
  /** The domains of the census, in order. */
  names(): Iterable<string>;
  /** Undefined where no zone has this apex. */
  zone(apex: string): ZonePlan | undefined;
  /** The zones delegated from the zone with this apex. */
  children(apex: string): Iterable<ZonePlan>;
  mailServer(address: string): MailServerAt | undefined;
  readonly truth: LabTruth;
}

export function planWorld(size: WorldSize): World {
  const nextAddress = addressesInOrder();
  const roots = planOperator('root-servers', true, nextAddress);
  const registry = planOperator('registry', true, nextAddress);
  const keepers = planOperator('zoo-dns', true, nextAddress);
  const providers = planProviders(size.seed, nextAddress);
  const scenarios = zoo.map((draft) => buildScenario(draft, keepers.servers, nextAddress));
  const listed = scenarios.slice(0, size.domains);
  const population = populate(size.seed, size.domains - listed.length, providers);

  const placed = [...scenarios, ...providers.dane, ...providers.plain];
  const zones = new Map<string, ZonePlan>();
  const add = (zone: ZonePlan) => zones.set(zone.apex, zone);
  add(planZone({ apex: '.', servers: roots.servers, signing: { algorithm: 8, nsec3: null } }));
  add(planZone({ apex: 'xa', servers: registry.servers, signing: { algorithm: 13, nsec3: null } }));
  const optOut = { iterations: 0, salt: '', optOut: true };
  add(planZone({ apex: 'xb', servers: registry.servers, signing: { algorithm: 13, nsec3: optOut } }));
  for (const operator of [roots, registry, keepers, ...providers.operators]) add(operator.zone);
  for (const { zones: planned } of placed) planned.forEach(add);

  const childrenOf = new Map<string, ZonePlan[]>();
  for (const zone of zones.values()) {
    if (zone.apex === '.') continue;
    const parent = parentZone(zone.apex, zones);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), zone]);
  }
  const servers = new Map<string, MailServerAt>();
  const hosts = new Map<string, HostTruth>();
  for (const scenario of placed) {
    for (const { host, endpoints } of scenario.mail) {
      for (const { address, server } of endpoints) servers.set(address, { host, server });
    }
    for (const host of scenario.hosts) hosts.set(host.host, host);
  }
  hosts.set(addressAsHost.host, addressAsHost);

  return {
    size,
    rootServers: roots.servers,
    *names() {
      for (const { truth } of listed) yield truth.domain;
      for (let index = 0; index < population.size; index++) yield population.name(index);
    },
    zone(apex) {
      const known = zones.get(apex);
      if (known !== undefined) return known;
      const index = population.indexOf(apex);
      return index === undefined
        ? undefined
        : population.plan(index).zones.find((zone) => zone.apex === apex);
    },
    *children(apex) {
      yield* childrenOf.get(apex) ?? [];
      if (apex !== 'xa' && apex !== 'xb') return;
      for (let index = apex === 'xa' ? 0 : 1; index < population.size; index += 2) {
        yield* population.plan(index).zones;
      }
    },
    mailServer(address) {
      const known = servers.get(address);
      const index = known === undefined ? domainIndexOf(address) : undefined;
      if (index === undefined || index >= population.size) return known;
      for (const { host, endpoints } of population.plan(index).mail) {
        const endpoint = endpoints.find((each) => each.address === address);
        if (endpoint !== undefined) return { host, server: endpoint.server };
      }
      return undefined;
    },
    truth: truthOfWorld(listed, population, hosts),
  };
}

/** What an MX record with an address in place of a name leads to: a name below the root that does not exist. */
const addressAsHost: HostTruth = {
  host: '5.45.255.255',
  scenario: 'mx-is-address',
  tlsaOutcome: 'none',
  tlsaRecords: [],
  tlsaTtl: null,
  verdict: 'no-address',
  reasons: ['host-without-address'],
  findings: [],
  endpoints: [],
};

/** The apex of the nearest zone above; "." where no other is. */
function parentZone(apex: string, zones: ReadonlyMap<string, ZonePlan>): string {
  for (let at = apex.indexOf('.'); at >= 0; at = apex.indexOf('.', at + 1)) {
    const above = apex.slice(at + 1);
    if (zones.has(above)) return above;
  }
  return '.';
}

function truthOfWorld(
  listed: readonly Scenario[],
  population: Population,
  placedHosts: ReadonlyMap<string, HostTruth>,
): LabTruth {
  const byName = new Map(listed.map(({ truth }) => [truth.domain, truth]));
  const host = (name: string): HostTruth | undefined => {
    const known = placedHosts.get(name);
    if (known !== undefined) return known;
    const index = population.indexOf(name);
    if (index === undefined) return undefined;
    return population.plan(index).hosts.find((each) => each.host === name);
  };
  function* domains(): Generator<DomainTruth> {
    for (const { truth } of listed) yield truth;
    for (let index = 0; index < population.size; index++) yield population.plan(index).truth;
  }
  return {
    domains,
    domain(name) {
      const known = byName.get(name);
      if (known !== undefined) return known;
      const index = population.indexOf(name);
      if (index === undefined || population.name(index) !== name) return undefined;
      return population.plan(index).truth;
    },
    *hosts() {
      const met = new Set<string>();
      for (const { domain, hosts } of domains()) {
        for (const name of hosts) {
          if (met.has(name)) continue;
          met.add(name);
          const found = host(name);
          if (found === undefined)
            throw new Error(`internal error: ${domain} names ${name}, which has no truth`);
          yield found;
        }
      }
    },
    host,
  };
}
