import type { CounterFamily } from '../../metrics/family.ts';
import { byDimension, fieldOf } from '../../metrics/fields.ts';
import { type Filter, selectionOf, usersOf } from '../../metrics/query/selection.ts';
import type { Reader, WindowSet } from '../../metrics/reader.ts';
import { isDayLabel } from '../../time/windows.ts';
import { dailyUsers, hourlyUsers, stageUsers, stageUsersByValue } from './unique-users.ts';

/** Users at each stage over all windows together: counted where that is one hour or one day, estimated for the union of several. */
export async function usersAt(
  reader: Reader,
  windows: WindowSet,
  stages: readonly string[],
  filter: Filter | undefined,
): Promise<number[]> {
  const counted = countedIn(windows);
  if (counted === undefined) {
    const of = filter === undefined ? stageUsers : stageUsersByValue;
    return reader.uniques(of, { ...windows, dimensions: stages.map((stage) => usersOf(stage, filter)) });
  }
  const { dimensions, field } = selectionOf(filter);
  const counts = await reader.totals(counted, windows, stages.map(field), dimensions);
  return stages.map((stage) => counts.get(field(stage)) ?? 0);
}

/** Users at each stage in each hour, or on each day: counted. */
export async function usersInTime(
  reader: Reader,
  windows: WindowSet,
  stages: readonly string[],
  filter: Filter | undefined,
): Promise<number[][]> {
  const { dimensions, field } = selectionOf(filter);
  const of = windows.window === 'day' ? dailyUsers : hourlyUsers;
  const each = await reader.counters(of, windows, stages.map(field), dimensions);
  return each.map((counts) => stages.map((stage) => counts.get(field(stage)) ?? 0));
}

/** Users at each stage with each of the values, over all windows together: see `usersAt`. */
export async function usersByValue(
  reader: Reader,
  windows: WindowSet,
  stages: readonly string[],
  dimension: string,
  values: readonly string[],
): Promise<number[][]> {
  const counted = countedIn(windows);
  const each = values.flatMap((value) => stages.map((stage) => [stage, value] as const));
  const users = async (): Promise<number[]> => {
    if (counted === undefined) {
      const dimensions = each.map(([stage, value]) => usersOf(stage, { dimension, value }));
      return reader.uniques(stageUsersByValue, { ...windows, dimensions });
    }
    const fields = each.map(([stage, value]) => fieldOf(stage, value));
    const counts = await reader.totals(counted, windows, fields, byDimension('', dimension));
    return fields.map((field) => counts.get(field) ?? 0);
  };
  const all = await users();
  return values.map((_, i) => all.slice(i * stages.length, (i + 1) * stages.length));
}

/** Those of an answer's fields that are estimated, where they are about the users of these windows together. */
export function estimatedIn(windows: WindowSet, fields: readonly (string | undefined)[]): string[] {
  return countedIn(windows) === undefined ? fields.filter((field) => field !== undefined) : [];
}

/** Where the users of these windows are counted; undefined where that is not one hour or one day. */
function countedIn({ window, labels: [label, ...more] }: WindowSet): CounterFamily | undefined {
  if (label === undefined || more.length > 0) return undefined;
  if (isDayLabel(label)) return dailyUsers;
  return window === 'hour' ? hourlyUsers : undefined;
}
