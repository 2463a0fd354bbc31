/**
 * IANA "DNS RCODEs" (RFC 6895 §2.3), as of 2026-06.
 * https://www.iana.org/assignments/dns-parameters/dns-parameters.xhtml#dns-parameters-6
 */
export const Rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const;

const mnemonics = new Map<number, string>(Object.entries(Rcode).map(([mnemonic, code]) => [code, mnemonic]));

/** The mnemonic, or `RCODE123`. */
export function formatRcode(code: number): string {
  return mnemonics.get(code) ?? `RCODE${code}`;
}
