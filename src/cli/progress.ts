/**
 * Live progress of a census on standard error: a bar on a terminal; elsewhere a plain line every few seconds and at
 * every change of stage.
 */
import { SingleBar } from 'cli-progress';
import type { Progress, Watch } from '../census/progress.ts';
import { counted } from './counted.ts';

/** Milliseconds between plain lines. */
const LINE_INTERVAL = 5000;

/** Milliseconds over which the speed is measured. */
const SPEED_WINDOW = 10_000;

export interface ProgressDisplay {
  readonly watch: Watch;
  /** A line that stays, above the bar. */
  report(message: string): void;
  close(): void;
}

/** `clockMs` tells milliseconds. */
export function showProgress(stream: NodeJS.WriteStream, clockMs: () => number): ProgressDisplay {
  const speed = domainSpeed(clockMs);
  return stream.isTTY ? barDisplay(stream, speed) : lineDisplay(stream, clockMs, speed);
}

function barDisplay(stream: NodeJS.WriteStream, speed: (done: number) => number): ProgressDisplay {
  const bar = new SingleBar({
    stream,
    format: '{bar} {percentage} %  {text}',
    hideCursor: true,
    clearOnComplete: true,
    barsize: 20,
    linewrap: false,
    fps: 5,
  });
  bar.start(1, 0, { text: '' });
  return {
    watch(progress) {
      const { done, total } = share(progress);
      bar.setTotal(Math.max(total, 1));
      bar.update(done, { text: line(progress, speed(progress.domainsDone)) });
    },
    report(message) {
      stream.write(`\r\u001b[K${message}\n`);
    },
    close: () => bar.stop(),
  };
}

function lineDisplay(
  stream: NodeJS.WriteStream,
  clockMs: () => number,
  speed: (done: number) => number,
): ProgressDisplay {
  let stage: string | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return {
    watch(progress) {
      const rate = speed(progress.domainsDone);
      if (progress.stage === stage && clockMs() - last < LINE_INTERVAL) return;
      stage = progress.stage;
      last = clockMs();
      stream.write(`${line(progress, rate)}\n`);
    },
    report(message) {
      stream.write(`${message}\n`);
    },
    close() {},
  };
}

/** Hosts are found on the way, so that the whole grows while domains are being looked at. */
function share({ stage, domains, domainsDone, hosts, hostsDone, judged }: Progress): {
  done: number;
  total: number;
} {
  switch (stage) {
    case 'intake':
      return { done: 0, total: 1 };
    case 'survey':
      return { done: domainsDone + hostsDone, total: domains + hosts };
    case 'judging':
      return { done: judged, total: domains };
    case 'finished':
      return { done: 1, total: 1 };
  }
}

function line(progress: Progress, rate: number): string {
  const { census, stage, domains, domainsDone, hosts, hostsDone, judged, failures } = progress;
  const name = `census ${census}`;
  switch (stage) {
    case 'intake':
      return `${name}: reading lists, ${counted(domains)} domains`;
    case 'survey':
      return (
        `${name}: domains ${counted(domainsDone)}/${counted(domains)}, MX hosts ${counted(hostsDone)}/${counted(hosts)}, ` +
        `${counted(Math.round(rate))} domains/s, ${counted(failures)} failed lookups`
      );
    case 'judging':
      return `${name}: verdicts ${counted(judged)}/${counted(domains)}`;
    case 'finished':
      return `${name}: finished`;
  }
}

function domainSpeed(clockMs: () => number): (done: number) => number {
  const seen: { at: number; done: number }[] = [];
  return (done) => {
    const at = clockMs();
    seen.push({ at, done });
    while (seen.length > 2 && at - seen[0]!.at > SPEED_WINDOW) seen.shift();
    const first = seen[0]!;
    return at > first.at ? ((done - first.done) * 1000) / (at - first.at) : 0;
  };
}
