import type { MoneyParts } from '../../metrics/facts.ts';

/** What a report may say of an order beside what it was worth; each counts for more than those behind it together. */
const [LINES, PAYMENT, PARTS] = [4, 2, 1];

/** All of it. */
export const ALL = LINES + PAYMENT + PARTS;

interface Said {
  /** How many. */
  readonly lines: number;
  readonly paymentType: string | undefined;
  readonly parts: MoneyParts | undefined;
}

/** How much is said of an order: the report of which this is more stays. */
export function fullnessOf({ lines, paymentType, parts }: Said): number {
  const hasParts = parts !== undefined && (parts.shipping !== 0 || parts.tax !== 0);
  return (lines > 0 ? LINES : 0) + (paymentType === undefined ? 0 : PAYMENT) + (hasParts ? PARTS : 0);
}

export const saysPayment = (fullness: number): boolean => (fullness & PAYMENT) !== 0;
export const saysParts = (fullness: number): boolean => (fullness & PARTS) !== 0;

/** What the one says and the other does not, of what can be added to a report that has it not: how it was paid, shipping and tax. */
export const missingIn = (has: number, says: number): number => says & ~has & (PAYMENT + PARTS);
