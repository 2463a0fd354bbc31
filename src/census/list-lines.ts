/**
 * The lines of a list (or of a log), streamed: a file, or `-` for standard input; gzip and Zstandard are known by their first octets.
 * Out: the octets of each line without its line end (LF or CRLF), in groups, one group per chunk read. A line longer
 * than the limit comes cut to it, and is marked by being longer than `LONGEST_LINE`.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../base/usage-error.ts';
import { zstdFrames } from './zstd-frames.ts';

/** In octets. A domain name has 253 characters; what stands behind it in a CSV line is not needed. */
export const LONGEST_LINE = 16_384;

const LF = 0x0a;
const CR = 0x0d;

/** How a usage error speaks of the file. */
export interface FileWords {
  readonly where: string;
  readonly hint: string;
}

const listWords: FileWords = {
  where: 'list',
  hint: 'give the name of a file with one domain per line, or - for standard input',
};

/** Throws UsageError where the list cannot be read as one. */
export async function* listLines(list: string, words = listWords): AsyncGenerator<readonly Buffer[]> {
  await refuseUnreadable(list, words);
  let begun: Buffer = Buffer.alloc(0);
  for await (const chunk of plainOctets(list, words)) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LF, from); end >= 0; end = chunk.indexOf(LF, from)) {
      const rest = chunk.subarray(from, end);
      lines.push(withoutCr(begun.length === 0 ? rest : Buffer.concat([begun, rest])));
      begun = Buffer.alloc(0);
      from = end + 1;
    }
    if (from < chunk.length && begun.length <= LONGEST_LINE) {
      begun = Buffer.concat([begun, chunk.subarray(from, from + LONGEST_LINE + 1)]);
    }
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [withoutCr(begun)];
}

function withoutCr(line: Buffer): Buffer {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

async function* plainOctets(list: string, { where }: FileWords): AsyncGenerator<Buffer> {
  const source = (list === '-' ? process.stdin : createReadStream(list)) as Readable;
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const begin = await take(chunks, 4);
  const whole = joined(begin, chunks);
  try {
    if (begin.length >= 2 && begin[0] === 0x1f && begin[1] === 0x8b) {
      // Members that follow each other are one file (RFC 1952 §2.2); zlib reads them all.
      yield* pipeline(Readable.from(whole), createGunzip(), () => {}) as unknown as AsyncIterable<Buffer>;
    } else if (begin.length >= 4 && begin.readUInt32LE(0) === 0xfd2fb528) {
      yield* zstdFrames(whole);
    } else {
      yield* whole;
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!/^(Z_|ERR_.*ZSTD|ZSTD_|ERR_ZSTD)/.test(code)) throw error;
    throw new UsageError(where, list, `a whole compressed file (${message})`, 'see whether it was cut off');
  }
}

/** At least `octets` octets, or everything where the list is shorter. */
async function take(chunks: AsyncIterator<Buffer>, octets: number): Promise<Buffer> {
  let taken: Buffer = Buffer.alloc(0);
  while (taken.length < octets) {
    const { done, value } = await chunks.next();
    if (done) break;
    taken = Buffer.concat([taken, value]);
  }
  return taken;
}

async function* joined(begin: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (begin.length > 0) yield begin;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Throws UsageError where there is no file that can be opened. */
export async function refuseUnreadable(list: string, { where, hint } = listWords): Promise<void> {
  if (list === '-') return;
  const refuse = (expected: string) => new UsageError(where, list, expected, hint);
  const file = await open(list).catch((error: Error) => {
    throw refuse(`a file that can be read (${error.message})`);
  });
  try {
    if ((await file.stat()).isDirectory()) throw refuse('a file, not a directory');
  } finally {
    await file.close();
  }
}
