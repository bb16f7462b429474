/** What is sold by weight or length has up to three decimals. */
export const MAX_QUANTITY = 1e6;

/** What is said where a line can't. */
export const WRONG_QUANTITY = `must be a number from 0.001 to ${MAX_QUANTITY}, with at most three decimals`;

/** May a line be of so much? */
export function isQuantity(value: number): boolean {
  return value >= 0.001 && value <= MAX_QUANTITY && Math.round(value * 1_000) / 1_000 === value;
}

/** A quantity in whole thousandths: so it is added up and kept, since 0.1 + 0.2 is not 0.3 in binary floats. */
export function toThousandths(quantity: number): number {
  return Math.round(quantity * 1_000);
}

/** Thousandths as answers and messages show them: the number nearest to the decimal, so it is written as that. */
export function fromThousandths(thousandths: number): number {
  return thousandths / 1_000;
}
