/**
 * What the dearest hostile answers cost (test/lookup/hostile-answers.ts), with the budgets and with the budgets lifted, beside one
 * honest signed MX answer in the same run. Run it with: npm run bench:hostile
 * Milliseconds of CPU time of one lookup, the least of some rounds; replies are made beforehand, so that only reading, resolving
 * and judging counts. `a reply`: the longest that the event loop is held between one query and the next.
 */
import { readMessage } from '../src/dns/message.ts';
import { name } from '../src/dns/name.ts';
import { RRType } from '../src/dns/rr-type.ts';
import { VALIDATION_LIMITS, type ValidationLimits } from '../src/dnssec/limits.ts';
import type { Exchange, Heard } from '../src/resolve/exchange.ts';
import { LOOKUP_LIMITS, type LookupLimits, ZONE_LIMITS } from '../src/resolve/limits.ts';
import { hostileAnswers } from '../test/lookup/hostile-answers.ts';
import { type WorldOptions, world } from '../test/lookup/signed-internet.ts';

const ROUNDS = 5;
/** By how much budgets are lifted: for good where the answer itself ends it. */
const LIFTED = 10_000;

function lifted<T extends object>(limits: T): T {
  const entries = Object.entries(limits).map(([key, value]) => [
    key,
    typeof value === 'number' ? value * LIFTED : lifted(value),
  ]);
  return Object.fromEntries(entries) as T;
}

const liftedLimits: WorldOptions = {
  validationLimits: lifted<ValidationLimits>(VALIDATION_LIMITS),
  // Queries cost the others more than us; thousands show enough.
  lookupLimits: { ...lifted<LookupLimits>(LOOKUP_LIMITS), queries: 3000 },
  zoneLimits: { ...lifted<LookupLimits>(ZONE_LIMITS), queries: 3000 },
};

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

interface Cost {
  readonly ms: number;
  readonly reply: number;
  readonly queries: number;
  readonly verdict: string;
}

/** Replies by question and how often it was asked before. */
type Tape = Map<string, Heard>;

async function costOf(
  tape: Tape,
  options: WorldOptions,
  asked: ReturnType<typeof name>,
  type: number,
): Promise<Cost> {
  const times = new Map<string, number>();
  let queries = 0;
  let reply = 0;
  let since = 0;
  const wrap =
    (servers: Exchange): Exchange =>
    async (address, query) => {
      reply = Math.max(reply, cpuMs() - since);
      queries++;
      const question = `${address} ${query.type} ${query.edns} ${query.name}`;
      const nth = times.get(question) ?? 0;
      times.set(question, nth + 1);
      const known = tape.get(`${nth} ${question}`);
      const heard = known ?? (await servers(address, query));
      tape.set(`${nth} ${question}`, heard);
      since = cpuMs();
      return heard.kind === 'reply' ? { ...heard, message: readMessage(heard.message.octets)! } : heard;
    };
  const one = world({ ...options, wrap });
  const began = cpuMs();
  since = began;
  const { security } = await one.lookup.ask(asked, type);
  const ended = cpuMs();
  reply = Math.max(reply, ended - since);
  const verdict = security.status === 'secure' ? 'secure' : `${security.status} ${security.because}`;
  return { ms: ended - began, reply, queries, verdict };
}

/** The least of some rounds, after one that makes the replies. */
async function measure(
  options: () => WorldOptions,
  asked: ReturnType<typeof name>,
  type: number,
): Promise<Cost> {
  const tape: Tape = new Map();
  await costOf(tape, options(), asked, type);
  let best: Cost | undefined;
  const until = performance.now() + 10_000;
  for (let round = 0; round < ROUNDS && performance.now() < until; round++) {
    const cost = await costOf(tape, options(), asked, type);
    if (best === undefined || cost.ms < best.ms)
      best = { ...cost, reply: Math.min(cost.reply, best?.reply ?? cost.reply) };
  }
  return best!;
}

const row = (...cells: string[]) => {
  const [first, ...rest] = cells;
  const widths = [9, 9, 8, 8, 10, 8];
  process.stdout.write(`${rest.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(' ')}  ${first}\n`);
};

row('', 'ms', 'a reply', 'queries', 'x honest', 'lifted ms', 'queries');
for (let warm = 0; warm < 20; warm++) await measure(() => ({}), name('good.test'), RRType.MX);
const honest = await measure(() => ({}), name('good.test'), RRType.MX);
const show = (cost: Cost, title: string, without?: Cost) =>
  row(
    `${title}: ${cost.verdict}`,
    cost.ms.toFixed(1),
    cost.reply.toFixed(1),
    String(cost.queries),
    (cost.ms / honest.ms).toFixed(1),
    without === undefined ? '' : without.ms.toFixed(1),
    without === undefined ? '' : String(without.queries),
  );
show(honest, 'an honest signed MX answer, from the root on');
for (const { title, options, asked, type } of hostileAnswers) {
  const cost = await measure(options, asked, type);
  const without = await measure(() => ({ ...options(), ...liftedLimits }), asked, type);
  show(cost, title, without);
}
