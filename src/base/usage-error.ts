/** Bad usage: says where, what was got, what was expected, and how to do it right. The command line exits with 64. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(where: string, got: string, expected: string, hint?: string) {
    super(`${where}: got ${JSON.stringify(got)}, expected ${expected}`);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
