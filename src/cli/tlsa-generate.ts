/** `tlsa generate`, as the command line has it; `tlsa-generate-run.ts` does it. */
import { type Command, Option } from 'commander';
import { addNetworkOptions, type NetworkOptions } from './network-options.ts';

export interface GenerateOptions extends NetworkOptions {
  readonly server?: string;
  readonly name?: string;
  readonly port: string;
  readonly usage: string;
  readonly selector: string;
  readonly matchingType: string;
  readonly json?: true;
}

export function registerTlsaGenerate(tlsa: Command): void {
  const command = tlsa
    .command('generate [file...]')
    .description('makes TLSA records of certificates, chains or keys in PEM, or of a live server')
    .option('--server <host[:port]>', 'look at a live server: every address, RSA and ECDSA')
    .option('--name <host>', 'the TLSA base domain: the MX host; prints lines of a zone file')
    .option('--port <number>', 'the port in the owner name', '25')
    .addOption(new Option('--usage <number>', '2 for an issuer, 3 for the server itself').default('3'))
    .addOption(new Option('--selector <number>', '0 the certificate, 1 its public key').default('1'))
    .addOption(new Option('--matching-type <number>', '0 in full, 1 SHA2-256, 2 SHA2-512').default('1'))
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      `
Examples:
  dane-census tlsa generate fullchain.pem --name mx.example.net
  dane-census tlsa generate next.key --name mx.example.net
  dane-census tlsa generate --server mx.example.net`,
    );
  addNetworkOptions(command).action(async (files: string[], options: GenerateOptions) => {
    // Loaded here, so that other commands start without X.509.
    const { generate } = await import('./tlsa-generate-run.ts');
    await generate(files, options);
  });
}
