/** Holds each test of a file to leaving no socket and no timer behind. */
import { afterEach, beforeEach, expect } from 'vitest';

/** Turns of the event loop that closing may take; a busy machine needs many, a good test few. */
const TURNS = 100_000;

const handles = () => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/.test(name)).length;

export function leaveNoHandles(): void {
  let before = 0;
  beforeEach(() => {
    before = handles();
  });
  afterEach(async () => {
    for (let turn = 0; turn < TURNS && handles() > before; turn++) await new Promise(setImmediate);
    expect(handles()).toBeLessThanOrEqual(before);
  });
}
