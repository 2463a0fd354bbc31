/** The figures that are counted from the truth of the lab: which views have them, in which columns, and what divides them. */
import { nameServerReasons } from '../base/reasons/name-servers.ts';
import { type ExpectedTable, ROWS, type Share, Tally } from './expected-table.ts';
import { CountsByReason } from './open-reasons.ts';
import { findingsOfEveryTlsQuestion, findingsThatNeedCause } from './truth.ts';

const daneAnyShare: Share = { column: 'dane_any_share', of: 'dane_any', by: 'judged' };

/** Shares of all keys but for those left out, which have none. */
function distribution(view: string, key: string, count: string, ...leftOut: readonly string[]): Tally {
  const isIn = (text: string) => !leftOut.includes(text);
  const tally: Tally = new Tally({
    view,
    keys: [key],
    counts: [count],
    shares: [{ column: 'share', of: count, by: (text) => (isIn(text) ? tally.total(count, isIn) : null) }],
  });
  return tally;
}

function tlsaOutcomes(): Tally {
  const tally: Tally = new Tally({
    view: 'tlsa_outcomes',
    keys: ['tlsa_outcome'],
    counts: ['hosts', 'uses', 'ours'],
    uncompared: ['not_ours'],
    shares: [{ column: 'share', of: 'not_ours', by: () => tally.total('not_ours') }],
  });
  return tally;
}

/** Of findings that need no cause the truth does not tell; nor of those that were not asked for. */
function findingTally(everyTlsQuestion: boolean): Tally {
  const known: Readonly<Record<string, ReadonlySet<string>>> = {
    domain: new Set(Object.keys(nameServerReasons)),
    host: new Set(
      findingsThatNeedCause.filter((key) => everyTlsQuestion || !findingsOfEveryTlsQuestion.includes(key)),
    ),
  };
  return new Tally({
    view: 'findings_by_reason',
    keys: ['subject', 'finding'],
    counts: ['affected'],
    concerns: ({ subject, finding }) => known[String(subject)]?.has(String(finding)) === true,
  });
}

export type Figures = ReturnType<typeof newFigures>;

/** All at 0. */
export function newFigures(everyTlsQuestion: boolean) {
  const protocols = new Tally({ view: 'tls_ciphers', keys: ['protocol'], counts: ['endpoints'] });
  return {
    overview: new Tally({
      view: 'census_overview',
      keys: [],
      counts: [
        ...['listed', 'duplicates', 'invalid', 'domains', 'looked_at', 'not_looked_at'],
        ...['no_mail', 'unknown', 'judged', 'hosts', 'hosts_looked_at', 'endpoints', 'endpoints_unknown'],
      ],
    }),
    adoption: new Tally({
      view: 'adoption',
      keys: [],
      counts: [
        ...['judged', 'mx_secure', 'dane_any', 'dane', 'dane_degraded', 'dane_partial', 'dane_failed'],
        ...['insecure_mx', 'mta_sts'],
      ],
      shares: [
        daneAnyShare,
        { column: 'mx_secure_share', of: 'mx_secure', by: 'judged' },
        { column: 'dane_share', of: 'dane', by: 'judged' },
      ],
    }),
    byTld: new Tally({
      view: 'adoption_by_tld',
      keys: ['tld'],
      counts: ['domains', 'no_mail', 'unknown', 'judged', 'mx_secure', 'dane_any', 'dane', 'dane_failed'],
      shares: [daneAnyShare],
    }),
    byProvider: new Tally({
      view: 'adoption_by_provider',
      keys: ['provider'],
      counts: ['dane_any', 'dane', 'dane_failed', 'insecure_mx'],
      uncompared: ['judged'],
      shares: [daneAnyShare],
    }),
    mxSecurity: distribution('mx_security', 'mx_status', 'domains', 'indeterminate'),
    domainVerdicts: distribution('domain_verdicts', 'verdict', 'domains', 'no-mail', 'unknown'),
    hostVerdicts: distribution('host_verdicts', 'verdict', 'hosts', 'unknown'),
    endpointVerdicts: distribution('endpoint_verdicts', 'verdict', 'endpoints', 'unknown'),
    tlsaOutcomes: tlsaOutcomes(),
    tlsaParameters: new Tally({
      view: 'tlsa_parameters',
      keys: ['usage', 'selector', 'matching_type'],
      counts: ['records'],
    }),
    tlsaCombinations: new Tally({ view: 'tlsa_combinations', keys: ['combination'], counts: ['hosts'] }),
    tlsaTtls: new Tally({
      view: 'host_result',
      keys: ['tlsa_ttl'],
      counts: [ROWS],
      concerns: ({ tlsa_outcome: outcome }) => outcome === 'usable' || outcome === 'unusable',
    }),
    failures: new CountsByReason('failures_by_reason'),
    findings: findingTally(everyTlsQuestion),
    serverFaults: new Tally({ view: 'name_server_findings', keys: ['subject', 'finding'], counts: [ROWS] }),
    protocols,
    versions: new Tally({
      view: 'tls_versions',
      keys: ['version'],
      counts: ['offered', 'not_offered', 'not_looked', 'endpoints'],
      shares: ['least_share', 'most_share'].map((column) => ({ column, of: 'offered', by: 'endpoints' })),
      concerns: ({ version }) => everyTlsQuestion || version === 'TLSv1.3',
    }),
    ...(everyTlsQuestion && {
      everyQuestion: {
        keyAlgorithms: new Tally({
          view: 'key_algorithms',
          keys: ['key_algorithm', 'key_bits'],
          counts: ['endpoints'],
          shares: [{ column: 'share', of: 'endpoints', by: () => protocols.total('endpoints') }],
        }),
        secondKeys: distribution('second_keys', 'second_key', 'endpoints', 'not-asked', 'not-looked'),
        withoutSni: distribution('without_sni', 'without_sni', 'endpoints'),
      },
    }),
  };
}

export function tablesOf({ everyQuestion, ...figures }: Figures): readonly ExpectedTable[] {
  return [...Object.values(figures), ...Object.values(everyQuestion ?? {})];
}
