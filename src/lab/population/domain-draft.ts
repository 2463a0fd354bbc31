/** One domain of the population: how it takes mail, how it is signed, whose hosts it uses; drawn by the mix of `parameters.ts`. */
import { RRType } from '../../dns/rr-type.ts';
import { noDane } from '../plan/host-profile.ts';
import { hostWithoutTlsa } from '../zoo/dnssec-faults.ts';
import type { ScenarioDraft } from '../zoo/draft.ts';
import { daneDraft } from './dane-draft.ts';
import { choose } from './draw.ts';
import { type Drawn, familiesOf, withShares } from './drawn.ts';
import { drawPlainProfile, type Proof } from './own-host-profiles.ts';
import * as mix from './parameters.ts';
import {
  BROKEN_DENIAL_AMONG_SIGNED_MX,
  DANE_AMONG_SIGNED_MX,
  OWN_PLAIN_SHARE,
  TLSA_AMONG_UNSIGNED_MX,
} from './shares.ts';
import { drawSigning } from './signing.ts';

export function draftOf(drawn: Drawn): ScenarioDraft {
  const { tld, at } = drawn;
  const isSigned = at('signed') < mix.SIGNED_SHARE[tld];
  const signing = isSigned ? drawSigning(at('denial'), at('algorithm')) : null;
  const proof = signing === null ? 'unsigned' : signing.nsec3?.optOut ? 'opt-out' : 'signed';
  const secure = { signing, lines: policyLines(drawn) };
  const kind = choose(at('mail'), mix.MAIL_SHARES);
  if (kind === 'nxdomain') {
    const status = tld === 'xb' ? 'insecure' : 'secure';
    return {
      name: 'population-nxdomain',
      undelegated: true,
      mail: 'none',
      mxStatus: status,
      verdict: 'no-mail',
      reasons: ['domain-nxdomain'],
    };
  }
  if (isSigned && at('bogus') < mix.BOGUS_SHARE_OF_SIGNED) {
    const base = { ...secure, mx: ['@ 3600 MX 10 mx'], mail: 'unknown', mxStatus: 'bogus' } as const;
    if (at('bogus kind') < 0.5) {
      const signatures = [{ on: {}, fault: 'expired' as const }];
      return {
        ...base,
        name: 'population-expired',
        signatures,
        verdict: 'lookup-failed',
        reasons: ['rrsig-expired'],
      };
    }
    const reasons = ['dnskey-no-ds-match' as const];
    return { ...base, name: 'population-ds-mismatch', ds: 'mismatch', verdict: 'lookup-failed', reasons };
  }
  if (kind === 'null-mx') {
    const mail = { mx: ['@ 3600 MX 0 .'], mail: 'null-mx' } as const;
    return { ...secure, ...mail, name: 'population-null-mx', verdict: 'no-mail', reasons: ['null-mx'] };
  }
  if (kind === 'nothing') {
    const reasons = ['no-mx-no-address' as const];
    return { ...secure, name: 'population-no-mail', mail: 'none', verdict: 'no-mail', reasons };
  }
  const unsigned = isSigned ? {} : ({ verdict: 'no-dane', reasons: ['domain-unsigned'] } as const);
  if (kind === 'implicit-mx') {
    const { profile, word } = drawPlainProfile(at('server'), proof, true);
    const hosts = [{ label: '', profile, families: familiesOf(at) }];
    return { ...secure, ...unsigned, name: `population-implicit-${word}`, mail: 'implicit-mx', hosts };
  }
  if (at('tlsa') < (isSigned ? DANE_AMONG_SIGNED_MX : TLSA_AMONG_UNSIGNED_MX)) {
    const draft = daneDraft(proof, drawn);
    return { ...secure, ...draft };
  }
  return { ...secure, ...unsigned, ...plainDraft(proof, drawn) };
}

function plainDraft(proof: Proof, { at, providers }: Drawn): ScenarioDraft {
  const isSigned = proof !== 'unsigned';
  const breaksDenial = isSigned && at('denial of TLSA') < BROKEN_DENIAL_AMONG_SIGNED_MX;
  if (breaksDenial) {
    const replies = [{ to: { types: [RRType.TLSA] }, reply: 'refused' as const }];
    const serverFaults = [{ fault: 'name-server-drops-type' as const }];
    const hosts = [{ ...hostWithoutTlsa('refused'), serverFaults }];
    return { name: 'population-tlsa-refused', replies, hosts };
  }
  const count = choose(at('mx count'), mix.MX_COUNT_SHARES);
  if (at('own') < OWN_PLAIN_SHARE) {
    const { profile, word } = drawPlainProfile(at('server'), proof, false);
    const hosts = Array.from({ length: count }, (_, more) => ({
      label: `mx${more + 1}`,
      profile,
      families: familiesOf(at),
    }));
    return { name: `population-own-${word}`, hosts };
  }
  const provider = choose(at('provider'), withShares(providers.plain, mix.PLAIN_PROVIDER_SHARES));
  const profile = noDane(provider.hosts[0]!.reasons[0]!);
  const hosts = provider.hosts.slice(0, count).map(({ host }) => ({ elsewhere: host, profile }));
  return { name: 'population-plain', hosts };
}

function policyLines({ label, tld, at }: Drawn): string[] {
  if (at('mta-sts') >= mix.MTA_STS_SHARE) return [];
  const sts = '_mta-sts 3600 TXT "v=STSv1; id=20260701"';
  const report = `_smtp._tls 3600 TXT "v=TLSRPTv1; rua=mailto:tls@${label}.${tld}"`;
  return at('tls-rpt') < 0.5 ? [sts, report] : [sts];
}
