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

/** Σ price × quantity before anything is taken off. */
export function grossTotal(items: readonly Pick<PricedLine, 'price' | 'quantity'>[]): number {
  let total = 0;
  for (const { price, quantity = 1 } of items) if (price !== undefined) total += price * quantity;
  return total;
}

/** In decimals: what is as much as may be in them must not be more in floats. */
export function lineTotal(line: PricedLine, value: number | undefined): Big {
  return new Big(unitPrice(line, value)).times(line.quantity ?? 1);
}

/** Σ lines: it stands in for `value`, so it obeys the same limits. In decimals: what is taken off may leave exactly 0. */
export function linesTotal(items: readonly PricedLine[], value: number | undefined): number {
  let total = new Big(0);
  for (const item of items) total = total.plus(lineTotal(item, value));
  return total.toNumber();
}
