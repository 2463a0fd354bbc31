/** `dane-census lab`: starts the lab, writes what points at it into a directory, and runs until it is interrupted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { formatInstant } from '../base/instant.ts';
import { wholeNumber } from './whole-number.ts';

interface LabCommandOptions {
  readonly domains: string;
  readonly seed: string;
  readonly dir: string;
}

const EXAMPLE = `
Example:
  dane-census lab --domains 1000 --dir ./lab
  (then, in another terminal, one of the commands that it prints)
`;

export function registerLab(program: Command): void {
  program
    .command('lab')
    .description('start a small Internet of our own, with known truth, and say what to point at it')
    .option('--domains <number>', 'how many domains it has', '1000')
    .option('--seed <number>', 'what everything in it follows from', '1')
    .option('--dir <directory>', 'where to write root hints, trust anchor, address map and names', './lab')
    .addHelpText('after', EXAMPLE)
    .action(runLab);
}

async function runLab({ domains, seed, dir }: LabCommandOptions): Promise<void> {
  const { startLab } = await import('../lab/lab.ts');
  const lab = await startLab({
    domains: wholeNumber('--domains', domains, 1, 500_000),
    seed: wholeNumber('--seed', seed, 0, 999_999_999),
  });
  const file = (name: string) => join(dir, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(file('root-hints'), lab.rootHints);
  writeFileSync(file('anchors'), lab.trustAnchors);
  writeFileSync(file('address-map'), lab.addressMap);
  writeFileSync(file('names.txt'), `${[...lab.names()].join('\n')}\n`);

  const options = [
    `--root-hints ${file('root-hints')}`,
    `--trust-anchor ${file('anchors')}`,
    `--address-map ${file('address-map')}`,
    `--now ${formatInstant(lab.now)}`,
  ].join(' ');
  process.stdout.write(
    [
      `The lab runs: ${domains} domains from seed ${seed}. Interrupt it to end it.`,
      'Try, from another terminal:',
      `  dane-census check two-hosts-first-stale.xa ${options}`,
      `  dane-census resolve _25._tcp.mx.dane-3-1-1.xb TLSA ${options}`,
      `  dane-census run ${file('names.txt')} ${options}`,
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await lab.close();
}
