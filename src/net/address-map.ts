/**
 * What to dial in place of an address: how a lab, or servers on other ports, are reached without privileges.
 *
 * One rule a line, `#` begins a comment:
 *
 *     WHICH TARGET [proxy]
 *     *:25                   127.0.0.1:2525   proxy   every address, port 25
 *     198.41.0.4:53          127.0.0.1:5301           one address, one port
 *     198.51.100.0/24        127.0.0.1:*              a prefix, every port; the port asked for is kept
 *     [2001:db8::/32]:53     [::1]:5301       proxy   IPv6 stands in brackets where a port follows
 *
 * WHICH is `*`, an address or a prefix, with `:PORT` or without. TARGET is an address with a port, or `*` for the port asked for.
 * `proxy` begins with a PROXY protocol v2 header that names the address and port really meant. The first rule that fits counts.
 */
import { isIP } from 'node:net';
import { UsageError } from '../base/usage-error.ts';
import { parsePort, splitPort } from './address-and-port.ts';
import { addressOctets } from './address-octets.ts';

export interface MapTarget {
  readonly host: string;
  readonly port: number;
  readonly proxy: boolean;
}

export interface AddressMap {
  /** Undefined where no rule fits: dial the address itself. */
  target(address: string, port: number): MapTarget | undefined;
}

interface Rule {
  readonly order: number;
  /** Null for every address; 4 octets never fit an IPv6 address, nor 16 an IPv4 one. */
  readonly network: { readonly octets: Buffer; readonly bits: number } | null;
  readonly port: number | null;
  readonly host: string;
  readonly targetPort: number | null;
  readonly proxy: boolean;
}

/** Reads the rules. `source` names the text in messages. Throws UsageError with the line. */
export function parseAddressMap(text: string, source = 'address map'): AddressMap {
  const exact = new Map<string, Rule[]>();
  const wide: Rule[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (words[0] === '') continue;
    const rule = parseRule(words, index, `${source}, line ${index + 1}`);
    if (rule.network === null || rule.network.bits < rule.network.octets.length * 8) {
      wide.push(rule);
      continue;
    }
    const key = rule.network.octets.toString('hex');
    exact.set(key, [...(exact.get(key) ?? []), rule]);
  }
  return {
    target(address, port) {
      const octets = addressOctets(address);
      const fits = (rule: Rule) => (rule.port === null || rule.port === port) && inside(octets, rule.network);
      const narrow = exact.get(octets.toString('hex'))?.find(fits);
      const broad = wide.find(fits);
      const rule = (narrow?.order ?? Infinity) < (broad?.order ?? Infinity) ? narrow : broad;
      return rule && { host: rule.host, port: rule.targetPort ?? port, proxy: rule.proxy };
    },
  };
}

function parseRule(words: readonly string[], order: number, where: string): Rule {
  const [which = '', target = '', flag, ...rest] = words;
  if (target === '' || rest.length > 0 || (flag !== undefined && flag !== 'proxy')) {
    throw new UsageError(
      where,
      words.join(' '),
      'WHICH TARGET [proxy]',
      'for example: *:25 127.0.0.1:2525 proxy',
    );
  }
  const from = splitPort(which);
  const to = splitPort(target);
  const network = parseNetwork(from.host);
  const port = from.port === undefined ? null : parsePort(from.port);
  if (network === undefined || port === undefined) {
    throw new UsageError(
      where,
      which,
      '*, an address or a prefix, and perhaps a port',
      'for example: *:25, 192.0.2.0/24, [2001:db8::/32]:53',
    );
  }
  const targetPort = to.port === '*' ? null : parsePort(to.port ?? '');
  if (isIP(to.host) === 0 || to.host.includes('%') || targetPort === undefined) {
    throw new UsageError(
      where,
      target,
      'ADDRESS:PORT',
      'for example: 127.0.0.1:2525, [::1]:2525, 127.0.0.1:*',
    );
  }
  return { order, network, port, host: to.host, targetPort, proxy: flag === 'proxy' };
}

function parseNetwork(text: string): Rule['network'] | undefined {
  if (text === '*') return null;
  const [address = '', length, ...rest] = text.split('/');
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) return undefined;
  const octets = addressOctets(address);
  if (length === undefined) return { octets, bits: octets.length * 8 };
  if (!/^\d{1,3}$/.test(length) || Number(length) > octets.length * 8) return undefined;
  return { octets, bits: Number(length) };
}

function inside(octets: Buffer, network: Rule['network']): boolean {
  if (network === null) return true;
  if (octets.length !== network.octets.length) return false;
  const whole = network.bits >> 3;
  if (octets.compare(network.octets, 0, whole, 0, whole) !== 0) return false;
  const mask = (0xff << (8 - (network.bits & 7))) & 0xff;
  return mask === 0 || ((octets[whole]! ^ network.octets[whole]!) & mask) === 0;
}
