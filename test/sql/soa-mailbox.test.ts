/** RFC 1035 §3.3.13: RNAME as a mailbox; and the labels by which operators are found. */
import { expect, test } from 'vitest';
import { freshDatabase } from '../store/template.ts';

/** One database for all rows of a table: `expression` of each row's arguments, beside what is wanted. */
async function evaluated(expression: string, rows: readonly (readonly unknown[])[]) {
  const db = await freshDatabase();
  const seen: unknown[] = [];
  for (const row of rows) {
    const given = row.slice(0, -1);
    const [found] = await db.query<{ value: unknown }>(`SELECT ${expression} AS value`, given);
    seen.push([...given, found!.value]);
  }
  return seen;
}

const mailboxes: readonly [string | null, string | null][] = [
  ['hostmaster.example.com', 'hostmaster@example.com'],
  ['hostmaster.example.com.', 'hostmaster@example.com'],
  // RFC 1035 §8: a dot within the local part is escaped
  ['Action\\.domains.isi.edu', 'Action.domains@isi.edu'],
  ['john\\.q\\.public.example.com', 'john.q.public@example.com'],
  // RFC 1035 §5.1: \DDD is the octet of that decimal number
  ['john\\046public.example.com', 'john.public@example.com'],
  ['a\\+b.example.com', 'a+b@example.com'],
  // RFC 5321 §4.1.2: what is no dot-string is quoted
  ['host\\032master.example.com', '"host master"@example.com'],
  ['a\\..example.com', '"a."@example.com'],
  ['a\\@b.example.com', '"a@b"@example.com'],
  ['a\\\\b.example.com', '"a\\\\b"@example.com'],
  ['a\\"b.example.com', '"a\\"b"@example.com'],
  // the domain behind the mailbox may be a single label
  ['root.localhost', 'root@localhost'],
  // no mailbox
  ['hostmaster', null],
  ['john\\.public', null],
  ['.', null],
  ['', null],
  ['.example.com', null],
  ['a\\000b.example.com', null],
  ['a\\255b.example.com', null],
  ['a\\999b.example.com', null],
  ['caf\u00e9.example.com', null],
  [null, null],
];

test('RFC 1035 §3.3.13, §5.1, §8, RFC 5321 §4.1.2: the mailbox of an RNAME', async () => {
  expect(await evaluated('dane.soa_mailbox($1)', mailboxes)).toEqual(mailboxes);
});

const tails: readonly [string, number, string][] = [
  ['mx.mail.example.com', 1, 'com'],
  ['mx.mail.example.com', 2, 'example.com'],
  ['mx.mail.example.com', 3, 'mail.example.com'],
  ['mx.mail.example.com', 4, 'mx.mail.example.com'],
  ['mx.mail.example.com', 5, '.mx.mail.example.com'],
  ['a.mx.mail.example.com', 5, 'a.mx.mail.example.com'],
  ['com', 1, 'com'],
  ['com', 2, '.com'],
];

test('the last labels of a name; of a shorter name what equals none', async () => {
  expect(await evaluated('dane.last_labels($1, $2::int)', tails)).toEqual(tails);
});
