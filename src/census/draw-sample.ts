/**
 * Reads the lists of a census to the end and stores a sample of their names in place of all. In: the lists and what is to be drawn.
 * Out: rows, in one transaction with the parts that follow; unusable lines before, as they come. A reading that was cut off has
 * stored no name, and draws again from the beginning, which comes to the same. Delegations that zone files hold are not taken: so few
 * domains are no burden to the parent.
 */
import { UsageError } from '../base/usage-error.ts';
import { setCensusStage } from '../store/census-record.ts';
import { readSources, type SourceRecord, writeInvalid } from '../store/intake-record.ts';
import type { InvalidEntry } from '../store/listing.ts';
import { addDomainPart, type Part } from '../store/part.ts';
import { beginDraw, closeSource, type ReadSource, writeSample } from '../store/write-sample.ts';
import type { IntakeOptions } from './intake.ts';
import { LineDigest } from './line-digest.ts';
import { listLines } from './list-lines.ts';
import { AnyList } from './list-reader.ts';
import { type SampleConfig, Sampler } from './sample.ts';

/** Unusable lines per transaction. */
const BATCH_INVALID = 5000;

/** As `takeIn`. Throws UsageError also where no list has the tag that is drawn by, or it has too many values. */
export async function drawSample(options: IntakeOptions, sample: SampleConfig): Promise<boolean> {
  const { db, census, jobSize, enqueue, signal, onNames } = options;
  const sources = await readSources(db, census);
  if (sources.every(({ complete }) => complete)) return true;
  if (sources.some(({ name, digest }) => name === '-' && digest !== null)) {
    throw new UsageError(
      '--resume',
      'standard input',
      'a list that can be read again',
      'start a new census from a file',
    );
  }
  await db.tx((session) => beginDraw(session, census));
  const sampler = new Sampler(sample);
  const read: ReadSource[] = [];
  const tags = new Set<string>();
  for (const source of sources) {
    const one = await readOne(options, source, sampler, tags);
    if (one === undefined) return false;
    read.push(one);
  }
  if (sample.by !== null && !tags.has(sample.by)) {
    throw new UsageError(
      '--sample-by',
      sample.by,
      tags.size === 0
        ? 'a tag, which these lists have none of'
        : `one of the tags of the lists: ${[...tags].join(', ')}`,
      'tags are the columns of CSV lists with a header',
    );
  }
  const { names, strata, isExact } = sampler.draw();
  if (signal.aborted) return false;
  await db.tx(async (session) => {
    for (const one of read) await closeSource(session, census, one);
    const listed = names.map(({ priority, ...name }, at) => ({ ordinal: at + 1, ...name }));
    await writeSample(session, census, sample, listed, strata, isExact);
    const parts: Part[] = [];
    for (let first = 1; first <= names.length; first += jobSize) {
      const range = { first, last: Math.min(names.length, first + jobSize - 1) };
      parts.push(await addDomainPart(session, census, parts.length, range));
    }
    await enqueue(session, parts);
    await setCensusStage(session, census, 'survey');
  });
  onNames(names.length);
  return true;
}

/** Undefined where the signal ended it. */
async function readOne(
  { db, census, format, signal, read = listLines }: IntakeOptions,
  { source, name: list }: SourceRecord,
  sampler: Sampler,
  tagNames: Set<string>,
): Promise<ReadSource | undefined> {
  const digest = new LineDigest();
  const counts = { lines: 0, skipped: 0, names: 0, duplicates: 0, invalid: 0 };
  let unusable: InvalidEntry[] = [];
  const reader = new AnyList(
    (entry) => {
      if (entry.kind === 'skipped') counts.skipped++;
      if (entry.kind === 'invalid') {
        counts.invalid++;
        unusable.push(entry);
      }
      if (entry.kind !== 'name') return;
      counts.names++;
      const { name, rank = null, weight = null, tags = null } = entry;
      if (!sampler.offer(name, { rank, weight, tags })) counts.duplicates++;
    },
    list,
    format,
  );
  const store = async () => {
    const batch = unusable;
    unusable = [];
    await db.tx((session) => writeInvalid(session, census, source, batch));
  };
  for await (const lines of read(list)) {
    for (const octets of lines) {
      digest.update(octets);
      reader.line(octets, ++counts.lines);
    }
    if (signal.aborted) return undefined;
    if (unusable.length >= BATCH_INVALID) await store();
  }
  reader.end();
  for (const tag of reader.tagNames) tagNames.add(tag);
  if (unusable.length > 0) await store();
  return { source, ...counts, digest: digest.now(), format: reader.format, apex: reader.apex };
}
