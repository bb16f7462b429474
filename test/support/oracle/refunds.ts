import { cents, type OracleItem } from './events.ts';

export interface Order {
  readonly at: number;
  readonly revenue: number;
  readonly currency: string;
  /** Cents that may still be refunded: of all, and of each item. */
  left: number;
  readonly leftOf: Map<string, number>;
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
export function takeFrom(order: Order, asked: 'all' | { worth: number; items: Map<string, number> }) {
  const spent = order.revenue > 0 && order.left === 0;
  const amount = asked === 'all' ? order.left : Math.min(asked.worth, order.left);
  let beyond = asked === 'all' ? spent : amount < asked.worth;
  const given = new Map<string, number>();
  for (const [item, wanted] of [...(asked === 'all' ? order.leftOf : asked.items)]) {
    const left = order.leftOf.get(item);
    const part = spent ? 0 : Math.min(wanted, left ?? 0);
    if (asked !== 'all' && part < wanted) beyond = true;
    if (part === 0) continue;
    given.set(item, part);
    if (left !== undefined) order.leftOf.set(item, left - part);
  }
  order.left -= amount;
  return { amount, given, beyond };
}
