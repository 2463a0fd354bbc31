/**
 * Surveys one domain or host again, from what was recorded: the same code over a playback, with empty caches, so that nothing of it
 * hangs on what else was looked at. Opens no socket.
 *
 * In: a subject, where its exchanges are, and until when. Out: the facts; which records they rest on, which is their evidence from the
 * root down; and what was missing. Facts from which something was missing are not to be used.
 */

import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../base/instant.ts';
import { secureRandom } from '../base/random.ts';
import { SignatureMemo } from '../dnssec/signature-memo.ts';
import type { ExchangeRecord } from '../evidence/exchange-record.ts';
import { type Missing, Playback, type RecordSource } from '../evidence/playback.ts';
import { type DerOf, NotRecorded, recordedProbe } from '../evidence/recorded-probe.ts';
import type { Lookup } from '../lookup/lookup.ts';
import type { DomainFacts, DomainToSurvey, HostFacts } from '../survey/facts.ts';
import { surveyDomain } from '../survey/survey-domain.ts';
import { surveyHost } from '../survey/survey-host.ts';
import { rememberingDescribe } from './describe-certificates.ts';
import { lookupOver, topOfTree } from './lookup-stack.ts';
import { providerBucket } from './provider-bucket.ts';
import type { SurveyConfig } from './survey-config.ts';

export interface Replayed<Facts> {
  /** Undefined where the probe of an endpoint was not recorded. */
  readonly facts: Facts | undefined;
  readonly touched: readonly ExchangeRecord[];
  readonly missing: readonly Missing[];
}

/** Whether both make the same rows: who was asked in vain on the way, and octets of replies, become none. */
export function showTheSame(a: DomainFacts | HostFacts, b: DomainFacts | HostFacts): boolean {
  return isDeepStrictEqual(withoutChance(a), withoutChance(b));
}

const chance = new Set(['useless', 'reply', 'seenAt']);

function withoutChance(facts: object): unknown {
  return JSON.parse(JSON.stringify(facts, (key, value) => (chance.has(key) ? undefined : value)));
}

export interface Replay {
  domain(domain: DomainToSurvey, source: RecordSource, seenAt: Instant): Promise<Replayed<DomainFacts>>;
  /** `seen` are the facts of then: what a probe saw is played from them. */
  host(seen: HostFacts, source: RecordSource, derOf: DerOf): Promise<Replayed<HostFacts>>;
}

/** `memo` may be shared: whether a signature is valid hangs on its octets alone. Throws `UsageError` where hints or anchors cannot be read. */
export function createReplay(config: SurveyConfig, memo = new SignatureMemo()): Replay {
  const top = topOfTree(config);
  const describe = rememberingDescribe();
  const { askEveryNameServer: askEveryServer, everyTlsQuestion } = config;

  const play = async <Facts>(
    source: RecordSource,
    seenAt: Instant,
    survey: (lookup: Lookup, clock: () => Instant) => Promise<Facts>,
  ): Promise<Replayed<Facts>> => {
    const clock = () => seenAt;
    const playback = new Playback(source, seenAt);
    const { exchange, servers, clockMs, missing } = playback;
    const lookup = lookupOver(config, top, { exchange, servers, clock, clockMs, random: secureRandom, memo });
    let facts: Facts | undefined;
    try {
      facts = await survey(lookup, clock);
    } catch (error) {
      if (!(error instanceof NotRecorded)) throw error;
    }
    return { facts, touched: [...playback.touched], missing };
  };

  return {
    domain: ({ name, delegation }, source, seenAt) =>
      play(source, seenAt, (lookup, clock) =>
        surveyDomain(name, { lookup, clock, random: secureRandom, askEveryServer }, delegation),
      ),
    host: (seen, source, derOf) =>
      play(source, seen.seenAt, (lookup, clock) =>
        surveyHost(seen.host, {
          ...{ lookup, clock, random: secureRandom, describe, everyTlsQuestion },
          probe: recordedProbe(seen, derOf),
          providerOf: (host) => providerBucket(host).provider,
        }),
      ),
  };
}
