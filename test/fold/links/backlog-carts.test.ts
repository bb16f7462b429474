import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../../src/analytics/abandonment/definition.ts';
import { openCarts } from '../../../src/analytics/shared/realtime.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, minutes, type Visit, visit } from '../../support/links/visits.ts';

const G = { guest: 'g' };
const ANN = { user: 'ann' };
const IN = { user: 'ann', guest: 'g' };

/** All that happens, and hours more, lie in the log before anything of it is counted: links join it behind that. */
async function behindABacklog(partitions: number, before: readonly Visit[], visits: readonly Visit[]) {
  const shop = new PartitionedShop(partitions);
  for (const one of before) shop.put(one);
  await shop.settle();
  for (const one of visits) shop.put(one);
  shop.tick(minutes(240));
  await shop.settle();
  shop.tick(minutes(400));
  await shop.settle();
  const carts = ['opened', 'purchased', 'emptied', 'abandoned', 'recovered'].flatMap((field) => {
    const n = shop.total(cartCounts, field);
    return n === 0 ? [] : [[field, n]];
  });
  const said = (of: typeof shop.messages) => of.map(({ topic, user_id, value }) => `${topic} ${user_id} ${value}`);
  // All of them have ended.
  expect(['count', 'value:USD'].map((field) => shop.total(openCarts, field))).toEqual([0, 0]);
  return { carts: Object.fromEntries(carts), said: said(shop.messages), retracted: said(shop.retracted) };
}

const adds = (atMin: number, who: Parameters<typeof visit>[1] = G): Visit =>
  visit(atMin, who, 'add_to_cart', items('mug'));
const buys = (atMin: number, who: Parameters<typeof visit>[1]): Visit =>
  visit(atMin, who, 'purchase', { transaction_id: 't', ...items('mug') });

describe.each([
  ['in one partition', 1],
  ['in two', 3],
] as const)('behind a backlog, guest and user %s', (_, partitions) => {
  test('a guest’s cart that the user bought was never abandoned, and nobody is told that it was', async () => {
    const { carts, said, retracted } = await behindABacklog(
      partitions,
      [],
      [adds(0), visit(20, IN, 'page_view'), buys(40, ANN)],
    );
    expect([carts, said, retracted]).toEqual([{ opened: 1, purchased: 1 }, [], ['abandoned g 5']]);
  });

  test('a cart that nobody bought is the user’s who left it', async () => {
    const { carts, said, retracted } = await behindABacklog(partitions, [], [adds(0), visit(20, IN, 'page_view')]);
    expect([carts, said]).toEqual([{ opened: 1, abandoned: 1 }, ['abandoned ann 5']]);
    expect(retracted).toEqual(['abandoned g 5']);
  });

  test('what the guest had taken up again after that, and went on with, is the user’s as well', async () => {
    const again = [visit(21, G, 'begin_checkout'), visit(90, G, 'begin_checkout')];
    const { carts, said } = await behindABacklog(partitions, [], [adds(0), visit(20, IN, 'page_view'), ...again]);
    expect([carts, said]).toEqual([{ opened: 1, abandoned: 1 }, ['abandoned ann 5']]);
  });

  test('a cart that was filled again as a guest, after its guest had signed in, is the user’s, and was never left by the guest', async () => {
    const visits = [adds(0), visit(20, IN, 'page_view'), adds(90)];
    const { carts, said, retracted } = await behindABacklog(partitions, [], visits);
    expect(carts).toEqual({ opened: 1, abandoned: 1 });
    expect([said, retracted]).toEqual([['abandoned ann 10'], ['abandoned g 5']]);
    const bought = await behindABacklog(partitions, [], [...visits, buys(95, ANN)]);
    expect(bought).toEqual({ carts: { opened: 1, purchased: 1 }, said: [], retracted: ['abandoned g 5'] });
  });

  test('a cart that was left, filled again, and left again after its guest had signed in stays as it was said', async () => {
    const visits = [adds(0), adds(75), visit(80, IN, 'page_view')];
    const { carts, said, retracted } = await behindABacklog(partitions, [], visits);
    expect([carts, said, retracted]).toEqual([{ opened: 1, abandoned: 1 }, ['abandoned g 5'], []]);
  });

  test('a cart that was left before the guest signed in stays abandoned, as it was said, and is recovered when the user buys it', async () => {
    const { carts, said, retracted } = await behindABacklog(
      partitions,
      [],
      [adds(0), visit(90, IN, 'page_view'), buys(91, ANN)],
    );
    expect(carts).toEqual({ opened: 1, abandoned: 1, recovered: 1 });
    expect([said, retracted]).toEqual([['abandoned g 5', 'recovered ann 5'], []]);
  });

  test('the user’s own cart, bought as a guest, was never abandoned, whether the user waited or not', async () => {
    const signsIn = [visit(0, G, 'page_view'), visit(1, IN, 'page_view')];
    const cart = [adds(2, ANN), buys(20, G)];
    const waited = await behindABacklog(partitions, [], [...signsIn, ...cart]);
    expect(waited).toEqual({ carts: { opened: 1, purchased: 1 }, said: [], retracted: [] });
    const known = await behindABacklog(partitions, signsIn, cart);
    expect(known).toEqual({ carts: { opened: 1, purchased: 1 }, said: [], retracted: ['abandoned ann 5'] });
  });
});

