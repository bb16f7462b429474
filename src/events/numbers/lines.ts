import Big from 'big.js';

interface PricedLine {
  readonly price?: number | undefined;
  readonly discount?: number | undefined;
  readonly quantity?: number | undefined;
}

/** What a unit of the line costs. A discount is taken off where the event does not say what all of it is worth. */
export function unitPrice({ price = 0, discount }: PricedLine, value: number | undefined): number {
  if (value !== undefined || discount === undefined) return price;
  return new Big(price).minus(discount).toNumber();
}

/** Σ lines: it stands in for `value`, so it obeys the same limits. */
export function linesTotal(items: readonly PricedLine[], value: number | undefined): number {
  let total = 0;
  let plain = true;
  for (const item of items) {
    const { price, discount, quantity = 1 } = item;
    if (price !== undefined) total += price * quantity;
    plain &&= discount === undefined && !(price !== undefined && price < 0);
  }
  return plain ? total : exactTotal(items, value);
}

/** Where something is taken off, binary fractions could make a sum of 0 a little less. */
function exactTotal(items: readonly PricedLine[], value: number | undefined): number {
  let total = new Big(0);
  for (const item of items) total = total.plus(new Big(unitPrice(item, value)).times(item.quantity ?? 1));
  return total.toNumber();
}
