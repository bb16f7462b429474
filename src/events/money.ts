import Big from 'big.js';
import { data } from 'currency-codes';

/** New since the library's copy of ISO 4217's list one (2024-06-25): Amendments 176 (XCG) and 179 (XAD). */
const ADDED: readonly (readonly [code: string, digits: number])[] = [
  ['XCG', 2],
  ['XAD', 2],
];

/**
 * Withdrawn by Amendments 176 (ANG), 177 (ZWL), 178 (CUC) and before; stored amounts in them are hundredths. BGN,
 * withdrawn by Amendment 180 at the turn of 2026, is still taken: what was bought in 2025 is still sent and refunded.
 */
const WITHDRAWN: ReadonlySet<string> = new Set(['ANG', 'CUC', 'HRK', 'SLL', 'ZWL']);

/** Metals, bond units, test codes and "no currency": no shop is paid in them, and ISO 4217 gives them no minor unit. */
const NO_MONEY: ReadonlySet<string> = new Set([
  'XAG',
  'XAU',
  'XBA',
  'XBB',
  'XBC',
  'XBD',
  'XPD',
  'XPT',
  'XTS',
  'XUA',
  'XXX',
]);

/** Units of account without a minor unit, which the library writes as 0 digits; they are counted in hundredths. */
const IN_HUNDREDTHS: readonly string[] = ['XDR', 'XSU'];

/** Digits after the point, for each currency that events may be in. */
const MINOR_DIGITS: ReadonlyMap<string, number> = new Map([
  ...data
    .filter(({ code }) => !WITHDRAWN.has(code) && !NO_MONEY.has(code))
    .map(({ code, digits }) => [code, digits] as const),
  ...IN_HUNDREDTHS.map((code) => [code, 2] as const),
  ...ADDED,
]);

/** May an event be in this currency? */
export function isCurrency(code: string): boolean {
  return MINOR_DIGITS.has(code);
}

/** May stored data be in this currency? What was counted before ISO 4217 withdrew a code can still be asked for. */
export function isStoredCurrency(code: string): boolean {
  return MINOR_DIGITS.has(code) || WITHDRAWN.has(code);
}

export function minorDigits(currency: string): number {
  return MINOR_DIGITS.get(currency) ?? 2;
}

/**
 * An amount times a quantity, both as written (the numbers' shortest decimal forms),
 * in minor units, rounded half up. Binary floats would make 1.005 × 100 a 100; so
 * what is not plainly a whole number of minor units goes through decimals.
 */
export function toMinorUnits(amount: number, currency: string, quantity = 1): number {
  const scale = 10 ** minorDigits(currency);
  const whole = Math.round(amount * scale);
  // whole / scale is the double nearest to that decimal: where it equals the amount, the amount was written so.
  if (whole < 1e15 && whole / scale === amount && Number.isInteger(quantity)) return whole * quantity;
  return new Big(amount).times(scale).times(quantity).round(0, Big.roundHalfUp).toNumber();
}

/** Minor units as a number of the currency's major unit. */
export function fromMinorUnits(minor: number, currency: string): number {
  return minor / 10 ** minorDigits(currency);
}
