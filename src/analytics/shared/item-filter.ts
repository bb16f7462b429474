import { z } from '@hono/zod-openapi';
import { levelsOf } from '../../events/details/category-path.ts';
import type { RankingFamily } from '../../metrics/family.ts';
import type { Counts, Reader, WindowSet } from '../../metrics/reader.ts';
import { itemBrands, itemCategories } from './items.ts';

/** Stands for the category or brand of items that have none. */
export const NO_GROUP = '(none)';
/** The levels of a category, as parameters and rows name them. */
export const LEVELS = ['category', 'category2', 'category3', 'category4', 'category5'] as const;
export type Level = (typeof LEVELS)[number];

const title = z.string().min(1).max(1_024).optional();
const level = (n: number) => title.openapi({ description: `only items whose category has this as its level ${n}` });

export const categoryParams = {
  category: level(1),
  category2: level(2),
  category3: level(3),
  category4: level(4),
  category5: level(5),
};
export const itemFilterParams = {
  ...categoryParams,
  brand: title.openapi({ description: 'only items of this brand; (none): those without one' }),
};

type AskedLevels = { readonly [L in Level]?: string | undefined };
export type AskedItems = AskedLevels & { readonly brand?: string | undefined };

/** Up to so many items are looked up one by one; of more, all are read. */
const FEW = 2_000;
/** So many are looked at in one go. */
const AT_ONCE = 10_000;

/** Items that an answer is about alone. */
export interface WantedItems {
  has(itemId: string): boolean;
  /** All of them, where there are few. */
  readonly few: readonly string[] | undefined;
}

/** @returns a test of categories, as they are kept; undefined where every one will do */
export function categoryTest(asked: AskedLevels): ((path: string) => boolean) | undefined {
  const wanted = LEVELS.map((name) => asked[name]);
  if (wanted.every((value) => value === undefined)) return undefined;
  return (path) => {
    const levels = levelsOf(path);
    return wanted.every((value, i) => value === undefined || value === (levels[i] ?? NO_GROUP));
  };
}

/** Which items have the categories and the brand that are asked for, as they are now; undefined where all will do. */
export async function wantedItems(asked: AskedItems, reader: Reader): Promise<WantedItems | undefined> {
  const { brand } = asked;
  const isCategory = categoryTest(asked);
  const tests = [
    ...(isCategory === undefined ? [] : [{ of: itemCategories, holds: isCategory }]),
    ...(brand === undefined ? [] : [{ of: itemBrands, holds: (value: string) => (value || NO_GROUP) === brand }]),
  ];
  const each = await Promise.all(
    tests.map(async ({ of, holds }) => ({ groups: await reader.groups(of), holds: once(holds) })),
  );
  const [first] = each;
  if (first === undefined) return undefined;
  const has = (item: string): boolean => each.every(({ groups, holds }) => holds(groups.get(item) ?? ''));
  // Of items without a group nobody knows which there are.
  const isOpen = each.every(({ holds }) => holds(''));
  return { has, few: isOpen ? undefined : await fewOf(each.find(({ holds }) => !holds('')) ?? first, has, reader) };
}

async function fewOf(
  { groups, holds }: { readonly groups: ReadonlyMap<string, string>; readonly holds: (group: string) => boolean },
  has: (item: string) => boolean,
  reader: Reader,
): Promise<string[] | undefined> {
  const few: string[] = [];
  let looked = 0;
  for (const [item, group] of groups) {
    if (++looked % AT_ONCE === 0) await reader.pause();
    if (holds(group) && has(item) && few.push(item) > FEW) return undefined;
  }
  return few;
}

/** Tens of thousands of items have hundreds of groups: each is looked at once. */
function once(test: (group: string) => boolean): (group: string) => boolean {
  const known = new Map<string, boolean>();
  return (group) => {
    const verdict = known.get(group) ?? test(group);
    known.set(group, verdict);
    return verdict;
  };
}

export async function sumsOfWanted(
  wanted: WantedItems,
  of: RankingFamily,
  windows: WindowSet,
  reader: Reader,
  dimensions = '',
): Promise<Counts> {
  if (wanted.few !== undefined) return reader.sums(of, windows, wanted.few, dimensions);
  const found = new Map<string, number>();
  let looked = 0;
  for (const [item, sum] of await reader.everySum(of, windows, dimensions)) {
    if (++looked % AT_ONCE === 0) await reader.pause();
    if (wanted.has(item)) found.set(item, sum);
  }
  return found;
}
