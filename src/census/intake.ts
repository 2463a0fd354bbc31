/**
 * Reads the lists of a census into the database, in batches: names, unusable lines, the position behind them and the
 * domain parts that are full go in one transaction each. A reading that was cut off reads the list again up to its
 * position, without storing, checks by a digest that it is still the same list, and goes on. Names are numbered over
 * all lists; a duplicate uses up its number. Holds one batch in memory, whatever the length of the lists.
 */

import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { asBuffer } from '../base/bytes.ts';
import { UsageError } from '../base/usage-error.ts';
import { setCensusStage } from '../store/census-record.ts';
import type { Db, Session } from '../store/db.ts';
import {
  type IntakeBatch,
  readSources,
  type SourceRecord,
  writeIntakeBatch,
} from '../store/intake-record.ts';
import { addDomainPart, countDomainParts, type Part } from '../store/part.ts';
import { LONGEST_LINE, listLines } from './list-lines.ts';
import { listedName } from './listed-name.ts';

/** Lines per transaction. */
const BATCH_LINES = 5000;

export interface IntakeOptions {
  readonly db: Db;
  readonly census: number;
  /** Ordinals per domain part; the same whenever this census is read. */
  readonly jobSize: number;
  /** Stops the reading after the batch in hand. */
  readonly signal: AbortSignal;
  /** Puts jobs for the parts into the queue, in the transaction that makes the parts. */
  readonly enqueue: (session: Session, parts: readonly Part[]) => Promise<void>;
  /** Told after each batch how many domains were new. */
  readonly onNames: (added: number) => void;
  /** The octets of a list; another one in tests. */
  readonly read?: (list: string) => AsyncIterable<readonly Buffer[]>;
}

/**
 * True when all lists are stored, and the census has moved on to stage `survey`; false where the signal ended it before.
 * Throws UsageError where a list cannot be read, has changed, or is standard input that was read in part already.
 */
export async function takeIn(options: IntakeOptions): Promise<boolean> {
  const { db, census, jobSize, enqueue } = options;
  const sources = await readSources(db, census);
  const place = {
    ordinal: sources.reduce((sum, { names }) => sum + names, 0),
    parts: await countDomainParts(db, census),
  };
  for (const source of sources) {
    if (source.complete) continue;
    if (!(await takeInOne(options, source, place))) return false;
  }
  await db.tx(async (session) => {
    if (place.ordinal > place.parts * jobSize) {
      const range = { first: place.parts * jobSize + 1, last: place.ordinal };
      await enqueue(session, [await addDomainPart(session, census, place.parts, range)]);
    }
    await setCensusStage(session, census, 'survey');
  });
  return true;
}

/** The ordinal of the last name, and how many domain parts there are; shared by all lists of a census. */
interface Place {
  ordinal: number;
  parts: number;
}

interface Batch {
  names: { ordinal: number; name: string }[];
  invalid: { line: number; reason: string; text: string }[];
  skipped: number;
}

async function takeInOne(options: IntakeOptions, source: SourceRecord, place: Place): Promise<boolean> {
  const { signal, read = listLines } = options;
  if (source.name === '-' && source.lines > 0) {
    throw new UsageError(
      '--resume',
      'standard input',
      'a list that can be read again',
      'start a new census from a file',
    );
  }
  const digest = createHash('sha256');
  let line = 0;
  let stored = source.lines;
  let batch: Batch = { names: [], invalid: [], skipped: 0 };
  const store = async (complete: boolean) => {
    await storeBatch(options, source, place, stored, {
      ...batch,
      lines: line,
      digest: digest.copy().digest(),
      complete,
    });
    stored = line;
    batch = { names: [], invalid: [], skipped: 0 };
  };
  for await (const lines of read(source.name)) {
    for (const octets of lines) {
      line++;
      digest.update(octets).update('\n');
      if (line <= source.lines) {
        if (line === source.lines) refuseChanged(source, digest);
        continue;
      }
      sortIn(batch, octets, line, place);
      if (line - stored >= BATCH_LINES) {
        await store(false);
        if (signal.aborted) return false;
      }
    }
  }
  if (line < source.lines) refuseChanged(source, digest);
  await store(true);
  return !signal.aborted;
}

function sortIn(batch: Batch, octets: Buffer, line: number, place: Place): void {
  const listed = readLine(octets, line);
  switch (listed.kind) {
    case 'name':
      place.ordinal++;
      batch.names.push({ ordinal: place.ordinal, name: listed.name });
      break;
    case 'invalid':
      batch.invalid.push({ line, reason: listed.reason, text: listed.text });
      break;
    case 'skipped':
      batch.skipped++;
      break;
  }
}

function readLine(octets: Buffer, line: number): ReturnType<typeof listedName> {
  if (octets.length > LONGEST_LINE) {
    return { kind: 'invalid', reason: 'line-too-long', text: octets.toString('latin1', 0, 80) };
  }
  if (!isUtf8(octets))
    return { kind: 'invalid', reason: 'line-not-utf8', text: octets.toString('latin1', 0, 200) };
  return listedName(octets.toString(), line);
}

async function storeBatch(
  { db, census, jobSize, enqueue, onNames }: IntakeOptions,
  { source }: SourceRecord,
  place: Place,
  from: number,
  batch: IntakeBatch,
): Promise<void> {
  let parts = place.parts;
  const added = await db.tx(async (session) => {
    const count = await writeIntakeBatch(session, census, source, from, batch);
    const made: Part[] = [];
    for (; place.ordinal >= (parts + 1) * jobSize; parts++) {
      const range = { first: parts * jobSize + 1, last: (parts + 1) * jobSize };
      made.push(await addDomainPart(session, census, parts, range));
    }
    await enqueue(session, made);
    return count;
  });
  place.parts = parts;
  onNames(added);
}

function refuseChanged(source: SourceRecord, digest: Hash): void {
  const stored = source.digest;
  if (stored !== null && digest.copy().digest().equals(asBuffer(stored))) return;
  throw new UsageError(
    '--resume',
    source.name,
    `the list whose first ${source.lines} lines were read before`,
    'the list has changed: put the old one back, or start a new census',
  );
}