test('a link that the log was told of after the cart had counted as abandoned leaves it so: its message may have left', async () => {
  const shop = new PartitionedShop(3);
  shop.put(adds(0));
  shop.tick(minutes(90));
  await shop.settle();
  const { timestamp, ...late } = visit(20, IN, 'page_view');
  shop.append(shop.partitionOf('ann'), { timestamp, ...late }, minutes(91));
  shop.append(shop.partitionOf('ann'), buys(92, ANN), minutes(92));
  await shop.settle();
  expect([shop.messages.map(({ topic }) => topic), shop.retracted]).toEqual([['abandoned', 'recovered'], []]);
});

/** A cart that counts as abandoned by a record of this moment, and a link that the log takes so much later. */
async function linkedAfter(ms: number, atMin: number): Promise<number> {
  const shop = new PartitionedShop(3);
  shop.put(adds(0));
  shop.append(shop.partitionOf('g'), { control: 'tick', at: minutes(90) }, minutes(90));
  shop.append(shop.partitionOf('ann'), visit(atMin, IN, 'page_view'), minutes(90) + ms);
  await shop.settle();
  expect(shop.messages.length + shop.retracted.length).toBe(1);
  expect(shop.naming('g').filter((key) => key.includes(':cart-'))).toEqual([]);
  return shop.retracted.length;
}

test('what is sent at once joins the log within half a second: a link that it takes so much later was there in time, and no later one', async () => {
  expect([await linkedAfter(500, 20), await linkedAfter(501, 20)]).toEqual([1, 0]);
});

test('a link of the moment at which the cart counts as abandoned is in time, and one behind it is not', async () => {
  const oneMs = 1 / 60_000;
  expect([await linkedAfter(0, 60), await linkedAfter(0, 60 + oneMs)]).toEqual([1, 0]);
});

test('a cart that was taken back once is taken back as it was counted the second time', async () => {
  const shop = new PartitionedShop(3);
  for (const one of [adds(0), visit(20, IN, 'page_view'), visit(90, G, 'begin_checkout')]) shop.put(one);
  shop.tick(minutes(151));
  await shop.settle();
  shop.tick(minutes(240));
  await shop.settle();
  const at = (stage: string): number => shop.total(cartCounts, `abandoned_at:${stage}`);
  expect([at('cart'), at('checkout')]).toEqual([0, 1]);
  shop.append(shop.partitionOf('ann'), buys(100, IN), minutes(240));
  await shop.settle();
  expect([at('cart'), at('checkout'), shop.total(cartCounts, 'purchased')]).toEqual([0, 0, 1]);
});

/** The user waits no longer for a guest's session when it comes: what they did first is counted by then, and they buy later. */
async function comesBehind(partitions: number, userDidAtMin: number) {
  const shop = new PartitionedShop(partitions);
  shop.put(adds(0));
  await shop.settle();
  shop.put(visit(userDidAtMin, IN, 'page_view'));
  await shop.count(shop.partitionOf('ann'));
  shop.append(shop.partitionOf('ann'), { control: 'release', user_id: 'ann' });
  await shop.count(shop.partitionOf('ann'));
  await shop.settle();
  shop.tick(minutes(80));
  await shop.settle();
  shop.put(buys(81, ANN));
  await shop.settle();
  const carts = ['purchased', 'abandoned', 'recovered'].map((field) => shop.total(cartCounts, field));
  return { carts, said: shop.messages.map(({ topic }) => topic) };
}

test.each([
  ['in one partition', 1],
  ['in two', 3],
] as const)(
  'a guest’s cart that comes behind what the user did next is not left before they are, guest and user %s',
  async (_, partitions) => {
    expect(await comesBehind(partitions, 30)).toEqual({ carts: [1, 0, 0], said: [] });
    // Left by the guest, however soon the user buys.
    expect(await comesBehind(partitions, 70)).toEqual({ carts: [0, 1, 1], said: ['abandoned', 'recovered'] });
  },
);
