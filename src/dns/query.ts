/**
 * Queries as octets. dns-packet encodes header and OPT; the question's name is put in by us, since dns-packet joins labels
 * with dots and so loses dots within labels and octets over 0x7F.
 */
import packet from 'dns-packet';

/** The value of DNS Flag Day 2020, small enough not to be fragmented (RFC 9715 §3.2). */
export const UDP_PAYLOAD_OCTETS = 1232;

/** RFC 4035 §3.2.2, §4.9.2: CD is set where another resolver is asked, so that it hands over what we judge ourselves. */
export interface QueryFlags {
  readonly recursionDesired: boolean;
  readonly checkingDisabled: boolean;
  readonly edns: boolean;
}

const HEADER_OCTETS = 12;
/** The root, type and class. */
const QUESTION_OF_TEMPLATE_OCTETS = 5;
const templates: (Buffer | undefined)[] = [];

/** One question of class IN. `name` is wire form, its case as it shall go out. */
export function encodeQuery(id: number, name: string, type: number, flags: QueryFlags): Buffer {
  const template = templateFor(flags);
  const query = Buffer.allocUnsafe(template.length + name.length + 4 - QUESTION_OF_TEMPLATE_OCTETS);
  template.copy(query, 0, 0, HEADER_OCTETS);
  query.writeUInt16BE(id, 0);
  let at = HEADER_OCTETS + query.write(name, HEADER_OCTETS, 'latin1');
  at = query.writeUInt16BE(type, at);
  at = query.writeUInt16BE(1, at);
  template.copy(query, at, HEADER_OCTETS + QUESTION_OF_TEMPLATE_OCTETS);
  return query;
}

function templateFor(flags: QueryFlags): Buffer {
  const key = (flags.recursionDesired ? 4 : 0) | (flags.checkingDisabled ? 2 : 0) | (flags.edns ? 1 : 0);
  const known = templates[key];
  if (known !== undefined) return known;
  const made = packet.encode({
    type: 'query',
    id: 0,
    flags:
      (flags.recursionDesired ? packet.RECURSION_DESIRED : 0) |
      (flags.checkingDisabled ? packet.CHECKING_DISABLED : 0),
    questions: [{ type: 'A', name: '.' }],
    additionals: flags.edns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: UDP_PAYLOAD_OCTETS,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: packet.DNSSEC_OK,
            flag_do: true,
            options: [],
          },
        ]
      : [],
  });
  templates[key] = made;
  return made;
}
