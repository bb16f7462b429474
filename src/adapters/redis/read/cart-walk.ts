import type { CartPage } from '../../../analytics/abandoned-carts/cart-lists.ts';
import type { EndedCart } from '../../../fold/state/records.ts';
import type { ReadBudget } from '../../../metrics/read-budget.ts';
import { pairs, type RedisClient, readTogether, toMaybeStrings, toStrings } from '../client/connection.ts';

/** Of one list, carts looked at by one round trip. */
const MOST_AT_ONCE = 1_000;
/** Carts may hold thousands of items: at first a few are looked into, and a page ends where its carts hold as many as this together. */
const FEW = 25;
const MOST_ITEMS = 20_000;

/** What a step costs Redis. */
const STEP_US = 2_000;

/** A cart as it is kept, and whose it is. */
interface KeptCart extends EndedCart {
  readonly userId: string;
}

interface FoundCart extends KeptCart {
  readonly atMs: number;
}

/** A sorted set of carts by time, and the hash that holds what its members stand for. */
export interface CartSource {
  readonly key: string;
  readonly records: string;
  /** What its scores lie behind the moment that lists are ordered by. */
  readonly shiftMs: number;
  decode(member: string, text: string): KeptCart;
}

/** A source, and how far it has been read. */
interface Walk {
  readonly source: CartSource;
  count: number;
  /** What is newer has been read; -∞ where all has. */
  readToMs: number;
}

/** Read, and not looked into. */
interface Entry {
  readonly source: CartSource;
  readonly member: string;
  readonly atMs: number;
}

export interface FoundPage {
  readonly carts: readonly FoundCart[];
  /** Whether the page ends before its limit because its carts hold much. */
  readonly isCutShort: boolean;
}

/** The newest carts of a page, out of all sources together: no more of them are looked into than it takes. */
export async function newestCarts(
  redis: RedisClient,
  sources: readonly CartSource[],
  page: CartPage,
  budget: ReadBudget,
): Promise<FoundPage> {
  const walks = sources.map((source): Walk => ({ source, count: 0, readToMs: Number.POSITIVE_INFINITY }));
  const found: FoundCart[] = [];
  let waiting: Entry[] = [];
  // Mostly the newest are those that are shown; where they are of other cities or hours, it goes on in larger steps.
  let step = Math.min(page.limit, MOST_AT_ONCE);
  let [items, atOnce] = [0, FEW];
  while (found.length < page.limit && items < MOST_ITEMS) {
    await budget.allow(STEP_US);
    budget.note(STEP_US);
    const readToMs = Math.max(...walks.map((walk) => walk.readToMs));
    const next = newest(waiting, readToMs, Math.min(step, atOnce));
    if (next.length > 0) {
      const looked = (await lookInto(redis, next)).filter((cart) => isOfPage(cart, page));
      found.push(...looked);
      items += looked.reduce((sum, { cart }) => sum + cart.lines.size, 0);
      waiting = waiting.slice(next.length);
      atOnce = 2 * atOnce;
      step = Math.min(2 * step, MOST_AT_ONCE);
    } else if (readToMs === Number.NEGATIVE_INFINITY) {
      break;
    } else {
      const furthest = walks.filter((walk) => walk.readToMs === readToMs);
      waiting = [...waiting, ...(await readOn(redis, furthest, page, step))].sort((a, b) => b.atMs - a.atMs);
    }
  }
  return { carts: found.sort(newestFirst).slice(0, page.limit), isCutShort: items >= MOST_ITEMS };
}

/** So many of the newest that none can come before any more; all of one moment, since of those the first by id are shown. */
function newest(waiting: readonly Entry[], readToMs: number, count: number): readonly Entry[] {
  const lastMs = Math.max(waiting[count - 1]?.atMs ?? Number.NEGATIVE_INFINITY, readToMs);
  const end = waiting.findIndex(({ atMs }) => atMs <= readToMs || atMs < lastMs);
  return end === -1 ? waiting : waiting.slice(0, end);
}

async function readOn(redis: RedisClient, walks: readonly Walk[], page: CartPage, step: number): Promise<Entry[]> {
  const replies = await readTogether(
    redis,
    walks.map(({ source: { key, shiftMs }, count }) => {
      const max = page.behind === undefined ? '+inf' : String(page.behind.atMs + shiftMs);
      const min = page.fromMs + shiftMs;
      return (on) => on.zrevrangebyscore(key, max, min, 'WITHSCORES', 'LIMIT', count, step);
    }),
  );
  return walks.flatMap((walk, i) => {
    const { source } = walk;
    const entries = pairs(toStrings(replies[i])).map(
      ([member, score]): Entry => ({ source, member, atMs: Number(score) - source.shiftMs }),
    );
    walk.count += entries.length;
    walk.readToMs = (entries.length === step ? entries.at(-1)?.atMs : undefined) ?? Number.NEGATIVE_INFINITY;
    return entries;
  });
}

async function lookInto(redis: RedisClient, entries: readonly Entry[]): Promise<FoundCart[]> {
  const sources = [...new Set(entries.map(({ source }) => source))];
  const each = sources.map((source) => ({ source, of: entries.filter((entry) => entry.source === source) }));
  const replies = await readTogether(
    redis,
    each.map(({ source: { records }, of }) => {
      const members = of.map(({ member }) => member);
      return (on) => on.hmget(records, ...members);
    }),
  );
  return each.flatMap(({ source, of }, i) => {
    const texts = toMaybeStrings(replies[i]);
    return of.flatMap(({ member, atMs }, n): FoundCart[] => {
      const text = texts[n];
      // Meanwhile it may have been bought, or taken up again.
      return text === null || text === undefined ? [] : [{ ...source.decode(member, text), atMs }];
    });
  });
}

function isOfPage({ atMs, cart }: FoundCart, { fromMs, toMs, of, worth, behind }: CartPage): boolean {
  if (of !== undefined && cart.values[of.place] !== of.value) return false;
  if (worth !== undefined && (cart.currency !== worth.currency || cart.value < worth.least)) return false;
  if (cart.openedMs < fromMs || cart.openedMs >= toMs) return false;
  return behind === undefined || atMs < behind.atMs || (atMs === behind.atMs && cart.cartId > behind.cartId);
}

function newestFirst(a: FoundCart, b: FoundCart): number {
  return b.atMs - a.atMs || (a.cart.cartId < b.cart.cartId ? -1 : 1);
}
