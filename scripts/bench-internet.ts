/**
 * A signed Internet for `bench-resolve.ts`: a root, the top-level domain `lab.` (NSEC3 with opt-out, RFC 5155 §6), operators with
 * two name servers and some MX hosts each, and domains: 55 % of them signed with P-256, half of these with NSEC and half with
 * NSEC3, the rest unsigned; and a few whose MX RRset has a wrong signature. Names and delegations follow from the seed.
 */
import type { Instant } from '../src/base/instant.ts';
import { seededRandom } from '../src/base/random.ts';
import { DnssecAlgorithm } from '../src/dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../src/dns/message-writer.ts';
import { name as nameOf, root } from '../src/dns/name.ts';
import { RRType } from '../src/dns/rr-type.ts';
import { parseZoneFile } from '../src/dns/zone-file.ts';
import { KSK_FLAGS, ZSK_FLAGS, zoneKey } from '../src/lab/signing/zone-key.ts';
import type { SignedZone } from '../test/interop/nsd.ts';
import { makeZone, type ZoneSigning, zoneFile } from './bench-signed-zones.ts';

export type Truth = 'secure' | 'insecure' | 'bogus';

export interface BenchInternet {
  readonly hints: string;
  readonly anchor: string;
  readonly servers: readonly {
    readonly addresses: readonly string[];
    readonly zones: readonly SignedZone[];
  }[];
  /** Presentation form without the final dot, in an order that is no one's. */
  readonly domains: readonly { readonly name: string; readonly truth: Truth }[];
}

const ROOT_ADDRESS = '5.45.0.1';
const TLD_ADDRESS = '5.45.0.2';
const OPERATORS = 40;
const SERVERS_OF_OPERATOR = 2;
const MX_HOSTS_OF_OPERATOR = 12;
const SIGNED_PERCENT = 55;
const BOGUS = 20;
const SEED = 20_260_601;
const noSalt = { iterations: 0, salt: new Uint8Array(0) };
const { ECDSAP256SHA256, RSASHA256 } = DnssecAlgorithm;

export function benchInternet(size: number, now: Instant): BenchInternet {
  const random = seededRandom(SEED);
  const records = (apex: string, text: string) => [
    ...parseZoneFile(`$TTL 3600\n${text}`.split('\n'), apex, nameOf(apex)),
  ];
  const soa = (server: string) => `@ SOA ${server} hostmaster.lab. 1 7200 900 1209600 900\n`;
  const served: SignedZone[] = [];
  const delegations: PlainRecord[] = [];
  const place = (apex: string, text: string, signing?: ZoneSigning) => {
    const unsigned = { apex: nameOf(apex), records: records(apex, text) };
    const made = makeZone(signing === undefined ? unsigned : { ...unsigned, signing }, now);
    served.push(made.zone);
    if (made.ds !== null) delegations.push(made.ds);
  };
  const combined = (apex: string, isNsec3: boolean, spoil?: ZoneSigning['spoil']): ZoneSigning => {
    const key = zoneKey(`bench ${apex}`, ECDSAP256SHA256, KSK_FLAGS);
    return {
      ksk: key,
      zsk: key,
      ...(isNsec3 && { nsec3: { ...noSalt, optOut: false } }),
      ...(spoil && { spoil }),
    };
  };

  let lab = '';
  const addresses: string[] = [];
  for (let index = 0; index < OPERATORS; index++) {
    const apex = `op${index}.lab`;
    let text = soa(`ns1.${apex}.`);
    for (let server = 1; server <= SERVERS_OF_OPERATOR; server++) {
      const address = `5.45.${server}.${index + 1}`;
      addresses.push(address);
      lab += `op${index} NS ns${server}.${apex}.\nns${server}.op${index} A ${address}\n`;
      text += `@ NS ns${server}\nns${server} A ${address}\n`;
    }
    for (let host = 0; host < MX_HOSTS_OF_OPERATOR; host++) text += `mx${host} A 5.45.9.${host + 1}\n`;
    place(apex, text, index % 2 === 0 ? combined(apex, index % 4 === 0) : undefined);
  }

  const domains: { name: string; truth: Truth }[] = [];
  for (let index = 0; index < size + BOGUS; index++) {
    const label = `d${random(36 ** 6).toString(36)}-${index}`;
    const apex = `${label}.lab`;
    const operator = random(OPERATORS);
    const isBogus = index >= size;
    const isSigned = isBogus || random(100) < SIGNED_PERCENT;
    const servers = Array.from(
      { length: SERVERS_OF_OPERATOR },
      (_, i) => `NS ns${i + 1}.op${operator}.lab.\n`,
    );
    const host = `mx${random(MX_HOSTS_OF_OPERATOR)}.op${random(OPERATORS)}.lab.`;
    const mail =
      random(2) === 0 ? `@ MX 10 ${host}\n@ MX 20 mx0.op0.lab.\n` : '@ MX 10 mail\nmail A 5.45.9.1\n';
    const text = `${soa(`ns1.op${operator}.lab.`)}${servers.map((line) => `@ ${line}`).join('')}${mail}`;
    lab += servers.map((line) => `${label} ${line}`).join('');
    const spoil = isBogus ? spoilMx : undefined;
    place(apex, text, isSigned ? combined(apex, random(2) === 0, spoil) : undefined);
    domains.push({ name: apex, truth: isBogus ? 'bogus' : isSigned ? 'secure' : 'insecure' });
  }
  for (let last = domains.length - 1; last > 0; last--) {
    const other = random(last + 1);
    [domains[last], domains[other]] = [domains[other]!, domains[last]!];
  }

  const split = (seed: string, algorithm: number) => ({
    ksk: zoneKey(`bench ${seed} ksk`, algorithm, KSK_FLAGS),
    zsk: zoneKey(`bench ${seed} zsk`, algorithm, ZSK_FLAGS),
  });
  const tldText = `${soa('ns.lab.')}@ NS ns\nns A ${TLD_ADDRESS}\n${lab}`;
  const tld = makeZone(
    {
      apex: nameOf('lab'),
      records: [...records('lab', tldText), ...delegations],
      signing: { ...split('lab', ECDSAP256SHA256), nsec3: { ...noSalt, optOut: true } },
    },
    now,
  );
  const rootText = `${soa('ns.')}@ NS ns.\nns. A ${ROOT_ADDRESS}\nlab. NS ns.lab.\nns.lab. A ${TLD_ADDRESS}\n`;
  const top = makeZone(
    { apex: root, records: [...records('.', rootText), tld.ds!], signing: split('.', RSASHA256) },
    now,
  );
  return {
    hints: `. 3600 NS ns.\nns. 3600 A ${ROOT_ADDRESS}\n`,
    anchor: zoneFile([top.ds!]).trim(),
    servers: [
      { addresses: [ROOT_ADDRESS], zones: [top.zone] },
      { addresses: [TLD_ADDRESS], zones: [tld.zone] },
      { addresses, zones: served },
    ],
    domains,
  };
}

function spoilMx(rrsig: PlainRecord, covered: number): PlainRecord {
  if (covered !== RRType.MX) return rrsig;
  const rdata = Buffer.from(rrsig.rdata);
  rdata[rdata.length - 1]! ^= 0x01;
  return { ...rrsig, rdata };
}
