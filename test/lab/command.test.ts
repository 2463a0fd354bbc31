import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAddressMap } from '../../src/net/address-map.ts';

const commandUrl = new URL('../../src/cli/lab.ts', import.meta.url).href;
const commander = import.meta.resolve('commander');

/** A process that has the lab's command and nothing else. */
function startCommand(words: readonly string[]) {
  const code = `
    import { Command } from ${JSON.stringify(commander)};
    import { registerLab } from ${JSON.stringify(commandUrl)};
    const program = new Command();
    registerLab(program);
    await program.parseAsync(${JSON.stringify(words)}, { from: 'user' });
  `;
  return spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('lab writes what points at it, says what to type, and ends when interrupted', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lab-'));
  const child = startCommand(['lab', '--domains', '20', '--seed', '4', '--dir', dir]);
  try {
    let told = '';
    for await (const octets of child.stdout) {
      told += String(octets);
      if (told.includes('names.txt')) break;
    }
    const read = (file: string) => readFileSync(join(dir, file), 'utf8');
    expect(told).toContain('--now 2026-07-01T12:00:00Z');
    expect(told).toContain(`--root-hints ${join(dir, 'root-hints')}`);
    expect(read('names.txt').trim().split('\n')).toHaveLength(20);
    expect(read('anchors')).toMatch(/^\. IN DS \d+ 8 2 [0-9a-f]{64}\n$/);
    expect(read('root-hints')).toContain('NS ns1.root-servers.xa.');
    expect(parseAddressMap(read('address-map')).target('5.45.0.1', 25)).toMatchObject({ proxy: true });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
});
