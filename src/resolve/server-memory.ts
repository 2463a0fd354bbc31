/**
 * How each server address behaved lately: smoothed round-trip time and consecutive silences. It orders the addresses of a
 * zone, sets how long to wait, and leaves servers alone that do not answer anybody (RFC 9520 §2.2).
 */
import { LruCache } from '../base/lru-cache.ts';
import type { Random } from '../base/random.ts';
import {
  DOWN_MS,
  DOWN_PROBE_MS,
  MAX_CACHE_SECONDS,
  MAX_SERVERS_REMEMBERED,
  SILENCES_UNTIL_DOWN,
  SILENT_SERVERS_UNTIL_NETWORK_DOWN,
} from './limits.ts';
import type { Servers } from './servers.ts';

interface Behaviour {
  /** Milliseconds; undefined before the first answer. */
  smoothedMs: number | undefined;
  silences: number;
  /** When the last silence was noted: those of queries that were under way then are one and the same. */
  silentAtMs: number;
  downUntilMs: number;
  /** While it is down: when the next query may go there to see. */
  probeAtMs: number;
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

export class ServerMemory implements Servers {
  readonly #servers: LruCache<string, Behaviour>;
  readonly #clockMs: () => number;
  readonly #random: Random;
  /** Addresses that were silent since anybody last answered; never more than the limit needs. */
  readonly #silentSinceAnswer = new Set<string>();
  readonly #familiesHeard = new Set<4 | 6>();

  constructor(clockMs: () => number, random: Random) {
    this.#servers = new LruCache(MAX_SERVERS_REMEMBERED, clockMs);
    this.#clockMs = clockMs;
    this.#random = random;
  }

  /** The addresses in the order to try them: random among the quick ones, then the slow, the down and unreachable last. */
  order(addresses: readonly string[]): string[] {
    if (addresses.length < 2) return [...addresses];
    const now = this.#clockMs();
    const scored = addresses.map((address) => {
      const seen = this.#servers.get(address);
      const bad = seen !== undefined && (seen.unreachable || seen.downUntilMs > now);
      const milliseconds = (seen?.smoothedMs ?? UNKNOWN_MS) + (seen?.silences ?? 0) * BAND_MS;
      const band = bad ? Number.MAX_SAFE_INTEGER : Math.floor(milliseconds / BAND_MS);
      return { address, band, lot: this.#random(1 << 30) };
    });
    scored.sort((a, b) => a.band - b.band || a.lot - b.lot);
    return scored.map((entry) => entry.address);
  }

  /** False for a server that is down; but for one caller in a while, who finds out whether it still is. */
  mayAsk(address: string): boolean {
    const seen = this.#servers.get(address);
    const now = this.#clockMs();
    if (seen === undefined || seen.downUntilMs <= now) return true;
    if (seen.probeAtMs > now) return false;
    seen.probeAtMs = now + DOWN_PROBE_MS;
    return true;
  }

  waitMs(address: string, round: number, timeoutMs: number): number {
    if (round > 0) return timeoutMs;
    const smoothed = this.#servers.get(address)?.smoothedMs;
    if (smoothed === undefined) return timeoutMs / 2;
    return Math.min(timeoutMs, Math.max(MIN_WAIT_MS, WAIT_ROUND_TRIPS * smoothed));
  }

  get networkSeemsDown(): boolean {
    return this.#silentSinceAnswer.size >= SILENT_SERVERS_UNTIL_NETWORK_DOWN;
  }

  hasHeardFamilyOf(address: string): boolean {
    return this.#familiesHeard.has(familyOf(address));
  }

  /** Whether one more silence of this address would tell of it, and not of our own network. */
  silenceWouldTell(address: string): boolean {
    const silent = this.#silentSinceAnswer;
    const others = silent.has(address) ? silent.size - 1 : silent.size;
    return this.hasHeardFamilyOf(address) && others + 1 < SILENT_SERVERS_UNTIL_NETWORK_DOWN;
  }

  answered(address: string, milliseconds: number): void {
    this.#silentSinceAnswer.clear();
    this.#familiesHeard.add(familyOf(address));
    const seen = this.#of(address);
    const before = seen.smoothedMs ?? milliseconds;
    seen.smoothedMs = before + ALPHA * (milliseconds - before);
    seen.silences = 0;
    seen.downUntilMs = 0;
    seen.unreachable = false;
  }

  silent(address: string, sentAtMs: number): void {
    if (!this.networkSeemsDown) this.#silentSinceAnswer.add(address);
    const seen = this.#of(address);
    if (sentAtMs < seen.silentAtMs) return;
    seen.silentAtMs = this.#clockMs();
    seen.silences++;
    if (seen.silences < SILENCES_UNTIL_DOWN) return;
    seen.downUntilMs = this.#clockMs() + DOWN_MS;
    seen.probeAtMs = this.#clockMs() + DOWN_PROBE_MS;
  }

  unreachable(address: string): void {
    this.#of(address).unreachable = true;
  }

  #of(address: string): Behaviour {
    const known = this.#servers.get(address);
    if (known !== undefined) return known;
    const fresh = {
      smoothedMs: undefined,
      silences: 0,
      silentAtMs: 0,
      downUntilMs: 0,
      probeAtMs: 0,
      unreachable: false,
    };
    this.#servers.set(address, fresh, MAX_CACHE_SECONDS);
    return fresh;
  }
}

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}
