import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../../src/base/usage-error.ts';
import { begin, resumable, runCensus } from '../../src/census/run-census.ts';
import { registerMtaLog } from '../../src/cli/mta-log.ts';
import { openDatabase } from '../../src/store/open.ts';
import { readView } from '../../src/store/read-view.ts';
import type { DomainVerdict } from '../../src/survey/verdicts.ts';
import { fakeJudge, fakeSurveyor } from '../census/fake-surveyor.ts';
import { freshDirectory, temporaryDirectory } from '../store/template.ts';

async function mtaLog(...args: readonly string[]): Promise<string> {
  let stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const program = new Command().exitOverride();
  registerMtaLog(program);
  await program.parseAsync(['mta-log', ...args], { from: 'user' });
  return stdout;
}

function file(content: string | Buffer, name = 'mail.log'): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

const smtp = (pid: number, text: string) => `Nov 24 12:00:00 out1 postfix/smtp[${pid}]: ${text}\n`;
/** The lines of one message to one domain. */
function delivery(at: number, domain: string, level: string, said = 'sent (250 ok)'): string {
  const peer = `mx.${domain}[192.0.2.1]:25`;
  return (
    smtp(at % 50, `${level} TLS connection established to ${peer}: TLSv1.3 with cipher X (256/256 bits)`) +
    smtp(
      at % 50,
      `Q${100_000 + at}: to=<u@${domain}>, relay=${peer}, delay=1, delays=0/0/1/0, dsn=2.0.0, status=${said}`,
    )
  );
}
const failed = 'deferred (Server certificate not verified)';

describe('mta-log', () => {
  test('counts outcomes and lists the destinations whose DANE failed; unknown lines are only counted', async () => {
    const log = file(
      `${delivery(1, 'a.test', 'Verified')}kernel: hello\n${delivery(2, 'b.test', 'Untrusted', failed)}${delivery(3, 'b.test', 'Untrusted', failed)}`,
    );
    expect(JSON.parse(await mtaLog(log, '--json'))).toMatchObject({
      lines: 7,
      unknownLines: 1,
      outcomes: [
        {
          mta: 'postfix',
          tls: 'untrusted',
          status: 'deferred',
          daneFault: 'dane-failed-unexplained',
          deliveries: 2,
        },
        { mta: 'postfix', tls: 'verified', status: 'sent', daneFault: null, deliveries: 1 },
      ],
      daneFailures: [{ domain: 'b.test', hosts: ['mx.b.test'], deliveries: 2, statuses: { deferred: 2 } }],
      census: null,
      disagreements: null,
    });
  });

  test('several files, one of them compressed, are one log', async () => {
    const files = [
      file(gzipSync(delivery(1, 'a.test', 'Verified')), 'mail.log.1.gz'),
      file(delivery(2, 'b.test', 'Trusted')),
    ];
    expect(JSON.parse(await mtaLog(...files, '--json'))).toMatchObject({ lines: 4, unknownLines: 0 });
  });

  test('in words; what the log holds cannot move a terminal', async () => {
    const evil = delivery(1, 'b.test', 'Untrusted', failed).replaceAll(
      'mx.b.test',
      'mx.b\u001b[2J\u202e.test',
    );
    const text = await mtaLog(file(evil));
    expect(text).toContain('Destinations whose DANE failed');
    expect(text).toContain('because the sender could not authenticate the server by DANE');
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });

  test('a line without end, octets that are no text, an empty file', async () => {
    const odd = Buffer.concat([
      Buffer.alloc(3_000_000, 'x'),
      Buffer.from('\n'),
      Buffer.from([0, 255, 254, 10]),
    ]);
    const log = file(Buffer.concat([odd, Buffer.from(delivery(1, 'a.test', 'Verified'))]));
    expect(JSON.parse(await mtaLog(log, file('', 'empty'), '--json'))).toMatchObject({
      lines: 4,
      unknownLines: 2,
      outcomes: [{ tls: 'verified', deliveries: 1 }],
    });
  });

  test('a long log of many destinations: all are counted, none that is well is kept', async () => {
    const parts: string[] = [];
    const deliveries = 60_000;
    for (let i = 0; i < deliveries; i++) parts.push(delivery(i, `d${i}.test`, 'Verified'));
    parts.push(delivery(7, 'b.test', 'Untrusted', failed));
    const { lines, outcomes, daneFailures } = JSON.parse(
      await mtaLog(file(gzipSync(parts.join(''), { level: 1 })), '--json'),
    );
    expect(lines).toBe(2 * (deliveries + 1));
    expect(outcomes.map((one: { deliveries: number }) => one.deliveries)).toEqual([deliveries, 1]);
    expect(daneFailures).toHaveLength(1);
  });

  test.each([
    ['a file that is not there', ['/nowhere/mail.log']],
    ['a directory', ['/']],
    ['a census without a database', ['-', '--census', '1']],
    ['a database that is not there', ['-', '--db', '/nowhere/db']],
  ])('bad usage: %s', async (_, args) => {
    await expect(mtaLog(...args)).rejects.toThrow(UsageError);
  });
});

