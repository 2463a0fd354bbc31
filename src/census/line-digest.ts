/** SHA-256 of the lines read so far, each with a line end, so that a list can be known again; many lines are hashed at once. */
import { createHash } from 'node:crypto';

const LF = Buffer.from('\n');
/** Lines held back. */
const AT_ONCE = 1000;

export class LineDigest {
  readonly #hash = createHash('sha256');
  #lines: Buffer[] = [];

  /** The octets must not change before the next call of `now`, or this many lines. */
  update(line: Buffer): void {
    this.#lines.push(line, LF);
    if (this.#lines.length >= 2 * AT_ONCE) this.#flush();
  }

  now(): Buffer {
    this.#flush();
    return this.#hash.copy().digest();
  }

  #flush(): void {
    this.#hash.update(Buffer.concat(this.#lines));
    this.#lines = [];
  }
}
