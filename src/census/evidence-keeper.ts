/**
 * Decides in one thread what is handed over as evidence with each slice.
 *
 * - `all`: every exchange since the last slice, and every certificate.
 * - `findings`: of each subject that has something to be proved (`to-be-proved.ts`), the exchanges that its survey rests on. It is
 *   surveyed again from what the thread remembers, offline and with empty caches: what that touches is the evidence, whole from the root
 *   down. Where something was forgotten, or the facts come out otherwise, it is marked as incomplete.
 */
import { bundleOf } from '../evidence/bundle.ts';
import type { EvidenceSlice, EvidenceSubject } from '../evidence/evidence-slice.ts';
import { ExchangeJournal } from '../evidence/exchange-journal.ts';
import { ExchangeMemory } from '../evidence/exchange-memory.ts';
import type { ExchangeRecord } from '../evidence/exchange-record.ts';
import type { Keep } from '../evidence/recorder.ts';
import { domainIsToBeProved, hostIsToBeProved } from '../evidence/to-be-proved.ts';
import type { CertificateFact, DomainFacts, DomainToSurvey, HostFacts } from '../survey/facts.ts';
import { type Replay, type Replayed, showTheSame } from './replay.ts';

export interface EvidenceKeeper {
  /** Hears of every exchange of the thread. */
  readonly keep: Keep;
  /** `listed`: with the delegations that lists hold of them. */
  domains(facts: readonly DomainFacts[], listed: readonly DomainToSurvey[]): Promise<EvidenceSlice>;
  hosts(facts: readonly HostFacts[], certificates: readonly CertificateFact[]): Promise<EvidenceSlice>;
}

export function keepAll(): EvidenceKeeper {
  const journal = new ExchangeJournal();
  const slice = (certificates: readonly string[]): EvidenceSlice => ({
    bundle: bundleOf(journal.take()),
    provisional: undefined,
    subjects: [],
    certificates,
  });
  return {
    keep: (record) => journal.add(record),
    domains: async () => slice([]),
    hosts: async (_, certificates) => slice(certificates.map(({ sha256 }) => sha256)),
  };
}

export function keepFindings(replay: Replay, memory = new ExchangeMemory()): EvidenceKeeper {
  const handedOver = new WeakSet<ExchangeRecord>();
  const heldProvisionally = new WeakSet<ExchangeRecord>();

  /** What two subjects need belongs to neither: it stays whatever becomes of them. */
  const sort = (
    touched: readonly ExchangeRecord[],
    isProvisional: boolean,
    kept: Set<ExchangeRecord>,
    provisional: Set<ExchangeRecord>,
  ) => {
    for (const record of touched) {
      if (handedOver.has(record)) continue;
      if (isProvisional && !heldProvisionally.has(record)) {
        heldProvisionally.add(record);
        provisional.add(record);
      } else {
        handedOver.add(record);
        kept.add(record);
        provisional.delete(record);
      }
    }
  };

  const prove = async <Facts extends DomainFacts | HostFacts>(
    toBeProved: readonly { readonly facts: Facts; readonly provisional: boolean }[],
    again: (facts: Facts) => Promise<Replayed<Facts>>,
    describe: (facts: Facts) => Pick<EvidenceSubject, 'subject' | 'name'>,
  ) => {
    const kept = new Set<ExchangeRecord>();
    const held = new Set<ExchangeRecord>();
    const subjects: EvidenceSubject[] = [];
    for (const { facts, provisional } of toBeProved) {
      const { facts: found, touched, missing } = await again(facts);
      const complete = missing.length === 0 && found !== undefined && showTheSame(facts, found);
      sort(touched, provisional, kept, held);
      subjects.push({ ...describe(facts), complete, provisional });
    }
    return { bundle: bundleOf([...kept]), provisional: bundleOf([...held]), subjects };
  };

  return {
    keep: (record) => memory.add(record),
    async domains(all, listed) {
      const delegations = new Map(listed.map(({ name, delegation }) => [name, delegation]));
      const toBeProved = all
        .map((facts) => ({ facts, due: domainIsToBeProved(facts) }))
        .filter(({ due }) => due !== 'no')
        .map(({ facts, due }) => ({ facts, provisional: due === 'perhaps' }));
      const proved = await prove(
        toBeProved,
        ({ domain, seenAt }) =>
          replay.domain({ name: domain, delegation: delegations.get(domain) ?? null }, memory, seenAt),
        ({ domain }) => ({ subject: 'domain', name: domain }),
      );
      return { ...proved, certificates: [] };
    },
    async hosts(all, certificates) {
      const toBeProved = all.filter(hostIsToBeProved).map((facts) => ({ facts, provisional: false }));
      const ders = new Map(certificates.map(({ sha256, der }) => [sha256, der]));
      const proved = await prove(
        toBeProved,
        (facts) => replay.host(facts, memory, (sha256) => ders.get(sha256)),
        ({ host }) => ({ subject: 'host', name: host }),
      );
      const shown = new Set(toBeProved.flatMap(({ facts }) => certificatesOf(facts)));
      return { ...proved, certificates: [...shown] };
    },
  };
}

/** SHA-256 (hexadecimal) of every certificate that the host showed, as often as it did. */
export function certificatesOf({ endpoints }: HostFacts): readonly string[] {
  return endpoints.flatMap(({ handshakes, chainWithoutSni }) => [
    ...handshakes.flatMap(({ chain }) => chain),
    ...(chainWithoutSni ?? []),
  ]);
}
