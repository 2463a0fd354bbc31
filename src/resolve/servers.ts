/**
 * What the resolver goes by in choosing among the addresses of a zone's servers. `server-memory.ts` learns it from what they do; a
 * survey that is played again from its record is told it.
 */
import type { Question } from '../dns/message.ts';

export interface Servers {
  /** The addresses in the order to try them for the question. No promise where nobody need be waited for. */
  order(addresses: readonly string[], question: Question): readonly string[] | Promise<readonly string[]>;
  /** False for a server that is down, which is left alone: that is as good as silence. */
  mayAsk(address: string, question: Question): boolean;
  /** How long to wait in `round` (from 0), in milliseconds. */
  waitMs(address: string, round: number, timeoutMs: number): number;
  /** So many different servers are silent at once that it is not they: silence is then our fault, not theirs. */
  readonly networkSeemsDown: boolean;
  /** False until any server with an address of the same family has answered: this machine may have no such route. */
  hasHeardFamilyOf(address: string): boolean;
  answered(address: string, milliseconds: number): void;
  /** A query sent at `sentAtMs` stayed without an answer. */
  silent(address: string, sentAtMs: number): void;
  unreachable(address: string): void;
}
