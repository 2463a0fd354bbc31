/**
 * The dialogue with one name server address about one question: TLSA of an MX host, or MX of a domain. It gathers; what is
 * wrong with the server, `name-server-faults.ts` judges when all servers of the zone were heard.
 *
 * Manners: a server in good order gets the question once, one question for each ancestor that is looked at (a host directly
 * below its zone has two), and one for the SOA only where no reply so far carried it, which a denial does. Only a reply that is of
 * no use costs more: the question again, in lower case; without EDNS after silence or a complaint about EDNS; and the SOA, which
 * tells a server that is mute from one that is mute for this type. A server that is down so gets four queries.
 */
import type { Random } from '../base/random.ts';
import type { Security } from '../base/security.ts';
import { mixedCase } from '../dns/mixed-case.ts';
import type { Name } from '../dns/name.ts';
import type { Reply } from '../dns/reply.ts';
import { RRType } from '../dns/rr-type.ts';
import type { OneServer, ServerSaid } from '../lookup/one-server.ts';

export type ServerReply = Extract<ServerSaid, { kind: 'reply' }>;
/** It answers or denies. */
export type UsefulReply = ServerReply & {
  readonly reply: Exclude<Reply, { readonly kind: 'error' | 'lame' | 'referral' }>;
};

/** What one server said to the question. */
export interface ServerHeard {
  readonly server: OneServer;
  /** The reply of use where there was one, else the last thing heard. */
  readonly said: ServerSaid;
  /** Of a reply of use that came with EDNS; undefined for others. */
  readonly security: Security | undefined;
  /** Whether the case of the question came back; undefined where nobody can tell. */
  readonly keepsCase: boolean | undefined;
  /** It answers only without EDNS. */
  readonly dropsEdns: boolean;
  /** What it said to the SOA question; undefined where that was not asked. */
  readonly soa: ServerSaid | undefined;
}

export function isOfUse(said: ServerSaid | undefined): said is UsefulReply {
  if (said?.kind !== 'reply') return false;
  const { kind } = said.reply;
  return kind !== 'error' && kind !== 'lame' && kind !== 'referral';
}

export async function askNameServer(
  server: OneServer,
  name: Name,
  type: number,
  random: Random,
): Promise<ServerHeard> {
  const spelling = mixedCase(name, random);
  const first = await server.ask({ name, spelling, type, edns: true, again: false });
  let said = first;
  let keepsCase = first.kind === 'reply' ? hasKeptCase(first, spelling) : undefined;
  let dropsEdns = false;
  if (needsAnother(first)) {
    said = await server.ask({ name, type, edns: true, again: true });
    // A server that takes names for octets denies what it has.
    if (isOfUse(first) && isOfUse(said) && said.reply.kind !== 'nxdomain') keepsCase = false;
    if (isAboutEdns(said)) {
      const plain = await server.ask({ name, type, edns: false, again: true });
      dropsEdns = isOfUse(plain);
      if (dropsEdns) said = plain;
    }
  }
  const soa =
    isOfUse(said) || said.kind === 'not-asked'
      ? undefined
      : await askTwice(server, server.cut.apex, RRType.SOA);
  const security = isOfUse(said) && !dropsEdns ? await server.judge(said) : undefined;
  return { server, said, security, keepsCase, dropsEdns, soa };
}

/** Once more after silence: packets get lost. */
export async function askTwice(server: OneServer, name: Name, type: number): Promise<ServerSaid> {
  const said = await server.ask({ name, type, edns: true, again: false });
  return said.kind === 'nothing' && said.because === 'timeout'
    ? server.ask({ name, type, edns: true, again: true })
    : said;
}

/** Not of use, or a denial, which may be of the spelling alone. */
function needsAnother(said: ServerSaid): boolean {
  if (said.kind === 'not-asked') return false;
  return !isOfUse(said) || said.reply.kind === 'nxdomain';
}

function isAboutEdns(said: ServerSaid): boolean {
  if (said.kind === 'reply') return said.chokesOnEdns;
  return said.kind === 'nothing' && said.because === 'timeout';
}

/** Undefined where the reply has no question, as errors may (RFC 1035 §4.1.1). */
function hasKeptCase({ message }: ServerReply, spelling: string): boolean | undefined {
  return message.question === undefined ? undefined : message.questionOctets === spelling;
}
