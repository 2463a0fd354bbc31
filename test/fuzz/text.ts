/**
 * Fuzzes what people write: zone files, names, RDATA in presentation form.
 *
 * Invariants: a zone file is read or refused with a `UsageError`; names and records that were read are shown in a form that
 * reads as the same.
 */
import type { Random } from '../../src/base/random.ts';
import { UsageError } from '../../src/base/usage-error.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { formatName, name, parseName } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { formatType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { EXAMPLE } from '../dnssec/signed-zone.ts';
import { holds, type Target } from './target.ts';

const sample = `$TTL 1h
@ IN SOA ns. host\\.master. ( 1 2 3 ; a comment
  4 300 )
www 60 IN A 192.0.2.1
 AAAA 2001:db8::192.0.2.1
text TXT "a \\"quoted\\" ; \\000\\255" plain
_25._tcp TLSA 3 1 1 ( 00112233445566778899aabbccddeeff
  00112233445566778899aabbccddeeff )
srv SRV 1 2 25 mail
key DNSKEY 257 3 13 AAAA BBBB CCCC
odd TYPE65280 \\# 3 414243
esc\\097pe\\.d CNAME \\@.example.
$ORIGIN sub
host SSHFP 1 1 0011
${EXAMPLE}`;
const tokens = [
  '@',
  '(',
  ')',
  '"',
  ';',
  '\\',
  '\\#',
  '$ORIGIN',
  '$TTL',
  '$INCLUDE',
  'IN',
  'CH',
  'A',
  'TXT',
  'TYPE1',
  '.',
  '..',
  ' ',
  '\t',
  '\n',
  '99999999999',
  '-1',
  '::',
  '\\256',
  '\\12',
  'é',
  '\0',
  '\u{1f600}',
  '"',
];

export function text(): Target {
  return {
    title: 'zone files and presentation',
    feed(random) {
      const written = mutateText(sample, random);
      try {
        for (const record of parseZoneFile(written.split('\n'), 'fuzz', name('example.')))
          shownIsRead(record);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
      }
      const asName = written.slice(random(written.length)).slice(0, random(80));
      const read = parseName(asName);
      if (read !== undefined) {
        holds(
          parseName(formatName(read)) === read,
          () => `${JSON.stringify(asName)} is shown as another name`,
        );
      }
    },
  };
}

function mutateText(from: string, random: Random): string {
  let made = from;
  for (let i = 0; i <= random(5); i++) {
    const at = random(made.length + 1);
    const added = random(3) === 0 ? String.fromCharCode(random(256)) : tokens[random(tokens.length)]!;
    const skipped = random(3) === 0 ? random(20) : 0;
    made = made.slice(0, at) + (random(4) === 0 ? '' : added) + made.slice(at + skipped);
  }
  return made;
}

function shownIsRead(record: PlainRecord): void {
  const line = `${formatName(record.name)} ${record.ttl} ${formatType(record.type)} ${formatRdata(recordOf(record))}`;
  const [again, ...rest] = parseAgain(line);
  if (again === undefined) return;
  holds(
    rest.length === 0 && again.name === record.name && again.ttl === record.ttl,
    () => `read as another: ${line}`,
  );
  const [before, after] = [record.rdata, again.rdata].map((octets) => Buffer.from(octets).toString('hex'));
  holds(before === after, () => `${line}\nwas ${before}\nand is read as ${after}`);
}

/** Types that have a presentation form but no reader here are left out. */
function parseAgain(line: string): PlainRecord[] {
  try {
    return [...parseZoneFile([line], 'shown')];
  } catch (error) {
    if (error instanceof UsageError && error.message.includes('RFC 3597')) return [];
    throw error;
  }
}
