/** Key tags (RFC 4034 Appendix B): a short, not unique, pointer from RRSIG and DS to a DNSKEY. */

/** The key tag of DNSKEY RDATA. Algorithm 1 (RSA/MD5), which counts differently, is not supported here (RFC 6944 §2.3). */
export function keyTag(dnskeyRdata: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < dnskeyRdata.length; at++) {
    sum += (at & 1) === 0 ? dnskeyRdata[at]! << 8 : dnskeyRdata[at]!;
  }
  return (sum + ((sum >>> 16) & 0xffff)) & 0xffff;
}
