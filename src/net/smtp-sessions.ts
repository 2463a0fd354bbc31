/**
 * Manners towards mail servers: never two sessions with one address at once, so many with the hosts of one provider, so many
 * altogether. In: whom a session is with, and the session. Out: the same, when its turn has come.
 *
 * The three queues are passed in this order, each in the order of asking: whoever waits for a provider holds back nobody but those
 * who want the same address, and what is silent or slow holds back its provider alone. Holds within one thread.
 */
import { Turns } from './turns.ts';

export interface SessionBounds {
  /** Sessions at once. */
  readonly sessions: number;
  /** Of these, with the hosts of one provider. */
  readonly sessionsPerProvider: number;
}

export interface Peer {
  /** IPv4 or IPv6 address, in the one form that the DNS readers give. */
  readonly address: string;
  /** The registrable domain of the host that the address was found for. */
  readonly provider: string;
}

/** Servers count connections by client address; to open a second one while the first is under way is what a flood does. */
const SESSIONS_PER_ADDRESS = 1;
/** The one key of the queue that all pass. */
const EVERYBODY = '';

export class SmtpSessions {
  readonly #ofAddress = new Turns(SESSIONS_PER_ADDRESS);
  readonly #ofProvider: Turns;
  readonly #all: Turns;

  constructor({ sessions, sessionsPerProvider }: SessionBounds) {
    this.#ofProvider = new Turns(sessionsPerProvider);
    this.#all = new Turns(sessions);
  }

  /** Ends as `session` does; rejects with the signal's reason where that is aborted while it waits. */
  run<T>({ address, provider }: Peer, session: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const whenAllLet = () => this.#all.run(EVERYBODY, session, signal);
    const whenProviderLets = () => this.#ofProvider.run(provider, whenAllLet, signal);
    return this.#ofAddress.run(address, whenProviderLets, signal);
  }
}
