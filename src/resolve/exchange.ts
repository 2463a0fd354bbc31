/**
 * The port through which the resolver asks one server one question. `net` implements it over UDP and TCP; tests, the
 * evidence and the lab can stand behind it as well. It never throws: whatever happens is something heard.
 */
import type { Message } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';

export type Heard = HeardKind & {
  /** How long our own manners held the query back before it was sent, in milliseconds; that is no time of the lookup's. */
  readonly heldMs?: number;
};

type HeardKind =
  /** A well-formed reply to this very question. */
  | {
      readonly kind: 'reply';
      readonly message: Message;
      readonly overTcp: boolean;
      readonly milliseconds: number;
    }
  | { readonly kind: 'timeout' }
  /** This machine cannot reach the address at all: our fault. */
  | { readonly kind: 'unreachable' }
  /** The address is for special use, and was not dialled. */
  | { readonly kind: 'not-dialled' }
  /** What came was no DNS message. */
  | { readonly kind: 'malformed' }
  /** Truncated over UDP, and no answer over TCP. */
  | { readonly kind: 'tcp-failed' };

export interface Query {
  readonly name: Name;
  /** The name's octets with the case of letters as they shall go out; lower case where it is left out. */
  readonly spelling?: string | undefined;
  readonly type: number;
  /** False for the one retry without EDNS (RFC 6891 §7). */
  readonly edns: boolean;
  /** True where a recursive server is asked. */
  readonly recursionDesired: boolean;
  readonly timeoutMs: number;
}

/** `address` is an IP address; that of a forwarder may have a port (`192.0.2.53:5353`, `[2001:db8::53]:5353`). */
export type Exchange = (address: string, query: Query) => Promise<Heard>;

/** A question to one address of a server, whoever's it is. */
export interface AddressQuery extends Pick<Query, 'name' | 'spelling' | 'type' | 'edns'> {
  /** From 0; later ones wait longer. */
  readonly round: number;
}
