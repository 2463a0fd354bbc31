/** A few zones of one domain and its MX hosts, and a probe that answers for every address. */
import { seededRandom } from '../../src/base/random.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { ProbeEndpoint, ProbeResult } from '../../src/survey/probe-port.ts';
import type { HostSurveyPorts } from '../../src/survey/survey-host.ts';
import {
  AT,
  type Spoil,
  TEST,
  type World,
  type WorldOptions,
  world,
  type ZoneText,
  zones,
} from '../lookup/signed-internet.ts';

const top = zones.filter(({ apex }) => ['.', 'test', 'opt', 'expired.test'].includes(apex));

/** `example.test` is signed, `plain.test` is not; both have these lines. */
export function small(
  lines: readonly string[],
  options: {
    readonly spoil?: Spoil;
    readonly plain?: readonly string[];
    readonly signed?: ZoneText['signed'];
    readonly denied?: readonly string[];
    readonly servers?: readonly string[];
    readonly more?: readonly ZoneText[];
    readonly forwarders?: WorldOptions['forwarders'];
    readonly behaviour?: Pick<WorldOptions, 'hardenBelowNxdomain' | 'aggressiveNsec'>;
  } = {},
): World {
  const { signed = {}, denied = [], servers = ['192.0.2.50'] } = options;
  const texts: ZoneText[] = [
    ...top,
    { apex: 'example.test', servers, signed, denied, lines },
    { apex: 'plain.test', servers: ['192.0.2.51'], lines: options.plain ?? [] },
    { apex: 'other.test', servers: ['192.0.2.52'], signed: {}, lines: ['mx A 203.0.113.8'] },
    ...(options.more ?? []),
  ];
  const { spoil, forwarders, behaviour } = options;
  return world({ texts, ...behaviour, ...(spoil && { spoil }), ...(forwarders && { forwarders }) });
}

export const TLSA_RDATA = 'TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

/** Silence of the server for one question, given as "name TYPE". */
export const silentFor =
  (...questions: readonly string[]): Spoil =>
  (_parts, { text, zone }) =>
    questions.includes(text) && !TEST.includes(zone.text.servers[0] as never)
      ? { kind: 'timeout' }
      : undefined;

export interface Probed {
  readonly ports: HostSurveyPorts;
  readonly probed: string[];
}

/** Every endpoint refuses the connection; it is the DNS that is looked at. */
export function portsOver({ lookup }: World): Probed {
  const probed: string[] = [];
  const refused: ProbeResult = {
    reached: 'nothing',
    fault: 'network',
    because: 'connection-refused' as NonNullable<ProbeResult['because']>,
    banner: '',
    capabilities: [],
    capabilitiesInTls: null,
    starttlsOffered: null,
    handshakes: [],
    secondKey: 'not-asked',
    tls12: null,
    tls13: null,
    withoutSni: null,
    chainWithoutSni: null,
    seenAt: AT,
  };
  const probe: ProbeEndpoint = async ({ address, serverName }) => {
    probed.push(`${address} ${serverName}`);
    return refused;
  };
  const describe = () => {
    throw new Error('no certificate is shown here');
  };
  const ports = {
    lookup,
    random: seededRandom(1),
    probe,
    describe,
    clock: () => AT,
    everyTlsQuestion: false,
  };
  return { probed, ports: { ...ports, providerOf: (host) => host } };
}

/** Queries for TLSA records. */
export const tlsaQueries = ({ log }: World): string[] => log.filter((line) => line.endsWith(' TLSA'));

export const { A, AAAA, TLSA, TXT } = RRType;
