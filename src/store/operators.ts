/** Which suffix of a host's name belongs to which operator: the program's rows, and above them those of the user. */
import { columns } from './bulk.ts';
import type { Db, Session } from './db.ts';
import { readSql } from './sql-files.ts';

export interface OperatorSuffix {
  /** A-labels, lower case, without the final dot, at most `MOST_LABELS` of them. */
  readonly suffix: string;
  readonly operator: string;
}

export interface ListedOperator extends OperatorSuffix {
  /** `program`: comes with it; `user`: loaded by the user. */
  readonly origin: 'program' | 'user';
}

/** As the table demands: the views look a name up once per count of labels. */
export const MOST_LABELS = 5;

/** Sorted by suffix. */
export function listOperators(db: Db): Promise<ListedOperator[]> {
  return db.query<ListedOperator>(
    'SELECT suffix, operator, origin FROM dane.operator_suffix ORDER BY suffix COLLATE "C"',
  );
}

/** These rows take the place of those that the user loaded before; each stands above the program's row of the same suffix. */
export async function replaceUserOperators(db: Db, rows: readonly OperatorSuffix[]): Promise<void> {
  await db.tx(async (session) => {
    await session.exec('DELETE FROM dane.operator_suffix');
    await session.bulk(
      'dane.operator_suffix',
      columns('suffix text, operator text, origin text'),
      rows.map(({ suffix, operator }) => [suffix, operator, 'user']),
    );
    await loadOperators(session);
  });
}

/** The program's rows; those that the user loaded stay. */
export async function loadOperators(session: Session): Promise<void> {
  await session.exec(readSql('operators.sql'));
}
