/**
 * How each server address behaved lately: smoothed round-trip time and consecutive silences. It orders the addresses of a
 * zone, sets how long to wait, and leaves servers alone that do not answer anybody (RFC 9520 §2.2).
 */
import { LruCache } from '../base/lru-cache.ts';
import type { Random } from '../base/random.ts';
import { DOWN_MS, MAX_CACHE_SECONDS, MAX_SERVERS_REMEMBERED, SILENCES_UNTIL_DOWN } from './limits.ts';

interface Behaviour {
  /** Milliseconds; undefined before the first answer. */
  smoothedMs: number | undefined;
  silences: number;
  downUntilMs: number;
  unreachable: boolean;
}

/** Share of a new measurement in the smoothed round-trip time (RFC 6298 §2: alpha). */
const ALPHA = 1 / 8;
/** Unknown servers are taken for this quick, so that each is tried once in a while, in milliseconds. */
const UNKNOWN_MS = 60;
/** Servers within this much of the quickest share the load, in milliseconds (Unbound's RTT band is 400). */
const BAND_MS = 400;
/** Shortest wait for a server whose round-trip time is known, in milliseconds. */
const MIN_WAIT_MS = 300;
const WAIT_ROUND_TRIPS = 6;

export class ServerMemory {
  readonly #servers: LruCache<string, Behaviour>;
  readonly #clockMs: () => number;
  readonly #random: Random;

  constructor(clockMs: () => number, random: Random) {
    this.#servers = new LruCache(MAX_SERVERS_REMEMBERED, clockMs);
    this.#clockMs = clockMs;
    this.#random = random;
  }

  /** The addresses in the order to try them: random among the quick ones, then the slow, the down and unreachable last. */
  order(addresses: readonly string[]): string[] {
    const scored = addresses.map((address) => {
      const seen = this.#servers.get(address);
      const bad = seen !== undefined && (seen.unreachable || seen.downUntilMs > this.#clockMs());
      const milliseconds = (seen?.smoothedMs ?? UNKNOWN_MS) + (seen?.silences ?? 0) * BAND_MS;
      const band = bad ? Number.MAX_SAFE_INTEGER : Math.floor(milliseconds / BAND_MS);
      return { address, band, lot: this.#random(1 << 30) };
    });
    scored.sort((a, b) => a.band - b.band || a.lot - b.lot);
    return scored.map((entry) => entry.address);
  }

  isDown(address: string): boolean {
    const seen = this.#servers.get(address);
    return seen !== undefined && seen.downUntilMs > this.#clockMs();
  }

  /** How long to wait in `round` (from 0), in milliseconds. */
  waitMs(address: string, round: number, timeoutMs: number): number {
    if (round > 0) return timeoutMs;
    const smoothed = this.#servers.get(address)?.smoothedMs;
    if (smoothed === undefined) return timeoutMs;
    return Math.min(timeoutMs, Math.max(MIN_WAIT_MS, WAIT_ROUND_TRIPS * smoothed));
  }

  answered(address: string, milliseconds: number): void {
    const seen = this.#of(address);
    const before = seen.smoothedMs ?? milliseconds;
    seen.smoothedMs = before + ALPHA * (milliseconds - before);
    seen.silences = 0;
    seen.downUntilMs = 0;
    seen.unreachable = false;
  }

  silent(address: string): void {
    const seen = this.#of(address);
    seen.silences++;
    if (seen.silences >= SILENCES_UNTIL_DOWN) seen.downUntilMs = this.#clockMs() + DOWN_MS;
  }

  unreachable(address: string): void {
    this.#of(address).unreachable = true;
  }

  #of(address: string): Behaviour {
    const known = this.#servers.get(address);
    if (known !== undefined) return known;
    const fresh = { smoothedMs: undefined, silences: 0, downUntilMs: 0, unreachable: false };
    this.#servers.set(address, fresh, MAX_CACHE_SECONDS);
    return fresh;
  }
}
