/**
 * Follows CNAME and DNAME records from link to link (RFC 1034 §3.6.2, RFC 6672 §3) until one link answers or denies.
 *
 * In: a question. Out: the whole answer; its status is secure only if every link is; one bogus link makes it bogus, else one
 * indeterminate, else one insecure.
 */
import { type Security, secure } from '../base/security.ts';
import type { ResourceRecord } from '../dns/message.ts';
import { formatName, type Name, nameToBytes } from '../dns/name.ts';
import { formatRcode, Rcode } from '../dns/rcode.ts';
import { recordOf } from '../dns/record-of.ts';
import { RRType } from '../dns/rr-type.ts';
import { originalTtlOf, ttlOf } from '../dns/rrset.ts';
import type { Answer, Link } from './answer.ts';
import { findLink } from './find-link.ts';
import type { Asking, Judging } from './judge-reply.ts';
import { MAX_ALIASES } from './limits.ts';
import type { NegativeMemory } from './negative-memory.ts';
import { endOf } from './zone-security.ts';

export async function followAliases(
  parts: Judging,
  { name, type, session, validation }: Asking,
  memory: NegativeMemory | undefined,
): Promise<Answer> {
  const links: Link[] = [];
  const aliasRecords: ResourceRecord[] = [];
  const aliases: Name[] = [];
  const ended = (
    outcome: Answer['outcome'],
    rcode: string,
    security: Security,
    rrset?: Answer['rrset'],
  ): Answer => {
    const failed = security.status === 'bogus' || security.status === 'indeterminate';
    const total = failed ? 'failed' : outcome;
    const isCached = parts.resolver.asksForwarders;
    const ttl =
      rrset && (!isCached ? ttlOf(rrset) : security.status === 'secure' ? originalTtlOf(rrset) : undefined);
    return { name, type, outcome: total, security, rcode, aliasRecords, aliases, rrset, ttl, links };
  };

  let at = name;
  for (;;) {
    const { link, said } = await findLink(parts, { name: at, type, session, validation }, memory);
    links.push(link);
    const security = weakest(links);
    if (said === undefined) return ended('failed', 'SERVFAIL', security);
    const { reply } = said;
    const rcode = formatRcode(said.rcode === Rcode.YXDOMAIN ? Rcode.NOERROR : said.rcode);
    switch (reply.kind) {
      case 'answer':
        return ended('data', 'NOERROR', security, reply.rrset);
      case 'cname':
      case 'dname': {
        aliasRecords.push(...reply.rrset.records);
        if (security.status === 'bogus') {
          if (reply.target !== undefined) aliases.push(reply.target);
          return ended('failed', rcode, security);
        }
        if (reply.target === undefined) {
          const because = 'dname-too-long';
          return ended('failed', 'YXDOMAIN', { status: 'indeterminate', because, at: formatName(at) });
        }
        if (reply.kind === 'dname') aliasRecords.push(synthesised(at, reply.target, ttlOf(reply.rrset)));
        const loops = reply.target === name || aliases.includes(reply.target);
        if (loops || aliases.length >= MAX_ALIASES) {
          const because = loops ? 'cname-loop' : 'cname-too-long';
          return ended('failed', 'SERVFAIL', { status: 'indeterminate', because, at: formatName(at) });
        }
        aliases.push(reply.target);
        at = reply.target;
        break;
      }
      case 'nodata':
      case 'nxdomain':
        return ended(reply.kind, rcode, security);
      default:
        throw new Error(`internal error: the resolver handed over a reply of kind ${reply.kind}`);
    }
  }
}

const weakness = ['bogus', 'indeterminate', 'insecure', 'secure'] as const;

/** The first link of the weakest status there is: the answer is no better than that. */
function weakest(links: readonly Link[]): Security {
  for (const status of weakness) {
    const found = links.find((link) => link.security.status === status);
    if (found !== undefined) {
      return found.security.status === 'secure' ? secure : endOf(found.security);
    }
  }
  return secure;
}

/** The CNAME that a DNAME implies (RFC 6672 §3.1). */
function synthesised(owner: Name, target: Name, ttl: number): ResourceRecord {
  return recordOf({ name: owner, type: RRType.CNAME, ttl, rdata: nameToBytes(target) });
}
