/**
 * A surveyor that asks nobody: it surveys again from the evidence of a finished census, and takes over as it was found what there
 * is no complete evidence of. Counts both.
 *
 * Taken over is a subject
 * - of which, where only findings are kept, no complete evidence was kept;
 * - whose survey asks today what nobody asked then, or needs a certificate that was not kept;
 * - of which silence was heard that may have been our own, where the outcome changes with it.
 * A host that only the new judgement leads to was not looked at then: it is unknown, by our own fault.
 */
import type { Instant } from '../base/instant.ts';
import type { RecordSource } from '../evidence/playback.ts';
import type { EvidencePolicy } from '../evidence/to-be-proved.ts';
import type { Session } from '../store/db.ts';
import { readDomainFacts } from '../store/read-domain-facts.ts';
import { evidenceOf, readDers } from '../store/read-evidence.ts';
import { readHostFacts } from '../store/read-host-facts.ts';
import type { DomainFacts, HostFacts } from '../survey/facts.ts';
import { unaskedHost } from '../survey/not-asked.ts';
import { certificatesOf } from './evidence-keeper.ts';
import { providerBucket } from './provider-bucket.ts';
import { type Replay, type Replayed, showTheSame } from './replay.ts';
import type { Surveyor } from './surveyor.ts';

export interface RejudgingOptions {
  readonly db: Session;
  /** The census that looked. */
  readonly from: number;
  /** Its policy. */
  readonly policy: EvidencePolicy;
  readonly source: RecordSource;
  readonly replay: Replay;
  /** When a host was not looked at that was not looked at. */
  readonly startedAt: Instant;
}

export function createRejudgingSurveyor(options: RejudgingOptions): Surveyor {
  const { db, from, policy, source, replay, startedAt } = options;

  /** Whether a survey from evidence is worth trying. */
  const proven = async (subject: 'domain' | 'host', names: readonly string[]) => {
    if (policy === 'all') return () => true;
    const kept = await evidenceOf(db, from, subject, names);
    return (name: string) => kept.get(name) === true;
  };

  return {
    async domains(listed, signal) {
      const names = listed.map(({ name }) => name);
      const seen = await readDomainFacts(db, from, names);
      const isProven = await proven('domain', names);
      const domains: DomainFacts[] = [];
      let replayed = 0;
      for (const domain of listed) {
        const { name } = domain;
        signal.throwIfAborted();
        const old = seen.get(name);
        if (old === undefined) throw new Error(`internal error: census ${from} has no facts of ${name}`);
        const found = isProven(name)
          ? usable(old, await replay.domain(domain, source, old.seenAt))
          : undefined;
        if (found !== undefined) replayed++;
        domains.push(found ?? old);
      }
      return { domains, rejudged: { replayed, carried: names.length - replayed } };
    },

    async hosts(names, signal) {
      const seen = await readHostFacts(db, from, names);
      const isProven = await proven('host', names);
      const ders = await readDers(db, [...seen.values()].flatMap(certificatesOf));
      const hosts: HostFacts[] = [];
      let replayed = 0;
      for (const name of names) {
        signal.throwIfAborted();
        const old = seen.get(name);
        const found =
          old !== undefined && isProven(name)
            ? usable(old, await replay.host(old, source, (sha256) => ders.get(sha256)))
            : undefined;
        if (found !== undefined) replayed++;
        hosts.push(
          found ?? old ?? unaskedHost(name, providerBucket(name).provider, 'evidence-missing', startedAt),
        );
      }
      // Facts about certificates are kept over all censuses, and stand there already.
      return { hosts, certificates: [], rejudged: { replayed, carried: names.length - replayed } };
    },

    close: async () => {},
  };
}

/** The new facts where something may follow from them. */
function usable<Facts extends DomainFacts | HostFacts>(
  old: Facts,
  { facts, touched, missing }: Replayed<Facts>,
): Facts | undefined {
  if (facts === undefined || missing.length > 0) return undefined;
  const isDoubtful = touched.some(({ outcome }) => outcome === 'doubtful-silence');
  return isDoubtful && !showTheSame(old, facts) ? undefined : facts;
}
