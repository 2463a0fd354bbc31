/** Numbers for people. */

export function counted(number: number | bigint): string {
  return number.toLocaleString('en-US');
}
