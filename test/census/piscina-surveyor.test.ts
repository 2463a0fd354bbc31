import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createPiscinaSurveyor } from '../../src/census/piscina-surveyor.ts';
import { temporaryDirectory } from '../store/template.ts';

const { signal } = new AbortController();

function surveyorOf(source: string, faults: string[] = []) {
  const file = join(temporaryDirectory(), 'entry.mjs');
  writeFileSync(file, source);
  const surveyor = createPiscinaSurveyor({
    threads: 1,
    config: { greeting: 'hello' },
    onFault: ({ message }) => faults.push(message),
    entry: pathToFileURL(file),
  });
  onTestFinished(() => surveyor.close());
  return surveyor;
}

const listed = (name: string) => ({ name, delegation: null });

const piscina = JSON.stringify(import.meta.resolve('piscina'));

test('threads get their configuration and answer slices', async () => {
  const surveyor = surveyorOf(`import { workerData } from ${piscina};
    export default ({ what, domains, names = domains.map(({ name }) => name) }) =>
      names.map((name) => what + ' ' + name + ' ' + workerData.greeting);`);
  expect(await surveyor.domains([listed('a'), listed('b')], signal)).toEqual([
    'domains a hello',
    'domains b hello',
  ]);
  expect(await surveyor.hosts(['c'], signal)).toEqual(['hosts c hello']);
});

test('a thread that dies rejects its slices, and the next ones are answered by another', async () => {
  const surveyor =
    surveyorOf(`export default ({ domains }) => domains[0].name !== 'die' ? ['alive'] : new Promise(() => {
    setTimeout(() => { throw new Error('uncaught'); }, 1);
  });`);
  await expect(surveyor.domains([listed('die')], signal)).rejects.toThrow('uncaught');
  expect(await surveyor.domains([listed('live')], signal)).toEqual(['alive']);
});

test('threads that cannot start reject their slices, and do not end the process', async () => {
  const faults: string[] = [];
  const surveyor = surveyorOf(`throw new Error('cannot start');`, faults);
  await expect(surveyor.domains([listed('a')], signal)).rejects.toThrow('cannot start');
  await expect(surveyor.domains([listed('b')], signal)).rejects.toThrow();
  await expect(surveyor.domains([listed('c')], signal)).rejects.toThrow();
  expect(new Set(faults)).toEqual(new Set(['cannot start']));
});

test('a slice that is abandoned rejects', async () => {
  const surveyor = surveyorOf(`export default () => new Promise(() => {});`);
  const abandon = new AbortController();
  const slice = surveyor.domains([listed('a')], abandon.signal);
  abandon.abort();
  await expect(slice).rejects.toThrow('abort');
});
