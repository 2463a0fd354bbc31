/**
 * Replies spoiled record by record, as somebody on the way could who has seen other genuine replies: records dropped, doubled,
 * moved, renamed, changed, taken from elsewhere; the header changed.
 */
import type { Random } from '../../src/base/random.ts';
import type { PlainRecord, ReplyParts } from '../../src/dns/message-writer.ts';
import { RRType } from '../../src/dns/rr-type.ts';

type Sections = Pick<ReplyParts, 'rcode' | 'answer' | 'authority'>;
interface Spoiling {
  rcode: number;
  answer: PlainRecord[];
  authority: PlainRecord[];
}

const rcodes = [0, 0, 0, 2, 3, 3, 5, 6];
const types = [RRType.A, RRType.NS, RRType.CNAME, RRType.SOA, RRType.DS, RRType.RRSIG, RRType.DNAME];

const oneOf = <T>(choices: readonly T[], random: Random): T | undefined => choices[random(choices.length)];

/** One to five changes; `strangers` are records that were seen elsewhere. */
export function mutateReply<T extends Sections>(
  parts: T,
  strangers: readonly PlainRecord[],
  random: Random,
): T {
  const spoiling: Spoiling = {
    rcode: parts.rcode,
    answer: [...(parts.answer ?? [])],
    authority: [...(parts.authority ?? [])],
  };
  for (let i = 0; i <= random(5); i++) mutateOnce(spoiling, strangers, random);
  return { ...parts, ...spoiling };
}

function mutateOnce(spoiling: Spoiling, strangers: readonly PlainRecord[], random: Random): void {
  const section = random(2) === 0 ? spoiling.answer : spoiling.authority;
  const other = section === spoiling.answer ? spoiling.authority : spoiling.answer;
  const at = random(Math.max(1, section.length));
  const record = section[at];
  switch (random(9)) {
    case 0:
      spoiling.rcode = oneOf(rcodes, random)!;
      return;
    case 1:
      section.splice(at, 1);
      return;
    case 2:
      if (record !== undefined) section.push(record);
      return;
    case 3:
      section.splice(at, 1);
      if (record !== undefined) other.push(record);
      return;
    case 4:
    case 5: {
      const stranger = oneOf(strangers, random);
      if (stranger !== undefined) section.splice(at, random(2), stranger);
      return;
    }
    case 6: {
      const named = oneOf([...strangers, ...section], random);
      if (record !== undefined && named !== undefined) section[at] = { ...record, name: named.name };
      return;
    }
    case 7:
      if (record !== undefined)
        section[at] = { ...record, type: oneOf(types, random)!, ttl: random(2 ** 31) };
      return;
    default: {
      if (record === undefined || record.rdata.length === 0) return;
      const rdata = Uint8Array.from(record.rdata);
      rdata[random(rdata.length)] = random(256);
      section[at] = { ...record, rdata };
    }
  }
}
