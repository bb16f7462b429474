import { distinctStages, type Funnel } from '../analytics/funnel/funnel.ts';
import type { Dimension } from '../metrics/dimension.ts';
import type { Calendar } from '../time/calendar.ts';
import { quartersOf } from '../time/windows.ts';
import type { RollupStore, TouchedHour } from './ports.ts';

export interface RollUpParts {
  readonly store: RollupStore;
  readonly calendar: Calendar;
  readonly funnels: readonly Funnel[];
  readonly dimensions: readonly Dimension[];
  readonly now: () => number;
  /** Ends behind the hour that is being merged: those that are left are merged at the next run. */
  readonly isStopped?: () => boolean;
}

interface RollUpReport {
  readonly hours: number;
}

/**
 * Merges every closed hour that commits have touched into its day, and writes down its
 * funnels. Unions and overwrites only, so that running twice, late, or again after
 * being killed gives the same; an hour that a late event touches is marked again.
 */
export async function rollUp(parts: RollUpParts): Promise<RollUpReport> {
  const { store, calendar, funnels, dimensions, now, isStopped = () => false } = parts;
  const { hour: openHour, day: openDay } = calendar.at(now());
  let hours = 0;
  for (let shard = 0; shard < store.shards; shard++) {
    const marks = await store.takeMarks(shard, openHour);
    for (const mark of [...marks].sort((a, b) => (a.hour < b.hour ? -1 : 1))) {
      if (isStopped()) return { hours };
      await rollUpHour(store, shard, mark, funnels, dimensions, openDay);
      hours += 1;
    }
    await store.cleanUp(shard, (days) => calendar.addDays(openDay, -days));
  }
  return { hours };
}

async function rollUpHour(
  store: RollupStore,
  shard: number,
  mark: TouchedHour,
  funnels: readonly Funnel[],
  dimensions: readonly Dimension[],
  openDay: string,
): Promise<void> {
  const { hour, day } = mark;
  const each = await Promise.all(dimensions.map(({ name }) => store.values(shard, day, name)));
  const [kept, beyond] = [each.flatMap((of) => of.kept), each.flatMap((of) => of.beyond)];
  await store.mergeUsers(shard, mark, distinctStages(funnels), kept);
  await store.leaveUsers(shard, mark, distinctStages(funnels), beyond);
  for (const { name, stages } of funnels) {
    await store.writeFunnel(shard, 'hour', hour, name, stages);
    await store.writeFunnel(shard, 'day', day, name, stages);
  }
  for (const label of [...quartersOf(hour), hour]) await store.trim(shard, label);
  if (day < openDay) await store.trim(shard, day);
  await store.finish(shard, hour);
  const watermark = await store.watermark(shard);
  if (watermark === undefined || watermark < hour) await store.advance(shard, hour);
}
