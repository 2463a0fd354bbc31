import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { LONGEST_LINE, listLines } from '../../src/census/list-lines.ts';
import { zstdFrames } from '../../src/census/zstd-frames.ts';
import { temporaryDirectory } from '../store/template.ts';

function file(octets: Uint8Array | string): string {
  const path = join(temporaryDirectory(), 'list');
  writeFileSync(path, octets);
  return path;
}

async function linesOf(list: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const group of listLines(list)) lines.push(...group.map(String));
  return lines;
}

const text = Array.from({ length: 30_000 }, (_, at) => `d${at}.example`).join('\r\n');
const wanted = text.split('\r\n');
const half = Buffer.from(`${text}\n`);

test.each([
  ['LF', 'a\nb\n', ['a', 'b']],
  ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
  ['no line end behind the last line', 'a\nb', ['a', 'b']],
  ['blank lines', '\n\na\n\n', ['', '', 'a', '']],
  ['one octet', 'a', ['a']],
  ['nothing', '', []],
])('lines: %s', async (_, octets, lines) => {
  expect(await linesOf(file(octets))).toEqual(lines);
});

test.each([
  ['plain', Buffer.from(text)],
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text)],
])('a large list, %s', async (_, octets) => {
  expect(await linesOf(file(octets))).toEqual(wanted);
});

test.each([
  ['gzip members (RFC 1952 §2.2)', [gzipSync(half), gzipSync(text)]],
  ['zstd frames (RFC 8878 §3)', [zstdCompressSync(half), zstdCompressSync(text)]],
  [
    'zstd frames with a skippable one between',
    [zstdCompressSync(half), skippable(70_000), zstdCompressSync(text)],
  ],
])('several %s are one list', async (_, pieces) => {
  expect(await linesOf(file(Buffer.concat(pieces)))).toEqual([...wanted, ...wanted]);
});

test.each([
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text)],
])('a %s file that was cut off is refused, not read as a short list', async (_, octets) => {
  await expect(linesOf(file(octets.subarray(0, octets.length - 3)))).rejects.toThrow(
    'a whole compressed file',
  );
});

test('zstd frames followed by something else are refused', async () => {
  await expect(linesOf(file(Buffer.concat([zstdCompressSync(text), Buffer.from('more')])))).rejects.toThrow(
    'no Zstandard frame follows',
  );
});

test.each([5, 4096])(
  'zstd frames in chunks of %d octets, incompressible blocks and runs included',
  async (size) => {
    const plain = Buffer.concat([randomBytes(140_000), Buffer.alloc(140_000, 'a'), half.subarray(0, 20_000)]);
    const frames = Buffer.concat([
      zstdCompressSync(plain),
      zstdCompressSync(Buffer.alloc(0)),
      zstdCompressSync('end'),
    ]);
    async function* chunks() {
      for (let at = 0; at < frames.length; at += size) yield frames.subarray(at, at + size);
    }
    const got: Buffer[] = [];
    for await (const piece of zstdFrames(chunks())) got.push(piece);
    expect(Buffer.concat(got).equals(Buffer.concat([plain, Buffer.from('end')]))).toBe(true);
  },
);

test('an endless line costs no more than the limit, and shows itself by its length', async () => {
  const lines: Buffer[] = [];
  for await (const group of listLines(file(`a\n${'x'.repeat(5_000_000)}\nb`))) lines.push(...group);
  expect(lines.map(String).filter((line) => line.length < 5)).toEqual(['a', 'b']);
  expect(lines[1]!.length).toBeGreaterThan(LONGEST_LINE);
});

test('a missing file and a directory are refused with what to do', async () => {
  await expect(linesOf('/nonexistent/list.txt')).rejects.toThrow('a file that can be read');
  await expect(linesOf(temporaryDirectory())).rejects.toThrow('a file, not a directory');
});

function skippable(size: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a53);
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, randomBytes(size)]);
}
