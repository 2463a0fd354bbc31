/** What benchmarks share that take turns with another program: a core for each side, and the median of the rounds. */
import type { NetworkNamespace } from '../test/interop/network-namespace.ts';

/** The same namespace, whose commands run on one core. */
export function pinned(namespace: NetworkNamespace, core: number): NetworkNamespace {
  return {
    ...namespace,
    enter: (...command) => namespace.enter('taskset', '-c', String(core), ...command),
  };
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}
