/**
 * Answers remembered, and what is under way shared, so that no question is put to the same servers twice in vain.
 * - An answer or denial for as long as `answer-seconds.ts` says.
 * - A failure for a while that grows with each time that it recurs (RFC 9520 §3.2), unless the fault is our own.
 * - A question that is being answered is waited for by whoever else asks it (RFC 5452 §5: no two alike at once).
 */
import { LruCache } from '../base/lru-cache.ts';
import { reasonOf } from '../base/reasons/catalogue.ts';
import { type Answer, octetsOf, reasonOfSecurity } from './answer.ts';
import * as limits from './limits.ts';

interface Failure {
  readonly answer: Answer;
  readonly seconds: number;
  /** Until then it is the answer; thereafter it only tells how long the next one is remembered. */
  readonly untilMs: number;
}

export class AnswerMemory {
  readonly #answers: LruCache<string, Answer>;
  readonly #failures: LruCache<string, Failure>;
  readonly #underWay = new Map<string, Promise<Answer>>();
  readonly #clockMs: () => number;
  readonly #secondsOf: (answer: Answer) => number;

  constructor(clockMs: () => number, secondsOf: (answer: Answer) => number) {
    const maxWeight = limits.MAX_ANSWERS_OCTETS;
    this.#answers = new LruCache(limits.MAX_ANSWERS, clockMs, { weigh: octetsOf, maxWeight });
    this.#failures = new LruCache(limits.MAX_FAILURES, clockMs, {
      weigh: ({ answer }) => octetsOf(answer),
      maxWeight,
    });
    this.#clockMs = clockMs;
    this.#secondsOf = secondsOf;
  }

  /** Undefined where it is to be found out. */
  recall(key: string): Answer | undefined {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const failure = this.#failures.get(key);
    return failure !== undefined && failure.untilMs > this.#clockMs() ? failure.answer : undefined;
  }

  /** Finds it out, together with whoever else wants to know. An error of ours is not remembered. */
  share(key: string, find: () => Promise<Answer>): Promise<Answer> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const finding = this.#find(key, find);
    this.#underWay.set(key, finding);
    return finding;
  }

  async #find(key: string, find: () => Promise<Answer>): Promise<Answer> {
    try {
      return await find();
    } finally {
      this.#underWay.delete(key);
    }
  }

  remember(key: string, answer: Answer): void {
    if (answer.outcome !== 'failed') {
      this.#failures.delete(key);
      const seconds = this.#secondsOf(answer);
      if (seconds > 0) this.#answers.set(key, answer, seconds);
      return;
    }
    const because = reasonOfSecurity(answer.security);
    if (because !== null && reasonOf(because).mender === 'ours') return;
    const before = this.#failures.get(key);
    const seconds =
      before === undefined
        ? limits.FIRST_FAILURE_SECONDS
        : Math.min(limits.MAX_FAILURE_SECONDS, before.seconds * limits.FAILURE_BACKOFF);
    const failure = { answer, seconds, untilMs: this.#clockMs() + seconds * 1000 };
    this.#failures.set(key, failure, limits.MAX_FAILURE_SECONDS + seconds);
  }
}
