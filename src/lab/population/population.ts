/**
 * The ordinary domains of the lab, each made from the seed and its number alone: `d0.xa`, `d1.xb`, `d2.xa`, … Nothing is kept.
 */
import type { ScenarioDraft } from '../zoo/draft.ts';
import { buildScenario, type Scenario } from '../zoo/scenario.ts';
import { addressesOf } from './addresses.ts';
import { draftOf } from './domain-draft.ts';
import { choose, draw } from './draw.ts';
import type { At } from './drawn.ts';
import type { DnsOperator, Providers } from './providers.ts';
import { failingShareOfTail } from './shares.ts';

export interface Population {
  readonly size: number;
  name(index: number): string;
  /** The number of the domain that `name` is or lies in; undefined where it is none of these. */
  indexOf(name: string): number | undefined;
  plan(index: number): Scenario;
}

const tldOf = (index: number): 'xa' | 'xb' => (index % 2 === 0 ? 'xa' : 'xb');

export function populate(seed: number, size: number, providers: Providers): Population {
  const failingShare = failingShareOfTail(size);
  return {
    size,
    name: (index) => `d${index}.${tldOf(index)}`,
    indexOf(name) {
      const found = /(?:^|\.)d(0|[1-9]\d{0,8})\.(xa|xb)$/.exec(name);
      const index = Number(found?.[1]);
      return found !== null && index < size && found[2] === tldOf(index) ? index : undefined;
    },
    plan(index) {
      const at: At = (purpose) => draw(seed, index, purpose);
      const tld = tldOf(index);
      const draft = draftOf({ label: `d${index}`, tld, at, failingShare, providers });
      const operator = operatorOf(draft, at, providers.operators);
      return buildScenario({ ...draft, label: `d${index}`, tld }, operator.servers, addressesOf(index));
    },
  };
}

/** Denial that is broken, and ancestors that are denied, are the doing of one DNS operator each. */
function operatorOf(draft: ScenarioDraft, at: At, operators: readonly DnsOperator[]): DnsOperator {
  if (draft.unchained !== undefined) return operators[0]!;
  if (draft.replies?.some(({ reply }) => reply === 'refused')) return operators[1]!;
  return choose(
    at('operator'),
    operators.map((each) => [1, each] as const),
  );
}
