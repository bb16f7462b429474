import { type OrderScript, rankOf, type Told } from './order-script.ts';

/** Numbers by what they count. */
export type Sums = Record<string, number>;

const cents = (amount: number): number => Math.round(amount * 100);
const linesOf = ({ items = [] }: Told): number => items.reduce((sum, one) => sum + cents(one.price * one.quantity), 0);
const worthOf = (told: Told): number => (told.value === undefined ? linesOf(told) : cents(told.value));

/** Orders as the contract's words have them: each counts once, as its fullest report says; refunds take at most what was paid. */
export function plainOrders(orders: readonly OrderScript[]): Sums {
  const sums: Sums = { refunds: 0, came: 0 };
  const sessions = new Set<string>();
  const add = (what: string, by: number): void => {
    if (by !== 0) sums[what] = (sums[what] ?? 0) + by;
  };
  for (const { told } of orders) {
    add('came', told.length);
    const reports = told.filter(({ name }) => name === 'purchase');
    const stays = reports.toSorted((a, b) => rankOf(b) - rankOf(a))[0];
    if (stays === undefined) continue;
    const { items = [], city, coupon = '(none)' } = stays;
    // What the others say beside is not lost.
    const { payment_type = 'unknown' } = reports.find((one) => one.payment_type !== undefined) ?? {};
    const { shipping = 0, tax = 0 } = reports.find((one) => one.shipping !== undefined) ?? {};
    const worth = worthOf(stays);
    for (const where of ['', `|${city}`]) {
      add(`orders${where}`, 1);
      add(`revenue${where}`, worth);
      add(
        `units${where}`,
        items.reduce((sum, { quantity }) => sum + quantity * 1_000, 0),
      );
      add(`shipping${where}`, cents(shipping));
      add(`tax${where}`, cents(tax));
      add(`paid by ${payment_type}${where}`, 1);
    }
    add(`score|${city}`, 10);
    add(`coupon|${coupon}`, 1);
    sessions.add(stays.session_id);
    for (const { item_id, price, quantity } of items) {
      add(`bought|${item_id}`, 1);
      add(`bought for|${item_id}`, cents(price * quantity));
    }
    const asked = told.filter(({ name }) => name === 'refund').map((one) => askedOf(one, worth));
    add(
      'refunds',
      Math.min(
        worth,
        asked.reduce((sum, one) => sum + one, 0),
      ),
    );
  }
  add('purchasing', sessions.size);
  return sums;
}

/** One without an amount is of all that is left. */
const askedOf = (told: Told, worth: number): number =>
  told.value === undefined && told.items === undefined ? worth : worthOf(told);
