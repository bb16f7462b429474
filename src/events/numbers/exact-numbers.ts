import Big from 'big.js';

/** A double gives back any decimal of so many digits. */
const SAFE_DIGITS = 15;

/**
 * A written decimal as a number that rounds as it does. `1.0049999999999999999999` is nearest to the double that stands for 1.005, and
 * would be rounded up; so where the double stands for a rounder decimal further from 0, the next one towards 0 is taken.
 */
export function numberAsWritten(written: string): number {
  const nearest = Number(written);
  if (nearest === 0 || !Number.isFinite(nearest)) return nearest;
  const shown = new Big(nearest);
  const isRounder = shown.c.length <= SAFE_DIGITS && shown.abs().gt(new Big(written).abs());
  return isRounder ? towardsZero(nearest) : nearest;
}

function towardsZero(number: number): number {
  const bits = new BigInt64Array(1);
  const doubles = new Float64Array(bits.buffer);
  doubles[0] = number;
  bits[0] = (bits[0] ?? 0n) - 1n;
  return doubles[0];
}

const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Well-formed JSON in which each number is as numberAsWritten. A whole number that no double holds is handed on as text: an id may be one.
 */
export function withExactNumbers(json: string): string {
  return json.replace(TEXT_OR_NUMBER, (token) => (token.startsWith('"') ? token : exactNumber(token)));
}

function exactNumber(token: string): string {
  if (token.length <= SAFE_DIGITS) return token;
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(Number(token)) ? token : `"${token}"`;
  return Number.isFinite(Number(token)) ? String(numberAsWritten(token)) : token;
}
