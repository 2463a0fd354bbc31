/** Runs `tlsa …` in this process, and hears what it prints. */
import { Command } from 'commander';
import { onTestFinished, vi } from 'vitest';
import { registerTlsa } from '../../src/cli/tlsa.ts';

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: typeof process.exitCode;
}

/** Rejects with what the command throws. */
export async function tlsa(...args: readonly string[]): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text;
      return true;
    });
  }
  onTestFinished(() => {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  });
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  registerTlsa(program);
  for (const command of program.commands.flatMap((one) => [one, ...one.commands])) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
  }
  await program.parseAsync(['tlsa', ...args], { from: 'user' });
  return { ...said, exitCode: process.exitCode };
}
