/** Ends every `switch` over a union: a new member then breaks the build instead of the statistics. */
export function never(value: never): never {
  throw new Error(`internal error: unexpected value ${JSON.stringify(value)}`);
}
