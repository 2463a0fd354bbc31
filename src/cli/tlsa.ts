/**
 * `dane-census tlsa …`: TLSA records made of certificates, planned, and held against certificates.
 *
 * `tlsa verify` says whether a chain, as the server sent it, satisfies TLSA records, as a DANE sender would judge it.
 * Exit code 0 where it does, 1 where it does not, 64 for bad usage, 2 for an internal failure.
 */
import type { Command } from 'commander';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { UsageError } from '../base/usage-error.ts';
import type { ChainVerdict } from '../dane/verify-chain.ts';
import { repeatable } from './repeatable.ts';
import { registerTlsaGenerate } from './tlsa-generate.ts';
import { registerTlsaPlan } from './tlsa-plan.ts';

const EXIT_NOT_OK = 1;

interface VerifyOptions {
  readonly chain: string;
  readonly name: string;
  readonly referenceName: readonly string[];
  readonly rr: readonly string[];
  readonly now?: string;
  readonly json?: true;
}

export function registerTlsa(program: Command): void {
  const tlsa = program
    .command('tlsa')
    .description('TLSA records: make them, plan their roll-over, hold them against certificates');

  tlsa
    .command('verify')
    .description('says whether a certificate chain satisfies TLSA records, as a DANE sender judges it')
    .requiredOption('--chain <file>', 'the chain as the server sent it, PEM, leaf first')
    .requiredOption('--name <host>', 'the TLSA base domain: the MX host')
    .addOption(repeatable('--reference-name <name>', 'a further name that the certificate may carry'))
    .addOption(repeatable('--rr <record>', 'a TLSA record, "3 1 1 <hex>"', null))
    .option('--now <instant>', 'the instant to judge validity at, ISO 8601 (the present)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  dane-census tlsa verify --chain chain.pem --name mx.example.net --rr "3 1 1 0c72ac70…"',
    )
    .action(verify);
  registerTlsaGenerate(tlsa);
  registerTlsaPlan(tlsa);
}

async function verify(options: VerifyOptions): Promise<void> {
  // Loaded here, so that other commands start without X.509.
  const { verifyChain } = await import('../dane/verify-chain.ts');
  const { parseTlsaText } = await import('../dane/tlsa-text.ts');
  const { parseInstant, systemClock } = await import('../base/instant.ts');

  const records = options.rr.map((text) => {
    const record = parseTlsaText(text);
    if (record === undefined) {
      throw new UsageError(
        '--rr',
        text,
        'three numbers from 0 to 255 and hexadecimal digits',
        'try "3 1 1 <hex>"',
      );
    }
    return record;
  });
  const at = options.now === undefined ? systemClock() : parseInstant(options.now);
  if (at === undefined) {
    throw new UsageError('--now', options.now ?? '', 'an ISO 8601 instant', 'try 2026-01-31T12:00:00Z');
  }
  const verdict = verifyChain({
    chain: await readChain(options.chain),
    records,
    baseDomain: await hostName('--name', options.name),
    referenceNames: await Promise.all(
      options.referenceName.map((name) => hostName('--reference-name', name)),
    ),
    at,
  });
  process.stdout.write(options.json ? `${inJson(verdict)}\n` : await inWords(verdict, options.name));
  process.exitCode = verdict.ok ? 0 : EXIT_NOT_OK;
}

/** A file without a single character is a server that sent no certificate; text without a PEM block is a wrong file. */
async function readChain(file: string): Promise<readonly Uint8Array[]> {
  const { readFile } = await import('node:fs/promises');
  const { readPemCertificates } = await import('../pki/pem.ts');
  let text: string;
  try {
    text = await readFile(file, 'latin1');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError('--chain', file, `a file that can be read (${code})`);
  }
  const chain = readPemCertificates(text);
  if ('unreadable' in chain) {
    throw new UsageError('--chain', file, `PEM, but its certificate ${chain.unreadable} cannot be read`);
  }
  if (chain.length === 0 && text.trim() !== '') {
    throw new UsageError(
      '--chain',
      file,
      'at least one CERTIFICATE block',
      'convert DER with openssl x509 -inform DER',
    );
  }
  return chain;
}

/** Names are compared as A-labels. */
async function hostName(option: string, name: string): Promise<string> {
  const { domainToASCII } = await import('node:url');
  const ascii = /^[\x21-\x7e]+$/.test(name) ? name : domainToASCII(name);
  if (ascii === '' || ascii === '.') throw new UsageError(option, name, 'a host name');
  return ascii;
}

function inJson(verdict: ChainVerdict): string {
  return JSON.stringify(
    verdict.ok
      ? { ok: true, matched: verdict.matched, reason: null }
      : { ok: false, matched: null, reason: verdict.reason },
  );
}

async function inWords(verdict: ChainVerdict, name: string): Promise<string> {
  if (!verdict.ok) return `${name}: not authenticated: ${await sentence(verdict.reason)}`;
  const { usage, selector, matchingType, depth } = verdict.matched;
  const certificate = depth === 0 ? 'the certificate of the server' : `the certificate at depth ${depth}`;
  return `${name}: authenticated: the record ${usage} ${selector} ${matchingType} matches ${certificate}\n`;
}

async function sentence(key: ReasonKey): Promise<string> {
  const { reasonOf } = await import('../base/reasons/catalogue.ts');
  const { says, source, hint } = reasonOf(key);
  return `${says} (${key}, ${source})\n${hint === '' ? '' : `  hint: ${hint}\n`}`;
}
