/**
 * IANA "Resource Record (RR) TYPEs", those that this project reads or names, as of 2026-06.
 * https://www.iana.org/assignments/dns-parameters/dns-parameters.xhtml#dns-parameters-4
 */
export const RRType = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  SIG: 24,
  KEY: 25,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  ANY: 255,
  URI: 256,
  CAA: 257,
} as const;

const mnemonics = new Map<number, string>(Object.entries(RRType).map(([mnemonic, type]) => [type, mnemonic]));

/** The mnemonic, or `TYPE123` (RFC 3597 §5). */
export function formatType(type: number): string {
  return mnemonics.get(type) ?? `TYPE${type}`;
}

/** Reads a mnemonic in any case or `TYPE123`; undefined for anything else. */
export function parseType(text: string): number | undefined {
  const upper = text.toUpperCase();
  if (Object.hasOwn(RRType, upper)) return RRType[upper as keyof typeof RRType];
  const generic = /^TYPE(\d{1,5})$/.exec(upper)?.[1];
  return generic !== undefined && Number(generic) <= 0xffff ? Number(generic) : undefined;
}

/** IANA "DNS CLASSes": the one that the Internet uses. */
export const CLASS_IN = 1;
