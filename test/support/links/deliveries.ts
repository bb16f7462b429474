import { cartCounts } from '../../../src/analytics/abandonment/definition.ts';
import { closedFunnel } from '../../../src/analytics/funnel/definition.ts';
import { newUserCounts } from '../../../src/analytics/sessions/definition.ts';
import { productOrders } from '../../../src/analytics/shared/items.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../../src/analytics/shared/sessions.ts';
import { dailyUsers, hourlyUsers } from '../../../src/analytics/shared/unique-users.ts';
import type { StateStore } from '../../../src/ingestion/ports/state-store.ts';
import type { UnitArchive } from '../../../src/ingestion/ports/unit-archive.ts';
import type { Random } from '../../../src/simulator/random.ts';
import { PartitionedShop } from '../core/partitioned-shop.ts';
import { BY_CUSTOMER } from '../core/settings.ts';
import { people } from './people.ts';
import { PlainCount, type Sums } from './plain-count.ts';
import { minutes } from './visits.ts';

/** How what a shop's visitors do comes to be counted. */
export interface Delivery {
  readonly partitions: number;
  readonly persons: number;
  /** What memory holds is dropped that often, between two units. */
  readonly forgets: number;
  readonly repeats: number;
  /** All that visitors do lies in the log before the first record of a partition for another joins it. */
  readonly isBacklog: boolean;
  /** Behind it, and before those records, lane time runs on until every cart has fallen due. */
  readonly fallsDue?: boolean;
  readonly store?: StateStore | undefined;
  readonly archive?: UnitArchive;
}

/** What has been seen to occur. */
export type Occurred = Map<string, number>;

/** Counts what people do in any order between partitions, cut anywhere, what partitions tell each other late and twice. */
export async function deliver(delivery: Delivery, random: Random, occurred: Occurred) {
  const { persons, visits, repeats } = people(delivery.persons, random);
  const { store, archive } = delivery;
  const shop = new PartitionedShop(delivery.partitions, { store, settings: BY_CUSTOMER, ...(archive && { archive }) });
  const happened = (what: string, n = 1): void => void occurred.set(what, (occurred.get(what) ?? 0) + n);
  happened('event sent twice', repeats);
  for (const { kind, user, guests, refunds, visits } of persons) {
    happened(kind);
    for (const { user_id } of visits.filter(({ name }) => name === 'refund'))
      happened(
        `early refund by ${user_id === undefined ? 'a guest' : user_id.startsWith('office') ? 'the shop' : 'a user'}`,
      );
    for (const { user_id = '' } of refunds)
      happened(`refund by ${user_id.startsWith('office') ? 'the shop' : 'the visitor'}`);
    const isOne = shop.partitionOf(user) === shop.partitionOf(guests[0]);
    happened(isOne ? 'guest and user in one partition' : 'guest and user in two');
  }
  let [next, hasRun] = [0, false];
  const putSome = (): void => {
    const until = delivery.isBacklog ? visits.length : next + 1 + random.below(12);
    for (; next < Math.min(until, visits.length); next++) {
      const one = visits[next];
      if (one !== undefined) shop.put(one);
    }
    if (delivery.fallsDue === true && next === visits.length && !hasRun) shop.tick(minutes(190));
    hasRun = next === visits.length;
  };
  while (next < visits.length || !shop.isQuiet) {
    putSome();
    await turn(shop, delivery, random, happened);
  }
  happened('message that was taken back', shop.retracted.length);
  shop.tick(minutes(190));
  await shop.settle();
  for (const refund of persons.flatMap((person) => person.refunds)) shop.put(refund);
  while (!shop.isQuiet) await turn(shop, delivery, random, happened);
  shop.tick(minutes(300));
  await shop.settle();
  const plain = new PlainCount(persons);
  happened('session of who had bought before', plain.sums['sessions|returning']);
  return { shop, persons, plain };
}

/** Something happens anywhere. */
async function turn(
  shop: PartitionedShop,
  { partitions, forgets, repeats }: Delivery,
  random: Random,
  happened: (what: string) => void,
): Promise<void> {
  const { lanes } = shop;
  const lane = lanes[random.below(Math.max(1, lanes.length))];
  if (lane !== undefined && random.chance(0.4)) shop.deliver(lane);
  if (shop.delivered.length > 0 && random.chance(repeats)) {
    happened('record that came twice');
    shop.repeat(random.below(shop.delivered.length));
  }
  const partition = random.below(partitions);
  shop.nowMs += 1_500;
  if (random.chance(forgets)) {
    if ((shop.tallies['held'] ?? 0) > 0) happened('another owner while events wait');
    shop.changeOwner(partition);
  }
  if (shop.waits(partition) > 1) happened('several records in a unit');
  if (random.chance(0.7)) await shop.count(partition, 1 + random.below(9));
  if ((shop.tallies['held'] ?? 0) > 0) happened('events that waited');
}

/** What is stored, under the names of the plain count. */
export function storedOf(shop: PartitionedShop, names: readonly string[]): Sums {
  return Object.fromEntries(names.map((name) => [name, stored(shop, name)]));
}

const IN_REVENUE: Readonly<Record<string, string>> = {
  orders: 'orders',
  revenue: 'revenue:USD',
  refunds: 'refunds:USD',
  units: 'thousandths',
};
const STAGES: Readonly<Record<string, string>> = {
  visit: 'visit',
  view_item: 'view',
  add_to_cart: 'cart',
  begin_checkout: 'checkout',
  purchase: 'purchase',
};
const CHANNELS = ['Direct', 'Organic Search'];

function stored(shop: PartitionedShop, name: string): number {
  const [what = '', value] = name.split('|');
  const sales = IN_REVENUE[what];
  if (sales !== undefined && value === undefined) return shop.total(revenueCounts, sales);
  if (sales !== undefined) {
    const dimension = CHANNELS.includes(value ?? '') ? 'channel' : 'city';
    return shop.total(revenueCounts, `${sales}|${value}`, `by-${dimension}`);
  }
  if (what === 'sessions' && value !== undefined) return shop.total(sessionCounts, name, 'by-customer');
  if (what === 'bought') return shop.total(productOrders, value ?? '');
  if (what === 'new_users') return shop.total(newUserCounts, 'users');
  if (what === 'taken_back') return shop.tallies['orders_taken_back'] ?? 0;
  if (what.startsWith('funnel:')) return shop.total(closedFunnel, STAGES[what.slice('funnel:'.length)] ?? '', 'shop');
  if (what.startsWith('users hour:')) return shop.total(hourlyUsers, STAGES[what.slice('users hour:'.length)] ?? '');
  if (what.startsWith('users day:')) return shop.total(dailyUsers, STAGES[what.slice('users day:'.length)] ?? '');
  if (what === 'abandoned_value') return shop.total(cartCounts, 'abandoned_value:USD');
  if (['opened', 'purchased', 'emptied', 'abandoned'].includes(what)) return shop.total(cartCounts, what);
  return shop.total(sessionCounts, what);
}
