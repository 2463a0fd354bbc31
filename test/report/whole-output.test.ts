import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWholeDirectory, writeWholeFile } from '../../src/report/whole-output.ts';
import { temporaryDirectory } from '../store/template.ts';

const mark = 'mark.json';
const interrupted = new Error('interrupted');

test('a file is not there before it is whole, and its digest is that of its octets', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'table.csv');
  const written = await writeWholeFile(path, async (put) => {
    await put('ab');
    expect(existsSync(path)).toBe(false);
    await put(Buffer.from('c'));
  });
  expect(written).toEqual({
    bytes: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
  expect(readFileSync(path, 'utf8')).toBe('abc');
  expect(readdirSync(directory)).toEqual(['table.csv']);
});

test('a file that fails half way leaves the old one, and nothing else', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'table.csv');
  writeFileSync(path, 'old');
  const writing = writeWholeFile(path, async (put) => {
    await put('half');
    expect(readdirSync(directory)).toContainEqual(expect.stringMatching(/^table\.csv\.unfinished-/));
    throw interrupted;
  });
  await expect(writing).rejects.toBe(interrupted);
  expect(readdirSync(directory)).toEqual(['table.csv']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('a directory is there when it is whole; one that fails leaves nothing', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'package');
  const rules = { replace: false, mark };
  const failing = writeWholeDirectory(path, rules, async (unfinished) => {
    writeFileSync(join(unfinished, mark), '{}');
    throw interrupted;
  });
  await expect(failing).rejects.toBe(interrupted);
  expect(readdirSync(directory)).toEqual([]);
  await writeWholeDirectory(path, rules, async (unfinished) => {
    writeFileSync(join(unfinished, mark), '{}');
    expect(existsSync(path)).toBe(false);
  });
  expect(readdirSync(path)).toEqual([mark]);
  expect(readdirSync(directory)).toEqual(['package']);
});

test('what stands there is refused; with replace, only a directory of ours, and only by a whole one', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'package');
  const write = (replace: boolean, fail = false) =>
    writeWholeDirectory(path, { replace, mark }, async (unfinished) => {
      if (fail) throw interrupted;
      writeFileSync(join(unfinished, mark), 'new');
    });
  mkdirSync(path);
  writeFileSync(join(path, 'thesis.tex'), 'mine');
  await expect(write(false)).rejects.toMatchObject({
    name: 'UsageError',
    hint: expect.stringContaining('--force'),
  });
  await expect(write(true)).rejects.toThrow(`holds ${mark}`);
  writeFileSync(join(path, mark), 'old');
  await expect(write(true, true)).rejects.toBe(interrupted);
  expect(readFileSync(join(path, mark), 'utf8')).toBe('old');
  await write(true);
  expect(readdirSync(path)).toEqual([mark]);
  expect(readFileSync(join(path, mark), 'utf8')).toBe('new');
  expect(readdirSync(directory)).toEqual(['package']);
});

test('a place that cannot be written is bad usage', async () => {
  const nowhere = join(temporaryDirectory(), 'nowhere/x');
  await expect(writeWholeFile(nowhere, async () => {})).rejects.toMatchObject({ name: 'UsageError' });
  await expect(writeWholeDirectory(nowhere, { replace: false, mark }, async () => {})).rejects.toMatchObject({
    name: 'UsageError',
  });
});
