/** A `ResourceRecord` that stands apart from any message, made from plain fields: hints, anchors, the lab, tests. */
import type { ResourceRecord } from './message.ts';
import type { PlainRecord } from './message-writer.ts';
import { CLASS_IN } from './rr-type.ts';

export function recordOf(plain: PlainRecord): ResourceRecord {
  return {
    name: plain.name,
    type: plain.type,
    class: CLASS_IN,
    ttl: plain.ttl,
    data: plain.rdata,
    offset: 0,
    length: plain.rdata.length,
  };
}
