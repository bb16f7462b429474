import { expect, test } from 'vitest';
import { Random } from '../../../src/simulator/random.ts';
import { readOut } from '../system/out-topics.ts';
import { startProcess } from '../system/processes.ts';
import { eventually, startSystem, type TestSystem } from '../system/system.ts';

const MIN = 60_000;
const PARTITIONS = 4;
const BOUGHT = 60;
const LEFT = 30;
/** Some of these guests are in one partition with their user, others are not. */
const SIGNED_IN = 20;
const numbered = (name: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${name}-${i}`);
const mug = { items: [{ item_id: 'mug', price: 5 }] };

/**
 * Guests who put something into a cart, sign in and buy, guests who leave, and some who sign in before they leave; and, hours later, others
 * who do something in each partition.
 */
function shopping(beganMs: number, random: Random): object[] {
  const at = (minutes: number) => ({ timestamp: beganMs + Math.round(minutes * MIN) + random.below(MIN) });
  const bought = Array.from({ length: BOUGHT }, (_, i) => {
    const [guest, user] = [{ anonymous_id: `guest-${i}` }, { user_id: `user-${i}` }];
    return [
      { name: 'add_to_cart', ...guest, ...mug, ...at(0) },
      { name: 'page_view', ...guest, ...user, ...at(15) },
      { name: 'purchase', ...user, transaction_id: `order-${i}`, ...mug, ...at(25) },
    ];
  });
  const left = Array.from({ length: LEFT }, (_, i) => ({
    name: 'add_to_cart',
    anonymous_id: `left-${i}`,
    ...mug,
    ...at(0),
  }));
  const signedIn = Array.from({ length: SIGNED_IN }, (_, i) => {
    const [guest, user] = [{ anonymous_id: `leaving-${i}` }, { user_id: `leaver-${i}` }];
    return [
      { name: 'add_to_cart', ...guest, ...mug, ...at(0) },
      { name: 'page_view', ...guest, ...user, ...at(15) },
    ];
  });
  return [...bought.flat(), ...left, ...signedIn.flat(), ...others(at(150))].sort((a, b) => a.timestamp - b.timestamp);
}

const others = (at: { readonly timestamp: number }) =>
  Array.from({ length: 40 }, (_, i) => ({ name: 'page_view', user_id: `other-${i}`, ...at }));

async function accept(system: TestSystem): Promise<void> {
  const sent = await system.post(shopping(Date.now() - 170 * MIN, new Random(7)));
  expect(sent.status).toBe(202);
}

/** All of it lies in the log before anything is counted: one suite for both event logs. */
export function backlogCartsSuite(redisUrl: () => string, environment: () => Readonly<Record<string, string>>): void {
  test('behind a backlog nobody is told of a cart whose guest had signed in, and bought it', {
    timeout: 120_000,
  }, async () => {
    const system = await startSystem(redisUrl(), { ...environment(), PARTITIONS: String(PARTITIONS) });
    const topics = {
      abandoned: await readOut(system, redisUrl(), 'abandoned'),
      recovered: await readOut(system, redisUrl(), 'recovered'),
    };
    await accept(system);
    await system.startCounting();
    await system.settled();
    // What has just become a user's cart falls due some minutes later.
    expect((await system.post(others({ timestamp: Date.now() }))).status).toBe(202);
    await system.settled();
    const nothingWaits = async () => (await system.get('/v1/pipeline')).outbox.waiting === 0;
    await eventually('all messages are published', nothingWaits);
    await eventually(
      'those that are right',
      async () => (await topics.abandoned.messages()).length >= LEFT + SIGNED_IN,
    );
    const said = await topics.abandoned.messages();
    const right = [...numbered('left', LEFT), ...numbered('leaver', SIGNED_IN)];
    expect(said.map(({ value }) => value.user_id).sort()).toEqual(right.sort());
    expect(await topics.recovered.messages()).toEqual([]);
    const range = `from=${new Date(Date.now() - 180 * MIN).toISOString().slice(0, 10)}`;
    const left = LEFT + SIGNED_IN;
    const counted = { carts: BOUGHT + left, purchased: BOUGHT, abandoned: left, recovered: 0 };
    expect(await system.get(`/v1/abandonment?${range}`)).toMatchObject(counted);
    await Promise.all([topics.abandoned.close(), topics.recovered.close()]);
    await system.close();
  });
}

/** With a consumer that publishes what was said as soon as it is. */
export function hastyControl(redisUrl: () => string, environment: () => Readonly<Record<string, string>>): void {
  test('CONTROL: a consumer that publishes at once tells of carts that were bought', {
    timeout: 120_000,
    retry: 2,
  }, async () => {
    const system = await startSystem(redisUrl(), { ...environment(), PARTITIONS: String(PARTITIONS) });
    const topic = await readOut(system, redisUrl(), 'abandoned');
    await accept(system);
    const { environment: own, prefix } = system;
    const hasty = startProcess('test/support/system/faulty-consumer.ts', [], {
      ...own,
      KEY_PREFIX: prefix,
      REDIS_URL: redisUrl(),
      WITHOUT: 'watermark',
    });
    await eventually('a message about a cart that was bought', async () =>
      (await topic.messages()).some(({ value }) => value.user_id.startsWith('guest-')),
    );
    await hasty.kill('SIGTERM');
    await topic.close();
    await system.close();
  });
}
