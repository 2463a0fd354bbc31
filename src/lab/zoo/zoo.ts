/**
 * The zoo: each kind of failure (and of health) that the census tells apart, once, whatever the seed. Scenario names are
 * unique and are the labels of the domains, so that a disagreement names its cause.
 */

import { dnssecFaults } from './dnssec-faults.ts';
import { ecdsaNsec3, type ScenarioDraft } from './draft.ts';
import { lookupFaults } from './lookup-faults.ts';
import { mailProfiles } from './mail-profiles.ts';
import { mailRoutes } from './mail-routes.ts';
import { nextHopNames } from './next-hop-names.ts';
import { serverFaults } from './server-faults.ts';
import { tlsaProfiles } from './tlsa-profiles.ts';
import { unsignedRoutes } from './unsigned-routes.ts';

/** One domain per host profile, spread over both TLDs and both ways of denial. */
const byProfile: readonly ScenarioDraft[] = Object.entries({ ...tlsaProfiles, ...mailProfiles }).map(
  ([name, profile], index): ScenarioDraft => ({
    name,
    tld: index % 3 === 0 ? 'xb' : 'xa',
    ...(index % 2 === 0 && { signing: ecdsaNsec3 }),
    hosts: [{ profile }],
  }),
);

export const zoo: readonly ScenarioDraft[] = [
  ...mailRoutes,
  ...nextHopNames,
  ...unsignedRoutes,
  ...lookupFaults,
  ...serverFaults,
  ...dnssecFaults,
  ...byProfile,
];
