/** Our own verdicts on many questions, found within a network namespace. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NetworkNamespace } from './network-namespace.ts';

export const minimisations = ['strict', 'relaxed', 'off'] as const;

export interface Asked {
  readonly name: string;
  readonly type: string;
  readonly minimisation: (typeof minimisations)[number];
}

export interface Resolved {
  readonly status: string;
  readonly rcode: string;
  /** Records, aliases included. */
  readonly answers: number;
  readonly reason: string | null;
}

const script = fileURLToPath(new URL('resolve-many.ts', import.meta.url));

/**
 * One process, one memory, for all the questions; `given` are options for root hints, trust anchor and behaviour. Each round of
 * questions waits for the one before; the answers come in the order of the questions.
 */
export async function resolveWithin(
  namespace: NetworkNamespace,
  given: readonly string[],
  ...rounds: readonly (readonly Asked[])[]
): Promise<Resolved[]> {
  const options = ['--timeout', '1000', '--queries-per-second', '0', ...given];
  const [command, args] = namespace.enter(process.execPath, script, ...options);
  const stdout = await new Promise<string>((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 2 ** 26 }, (error, out) =>
      error === null ? resolve(out) : reject(error),
    );
    const lines = (questions: readonly Asked[]) =>
      questions.map(({ name, type, minimisation }) => `${name} ${type} ${minimisation}`).join('\n');
    child.stdin!.end(rounds.map(lines).join('\n\n'));
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Resolved);
}
