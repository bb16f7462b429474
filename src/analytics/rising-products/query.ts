import type { WindowSet } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { type AskedItems, wantedItems } from '../shared/item-filter.ts';
import { itemNames, productCarts, productOrders, productUnits, productViews, shownOf } from '../shared/items.ts';

const COLUMNS = { views: productViews, carts: productCarts, orders: productOrders, units: productUnits };
const HOUR_MS = 3_600_000;
const MOST_DAYS = 7;
/** An item's score is never above its count, so those that count most are looked at. */
const MOST_CANDIDATES = 10_000;

interface RisingQuery extends AskedItems {
  readonly by: keyof typeof COLUMNS;
  readonly limit: number;
}

/**
 * This hour against the same hour of the days before, as far as hours are kept, at most seven. What is expected by
 * now is their mean, times the share of the hour that has passed; the score is how far the count lies above that,
 * in standard deviations of a count that is expected to be so large (Poisson): (now - expected) / √(expected + 1).
 */
export async function queryRising({ by, limit, ...asked }: RisingQuery, context: QueryContext) {
  const { reader, calendar, nowMs, hourlyDays } = context;
  const open = calendar.at(nowMs);
  const days = Math.min(MOST_DAYS, hourlyDays);
  const before = hours(sameHourBefore(context, days));
  const column = COLUMNS[by];
  const wanted = await wantedItems(asked, reader);
  const most = await reader.ranking(column, hours([open.hour]), MOST_CANDIDATES);
  const now = most.filter(({ member }) => wanted?.has(member) ?? true);
  const items = now.map(({ member }) => member);
  const usual = await reader.sums(column, before, items);
  const passed = (nowMs - open.hourStartMs) / HOUR_MS;
  const rising = now
    .map(({ member, score }) => {
      const count = shownOf(column, score);
      const expected = (shownOf(column, usual.get(member) ?? 0) / days) * passed;
      return { member, now: count, expected, score: (count - expected) / Math.sqrt(expected + 1) };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.member < b.member ? -1 : 1))
    .slice(0, limit);
  const names = await reader.latest(
    itemNames,
    rising.map(({ member }) => member),
  );
  return rising.map(({ member, ...figures }, i) => {
    const name = names[i];
    return {
      rank: i + 1,
      item_id: member,
      item_name: name ?? null,
      ...figures,
    };
  });
}

const hours = (labels: readonly string[]): WindowSet => ({ window: 'hour', labels });

/**
 * The hour that has the same local time on each of the days
 * before; where daylight saving doubled it, the first of the two.
 */
function sameHourBefore({ calendar, nowMs }: QueryContext, days: number): string[] {
  const { day, hour: label } = calendar.at(nowMs);
  const hour = Number(label.slice(11, 13));
  return Array.from({ length: days }, (_, i) => calendar.hourOf(calendar.addDays(day, -i - 1), hour));
}
