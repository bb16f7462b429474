import { Shop } from '../../../src/simulator/shop.ts';

const DAY_MS = 86_400_000;
const AT_ONCE = 5_000;

/** Whole days of a shop with 5,000 products, up to now. */
export interface ShopDays {
  readonly events: number;
  readonly days: number;
  readonly nowMs: number;
  readonly fromDay: string;
  readonly toDay: string;
}

export function shopDays(events: number, days: number, nowMs: number): ShopDays {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return { events, days, nowMs, fromDay: day(nowMs - (days - 1) * DAY_MS), toDay: day(nowMs) };
}

/** The same events whenever it is asked for the same, some thousands at a time. */
export function* fillDays({ events, days, nowMs }: ShopDays): Generator<Record<string, unknown>[]> {
  const shop = new Shop({ seed: 31, products: 5_000, sessions: 1_000 });
  const spanMs = (days - 0.5) * DAY_MS;
  let made = 0;
  for (let i = 0; made < events; ) {
    const some: Record<string, unknown>[] = [];
    for (; some.length < AT_ONCE; i++) some.push(...shop.next(nowMs - spanMs + Math.floor((i * spanMs) / events)));
    made += some.length;
    yield some;
  }
}
