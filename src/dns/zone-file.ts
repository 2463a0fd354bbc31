/**
 * Master files that must be right from end to end (RFC 1035 §5.1): root hints, trust anchors, zones of the lab and of tests.
 *
 * In: lines. Out: records one by one, so that a file of any length is streamed. Throws `UsageError` with the line number at the
 * first fault: the file is the user's.
 */
import { UsageError } from '../base/usage-error.ts';
import type { PlainRecord } from './message-writer.ts';
import { type Name, root } from './name.ts';
import type { ZoneLine } from './zone-line.ts';
import { ZoneReader } from './zone-reader.ts';

export function* parseZoneFile(
  lines: Iterable<string>,
  source: string,
  origin: Name = root,
): Generator<PlainRecord> {
  const reader = new ZoneReader(origin);
  const recordOf = (read: ZoneLine): PlainRecord | undefined => {
    if (read.kind === 'fault') throw new UsageError(`${source} line ${read.line}`, read.got, read.expected);
    return read.kind === 'record' ? read.record : undefined;
  };
  let number = 0;
  for (const line of lines) {
    const record = recordOf(reader.read(line, ++number));
    if (record !== undefined) yield record;
  }
  recordOf(reader.end());
}
