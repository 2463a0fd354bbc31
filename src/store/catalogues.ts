/**
 * What the program knows and the database must know too, so that SQL can count and explain by it: reasons, senders, keys of well-known
 * CAs, operators. Loaded anew by each migration; rows that the user loaded stay.
 */
import { type ReasonKey, reasons } from '../base/reasons/catalogue.ts';
import { resultTypeOf } from '../base/reasons/result-type.ts';
import { senderKeys, senders } from '../dane/senders.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { loadIssuerSeed } from './issuer-keys.ts';
import { loadOperators } from './operators.ts';
import { readSql } from './sql-files.ts';

export const catalogues: readonly ((session: Session) => Promise<void>)[] = [
  loadReasons,
  loadSenders,
  (session) => loadIssuerSeed(session, readSql('issuer-keys.csv')),
  loadOperators,
];

const reasonColumns = columns(
  'reason text, source text, ede smallint, tlsrpt text, mender text, says text, hint text',
);

async function loadReasons(session: Session): Promise<void> {
  const rows = Object.entries(reasons).map(([key, reason]) => [
    key,
    reason.source,
    'ede' in reason ? reason.ede : null,
    resultTypeOf(key as ReasonKey),
    reason.mender,
    reason.says,
    reason.hint,
  ]);
  await session.exec('DELETE FROM dane.reason');
  await session.bulk('dane.reason', reasonColumns, rows);
}

const senderColumns = columns(
  'position smallint, sender text, name text, setting text, versions text, requires_dane boolean, seen boolean',
);

/** Rows of old verdicts hang on the positions: where one is another sender's, this program would misread them. */
async function loadSenders(session: Session): Promise<void> {
  const rows = senderKeys.map((sender, at) => {
    const { name, setting, versions, situations } = senders[sender];
    const seen = situations['tlsa-usable'].evidence === 'seen';
    const requires = !situations['tlsa-absent'].does.includes('opportunistic');
    return [at + 1, sender, name, setting, versions, requires, seen];
  });
  const known = await session.query<{ position: number; sender: string }>(
    'SELECT position, sender FROM dane.sender',
  );
  for (const { position, sender } of known) {
    const now = senderKeys[position - 1];
    if (now !== undefined && now !== sender) {
      throw new Error(
        `internal error: sender ${position} of the database is ${sender}, of this program ${now}`,
      );
    }
  }
  await session.query('DELETE FROM dane.sender WHERE position <= $1', [senderKeys.length]);
  await session.bulk('dane.sender', senderColumns, rows);
}
