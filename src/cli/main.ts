/** The command line: words in, words out. Each command is a file of its own that loads what it needs when it runs. */
import { Command, CommanderError } from 'commander';
import { UsageError } from '../base/usage-error.ts';
import { registerCensus } from './census.ts';
import { registerCheck } from './check.ts';
import { registerDb } from './db.ts';
import { registerEvidence } from './evidence.ts';
import { registerExport } from './export.ts';
import { registerLab } from './lab.ts';
import { registerMtaLog } from './mta-log.ts';
import { registerResolve } from './resolve.ts';
import { registerRun } from './run.ts';
import { registerTlsa } from './tlsa.ts';
import { registerView } from './view.ts';

/** sysexits.h EX_USAGE. */
const EXIT_USAGE = 64;
const EXIT_INTERNAL = 2;

// Whoever reads us may have read enough (`| head`): that is the end, and no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const program = new Command('dane-census')
  .description(
    'A census of DANE for SMTP: which domains protect their inbound mail, which do it wrong, and why',
  )
  .version('0.1.0')
  .showHelpAfterError('(add --help for what is possible)')
  .exitOverride();

registerRun(program);
registerCheck(program);
registerResolve(program);
registerTlsa(program);
registerMtaLog(program);
registerCensus(program);
registerView(program);
registerExport(program);
registerEvidence(program);
registerDb(program);
registerLab(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof UsageError) {
    process.stderr.write(`dane-census: ${error.message}\n${error.hint ? `  hint: ${error.hint}\n` : ''}`);
    return EXIT_USAGE;
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`dane-census: internal error: ${told}\n`);
  return EXIT_INTERNAL;
}
