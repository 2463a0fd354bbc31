/** Serial number arithmetic over 32 bits (RFC 1982), in which RRSIG's times are compared (RFC 4034 §3.1.5). */
import type { Instant } from '../base/instant.ts';

/** Seconds from `earlier` to `later`, from -2^31 to 2^31 - 1; both modulo 2^32. */
export function serialDistance(earlier: number, later: number): number {
  return (later - earlier) | 0;
}

/** The instant that `seconds` (modulo 2^32) means to a clock that shows `at`: the nearest one. */
export function instantNear(at: Instant, seconds: number): Instant {
  return at + serialDistance(at, seconds);
}
