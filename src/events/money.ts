import Big from 'big.js';

/** Digits after the point that differ from two, by ISO 4217. */
const MINOR_DIGITS: ReadonlyMap<string, number> = new Map([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'UYI',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

const CURRENCIES: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('currency'), ...MINOR_DIGITS.keys()]);

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

export function minorDigits(currency: string): number {
  return MINOR_DIGITS.get(currency) ?? 2;
}

/**
 * An amount as written (the number's shortest decimal form) times a whole quantity, in minor units, rounded half up.
 * Binary floats would make 1.005 × 100 a 100; so what is not already a whole number of minor units goes through decimals.
 */
export function toMinorUnits(amount: number, currency: string, quantity = 1): number {
  const scale = 10 ** minorDigits(currency);
  const whole = Math.round(amount * scale);
  // whole / scale is the double nearest to that decimal: where it equals the amount, the amount was written so.
  if (whole < 1e15 && whole / scale === amount) return whole * quantity;
  return new Big(amount).times(scale).times(quantity).round(0, Big.roundHalfUp).toNumber();
}

/** Minor units as a number of the currency's major unit. */
export function fromMinorUnits(minor: number, currency: string): number {
  return minor / 10 ** minorDigits(currency);
}
