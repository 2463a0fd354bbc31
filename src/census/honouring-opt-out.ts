/** A surveyor, and a probe, that leave those alone who asked for it. */
import type { Clock } from '../base/instant.ts';
import { optedOutDomain, optedOutProbe, unaskedHost } from '../survey/not-asked.ts';
import type { ProbeEndpoint } from '../survey/probe-port.ts';
import type { OptOut } from './opt-out.ts';
import { providerBucket } from './provider-bucket.ts';
import type { Surveyor } from './surveyor.ts';

/** `optOut` is asked at each slice, so that a list that grows holds at once. */
export function surveyorHonouring(optOut: () => OptOut, clock: Clock, surveyor: Surveyor): Surveyor {
  return {
    async domains(listed, signal) {
      const list = optOut();
      const left = listed
        .filter(({ name }) => list.hasName(name))
        .map(({ name }) => optedOutDomain(name, clock()));
      const asked = listed.filter(({ name }) => !list.hasName(name));
      if (left.length === 0) return surveyor.domains(listed, signal);
      const seen = await surveyor.domains(asked, signal);
      return { ...seen, domains: [...left, ...seen.domains] };
    },
    async hosts(names, signal) {
      const list = optOut();
      const left = names.filter((name) => list.hasName(name));
      if (left.length === 0) return surveyor.hosts(names, signal);
      const seen = await surveyor.hosts(
        names.filter((name) => !list.hasName(name)),
        signal,
      );
      const hosts = left.map((host) =>
        unaskedHost(host, providerBucket(host).provider, 'opted-out', clock()),
      );
      return { ...seen, hosts: [...hosts, ...seen.hosts] };
    },
    close: () => surveyor.close(),
  };
}

export function probeHonouring(optOut: () => OptOut, clock: Clock, probe: ProbeEndpoint): ProbeEndpoint {
  return async (endpoint, signal) =>
    optOut().hasAddress(endpoint.address) ? optedOutProbe(clock()) : probe(endpoint, signal);
}
