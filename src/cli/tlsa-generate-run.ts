/**
 * What `tlsa generate` does: TLSA records of certificates, keys, or a live server, as lines of a zone file or JSON.
 * Exit code 0 with records, 2 where a live server showed no certificate, 64 for bad usage.
 */
import { isIP } from 'node:net';
import { toHex } from '../base/bytes.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import { UsageError } from '../base/usage-error.ts';
import { ADVISED_TTL } from '../dane/advised-ttl.ts';
import {
  adviceOnChain,
  adviceOnParameters,
  type MadeTlsa,
  namesIssuer,
  type TlsaParameters,
  tlsaOfChain,
  tlsaOfKey,
} from '../dane/make-tlsa.ts';
import { formatTlsa, formatTlsaLine, tlsaOwner } from '../dane/tlsa-text.ts';
import { describeCertificate } from '../pki/certificate-fact.ts';
import { safe } from './terminal-text.ts';
import type { GenerateOptions } from './tlsa-generate.ts';
import { hostArgument, type Material, readMaterial } from './tlsa-material.ts';
import { materialOfServer, type NotSeen, parseServer, type ServerMaterial } from './tlsa-server.ts';
import { wholeNumber } from './whole-number.ts';

const EXIT_COULD_NOT_LOOK = 2;

/** What was made of one file, or of one chain of a server. */
interface Made {
  readonly from: string;
  readonly records: readonly MadeTlsa[];
}

export async function generate(files: readonly string[], options: GenerateOptions): Promise<void> {
  const parameters = {
    usage: wholeNumber('--usage', options.usage, 0, 3),
    selector: wholeNumber('--selector', options.selector, 0, 1),
    matchingType: wholeNumber('--matching-type', options.matchingType, 0, 2),
  };
  const port = wholeNumber('--port', options.port, 1, 65_535);
  const host = options.name === undefined ? null : hostArgument('--name', options.name);
  const { material, live, server } = await gather(files, options, host);
  const made = material.map((one) => makeOf(one, parameters));
  const baseDomain = host ?? (server !== undefined && isIP(server.host) === 0 ? server.host : null);
  const owner = baseDomain === null ? null : tlsaOwner(baseDomain, server?.port ?? port);
  const chains = material.flatMap((one) => (one.kind === 'chain' ? [one.chain] : []));
  if (namesIssuer(parameters) && made.every(({ records }) => records.length === 0) && chains.length > 0) {
    throw new UsageError('--usage', options.usage, 'a chain with a CA certificate', 'give the whole chain');
  }
  const advice = [
    ...new Set([
      ...adviceOnParameters(parameters),
      ...chains.flatMap((chain) => adviceOnChain(chain, parameters, baseDomain)),
    ]),
  ];
  const told = { owner, made, advice, notSeen: live?.notSeen ?? [], oneKeyOnly: live?.oneKeyOnly ?? [] };
  process.stdout.write(options.json ? `${JSON.stringify(asJson(told))}\n` : asZoneText(told));
  if (!options.json) warn(told);
  if (live !== undefined && live.chains.length === 0) process.exitCode = EXIT_COULD_NOT_LOOK;
}

async function gather(files: readonly string[], options: GenerateOptions, host: string | null) {
  if ((options.server === undefined) === (files.length === 0)) {
    throw new UsageError(
      'tlsa generate',
      files.length === 0 ? 'nothing' : 'files and --server',
      'files or --server',
      'try: dane-census tlsa generate fullchain.pem --name mx.example.net',
    );
  }
  if (options.server === undefined) {
    const material: Material[] = [];
    for (const file of files) material.push(await readMaterial('FILE', file));
    return { material };
  }
  const server = parseServer(
    '--server',
    options.server,
    wholeNumber('--smtp-port', options.smtpPort, 1, 65_535),
  );
  const live = await materialOfServer(server, host ?? (isIP(server.host) === 0 ? server.host : ''), options);
  return { material: live.chains, live, server };
}

function makeOf(material: Material, parameters: TlsaParameters): Made {
  if (material.kind === 'chain')
    return { from: material.from, records: tlsaOfChain(material.chain, parameters) };
  if (parameters.selector !== 1) {
    throw new UsageError(
      '--selector',
      String(parameters.selector),
      `1, since ${material.from} holds a key and no certificate`,
    );
  }
  return { from: material.from, records: [tlsaOfKey(material.spki, parameters)] };
}

interface Told {
  readonly owner: string | null;
  readonly made: readonly Made[];
  readonly advice: readonly ReasonKey[];
  readonly notSeen: readonly NotSeen[];
  readonly oneKeyOnly: ServerMaterial['oneKeyOnly'];
}

function asZoneText({ owner, made }: Told): string {
  const lines: string[] = [];
  for (const { from, records } of made) {
    lines.push(`; made of ${safe(from)}`);
    for (const { record, describes } of records) {
      const about = describes === null ? '' : ` ; ${safe(describeCertificate(describes.der).subject)}`;
      lines.push(`${owner === null ? formatTlsa(record) : formatTlsaLine(owner, record)}${about}`);
    }
  }
  if (made.length > 0) lines.push(`; TTL: ${ADVISED_TTL.least} to ${ADVISED_TTL.most} seconds is advised`);
  return lines.map((line) => `${line}\n`).join('');
}

function asJson({ owner, made, advice, notSeen, oneKeyOnly }: Told): object {
  return {
    owner,
    records: made.flatMap(({ from, records }) =>
      records.map(({ record, describes }) => {
        const { usage, selector, matchingType } = record;
        const { der: _, ...certificate } =
          describes === null ? { der: null } : describeCertificate(describes.der);
        return {
          usage,
          selector,
          matchingType,
          data: toHex(record.data),
          rr: formatTlsa(record),
          line: owner === null ? null : formatTlsaLine(owner, record),
          from,
          certificate: describes === null ? null : certificate,
        };
      }),
    ),
    ttl: ADVISED_TTL,
    advice: advice.map((key) => ({ key, ...reasonOf(key) })),
    notSeen: notSeen.map(({ where, because }) => ({ where, because, says: reasonOf(because).says })),
    oneKeyOnly,
  };
}

function warn({ advice, notSeen, oneKeyOnly }: Told): void {
  for (const key of advice) {
    const { says, hint } = reasonOf(key);
    process.stderr.write(`dane-census: advice: ${says}\n  hint: ${hint}\n`);
  }
  for (const { where, because } of notSeen) {
    process.stderr.write(`dane-census: ${where}: no certificate seen: ${reasonOf(because).says}\n`);
  }
  for (const where of oneKeyOnly) {
    process.stderr.write(
      `dane-census: ${where}: could not look whether it has a certificate of another key algorithm\n`,
    );
  }
}
