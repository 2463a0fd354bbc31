/**
 * Listens at the resolver's port: every exchange is handed on as it is and told to `keep`. A server that is left alone, since it is
 * down, is told of as well: what follows rests on that as on its silence.
 */
import type { Clock } from '../base/instant.ts';
import type { Exchange, Heard, Query } from '../resolve/exchange.ts';
import type { ServerMemory } from '../resolve/server-memory.ts';
import type { Servers } from '../resolve/servers.ts';
import type { ExchangeRecord, Outcome } from './exchange-record.ts';

export type Keep = (record: ExchangeRecord) => void;

const nothing = new Uint8Array(0);

/** The same exchange, recorded. `clockMs` is monotonic. */
export function recordedExchange(
  exchange: Exchange,
  servers: ServerMemory,
  { clock, clockMs, keep }: { readonly clock: Clock; readonly clockMs: () => number; readonly keep: Keep },
): Exchange {
  return async (address, query) => {
    const began = clockMs();
    const heard = await exchange(address, query);
    const outcome = outcomeOf(heard, address, servers);
    keep({
      ...asked(address, query),
      outcome,
      octets: heard.kind === 'reply' ? heard.message.octets : nothing,
      milliseconds: heard.kind === 'reply' ? heard.milliseconds : clockMs() - began - (heard.heldMs ?? 0),
      at: clock(),
    });
    return heard;
  };
}

/** The same memory; whom it leaves alone is recorded. */
export function recordedServers(servers: ServerMemory, clock: Clock, keep: Keep): Servers {
  return {
    order: (addresses) => servers.order(addresses),
    mayAsk(address, { name, type }) {
      const may = servers.mayAsk(address);
      if (!may) {
        const query = { name, type, edns: true, recursionDesired: false, timeoutMs: 0 };
        keep({
          ...asked(address, query),
          outcome: 'left-alone',
          octets: nothing,
          milliseconds: 0,
          at: clock(),
        });
      }
      return may;
    },
    waitMs: (address, round, timeoutMs) => servers.waitMs(address, round, timeoutMs),
    get networkSeemsDown() {
      return servers.networkSeemsDown;
    },
    hasHeardFamilyOf: (address) => servers.hasHeardFamilyOf(address),
    answered: (address, milliseconds) => servers.answered(address, milliseconds),
    silent: (address, sentAtMs) => servers.silent(address, sentAtMs),
    unreachable: (address) => servers.unreachable(address),
  };
}

function asked(address: string, { name, spelling = name, type, edns, recursionDesired }: Query) {
  return { address, name, spelling, type, edns, recursionDesired };
}

function outcomeOf(heard: Heard, address: string, servers: ServerMemory): Outcome {
  if (heard.kind === 'reply') return heard.overTcp ? 'reply-over-tcp' : 'reply';
  if (heard.kind !== 'timeout') return heard.kind;
  return servers.silenceWouldTell(address) ? 'silence' : 'doubtful-silence';
}
