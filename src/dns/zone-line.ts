/** What one line of a master file comes to (`zone-reader.ts`). */
import type { PlainRecord } from './message-writer.ts';
import type { Name } from './name.ts';

export type ZoneLine =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'record'; readonly record: PlainRecord; readonly line: number }
  | { readonly kind: 'unwanted' }
  | ZoneFault;

export interface ZoneFault {
  readonly kind: 'fault';
  /** Where it is seen, from 1. */
  readonly line: number;
  readonly got: string;
  readonly expected: string;
  /** Whose record it is; undefined where that cannot be told. */
  readonly owner: Name | undefined;
  /** What follows cannot be trusted to mean what it says. */
  readonly isFatal: boolean;
}

export const nothing: ZoneLine = { kind: 'nothing' };
export const unwanted: ZoneLine = { kind: 'unwanted' };
