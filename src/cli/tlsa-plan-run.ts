/** What `tlsa plan` does: reads keys and TTL, plans both roll-over schemes, says what would go wrong. Exit code 0 or 64. */
import { type Instant, parseInstant, systemClock } from '../base/instant.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import { UsageError } from '../base/usage-error.ts';
import { createLookup } from '../census/stack.ts';
import { ADVISED_TTL } from '../dane/advised-ttl.ts';
import { endEntity, tlsaOfCertificate, tlsaOfKey, trustAnchor } from '../dane/make-tlsa.ts';
import { rolloverPlans } from '../dane/rollover-plan.ts';
import type { TlsaRecord } from '../dane/tlsa-record.ts';
import { formatTlsa, tlsaOwner } from '../dane/tlsa-text.ts';
import { verifyChain } from '../dane/verify-chain.ts';
import { name as nameOf } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { ttlOf } from '../dns/rrset.ts';
import { reasonOfSecurity } from '../lookup/answer.ts';
import { surveyConfigFrom } from './network-options.ts';
import { hostArgument, type Material, readMaterial } from './tlsa-material.ts';
import type { PlanOptions } from './tlsa-plan.ts';
import { planJson, planText, type Warning } from './tlsa-plan-text.ts';
import { materialOfServer, parseServer } from './tlsa-server.ts';
import { wholeNumber } from './whole-number.ts';

/** A year: no TLSA RRset is kept longer, and dates stay dates. */
const MOST_TTL = 31_536_000;

export async function plan(options: PlanOptions): Promise<void> {
  const host = hostArgument('--name', options.name);
  const owner = tlsaOwner(host, wholeNumber('--port', options.port, 1, 65_535));
  const start = instantOf(options);
  const current = await currentOf(options, host);
  const next = await readAll('--next', options.next);
  const issuerChains = await readAll('--issuer', options.issuer);
  const records = {
    current: distinct(current.map(keyRecord)),
    next: distinct(next.map(keyRecord)),
    issuers: distinct(issuersOf(current, issuerChains)),
  };
  refuseSameKey(records.current, records.next, options.next);
  const ttl =
    options.ttl === undefined
      ? await lookUpTtl(owner, options)
      : wholeNumber('--ttl', options.ttl, 1, MOST_TTL);
  const plans = rolloverPlans({ ...records, ttl, start });
  if (plans.length === 0) {
    throw new UsageError(
      'tlsa plan',
      'neither a next key nor an issuer',
      '--next, --issuer, or a chain with its issuer',
      'make a key now, for example: openssl ecparam -name prime256v1 -genkey -noout -out next.key',
    );
  }
  const warnings = [
    ...ttlWarnings(ttl),
    ...keyWarnings(records.current, records.next),
    ...issuerWarnings('current', [...current, ...issuerChains], records.issuers, host, start),
    ...issuerWarnings('next', next, records.issuers, host, start),
  ];
  const told = { owner, ttl, start, plans, warnings };
  process.stdout.write(options.json ? `${JSON.stringify(planJson(told))}\n` : planText(told));
}

function instantOf({ start, now }: PlanOptions): Instant {
  const text = start ?? now;
  const instant = text === undefined ? systemClock() : parseInstant(text);
  if (instant === undefined)
    throw new UsageError('--start', text!, 'an ISO 8601 time', 'try 2026-12-01T12:00:00Z');
  return instant;
}

async function currentOf(options: PlanOptions, host: string): Promise<readonly Material[]> {
  if ((options.server === undefined) === (options.current.length === 0)) {
    throw new UsageError(
      'tlsa plan',
      'not one of both',
      '--current or --server',
      'name the certificate in use',
    );
  }
  if (options.server === undefined) return readAll('--current', options.current);
  const server = parseServer(
    '--server',
    options.server,
    wholeNumber('--smtp-port', options.smtpPort, 1, 65_535),
  );
  const { chains, notSeen } = await materialOfServer(server, host, options);
  if (chains.length > 0) return chains;
  const why = notSeen.map(({ where, because }) => `${where}: ${reasonOf(because).says}`).join('; ');
  throw new UsageError('--server', options.server, `a server that shows a certificate (${why})`);
}

