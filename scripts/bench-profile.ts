/** What a CPU profile of V8 (as `--cpu-prof` writes it) says of where the time goes: by part of the process, then by function. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const FUNCTIONS_SHOWN = 45;
const PARTS_SHOWN = 25;

/** Self times, idle time left out. What has no place of its own (native functions) counts to the part that called it. */
export function profileTable(text: string): string[] {
  const { nodes, samples, timeDeltas } = JSON.parse(text) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const partOf = (id: number): string => {
    const { functionName, url } = frames.get(id)!;
    const caller = callers.get(id);
    if (url === '' && !functionName.startsWith('(') && caller !== undefined) return partOf(caller);
    return url === '' ? functionName : partAt(placeOf(url));
  };
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, time: number) => to.set(key, (to.get(key) ?? 0) + time);
  let total = 0;
  for (const [at, id] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(id)!;
    if (functionName === '(idle)') continue;
    const time = timeDeltas[at]!;
    total += time;
    add(parts, partOf(id), time);
    add(functions, `${functionName || '(anonymous)'} ${placeOf(url)}:${lineNumber + 1}`, time);
  }
  const shown = (of: Map<string, number>, most: number) =>
    [...of]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([key, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} %  ${key}`);
  return [...shown(parts, PARTS_SHOWN), '', ...shown(functions, FUNCTIONS_SHOWN)];
}

function placeOf(url: string): string {
  return url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
}

/** A room of ours, the packages as one, or a module of Node. */
function partAt(place: string): string {
  return /^src\/[a-z]+/.exec(place)?.[0] ?? (place.includes('node_modules') ? 'packages' : place);
}
