/**
 * Reads the lists of a census into the database, in batches: names, unusable lines, the position behind them and the
 * domain parts that are full go in one transaction each. A reading that was cut off reads the list again up to its
 * position, without storing, checks by a digest that it is still the same list, and goes on; what is emitted hangs on the lines
 * alone, and so the reader stands where it stood. Names are numbered over all lists; a duplicate uses up its number. Holds two
 * batches in memory, one that is read and one that is written, whatever the length of the lists.
 *
 * What a zone file says of one delegation may stand in several places: its domains get their parts when all of it is read.
 */

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
import { KnownKeys, type WrittenSets } from '../store/write-listed.ts';
import { emptyBatch, entriesIn, sortIn } from './intake-batch.ts';
import { LineDigest } from './line-digest.ts';
import type { ListFormat } from './list-entry.ts';
import { listLines } from './list-lines.ts';
import { AnyList } from './list-reader.ts';

/** Entries per transaction, and lines where most of them hold none. */
const BATCH_ENTRIES = 5000;
const BATCH_LINES = 50_000;

export interface IntakeOptions {
  readonly db: Db;
  readonly census: number;
  /** Ordinals per domain part; the same whenever this census is read. */
  readonly jobSize: number;
  /** How the lists are to be read; null for what each shows. */
  readonly format: ListFormat | null;
  /** False: the delegations that zone files hold are not taken. */
  readonly delegations: boolean;
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
    written: { tags: new KnownKeys(), delegations: new KnownKeys() },
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

/** The ordinal of the last name, how many domain parts there are, and what the dictionaries have; shared by all lists of a census. */
interface Place {
  ordinal: number;
  parts: number;
  readonly written: WrittenSets;
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
  const digest = new LineDigest();
  let line = 0;
  let stored = source.lines;
  let batch = emptyBatch();
  const reader = new AnyList(
    (entry) => {
      if (line > source.lines || isEnded) sortIn(batch, entry, () => ++place.ordinal, options.delegations);
    },
    source.name,
    options.format,
  );
  let isEnded = false;
  // The next batch is read while this one is written.
  let writing: Promise<void> = Promise.resolve();
  /** False where the signal ended it before. */
  const store = async (complete: boolean): Promise<boolean> => {
    await writing;
    if (signal.aborted) return false;
    const { format, apex } = reader;
    const position = { lines: line, digest: digest.now(), complete, format, apex };
    writing = storeBatch(options, source, { ...place }, stored, { ...batch, ...position }).then((parts) => {
      place.parts = parts;
    });
    // Whoever awaits it hears of what went wrong.
    writing.catch(() => {});
    stored = line;
    batch = emptyBatch();
    return true;
  };
  try {
    for await (const lines of read(source.name)) {
      for (const octets of lines) {
        line++;
        digest.update(octets);
        reader.line(octets, line);
        if (line <= source.lines) {
          if (line === source.lines) refuseChanged(source, digest);
          continue;
        }
        const isFull = entriesIn(batch) >= BATCH_ENTRIES || line - stored >= BATCH_LINES;
        if (isFull && !(await store(false))) return false;
      }
    }
    if (line < source.lines) refuseChanged(source, digest);
    isEnded = true;
    reader.end();
    if (!(await store(true))) return false;
    await writing;
    return !signal.aborted;
  } finally {
    await Promise.allSettled([writing]);
  }
}

/** The number of parts there are then. */
async function storeBatch(
  { db, census, jobSize, enqueue, onNames }: IntakeOptions,
  { source }: SourceRecord,
  place: Place,
  from: number,
  batch: IntakeBatch,
): Promise<number> {
  let parts = place.parts;
  const added = await db.tx(async (session) => {
    const count = await writeIntakeBatch(session, census, source, from, batch, place.written);
    const made: Part[] = [];
    const isWhole = batch.format !== 'zone' || batch.complete;
    for (; isWhole && place.ordinal >= (parts + 1) * jobSize; parts++) {
      const range = { first: parts * jobSize + 1, last: (parts + 1) * jobSize };
      made.push(await addDomainPart(session, census, parts, range));
    }
    await enqueue(session, made);
    return count;
  });
  onNames(added);
  return parts;
}

function refuseChanged(source: SourceRecord, digest: LineDigest): void {
  const stored = source.digest;
  if (stored !== null && digest.now().equals(asBuffer(stored))) return;
  throw new UsageError(
    '--resume',
    source.name,
    `the list whose first ${source.lines} lines were read before`,
    'the list has changed: put the old one back, or start a new census',
  );
}
