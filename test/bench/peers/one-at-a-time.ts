import type { Redis } from 'ioredis';

/**
 * The writer that cartpulse is measured against: one event at a time, as tutorials do it, yet written with care.
 * One pipeline reads what the event needs, one pipeline writes the same answers: funnels with their times, users,
 * new users, products, stock and prices, engagement, cities, frequencies, revenue, payments, searches, carts, the
 * last hour by five seconds, and a user's interactions; hours and days. It is not safe against crashes.
 */
interface Event {
  readonly event_id: string;
  readonly name: string;
  readonly timestamp: number;
  readonly user_id?: string;
  readonly session_id?: string;
  readonly city?: string;
  readonly payment_type?: string;
  readonly search_term?: string;
  readonly results_count?: number;
  readonly item_id?: string;
  readonly stock_level?: number;
  readonly price?: number;
  readonly items?: readonly { item_id: string; item_name?: string; price?: number; quantity?: number }[];
}

const STAGES = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];
const SCORES: Readonly<Record<string, number>> = { view_item: 1, add_to_cart: 3, begin_checkout: 5, purchase: 10 };
const COLUMNS: Readonly<Record<string, string>> = {
  view_item: 'views',
  add_to_cart: 'carts',
  remove_from_cart: 'removes',
  purchase: 'orders',
};
const HOUR = 3_600_000;

export async function writeOne(redis: Redis, event: Event): Promise<void> {
  const at = new Date(event.timestamp).toISOString();
  const windows = [at.slice(0, 13), at.slice(0, 10)];
  if (event.user_id === undefined) {
    await writeInventory(redis, event, windows);
    return;
  }
  const { user_id: user, city = 'unknown', name } = event;
  const sessionKey = `b:session:${user}:${event.session_id ?? ''}`;
  const reads = await redis
    .pipeline()
    .set(`b:seen:${user}:${event.event_id}`, 1, 'EX', 900, 'NX')
    .hmget(sessionKey, 'first', 'last', 'events', 'progress', 'window', 'reached', 'search')
    .hget('b:carts', user)
    .set(`b:known:${user}`, 1, 'EX', 30 * 86_400, 'NX')
    .exec();
  if (reads?.[0]?.[1] === null) return;
  const [first, last, events, progress, began, reached, search] = (reads?.[1]?.[1] ?? []) as (string | null)[];
  const pipeline = redis.pipeline();
  const count = (key: string, field: string, by = 1, of: readonly string[] = windows): void => {
    for (const window of of)
      pipeline.hincrby(`b:${key}:${window}`, field, by).hincrby(`b:${key}:${window}`, `${field}|${city}`, by);
  };
  const start = began?.split(' ') ?? windows;
  count('frequencies', name);
  count('engagement', 'events');
  count('cities', 'events');
  count('cities', 'score', SCORES[name] ?? 0);
  if (first === null || first === undefined) {
    count('engagement', 'sessions');
    count('engagement', 'bounces');
    count('funnel', 'visit');
    if (reads?.[3]?.[1] !== null) count('new-users', 'users');
    pipeline.hset(sessionKey, 'first', event.timestamp, 'window', windows.join(' ')).expire(sessionKey, 86_400);
  } else {
    if (events === '1') count('engagement', 'bounces', -1, start);
    count('engagement', 'ms', event.timestamp - Number(last), start);
  }
  pipeline.hset(sessionKey, 'last', event.timestamp).hincrby(sessionKey, 'events', 1);
  const next = Number(progress ?? 0);
  if (STAGES[next] === name) {
    count('funnel', name, 1, start);
    const seconds = (event.timestamp - Number(reached ?? first ?? event.timestamp)) / 1_000;
    const bucket = seconds < 1 ? 0 : 1 + Math.floor(4 * Math.log2(seconds));
    for (const window of start) pipeline.hincrby(`b:times:${window}`, `${name}:${bucket}`, 1);
    pipeline.hset(sessionKey, 'progress', next + 1, 'reached', event.timestamp);
  }
  for (const stage of ['visit', ...(STAGES.includes(name) ? [name] : [])]) {
    pipeline.pfadd(`b:users:${stage}:${windows[0]}`, user).pfadd(`b:users:${stage}:${city}:${windows[0]}`, user);
  }
  pipeline
    .zadd(`b:interactions:${user}`, event.timestamp, JSON.stringify([event.event_id, name]))
    .zremrangebyrank(`b:interactions:${user}`, 0, -201);
  writeSearch(pipeline, event, sessionKey, search, windows);
  if (Date.now() - event.timestamp < HOUR) {
    const second = Math.floor(event.timestamp / 5_000) * 5_000;
    pipeline.hincrby(`b:actions:${second}`, name, 1).expire(`b:actions:${second}`, 3_900);
    pipeline.pfadd(`b:recent:${Math.floor(event.timestamp / 30_000)}`, user);
  }
  writeItems(pipeline, event, windows);
  writeCart(pipeline, event, reads?.[2]?.[1], user, windows);
  await pipeline.exec();
}

