import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { probeHonouring, surveyorHonouring } from '../../src/census/honouring-opt-out.ts';
import { nobodyOptedOut, optOutFile, parseOptOut } from '../../src/census/opt-out.ts';
import { judgeDomain } from '../../src/survey/judge-domain.ts';
import { temporaryDirectory } from '../store/template.ts';
import { fakeSurveyor } from './fake-surveyor.ts';

const signal = new AbortController().signal;

const list = parseOptOut(
  [
    '# who asked',
    'Gone.example.  # by letter',
    'münchen.example',
    'mx.shared.example',
    '192.0.2.7',
    '198.51.100.0/24',
    '2001:db8:7::/48',
    '',
  ].join('\n'),
  'test',
);

test.each([
  ['gone.example', true],
  ['mail.gone.example', true],
  ['stillgone.example', false],
  ['example', false],
  ['xn--mnchen-3ya.example', true],
  ['mx.shared.example', true],
  ['shared.example', false],
])('the name %s: %s', (name, expected) => expect(list.hasName(name)).toBe(expected));

test.each([
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['198.51.100.255', true],
  ['198.51.101.0', false],
  ['2001:db8:7:1::1', true],
  ['2001:db8:8::1', false],
])('the address %s: %s', (address, expected) => expect(list.hasAddress(address)).toBe(expected));

test.each([
  '192.0.2.0/33',
  '2001:db8::/129',
  'a b',
  'http://x.example/',
  'x@y.example',
  '192.0.2.0/a',
  '10.0.0.0/8/8',
  '..',
])('an entry that is not understood is refused, not passed over: %s', (entry) =>
  expect(() => parseOptOut(`ok.example\n${entry}`, 'test')).toThrow('line 2'),
);

test('a list that has changed is read again, and one that has gone stops the run', () => {
  const path = join(temporaryDirectory(), 'opt-out');
  writeFileSync(path, 'a.example\n');
  const now = optOutFile(path);
  expect([now().hasName('a.example'), now().hasName('b.example')]).toEqual([true, false]);
  writeFileSync(path, 'a.example\nb.example\n');
  expect(now().hasName('b.example')).toBe(true);
  expect(() => optOutFile(`${path}.not-there`)()).toThrow('--opt-out');
});

test('who opted out is not asked, and what is kept of them says that and is in no rate', async () => {
  const inner = fakeSurveyor();
  const domains = vi.spyOn(inner, 'domains');
  const hosts = vi.spyOn(inner, 'hosts');
  const surveyor = surveyorHonouring(
    () => list,
    () => 7,
    inner,
  );
  const { domains: seen } = await surveyor.domains(
    ['gone.example', 'd1.example'].map((name) => ({ name, delegation: null })),
    signal,
  );
  expect(domains.mock.calls.flatMap(([listed]) => listed.map(({ name }) => name))).toEqual(['d1.example']);
  const gone = seen.find(({ domain }) => domain === 'gone.example')!;
  expect(gone.seenAt).toBe(7);
  expect(judgeDomain(gone, new Map())).toEqual({ verdict: 'unknown', reason: 'opted-out' });
  const at = await surveyor.hosts(['mx.shared.example', 'mx.d1.example'], signal);
  expect(hosts.mock.calls.flatMap(([names]) => names)).toEqual(['mx.d1.example']);
  expect(at.hosts.find(({ host }) => host === 'mx.shared.example')).toMatchObject({
    verdict: 'unknown',
    reason: 'opted-out',
    endpoints: [],
  });
});

test('an address that opted out is not connected to', async () => {
  const probe = vi.fn();
  const honouring = probeHonouring(
    () => list,
    () => 7,
    probe,
  );
  const ask = (address: string) =>
    honouring({ address, serverName: 'mx.example', bothKeyAlgorithms: true, everyTlsQuestion: false });
  expect(await ask('192.0.2.7')).toMatchObject({ reached: 'nothing', fault: 'ours', because: 'opted-out' });
  expect(probe).not.toHaveBeenCalled();
  await ask('192.0.2.8');
  expect(probe).toHaveBeenCalledTimes(1);
});

test('without a list everybody is looked at', () => {
  expect([nobodyOptedOut.hasName('a.example'), nobodyOptedOut.hasAddress('192.0.2.1')]).toEqual([
    false,
    false,
  ]);
});
