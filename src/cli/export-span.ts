/** Which censuses are meant: one by its number, the newest, or all that were started within a time span. Pure. */
import { UsageError } from '../base/usage-error.ts';

export interface Span {
  readonly census?: number;
  readonly from?: string;
  readonly to?: string;
}

interface Started {
  readonly census: number;
  readonly startedAt: Date;
}

const MS_PER_DAY = 86_400_000;

/** In order of their numbers, as they are given; at least one. Throws UsageError where there is none. */
export function chosenCensuses<C extends Started>(censuses: readonly C[], span: Span): readonly C[] {
  const { census, from, to } = span;
  if (from === undefined && to === undefined) {
    const one = census === undefined ? censuses.at(-1) : censuses.find((each) => each.census === census);
    if (one !== undefined) return [one];
    throw new UsageError(
      '--census',
      census === undefined ? 'a database without a census' : String(census),
      'the number of a census in this database',
      'see: dane-census census list',
    );
  }
  if (census !== undefined) throw new UsageError('--census', `${census} and a time span`, 'one of them');
  const first = from === undefined ? -Infinity : moment('--from', from).at;
  const end = to === undefined ? Infinity : afterwards(moment('--to', to));
  const within = censuses.filter(
    ({ startedAt }) => startedAt.getTime() >= first && startedAt.getTime() < end,
  );
  if (within.length > 0) return within;
  throw new UsageError(
    from === undefined ? '--to' : '--from',
    [from, to].filter((text) => text !== undefined).join(' to '),
    'a time span in which a census was started',
    'see: dane-census census list',
  );
}

interface Moment {
  readonly at: number;
  readonly wholeDay: boolean;
}

/** A day is meant to its end, an instant is the last one meant. */
function afterwards({ at, wholeDay }: Moment): number {
  return at + (wholeDay ? MS_PER_DAY : 1);
}

/** A date, or an instant with its offset from UTC: what a local time means would hang on the machine. */
function moment(flag: string, text: string): Moment {
  const wholeDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const known = wholeDay || /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const at = known ? Date.parse(text) : Number.NaN;
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(at) || (wholeDay && new Date(at).toISOString().slice(0, 10) !== text)) {
    throw new UsageError(flag, text, 'a date such as 2026-11-24 or a time such as 2026-11-24T12:00:00Z');
  }
  return { at, wholeDay };
}
