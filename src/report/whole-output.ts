/**
 * Files and directories that are there when they are whole and not before: they are made beside their place under a name that
 * says `unfinished`, forced to the disk, and renamed. What interrupts them leaves nothing that looks whole; what fails in here
 * also takes away what was unfinished.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../base/usage-error.ts';

/** What has come into a file. */
export interface WrittenFile {
  readonly bytes: number;
  /** SHA-256 in lower-case hexadecimal. */
  readonly sha256: string;
}

export type Put = (octets: Uint8Array | string) => Promise<void>;

/** A new file, forced to the disk. The directory's entry of it is the caller's business. */
export async function writeFileHashed(
  path: string,
  write: (put: Put) => Promise<void> | void,
): Promise<WrittenFile> {
  const file = await open(path, 'wx');
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await write(async (given) => {
      const octets = Buffer.from(given as Uint8Array);
      hash.update(octets);
      bytes += octets.length;
      await writeAll(file, octets);
    });
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Replaces what stands at `path`. Throws UsageError where it cannot be written there. */
export async function writeWholeFile(path: string, write: (put: Put) => Promise<void>): Promise<WrittenFile> {
  const unfinished = unfinishedName(path);
  let begun = false;
  try {
    const written = await writeFileHashed(unfinished, (put) => {
      begun = true;
      return write(put);
    });
    renameSync(unfinished, path);
    await syncDirectory(dirname(resolve(path)));
    return written;
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (begun) throw error;
    throw new UsageError('--output', path, `a file that can be written (${(error as Error).message})`);
  }
}

/**
 * `write` fills a new directory. Throws UsageError where something stands at `path` already, unless `replace` is set and it is a
 * directory that holds `mark`, which is a file that only such directories hold, or nothing.
 */
export async function writeWholeDirectory(
  path: string,
  { replace, mark }: { replace: boolean; mark: string },
  write: (directory: string) => Promise<void>,
): Promise<void> {
  const place = resolve(path);
  refuseOccupied(place, replace, mark);
  const unfinished = unfinishedName(place);
  try {
    mkdirSync(unfinished);
  } catch (error) {
    throw new UsageError('--output', path, `a directory that can be made (${(error as Error).message})`);
  }
  try {
    await write(unfinished);
    await syncDirectory(unfinished);
    refuseOccupied(place, replace, mark);
    moveInto(place, unfinished);
    await syncDirectory(dirname(place));
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

function refuseOccupied(place: string, replace: boolean, mark: string): void {
  if (!existsSync(place)) return;
  if (!replace) {
    throw new UsageError('--output', place, 'a directory that does not exist', 'replace it with: --force');
  }
  const ours =
    lstatSync(place).isDirectory() && (existsSync(join(place, mark)) || readdirSync(place).length === 0);
  if (!ours) {
    throw new UsageError(
      '--output',
      place,
      `a directory that is empty or holds ${mark}`,
      'take it away by hand',
    );
  }
}

/** The old one stands aside until the new one is in its place. */
function moveInto(place: string, unfinished: string): void {
  if (!existsSync(place)) {
    renameSync(unfinished, place);
    return;
  }
  const old = unfinishedName(place);
  renameSync(place, old);
  renameSync(unfinished, place);
  rmSync(old, { recursive: true });
}

/** Each its own, so that two at the same time do not write into one. */
function unfinishedName(path: string): string {
  return `${path.replace(/\/+$/, '')}.unfinished-${randomBytes(4).toString('hex')}`;
}

/** POSIX lets a write take less than it was given. */
async function writeAll(file: FileHandle, octets: Uint8Array): Promise<void> {
  for (let at = 0; at < octets.length; ) {
    at += (await file.write(octets, at)).bytesWritten;
  }
}

/** A rename is on the disk when the directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
