import type { Redis } from 'ioredis';

/**
 * The writer that cartpulse is measured against: one event at a time, as tutorials do it, yet written with care. One
 * pipeline reads what the event needs, one pipeline writes the same answers: funnels, users, products, engagement,
 * cities, frequencies, revenue, carts, and a user's interactions; hours and days. It is not safe against crashes.
 */
interface Event {
  readonly event_id: string;
  readonly name: string;
  readonly timestamp: number;
  readonly user_id?: string;
  readonly session_id?: string;
  readonly city?: string;
  readonly items?: readonly { item_id: string; item_name?: string; price?: number; quantity?: number }[];
}

const STAGES = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];
const SCORES: Readonly<Record<string, number>> = { view_item: 1, add_to_cart: 3, begin_checkout: 5, purchase: 10 };
const COLUMNS: Readonly<Record<string, string>> = { view_item: 'views', add_to_cart: 'carts', purchase: 'orders' };

export async function writeOne(redis: Redis, event: Event): Promise<void> {
  const at = new Date(event.timestamp).toISOString();
  const windows = [at.slice(0, 13), at.slice(0, 10)];
  if (event.user_id === undefined) {
    const pipeline = redis.pipeline();
    for (const window of windows) pipeline.hincrby(`b:frequencies:${window}`, event.name, 1);
    await pipeline.exec();
    return;
  }
  const { user_id: user, city = 'unknown', name } = event;
  const sessionKey = `b:session:${user}:${event.session_id ?? ''}`;
  const reads = await redis
    .pipeline()
    .set(`b:seen:${user}:${event.event_id}`, 1, 'EX', 900, 'NX')
    .hmget(sessionKey, 'first', 'last', 'events', 'progress', 'window')
    .hget('b:carts', user)
    .exec();
  if (reads?.[0]?.[1] === null) return;
  const [first, last, events, progress, began] = (reads?.[1]?.[1] ?? []) as (string | null)[];
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
    pipeline.hset(sessionKey, 'first', event.timestamp, 'window', windows.join(' ')).expire(sessionKey, 86_400);
  } else {
    if (events === '1') count('engagement', 'bounces', -1, start);
    count('engagement', 'ms', event.timestamp - Number(last), start);
  }
  pipeline.hset(sessionKey, 'last', event.timestamp).hincrby(sessionKey, 'events', 1);
  const next = Number(progress ?? 0);
  if (STAGES[next] === name) {
    count('funnel', name, 1, start);
    pipeline.hset(sessionKey, 'progress', next + 1);
  }
  for (const stage of ['visit', ...(STAGES.includes(name) ? [name] : [])]) {
    pipeline.pfadd(`b:users:${stage}:${windows[0]}`, user).pfadd(`b:users:${stage}:${city}:${windows[0]}`, user);
  }
  pipeline
    .zadd(`b:interactions:${user}`, event.timestamp, JSON.stringify([event.event_id, name]))
    .zremrangebyrank(`b:interactions:${user}`, 0, -201);
  writeItems(pipeline, event, windows);
  writeCart(pipeline, event, reads?.[2]?.[1], user, windows);
  await pipeline.exec();
}

function writeItems(
  pipeline: ReturnType<Redis['pipeline']>,
  { name, items = [] }: Event,
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
    pipeline.hincrby(`b:revenue:${window}`, 'orders', 1).hincrby(`b:revenue:${window}`, 'revenue', revenue);
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
