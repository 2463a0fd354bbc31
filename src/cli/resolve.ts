/** `resolve NAME TYPE`: one validated answer, with its reason and, where wanted, every query that led to it. */
import type { Command } from 'commander';
import { reasonOf } from '../base/reasons/catalogue.ts';
import { UsageError } from '../base/usage-error.ts';
import type { ResourceRecord } from '../dns/message.ts';
import { formatName, parseName } from '../dns/name.ts';
import { formatRdata } from '../dns/presentation.ts';
import { formatType, parseType, RRType } from '../dns/rr-type.ts';
import { type Answer, reasonOfSecurity } from '../lookup/answer.ts';
import type { TraceEntry } from '../resolve/session.ts';
import { addNetworkOptions, type NetworkOptions, surveyConfigFrom } from './network-options.ts';

interface ResolveOptions extends NetworkOptions {
  readonly json?: boolean;
  readonly trace?: boolean;
}

/** RRSIG records are not signed themselves (RFC 4035 §2.2), and OPT is no data (RFC 6891 §6.1.1). */
const unanswerable: ReadonlySet<number> = new Set([RRType.RRSIG, RRType.SIG, RRType.OPT]);
/** RFC 6895 §3.1: QTYPEs and Meta-TYPEs, ANY and AXFR among them. */
const FIRST_QTYPE = 128;
const LAST_QTYPE = 255;

export function registerResolve(program: Command): void {
  const command = program
    .command('resolve <name> <type>')
    .description('resolve one name from the root down and validate the answer')
    .option('--json', 'print one JSON object')
    .option('--trace', 'show every query, the zone cuts and their security')
    .addHelpText('after', '\nExample:\n  dane-census resolve _25._tcp.mx.example.nl TLSA --trace');
  addNetworkOptions(command).action(resolve);
}

async function resolve(nameText: string, typeText: string, options: ResolveOptions): Promise<void> {
  const name = parseName(nameText);
  if (name === undefined) throw new UsageError('NAME', nameText, 'a domain name');
  const type = parseType(typeText);
  if (type === undefined)
    throw new UsageError('TYPE', typeText, 'a record type', 'for example MX, TLSA or TYPE52');
  if (unanswerable.has(type) || (type >= FIRST_QTYPE && type <= LAST_QTYPE)) {
    throw new UsageError(
      'TYPE',
      typeText,
      'a type that answers can be validated for',
      'ask for the RRset itself',
    );
  }
  const { createLookup } = await import('../census/stack.ts');
  const { lookup, close } = createLookup(surveyConfigFrom(options));
  try {
    const trace: TraceEntry[] = [];
    const answer = await lookup.ask(name, type, options.trace === true ? { trace } : {});
    const shown =
      options.json === true ? `${JSON.stringify(asJson(answer, trace, options))}\n` : asText(answer, trace);
    process.stdout.write(shown);
  } finally {
    close();
  }
}

/** The contract of `resolve --json`; `trace` only where it was asked for. */
function asJson(answer: Answer, trace: readonly TraceEntry[], options: ResolveOptions): object {
  const reason = reasonOfSecurity(answer.security);
  return {
    name: formatName(answer.name),
    type: formatType(answer.type),
    status: answer.security.status,
    rcode: answer.rcode,
    answers: recordsOf(answer).map((record) => ({
      name: formatName(record.name),
      type: formatType(record.type),
      ttl: record.ttl,
      data: formatRdata(record),
    })),
    reason,
    ede: reason === null ? null : (reasonOf(reason).ede ?? null),
    ...(options.trace === true ? { trace: trace.map(traceJson), zones: zonesOf(answer) } : {}),
  };
}

/** The chain of aliases, then the records asked for. Of an answer that failed nothing is handed on: it proves nothing. */
function recordsOf(answer: Answer): readonly ResourceRecord[] {
  if (answer.outcome === 'failed') return [];
  return [...answer.aliasRecords, ...(answer.rrset?.records ?? [])];
}

function traceJson({ zone, server, name, type, heard, milliseconds }: TraceEntry): object {
  return {
    zone: zone === null ? null : formatName(zone),
    server,
    name: formatName(name),
    type: formatType(type),
    heard,
    milliseconds: milliseconds === null ? null : Math.round(milliseconds),
  };
}

/** The zone cuts from the root down to each link's zone, how each link is secured, and which servers were of no use for it. */
function zonesOf(answer: Answer): object[] {
  return answer.links.map((link) => {
    const cuts: string[] = [];
    for (let cut: typeof link.cut | undefined = link.cut; cut !== undefined; cut = cut.parent) {
      cuts.unshift(formatName(cut.apex));
    }
    const { status } = link.security;
    const { useless } = link;
    const server = link.server ?? null;
    return { name: formatName(link.name), cuts, zone: link.zone.status, status, server, useless };
  });
}

function asText(answer: Answer, trace: readonly TraceEntry[]): string {
  const lines: string[] = [];
  for (const { zone, server, name, type, heard, milliseconds } of trace) {
    const took = milliseconds === null ? '' : ` in ${Math.round(milliseconds)} ms`;
    const what = zone === null ? 'forwarder' : `of ${formatName(zone)}`;
    lines.push(`; ${server} ${what}: ${formatName(name)} ${formatType(type)}: ${heard}${took}`);
  }
  if (trace.length > 0) {
    for (const zone of zonesOf(answer)) lines.push(`; ${JSON.stringify(zone)}`);
  }
  for (const record of recordsOf(answer)) {
    const { name, ttl, type } = record;
    lines.push(`${formatName(name)} ${ttl} IN ${formatType(type)} ${formatRdata(record)}`);
  }
  const { security } = answer;
  lines.push(`${answer.rcode}, ${security.status}`);
  if (security.status !== 'secure') {
    const { says, hint, source } = reasonOf(security.because);
    lines.push(`because at ${security.at} ${says} (${security.because}, ${source})`);
    if (security.status === 'insecure') lines.push(`as proven by ${security.witness.join(', ')}`);
    if (hint !== '') lines.push(`to mend it: ${hint}`);
  }
  return `${lines.join('\n')}\n`;
}
