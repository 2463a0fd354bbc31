/** Domains whose MX hosts have TLSA records, drawn by the population's mix. */
import { RRType } from '../../dns/rr-type.ts';
import type { HostDraft, ScenarioDraft } from '../zoo/draft.ts';
import { choose } from './draw.ts';
import { type At, type Drawn, familiesOf, withShares } from './drawn.ts';
import {
  absentReasons,
  drawDaneProfile,
  everydayDane,
  everydayPlain,
  type Proof,
} from './own-host-profiles.ts';
import * as mix from './parameters.ts';
import { OWN_DANE_SHARE } from './shares.ts';

/** A domain whose hosts have TLSA records: its own or its provider's. Unsigned ones are always a provider's. */
export function daneDraft(proof: Proof, { at, failingShare, providers }: Drawn): ScenarioDraft {
  const count = choose(at('mx count'), mix.MX_COUNT_SHARES);
  const isSigned = proof !== 'unsigned';
  if (isSigned && at('own') < OWN_DANE_SHARE) return ownDaneDraft(proof, count, at, failingShare);
  const provider = choose(at('provider'), withShares(providers.dane, mix.DANE_PROVIDER_SHARES));
  const hosts: HostDraft[] = provider.hosts
    .slice(0, count)
    .map(({ host }) => ({ elsewhere: host, profile: everydayDane }));
  if (!isSigned) {
    return { name: 'population-half-dane', hosts, verdict: 'insecure-mx', reasons: ['domain-unsigned'] };
  }
  if (at('partial') < mix.PARTIAL_SHARE) {
    const backup = { ...everydayPlain, reasons: absentReasons[proof] };
    const partial = [...hosts, { label: 'backup', profile: backup }];
    return {
      name: 'population-partial',
      hosts: partial,
      verdict: 'dane-partial',
      reasons: ['some-hosts-without-dane'],
    };
  }
  return { name: 'population-dane', hosts, verdict: 'dane', reasons: [null] };
}

function ownDaneDraft(proof: Proof, count: number, at: At, failingShare: number): ScenarioDraft {
  const drawn = drawDaneProfile(at('profile'), at('fails'), failingShare);
  const isAncestorDenied = proof === 'signed' && at('ancestor') < mix.ANCESTOR_DENIED_SHARE_OF_HOSTS;
  const first: HostDraft = {
    label: 'mx1',
    profile: drawn.profile,
    families: drawn.needsTwoAddresses ? [4, 6] : familiesOf(at),
    findings: drawn.serversDiffer ? ['tlsa-servers-differ'] : [],
    serverFaults: isAncestorDenied ? [{ fault: 'ancestor-denied' }] : [],
  };
  const others = Array.from(
    { length: count - 1 },
    (_, more): HostDraft => ({ label: `mx${more + 2}`, profile: everydayDane }),
  );
  const draft: ScenarioDraft = {
    name: `population-own-${drawn.word}`,
    hosts: [first, ...others],
    ...(isAncestorDenied && { unchained: ['_tcp.mx1', '_25._tcp.mx1'] }),
    ...(drawn.serversDiffer && {
      replies: [{ to: { types: [RRType.TLSA], owner: '_25._tcp.mx1', servers: [1] }, reply: 'stale-tlsa' }],
    }),
  };
  if (count === 1) return draft;
  // The other hosts are everyday ones: what a mix means stands in `survey/facts.ts`.
  switch (drawn.profile.verdict) {
    case 'dane-failed':
      return { ...draft, verdict: 'dane-degraded', reasons: ['some-hosts-fail'] };
    case 'dane-unusable':
      return { ...draft, verdict: 'dane-partial', reasons: ['some-hosts-without-dane'] };
    default:
      return draft;
  }
}
