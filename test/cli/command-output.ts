/** A command run inside the test: what it wrote to standard output. It throws what the command throws. */
import { Command } from 'commander';
import { onTestFinished, vi } from 'vitest';

export async function commandOutput(
  register: (program: Command) => void,
  ...args: readonly string[]
): Promise<string> {
  let stdout = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  const program = new Command().exitOverride();
  register(program);
  try {
    await program.parseAsync(args, { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return stdout;
}
