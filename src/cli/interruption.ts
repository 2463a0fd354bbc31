/** SIGINT and SIGTERM: the first ends the run in order, the second at once. */

/** 128 and the number of SIGINT, as shells say it. */
export const EXIT_INTERRUPTED = 130;

export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Leaves signals to themselves again. */
  end(): void;
}

/** What is committed is safe either way. */
export function awaitInterruption(): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    process.stderr.write('\ndane-census: ending in order, once more to leave at once\n');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    end: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
