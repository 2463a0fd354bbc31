/** `evidence show`: what a census rests on about one domain or MX host, for somebody who wants to check it himself. */
import type { Command } from 'commander';
import { toBase64 } from '../base/bytes.ts';
import { formatInstant } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import type { ShownEvidence } from '../census/show-evidence.ts';
import { readMessage } from '../dns/message.ts';
import { formatName } from '../dns/name.ts';
import { formatRcode } from '../dns/rcode.ts';
import { formatType } from '../dns/rr-type.ts';
import type { ExchangeRecord } from '../evidence/exchange-record.ts';
import { writePemCertificate } from '../pki/pem.ts';
import { databaseOption } from './database-option.ts';
import { wholeNumber } from './whole-number.ts';

interface EvidenceOptions {
  readonly db: string;
  readonly census?: number;
  readonly json?: boolean;
}

export function registerEvidence(program: Command): void {
  program
    .command('evidence')
    .description('the DNS replies and certificates that a census keeps')
    .command('show')
    .description(
      'what the facts of a domain or MX host rest on: every exchange from the root down, and the certificates',
    )
    .argument('<subject>', 'a domain or MX host, as A-labels')
    .addOption(databaseOption())
    .option('--census <number>', 'the census (default: the newest)', (text) =>
      wholeNumber('--census', text, 1, 999_999_999),
    )
    .option('--json', 'print one JSON object: replies in base64, certificates in PEM')
    .addHelpText('after', '\nExample:\n  dane-census evidence show mx.example.net --json')
    .action(show);
}

async function show(subject: string, { db: where, census: number, json }: EvidenceOptions): Promise<void> {
  const [{ openDatabase }, { listCensuses }, { whoLooked }, { showEvidence }] = await Promise.all([
    import('../store/open.ts'),
    import('../store/census-record.ts'),
    import('../census/rejudge.ts'),
    import('../census/show-evidence.ts'),
  ]);
  const db = await openDatabase(where, 'existing');
  try {
    const newest = (await listCensuses(db)).at(-1)?.id;
    const chosen = number ?? newest;
    if (chosen === undefined)
      throw new UsageError('evidence show', 'a database without a census', 'a census');
    const census = await whoLooked(db, chosen);
    const shown = await showEvidence(db, census, subject.toLowerCase().replace(/\.$/, ''));
    process.stdout.write(
      json
        ? `${JSON.stringify({ census: census.id, evidence: shown.map(asJson) })}\n`
        : shown.map((one) => asText(census.id, one)).join('\n'),
    );
  } finally {
    await db.close();
  }
}

function asJson({ exchanges, missing, chains, ...rest }: ShownEvidence): object {
  return {
    ...rest,
    exchanges: exchanges.map(({ octets, name, spelling: _, type, at, ...record }) => ({
      ...record,
      name: formatName(name),
      type: formatType(type),
      at: formatInstant(at),
      rcode: rcodeOf(octets),
      reply: octets.length === 0 ? null : toBase64(octets),
    })),
    missing: missing.map(({ address, name, type }) => ({
      address,
      name: formatName(name),
      type: formatType(type),
    })),
    chains: chains.map(({ chain, ...one }) => ({
      ...one,
      pem: chain?.map(writePemCertificate).join('') ?? null,
    })),
  };
}

function asText(
  census: number,
  { subject, name, complete, exchanges, missing, chains }: ShownEvidence,
): string {
  const whole = complete ? 'complete' : 'not complete: it does not prove what was found';
  const lines = [`Evidence of the ${subject} ${name} in census ${census}: ${whole}`, ''];
  for (const exchange of exchanges) lines.push(`  ${exchangeText(exchange)}`);
  for (const one of missing) {
    lines.push(`  ${one.address}  ${formatName(one.name)} ${formatType(one.type)}  not in the evidence`);
  }
  for (const { address, protocol, sha256, chain } of chains) {
    const kept = chain === null ? ', not kept' : '';
    lines.push(`  ${address}  ${protocol}  ${sha256.length} certificates${kept}: ${sha256.join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function exchangeText({ address, name, type, edns, outcome, octets, at }: ExchangeRecord): string {
  const asked = `${formatName(name)} ${formatType(type)}${edns ? '' : ' without EDNS'}`;
  const heard = octets.length === 0 ? outcome : `${outcome} ${rcodeOf(octets)} ${octets.length} octets`;
  return `${formatInstant(at)}  ${address}  ${asked}  ${heard}`;
}

function rcodeOf(octets: Uint8Array): string | null {
  const message = octets.length === 0 ? undefined : readMessage(octets);
  return message === undefined ? null : formatRcode(message.rcode);
}
