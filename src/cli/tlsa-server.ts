/** The certificates of a live mail server: every address, both key algorithms, by the probe that a census uses. */
import { isIP } from 'node:net';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { UsageError } from '../base/usage-error.ts';
import { createLookup } from '../census/stack.ts';
import { name as nameOf } from '../dns/name.ts';
import { readAddress } from '../dns/rdata.ts';
import { RRType } from '../dns/rr-type.ts';
import { reasonOfSecurity } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import type { ProbeResult } from '../survey/probe-port.ts';
import { type NetworkOptions, surveyConfigFrom } from './network-options.ts';
import { hostArgument, type Material } from './tlsa-material.ts';
import { wholeNumber } from './whole-number.ts';

export interface Server {
  /** A host name in A-labels, or an address. */
  readonly host: string;
  readonly port: number;
}

/** An address, or the host itself, of which no certificate was seen. */
export interface NotSeen {
  readonly where: string;
  readonly because: ReasonKey;
}

export interface ServerMaterial {
  /** One for each chain that some address showed. */
  readonly chains: readonly Extract<Material, { kind: 'chain' }>[];
  readonly notSeen: readonly NotSeen[];
  /** Addresses of which nobody could look whether they have a certificate of the other key algorithm. */
  readonly oneKeyOnly: readonly string[];
}

/** `HOST`, `HOST:PORT`, `[IPV6]:PORT`, an address. Throws UsageError. */
export function parseServer(option: string, text: string, defaultPort: number): Server {
  if (isIP(text) !== 0) return { host: text, port: defaultPort };
  const parts = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(text);
  if (parts === null)
    throw new UsageError(option, text, 'HOST or HOST:PORT', 'for example mx.example.net:25');
  const [, bracketed, plain = '', portText] = parts;
  const port = portText === undefined ? defaultPort : wholeNumber(`${option} port`, portText, 1, 65_535);
  if (bracketed !== undefined) {
    if (isIP(bracketed) !== 6) throw new UsageError(option, text, 'an IPv6 address between the brackets');
    return { host: bracketed, port };
  }
  return { host: isIP(plain) !== 0 ? plain : hostArgument(option, plain), port };
}

/** `serverName` is what SNI says; empty for none. What the network or the server does wrong is a result. */
export async function materialOfServer(
  { host, port }: Server,
  serverName: string,
  options: NetworkOptions,
): Promise<ServerMaterial> {
  const { lookup, probe, close } = createLookup({ ...surveyConfigFrom(options), smtpPort: port });
  try {
    const { addresses, notFound } =
      isIP(host) !== 0 ? { addresses: [host], notFound: [] } : await addressesOf(host, lookup);
    const seen = await Promise.all(
      addresses.map(async (address) => ({
        address,
        result: await probe({ address, serverName, bothKeyAlgorithms: true, everyTlsQuestion: false }),
      })),
    );
    return {
      chains: distinctChains(host, port, seen),
      notSeen: [...notFound, ...seen.flatMap(({ address, result }) => failureOf(address, result))],
      oneKeyOnly: seen
        .filter(({ result }) => result.secondKey === 'not-looked')
        .map(({ address }) => address),
    };
  } finally {
    close();
  }
}

async function addressesOf(
  host: string,
  lookup: Lookup,
): Promise<{ addresses: string[]; notFound: NotSeen[] }> {
  const name = nameOf(host);
  const answers = await Promise.all([lookup.ask(name, RRType.A), lookup.ask(name, RRType.AAAA)]);
  const addresses = answers
    .flatMap(({ rrset }) => rrset?.records ?? [])
    .map(readAddress)
    .filter((address) => address !== undefined);
  const notFound = answers
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ security }) => ({ where: host, because: reasonOfSecurity(security) ?? ('timeout' as const) }));
  if (addresses.length === 0 && notFound.length === 0) {
    notFound.push({ where: host, because: 'host-without-address' });
  }
  return { addresses: [...new Set(addresses)], notFound };
}

function failureOf(where: string, { handshakes, because }: ProbeResult): NotSeen[] {
  if (handshakes.some(({ chain }) => chain.length > 0)) return [];
  return [{ where, because: because ?? 'chain-empty' }];
}

/** By their octets, in the order seen. */
function distinctChains(
  host: string,
  port: number,
  seen: readonly { readonly address: string; readonly result: ProbeResult }[],
): ServerMaterial['chains'] {
  const chains = new Map<string, { chain: Certificate[]; addresses: string[] }>();
  for (const { address, result } of seen) {
    for (const { chain } of result.handshakes) {
      const certificates = chain.map(parseCertificate).filter((certificate) => certificate !== undefined);
      if (certificates.length < chain.length || certificates.length === 0) continue;
      const key = chain.map((der) => Buffer.from(der).toString('latin1')).join();
      const known = chains.get(key) ?? { chain: certificates, addresses: [] };
      known.addresses.push(address);
      chains.set(key, known);
    }
  }
  return [...chains.values()].map(({ chain, addresses }) => ({
    from: `${host}:${port} (${addresses.join(', ')})`,
    kind: 'chain',
    chain,
  }));
}
