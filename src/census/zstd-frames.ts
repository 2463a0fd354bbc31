/**
 * Zstandard of one or more frames (RFC 8878 §3), as parallel compressors and appending write them. Node 24's stream
 * ends without a word after the first frame, so that the frames are told apart here, by their block headers alone, and
 * each gets a decompressor of its own. Skippable frames are skipped. Octets that are cut off end in an error.
 */
import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';

/** RFC 8878 §3.1.1 and §3.1.2, as little-endian numbers. */
const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** Carries a code as those of zlib do. */
class ZstdFrameError extends Error {
  readonly code = 'ZSTD_FRAME';
}

/** The decompressed octets. Throws an error with a `code` where the octets are no whole frames. */
export async function* zstdFrames(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const octets = new Octets(compressed);
  for (;;) {
    const magic = await octets.upTo(4);
    if (magic.length === 0) return;
    if (magic.length < 4) throw new ZstdFrameError('unexpected end of file');
    const number = magic.readUInt32LE();
    if ((number & 0xfffffff0) >>> 0 === SKIPPABLE) {
      for await (const _ of octets.take((await octets.exactly(4)).readUInt32LE()));
    } else if (number === FRAME) {
      // Errors of either end come out of the iteration.
      yield* pipeline(
        Readable.from(frame(octets, magic)),
        createZstdDecompress(),
        () => {},
      ) as unknown as AsyncIterable<Buffer>;
    } else {
      throw new ZstdFrameError('something that is no Zstandard frame follows');
    }
  }
}

/** The octets of one frame, unchanged. */
async function* frame(octets: Octets, magic: Buffer): AsyncGenerator<Buffer> {
  yield magic;
  // RFC 8878 §3.1.1.1: descriptor, then window descriptor, dictionary id and content size, as its flags say.
  const descriptor = await octets.exactly(1);
  const flags = descriptor[0]!;
  const single = (flags & 0x20) !== 0;
  const windowSize = single ? 0 : 1;
  const dictionarySize = [0, 1, 2, 4][flags & 3]!;
  const contentSize = [single ? 1 : 0, 2, 4, 8][flags >> 6]!;
  yield descriptor;
  yield* octets.take(windowSize + dictionarySize + contentSize);
  // RFC 8878 §3.1.1.2: blocks until the last one; an RLE block (type 1) holds one octet.
  for (let last = false; !last; ) {
    const header = await octets.exactly(3);
    const fields = header.readUIntLE(0, 3);
    last = (fields & 1) === 1;
    yield header;
    yield* octets.take(((fields >> 1) & 3) === 1 ? 1 : fields >> 3);
  }
  if ((flags & 4) !== 0) yield* octets.take(4);
}

/** Chunks of any size, taken in the sizes that are asked for. */
class Octets {
  readonly #chunks: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Fewer only at the end. */
  async upTo(count: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.#left.length === 0 && !(await this.#more())) break;
      const piece = this.#left.subarray(0, missing);
      this.#left = this.#left.subarray(piece.length);
      missing -= piece.length;
      taken.push(piece);
    }
    return Buffer.concat(taken);
  }

  async exactly(count: number): Promise<Buffer> {
    const octets = await this.upTo(count);
    if (octets.length < count) throw new ZstdFrameError('unexpected end of file');
    return octets;
  }

  /** The same in pieces, without holding them all. */
  async *take(count: number): AsyncGenerator<Buffer> {
    for (let missing = count; missing > 0; ) {
      if (this.#left.length === 0 && !(await this.#more()))
        throw new ZstdFrameError('unexpected end of file');
      const piece = this.#left.subarray(0, missing);
      this.#left = this.#left.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#left = value;
    return true;
  }
}
