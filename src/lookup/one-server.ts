/**
 * One address of a zone's name servers, asked by itself: what it says and what it keeps quiet about, whatever the others do.
 * Nothing is asked twice here and nobody else is asked; what to make of it is for the survey.
 */
import { never } from '../base/never.ts';
import type { Security } from '../base/security.ts';
import type { Message, Question } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { classifyReply, type Reply } from '../dns/reply.ts';
import { CLASS_IN } from '../dns/rr-type.ts';
import type { Validation } from '../dnssec/validation.ts';
import { chokesOnEdns } from '../resolve/ask-zone.ts';
import type { Heard } from '../resolve/exchange.ts';
import type { LookupFailure, Session, SpentSession } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { type Judging, judgeOnce } from './judge-reply.ts';

export type ServerSaid =
  /** A reply to this very question, whatever it says; `chokesOnEdns` where it is an error that may be about EDNS. */
  | {
      readonly kind: 'reply';
      readonly question: Question;
      readonly message: Message;
      readonly reply: Reply;
      readonly chokesOnEdns: boolean;
    }
  /** None, or none that could be read: the server's doing. */
  | {
      readonly kind: 'nothing';
      readonly because: Extract<LookupFailure, 'timeout' | 'tcp-failed' | 'malformed-reply'>;
    }
  /** Nobody knows: it could not be asked from here, or its silence may be ours. */
  | {
      readonly kind: 'not-asked';
      readonly because: Extract<LookupFailure, 'network-unreachable' | 'special-use-address'> | SpentSession;
    };

export interface ServerQuestion {
  readonly name: Name;
  readonly type: number;
  /** As in `Query`. */
  readonly spelling?: string;
  readonly edns: boolean;
  /** A second try waits longer. */
  readonly again: boolean;
}

export interface ServerAsking extends Judging {
  readonly newValidation: () => Validation;
  /** The budget of all that is asked of this address. */
  readonly session: Session;
}

export class OneServer {
  readonly cut: ZoneCut;
  readonly server: Name;
  readonly address: string;
  readonly #asking: ServerAsking;

  constructor(cut: ZoneCut, server: Name, address: string, asking: ServerAsking) {
    this.cut = cut;
    this.server = server;
    this.address = address;
    this.#asking = asking;
  }

  async ask({ again, ...query }: ServerQuestion): Promise<ServerSaid> {
    const { resolver, session } = this.#asking;
    const heard = await resolver.askAddress(
      this.cut,
      this.address,
      { ...query, round: again ? 1 : 0 },
      session,
    );
    return typeof heard === 'string' ? notAsked(heard) : this.#said(heard, query.name, query.type);
  }

  #said(heard: Heard, name: Name, type: number): ServerSaid {
    switch (heard.kind) {
      case 'reply': {
        const question = { name, type, class: CLASS_IN };
        const { message } = heard;
        const reply = classifyReply(message, question, this.cut.apex);
        return { kind: 'reply', question, message, reply, chokesOnEdns: chokesOnEdns(heard) };
      }
      case 'timeout':
        if (!this.#asking.resolver.silenceCounts(this.address)) return notAsked('network-unreachable');
        return { kind: 'nothing', because: 'timeout' };
      case 'tcp-failed':
        return { kind: 'nothing', because: 'tcp-failed' };
      case 'malformed':
        return { kind: 'nothing', because: 'malformed-reply' };
      case 'unreachable':
        return notAsked('network-unreachable');
      case 'not-dialled':
        return notAsked('special-use-address');
      default:
        return never(heard);
    }
  }

  /** The security of its own reply, judged with the keys of the zone, which may have come from other servers. */
  async judge({ question, message, reply }: Extract<ServerSaid, { kind: 'reply' }>): Promise<Security> {
    const { session, newValidation } = this.#asking;
    const { name, type } = question;
    const answered = {
      kind: 'reply',
      cut: this.cut,
      question,
      message,
      reply,
      server: this.address,
      failures: [],
    } as const;
    const asking = { name, type, session, validation: newValidation() };
    return (await judgeOnce(this.#asking, answered, asking)).link.security;
  }
}

function notAsked(because: Extract<ServerSaid, { kind: 'not-asked' }>['because']): ServerSaid {
  return { kind: 'not-asked', because };
}
