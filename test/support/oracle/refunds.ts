import { cents, type OracleItem, thousandths } from './events.ts';

export interface Order {
  readonly at: number;
  readonly revenue: number;
  readonly currency: string;
  /** Cents that may still be refunded: of all, and of each item. */
  left: number;
  readonly leftOf: Map<string, number>;
  /** Cents and thousandths of each item, as it was bought. */
  readonly bought: ReadonlyMap<string, readonly [cents: number, units: number]>;
}

export function boughtByItem(lines: readonly OracleItem[], value: number | undefined): Order['bought'] {
  const sums = centsByItem(lines, value);
  return new Map([...unitsByItem(lines)].map(([item, units]) => [item, [sums.get(item) ?? 0, units]]));
}

function unitsByItem(lines: readonly OracleItem[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { item_id, quantity } of lines) units.set(item_id, (units.get(item_id) ?? 0) + thousandths(quantity ?? 1));
  return units;
}

/** What lines without prices come to: their share of what the order's own did. */
export function shares(lines: readonly OracleItem[], { bought }: Order): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [item, units] of unitsByItem(lines)) {
    const [paid, of] = bought.get(item) ?? [0, 1];
    // Small enough for doubles here: prices have two digits before the point, quantities two.
    sums.set(item, Math.floor((2 * paid * units + of) / (2 * of)));
  }
  return sums;
}

/** What one of a line costs: its discount is off where the event does not say what all is worth. */
export function unitOf({ price = 0, discount = 0 }: OracleItem, value: number | undefined): number {
  return value === undefined ? Math.round((price - discount) * 1_000_000) / 1_000_000 : price;
}

export function lineCents(line: OracleItem, value: number | undefined): number {
  return cents(unitOf(line, value), line.quantity ?? 1);
}

export function centsByItem(lines: readonly OracleItem[], value: number | undefined): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.item_id, (sums.get(line.item_id) ?? 0) + lineCents(line, value));
  return sums;
}

/** Takes a refund from the order, as far as something is left of it. */
export function takeFrom(
  order: Order,
  asked: 'all' | { readonly worth: number; readonly items: Map<string, number>; readonly silent: boolean },
) {
  const spent = order.revenue > 0 && order.left === 0;
  let beyond = asked === 'all' && spent;
  const given = new Map<string, number>();
  for (const [item, wanted] of [...(asked === 'all' ? order.leftOf : asked.items)]) {
    const left = order.leftOf.get(item);
    const part = spent ? 0 : Math.min(wanted, left ?? 0);
    if (asked !== 'all' && part < wanted) beyond = true;
    if (part === 0) continue;
    given.set(item, part);
    if (left !== undefined) order.leftOf.set(item, left - part);
  }
  const parts = [...given.values()].reduce((sum, part) => sum + part, 0);
  const most = asked === 'all' ? order.left : asked.silent ? Math.min(asked.worth, parts) : asked.worth;
  const amount = Math.min(most, order.left);
  if (asked !== 'all' && amount < asked.worth) beyond = true;
  order.left -= amount;
  return { amount, given, beyond };
}
