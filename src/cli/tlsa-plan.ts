/** `tlsa plan`, as the command line has it; `tlsa-plan-run.ts` does it. */
import type { Command } from 'commander';
import { addNetworkOptions, type NetworkOptions } from './network-options.ts';
import { repeatable } from './repeatable.ts';

export interface PlanOptions extends NetworkOptions {
  readonly name: string;
  readonly current: readonly string[];
  readonly server?: string;
  readonly next: readonly string[];
  readonly issuer: readonly string[];
  readonly ttl?: string;
  readonly start?: string;
  readonly port: string;
  readonly json?: true;
}

export function registerTlsaPlan(tlsa: Command): void {
  const command = tlsa
    .command('plan')
    .description('plans a change of keys: current + next, and current + issuer, with times and records')
    .requiredOption('--name <host>', 'the TLSA base domain: the MX host')
    .addOption(repeatable('--current <file>', 'certificate, chain or key in use, PEM, one per algorithm'))
    .option('--server <host[:port]>', 'in place of --current: what a live server shows')
    .addOption(repeatable('--next <file>', 'the next certificate, chain or key, PEM'))
    .addOption(repeatable('--issuer <file>', 'the issuing CA, PEM', 'the topmost of the current chain'))
    .option('--ttl <seconds>', 'TTL of the TLSA records (default: looked up)')
    .option('--start <time>', 'when to begin, ISO 8601 (default: now)')
    .option('--port <number>', 'the port in the owner name', '25')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  dane-census tlsa plan --name mx.example.net --current fullchain.pem --next next.key --ttl 3600',
    );
  addNetworkOptions(command).action(async (options: PlanOptions) => {
    // Loaded here, so that other commands start without X.509.
    const { plan } = await import('./tlsa-plan-run.ts');
    await plan(options);
  });
}
