import { messageOf } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Calendar } from '../time/calendar.ts';
import { type AlertState, judge, nextState } from './judge.ts';
import type { AlertStore, Metrics, Notice, NoticeQueue } from './ports.ts';
import { type Rule, weeksOf } from './rule.ts';

const MINUTE_MS = 60_000;
/** What comes a little late is still in the value. */
const SETTLE_MS = 2 * MINUTE_MS;
/** After a pause so many of the last windows are looked at, not all that was missed. */
const MOST_WINDOWS = 8;
const WEEK_DAYS = 7;

/** The store's days, hours and quarters. */
interface Days extends Pick<Calendar, 'dayStart' | 'addDays'> {
  at(ms: number): Pick<ReturnType<Calendar['at']>, 'day' | 'hourStartMs' | 'quarterStartMs'>;
}

export interface EngineParts {
  readonly store: AlertStore;
  readonly metrics: Metrics;
  readonly queue: NoticeQueue;
  readonly calendar: Days;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Looks at every rule: what its metric is, whether that is said, or over. */
export async function lookAtAlerts(parts: EngineParts): Promise<void> {
  const { store, logger } = parts;
  const [rules, states] = await Promise.all([store.rules(), store.states()]);
  for (const rule of rules) {
    try {
      await lookAt(rule, states.get(rule.id), parts);
    } catch (error) {
      // The others are looked at all the same, and this one again in a minute.
      logger.warn({ alert: rule.id, error: messageOf(error) }, 'an alert could not be looked at');
    }
  }
}

async function lookAt(rule: Rule, known: AlertState | undefined, parts: EngineParts): Promise<void> {
  let state: AlertState = known ?? { status: 'ok', judgedMs: 0 };
  for (const atMs of await momentsOf(rule, state, parts)) {
    const seen = await seenAt(rule, atMs, parts);
    if (seen === undefined) continue;
    const { state: next, turn } = nextState(state, rule, atMs, seen);
    const notice = turn && noticeOf(rule, turn, atMs, seen);
    // Before it is kept that it was said: said twice it is the same notice, never said it would be lost.
    if (notice !== undefined) await parts.queue.add(notice, rule.to.length);
    await parts.store.keep(rule.id, next, notice);
    state = next;
  }
}

/** Ends of windows that are over, counted, and not looked at yet; where there is no window, now. */
async function momentsOf(
  rule: Rule,
  { judgedMs }: AlertState,
  { metrics, calendar, now }: EngineParts,
): Promise<number[]> {
  if (rule.over_minutes === undefined) return [now()];
  const startOf = startOfStep(rule.answer, metrics, calendar);
  const moments: number[] = [];
  let at = await newestEnd(rule.answer, { metrics, calendar, now });
  for (; at > judgedMs && moments.length < MOST_WINDOWS; at = startOf(at - 1)) moments.unshift(at);
  // Of a rule that is new only the newest window is of interest.
  return judgedMs === 0 ? moments.slice(-1) : moments;
}

const startOfStep =
  (answer: string, metrics: Metrics, calendar: Days) =>
  (ms: number): number =>
    calendar.at(ms)[metrics.stepMinutes(answer) === 15 ? 'quarterStartMs' : 'hourStartMs'];

/** Where the newest time ends that is over and counted, of which a number of this answer can be told. */
export async function newestEnd(
  answer: string,
  { metrics, calendar, now }: Pick<EngineParts, 'metrics' | 'calendar' | 'now'>,
): Promise<number> {
  return startOfStep(answer, metrics, calendar)(Math.min(now() - SETTLE_MS, await metrics.asOf()));
}

async function seenAt(rule: Rule, atMs: number, parts: EngineParts) {
  const value = await valueAt(rule, atMs, parts);
  if (value === undefined) return undefined;
  const weeks = weeksOf(rule);
  if (weeks > 0) await parts.store.keepValue(rule.id, atMs, value, sameTimeBefore(atMs, weeks + 1, parts.calendar));
  return { value, ...judge(rule.when, value, await before(rule, atMs, weeks, parts)) };
}

async function valueAt(rule: Rule, atMs: number, { metrics }: EngineParts): Promise<number | undefined> {
  const over = rule.over_minutes;
  const stretch = over === undefined ? undefined : { fromMs: atMs - over * MINUTE_MS, toMs: atMs };
  const read = await metrics.value(rule, stretch);
  return read.outcome === 'value' ? read.value : undefined;
}

/** What it was at the same local time of the weeks before: as it was kept then, else as hours still tell. */
async function before(rule: Rule, atMs: number, weeks: number, parts: EngineParts): Promise<number[]> {
  const moments = Array.from({ length: weeks }, (_, i) => sameTimeBefore(atMs, i + 1, parts.calendar));
  const kept = await parts.store.values(rule.id, moments);
  const found: number[] = [];
  for (const [i, moment] of moments.entries()) {
    const value = kept[i] ?? (await valueAt(rule, moment, parts));
    if (value === undefined) continue;
    if (kept[i] === undefined) await parts.store.keepValue(rule.id, moment, value, 0);
    found.push(value);
  }
  return found;
}

/** Also where clocks were moved in between. */
function sameTimeBefore(atMs: number, weeks: number, calendar: Days): number {
  const { day } = calendar.at(atMs);
  return calendar.dayStart(calendar.addDays(day, -weeks * WEEK_DAYS)) + (atMs - calendar.dayStart(day));
}

function noticeOf(
  { id: alertId, name }: Rule,
  turn: Notice['turn'],
  atMs: number,
  { value, expected }: { readonly value: number; readonly expected?: number },
): Notice {
  const id = `${alertId}-${turn}-${atMs}`;
  return {
    id,
    alertId,
    name,
    turn,
    at: new Date(atMs).toISOString(),
    value,
    ...(expected !== undefined && { expected }),
  };
}
