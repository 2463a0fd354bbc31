/** Serial number arithmetic (RFC 1982 §3.2), SERIAL_BITS = 32, as SOA serials have it (RFC 1034 §4.3.5). */

/** Whether `a` is older than `b`. Neither is older where they are equal, or half the circle apart (§3.2: undefined). */
export function isOlderSerial(a: number, b: number): boolean {
  const ahead = (b - a) >>> 0;
  return ahead > 0 && ahead < 0x80000000;
}