async function writeInventory(redis: Redis, event: Event, windows: readonly string[]): Promise<void> {
  const { name, item_id: item = '', event_id, timestamp, stock_level, price } = event;
  const pipeline = redis.pipeline();
  for (const window of windows) pipeline.hincrby(`b:frequencies:${window}`, name, 1);
  if (stock_level !== undefined)
    pipeline
      .hset('b:stock', item, stock_level)
      .zadd(`b:stock:${item}`, timestamp, JSON.stringify([event_id, stock_level]));
  if (price !== undefined)
    pipeline.hset('b:prices', item, price).zadd(`b:prices:${item}`, timestamp, JSON.stringify([event_id, price]));
  await pipeline.exec();
}

function writeSearch(
  pipeline: ReturnType<Redis['pipeline']>,
  { name, search_term: term = '', results_count }: Event,
  sessionKey: string,
  pending: string | null | undefined,
  windows: readonly string[],
): void {
  const folded = term.trim().toLowerCase();
  if (name === 'search' && folded !== '') {
    for (const window of windows) {
      pipeline.zincrby(`b:searches:${window}`, 1, folded);
      if (results_count === 0) pipeline.zincrby(`b:searches:none:${window}`, 1, folded);
    }
    pipeline.hset(sessionKey, 'search', folded);
  }
  if (name !== 'view_item' || !pending) return;
  for (const window of windows) pipeline.zincrby(`b:searches:clicks:${window}`, 1, pending);
  pipeline.hdel(sessionKey, 'search');
}

function writeItems(
  pipeline: ReturnType<Redis['pipeline']>,
  { name, city = 'unknown', payment_type: payment = 'unknown', items = [] }: Event,
  windows: readonly string[],
): void {
  const column = COLUMNS[name];
  for (const { item_id: item, item_name: itemName, price = 0, quantity = 1 } of items) {
    if (itemName !== undefined) pipeline.hset('b:names', item, itemName);
    for (const window of windows) {
      if (column !== undefined) pipeline.zincrby(`b:products:${column}:${window}`, 1, item);
      if (name === 'purchase')
        pipeline
          .zincrby(`b:products:units:${window}`, quantity, item)
          .zincrby(`b:products:revenue:${window}`, Math.round(price * 100) * quantity, item);
    }
  }
  if (name !== 'purchase') return;
  const revenue = items.reduce((sum, { price = 0, quantity = 1 }) => sum + Math.round(price * 100) * quantity, 0);
  for (const window of windows)
    for (const suffix of ['', `|${city}`])
      pipeline
        .hincrby(`b:revenue:${window}`, `orders${suffix}`, 1)
        .hincrby(`b:revenue:${window}`, `revenue${suffix}`, revenue)
        .hincrby(`b:payments:${window}`, `orders:${payment}${suffix}`, 1)
        .hincrby(`b:payments:${window}`, `revenue:${payment}${suffix}`, revenue);
}

function writeCart(
  pipeline: ReturnType<Redis['pipeline']>,
  event: Event,
  known: unknown,
  user: string,
  windows: readonly string[],
): void {
  const open = typeof known === 'string';
  if (event.name === 'add_to_cart') {
    if (!open) for (const window of windows) pipeline.hincrby(`b:abandonment:${window}`, 'opened', 1);
    pipeline.hset('b:carts', user, JSON.stringify(event.items)).zadd('b:carts-due', event.timestamp + 3_600_000, user);
  } else if (open && event.name === 'purchase') {
    pipeline.hdel('b:carts', user).zrem('b:carts-due', user);
    for (const window of windows) pipeline.hincrby(`b:abandonment:${window}`, 'purchased', 1);
  } else if (open) pipeline.zadd('b:carts-due', event.timestamp + 3_600_000, user);
}
