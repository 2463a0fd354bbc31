/**
 * Fuzzes the reading of replies: message, RDATA, what a reply says, canonical form, presentation.
 *
 * Invariants: nothing is thrown; text is printable ASCII; what was read can be written and read again to the same.
 */
import { canonicalRdata, signedData, uncompressedRdata } from '../../src/dns/canonical.ts';
import { type Message, type ResourceRecord, readMessage } from '../../src/dns/message.ts';
import { type PlainRecord, writeReply } from '../../src/dns/message-writer.ts';
import { labelCount, parentOf, root } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { readAddress, readMx, readSoa, readTarget, readTxt } from '../../src/dns/rdata.ts';
import { readDnskey, readDs, readNsec, readNsec3, readRrsig } from '../../src/dns/rdata-dnssec.ts';
import { rdataLayout } from '../../src/dns/rdata-layout.ts';
import { classifyReply } from '../../src/dns/reply.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { findRRsets, ttlOf } from '../../src/dns/rrset.ts';
import { ask, EXAMPLE, octetsOf, SignedZone } from '../dnssec/signed-zone.ts';
import { mutateOctets } from './mutate-octets.ts';
import { holds, type Target } from './target.ts';

/** Replies of many shapes: every type that is read here, compressed and not. */
function samples(): Buffer[] {
  const zones = [{}, { nsec3: { iterations: 2, salt: Buffer.from('ab') } }].map(
    (options) => new SignedZone('example.', `${EXAMPLE}${MORE}`, options),
  );
  return zones.flatMap((zone) => {
    const owners = [...new Set(zone.records.map((record) => record.name))];
    const everything = zone.records.flatMap((record) => [record, zone.sign([record])]);
    return [
      ...zone.records.map((record) =>
        octetsOf(
          { name: record.name, type: record.type, class: 1 },
          { answer: [record, zone.sign([record])] },
        ),
      ),
      ...owners.map((owner) =>
        octetsOf(
          { name: owner, type: RRType.A, class: 1 },
          { rcode: 3, authority: [...zone.soa(), ...zone.match('example.'), ...zone.cover('nope.example.')] },
        ),
      ),
      octetsOf(ask('example.', RRType.ANY), { answer: everything }),
    ];
  });
}

const MORE = `
text TXT "one" "two\\255"
srv._tcp SRV 1 2 25 mail
host AAAA 2001:db8::1
host SSHFP 1 1 00112233445566778899aabbccddeeff00112233
key CDS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
naptr TYPE35 \\# 24 0001000201750165016104 6d61696c076578616d706c6500
caa TYPE257 \\# 12 000569737375653b61626364
param TYPE51 \\# 7 01000000024142
zonemd TYPE63 \\# 8 0000000101014142
uri TYPE256 \\# 6 000100014142
odd TYPE65280 \\# 3 414243
`;

export function replyReader(): Target {
  const octets = samples();
  return {
    title: 'reply reader',
    feed(random) {
      const sample = octets[random(octets.length)]!;
      const splice = octets[random(octets.length)]!;
      const start =
        random(8) > 0
          ? sample
          : Buffer.concat([
              sample.subarray(0, random(sample.length)),
              splice.subarray(random(splice.length)),
            ]);
      const message = readMessage(random(50) === 0 ? noise(random) : mutateOctets(start, random));
      if (message === undefined) return;
      readAll(message);
      writtenIsRead(message);
    },
  };
}

function noise(random: (below: number) => number): Uint8Array {
  return Uint8Array.from({ length: random(600) }, () => random(256));
}

function recordsOf({ answer, authority, additional }: Message): ResourceRecord[] {
  return [...answer, ...authority, ...additional];
}

function readAll(message: Message): void {
  const all = recordsOf(message);
  for (const record of all) {
    const text = formatRdata(record);
    holds(/^[\x20-\x7e]*$/.test(text), () => `not printable: ${JSON.stringify(text)}`);
    for (const read of [
      readAddress,
      readTarget,
      readMx,
      readSoa,
      readTxt,
      readDs,
      readDnskey,
      readNsec,
      readNsec3,
    ]) {
      read(record);
    }
    const canonical = canonicalRdata(record);
    holds(canonical.length <= 65_535 + 510, () => `${canonical.length} octets of canonical RDATA`);
    const rrsig = readRrsig(record);
    if (rrsig !== undefined && rrsig.labels <= labelCount(record.name)) signedData(rrsig, record, [all[0]!]);
  }
  for (const type of new Set(all.map((record) => record.type))) {
    for (const rrset of findRRsets(all, type)) holds(ttlOf(rrset) >= 0, () => 'a negative TTL');
  }
  const { question } = message;
  if (question === undefined) return;
  for (let zone = question.name; ; zone = parentOf(zone)) {
    classifyReply(message, question, zone);
    if (zone === root) break;
  }
}

/** What matters of a record apart from its message. */
const plainOf = (record: ResourceRecord): PlainRecord => ({
  name: record.name,
  type: record.type,
  ttl: record.ttl,
  rdata: uncompressedRdata(record),
});

/** Malformed names, which are kept as they stand, can mean something elsewhere. */
function standsApart(record: ResourceRecord): boolean {
  if (record.class !== 1 || record.type === RRType.OPT) return false;
  return rdataLayout(record.type) === undefined || !formatRdata(record).startsWith('\\#');
}

function writtenIsRead(message: Message): void {
  if (!recordsOf(message).every(standsApart)) return;
  const [answer, authority, additional] = [message.answer, message.authority, message.additional].map(
    (section) => section.map(plainOf),
  );
  const { id, rcode, authoritative, truncated } = message;
  if (rcode > 15) return;
  const octets = writeReply({
    id,
    rcode,
    authoritative,
    truncated,
    answer: answer!,
    authority: authority!,
    additional: additional!,
  });
  const again = readMessage(octets);
  holds(again !== undefined, () => 'what was written cannot be read');
  const shown = (records: readonly PlainRecord[]) =>
    records.map(({ rdata, ...rest }) => [Object.values(rest), Buffer.from(rdata).toString('hex')]);
  const first = JSON.stringify([answer, authority, additional].map((records) => shown(records!)));
  const second = JSON.stringify(
    [again!.answer, again!.authority, again!.additional].map((records) => shown(records.map(plainOf))),
  );
  holds(first === second, () => `written and read again it differs:\n${first}\n${second}`);
}