describe('mta-log --db', () => {
  /** A census of domains with known verdicts, and one domain of each of the verdicts asked for. */
  async function censused(): Promise<{ db: string; of: (verdict: DomainVerdict) => string }> {
    const directory = await freshDirectory();
    const db = await openDatabase(directory, 'create');
    const list = file(Array.from({ length: 100 }, (_, at) => `d${at}.example`).join('\n'), 'list');
    const clock = () => 1_700_000_000;
    const { id } = await begin(db, { lists: [list], jobSize: 100, survey: {}, lab: null }, 'test 0', clock);
    await runCensus({
      db,
      census: await resumable(db, id),
      surveyor: fakeSurveyor(),
      judge: fakeJudge,
      concurrency: { domains: 4, hosts: 4 },
      clock,
      signal: new AbortController().signal,
      watch: () => {},
      report: () => {},
      grace: 50,
    });
    const rows = await readView<{ domain: string; verdict: DomainVerdict }>(db, 'domain_result', id);
    await db.close();
    return { db: directory, of: (verdict) => rows.find((row) => row.verdict === verdict)!.domain };
  }

  test('lists the destinations whose outcome disagrees with the newest finished census', async () => {
    const { db, of } = await censused();
    const [dane, noMail, degraded] = [of('dane'), of('no-mail'), of('dane-degraded')];
    const log = file(
      [
        delivery(1, dane, 'Verified'),
        delivery(2, dane, 'Untrusted'),
        delivery(3, noMail, 'Trusted'),
        delivery(4, degraded, 'Untrusted', failed),
        delivery(5, 'stranger.test', 'Untrusted', failed),
      ].join(''),
    );
    const told = JSON.parse(await mtaLog(log, '--db', db, '--json'));
    expect(told).toMatchObject({ census: 1, compared: 4, notInCensus: 1, disagreementsNotListed: 0 });
    expect(told.disagreements).toHaveLength(2);
    expect(told.disagreements).toEqual(
      expect.arrayContaining([
        { domain: dane, verdict: 'dane', kinds: { 'not-authenticated': 1 }, deliveries: 1 },
        { domain: noMail, verdict: 'no-mail', kinds: { 'takes-mail': 1 }, deliveries: 1 },
      ]),
    );
    const text = await mtaLog(log, '--db', db, '--census', '1');
    expect(text).toContain('Held against census 1: 4 deliveries to its domains, 1 to others');
    await expect(mtaLog(log, '--db', db, '--census', '2')).rejects.toThrow(UsageError);

    const noneVerified = await mtaLog(file(delivery(2, dane, 'Untrusted')), '--db', db);
    expect(noneVerified).toContain('no delivery was authenticated by DANE at all');
  });
});