async function readAll(option: string, files: readonly string[]): Promise<readonly Material[]> {
  const material: Material[] = [];
  for (const file of files) material.push(await readMaterial(option, file));
  return material;
}

function keyRecord(material: Material): TlsaRecord {
  if (material.kind === 'key') return tlsaOfKey(material.spki, endEntity).record;
  return tlsaOfCertificate(material.chain[0]!, endEntity).record;
}

/** Those given; else the topmost certificate of each chain, since a root outlives its intermediates (the how-to's tip). */
function issuersOf(current: readonly Material[], given: readonly Material[]): readonly TlsaRecord[] {
  if (given.length > 0) {
    return given.flatMap((material) => {
      if (material.kind === 'key') return [tlsaOfKey(material.spki, trustAnchor).record];
      return material.chain.map((certificate) => tlsaOfCertificate(certificate, trustAnchor).record);
    });
  }
  return current.flatMap((material) => {
    const top = material.kind === 'chain' && material.chain.length > 1 ? material.chain.at(-1) : undefined;
    return top === undefined ? [] : [tlsaOfCertificate(top, trustAnchor).record];
  });
}

function distinct(records: readonly TlsaRecord[]): readonly TlsaRecord[] {
  return [...new Map(records.map((record) => [formatTlsa(record), record])).values()];
}

function refuseSameKey(
  current: readonly TlsaRecord[],
  next: readonly TlsaRecord[],
  files: readonly string[],
): void {
  const inUse = new Set(current.map(formatTlsa));
  if (next.some((record) => inUse.has(formatTlsa(record)))) {
    throw new UsageError(
      '--next',
      files.join(' '),
      'a key that is not in use yet',
      'a renewal with the same key needs no plan',
    );
  }
}

/** Throws UsageError where there are no TLSA records to take it from. */
async function lookUpTtl(owner: string, options: PlanOptions): Promise<number> {
  const { lookup, close } = createLookup(surveyConfigFrom(options));
  try {
    const { rrset, outcome, security } = await lookup.ask(nameOf(owner), RRType.TLSA);
    if (rrset !== undefined) return ttlOf(rrset);
    const because =
      outcome === 'failed' ? reasonOf(reasonOfSecurity(security) ?? 'timeout').says : 'there are none';
    throw new UsageError(
      '--ttl',
      'nothing',
      `the TTL that the TLSA records at ${owner} have or will have (${because})`,
    );
  } finally {
    close();
  }
}

function ttlWarnings(ttl: number): Warning[] {
  const key: ReasonKey | undefined =
    ttl > ADVISED_TTL.most ? 'tlsa-ttl-long' : ttl < ADVISED_TTL.least ? 'tlsa-ttl-short' : undefined;
  return key === undefined ? [] : [{ about: 'ttl', key }];
}

/** A server with two algorithms needs a next key for each (the how-to, "Points of attention"). */
function keyWarnings(current: readonly TlsaRecord[], next: readonly TlsaRecord[]): Warning[] {
  const short = next.length > 0 && next.length < current.length;
  return short ? [{ about: 'keys', key: 'rollover-one-algorithm' }] : [];
}

/** Whether the record of the issuer would carry the change; a bare key tells nothing about that. */
function issuerWarnings(
  about: 'current' | 'next',
  material: readonly Material[],
  issuers: readonly TlsaRecord[],
  host: string,
  at: Instant,
): Warning[] {
  if (issuers.length === 0) return [];
  const chains = material.flatMap((one) => (one.kind === 'chain' ? [one.chain] : []));
  const above = chains.flatMap((chain) => chain.filter(({ x509 }) => x509.ca)).map(({ der }) => der);
  return chains
    .filter((chain) => !chain[0]!.x509.ca)
    .flatMap((chain) => {
      const sent = [...chain.map(({ der }) => der), ...above];
      const verdict = verifyChain({
        chain: sent,
        records: issuers,
        baseDomain: host,
        referenceNames: [],
        at,
      });
      return verdict.ok ? [] : [{ about, key: verdict.reason }];
    });
}
