import { type EngineParts, lookAtAlerts } from '../../src/alerts/engine.ts';
import type { AlertState } from '../../src/alerts/judge.ts';
import type { AlertStore, Notice } from '../../src/alerts/ports.ts';
import { type Rule, ruleInput } from '../../src/alerts/rule.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { silent } from '../support/system/system.ts';

export const QUARTER_MS = 15 * 60_000;
export const BEGIN_MS = Date.parse('2026-09-01T00:00:00Z');

export const ruleOf = (given: object): Rule => ({
  id: 'rule',
  ...ruleInput.parse({
    name: 'orders',
    answer: 'revenue',
    field: 'orders',
    to: [{ slack: 'https://a.example' }],
    ...given,
  }),
});

/** Days of UTC without their calendar, which takes most of the time of a simulated month. */
const utc: EngineParts['calendar'] = {
  at: (ms) => ({
    day: new Date(ms).toISOString().slice(0, 10),
    quarterStartMs: Math.floor(ms / QUARTER_MS) * QUARTER_MS,
    hourStartMs: Math.floor(ms / 3_600_000) * 3_600_000,
  }),
  dayStart: (day) => Date.parse(day),
  addDays: (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10),
};

/** A store in memory. */
function alertStore(rule: Rule): AlertStore & { readonly notices: Notice[] } {
  const [states, values] = [new Map<string, AlertState>(), new Map<number, number>()];
  const notices: Notice[] = [];
  return {
    notices,
    rules: async () => [{ ...rule, source: 'made' }],
    add: async () => 'kept',
    remove: async () => false,
    states: async () => states,
    async keep(id, state, notice) {
      states.set(id, state);
      if (notice) notices.push(notice);
    },
    history: async () => notices,
    values: async (_, moments) => moments.map((at) => values.get(at)),
    async keepValue(_, atMs, value, before) {
      values.set(atMs, value);
      for (const at of values.keys()) if (at < before) values.delete(at);
    },
  };
}

/** What alerts say of a shop whose orders came so, by quarters of an hour. */
export async function alertsOf(rule: Rule, orders: ArrayLike<number>, timezone = 'UTC'): Promise<Notice[]> {
  const store = alertStore(rule);
  const said: Notice[] = [];
  let nowMs = 0;
  const sum = (fromMs: number, toMs: number): number => {
    let total = 0;
    for (let at = fromMs; at < toMs; at += QUARTER_MS) total += orders[(at - BEGIN_MS) / QUARTER_MS] ?? 0;
    return total;
  };
  const parts: EngineParts = {
    store,
    queue: { add: async (notice) => void said.push(notice) },
    calendar: timezone === 'UTC' ? utc : new Calendar(timezone),
    metrics: {
      stepMinutes: () => 15,
      value: async (_, stretch) =>
        stretch === undefined || stretch.fromMs < Math.max(BEGIN_MS, nowMs - 8 * 86_400_000)
          ? { outcome: 'none' }
          : { outcome: 'value', value: sum(stretch.fromMs, stretch.toMs) },
      asOf: async () => nowMs,
    },
    now: () => nowMs,
    logger: silent,
  };
  for (let i = 1; i <= orders.length; i++) {
    nowMs = BEGIN_MS + i * QUARTER_MS + 3 * 60_000;
    await lookAtAlerts(parts);
  }
  return said;
}

/** A day has hours in which nearly nobody buys, and the weekend is better. */
export function usual(atMs: number, perHour: number): number {
  const at = new Date(atMs);
  const hour = at.getUTCHours() + at.getUTCMinutes() / 60;
  const weekend = at.getUTCDay() % 6 === 0 ? 1.3 : 1;
  return perHour * weekend * (1 - 0.8 * Math.cos(((hour - 2) / 24) * 2 * Math.PI));
}
