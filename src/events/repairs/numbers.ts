import { isCurrency } from '../money.ts';
import { AS_IT_IS, type Place } from './rule.ts';

/** Digits, or one separator before one or two last digits: `1.234` could be a thousand, `1,234.50` has two. */
const NUMBER = /^(-?\d*)(?:[.,](\d{1,2}))?$/;
/** What may stand around an amount: a currency's sign, or its code. */
const AROUND = /^(?<before>[^\d\s.,-]{1,4})?\s*(?<amount>-?[\d.,]+)\s*(?<behind>[^\d\s.,-]{1,4})?$/u;

function numberOf(text: string): number | undefined {
  const parts = NUMBER.exec(text.trim());
  if (parts === null || !/\d/.test(text)) return undefined;
  const number = Number(`${parts[1]}.${parts[2] ?? '0'}`);
  // More digits than a number of JSON keeps.
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

export function takeNumber(value: unknown): unknown {
  return typeof value === 'string' ? (numberOf(value) ?? AS_IT_IS) : AS_IT_IS;
}

/** `€ 9,50`, `$9.50`, `9.50 USD`: where the sign is that of the event's currency. */
export function takeAmountWithSign(value: unknown, { event, arrival }: Place): unknown {
  if (typeof value !== 'string') return AS_IT_IS;
  const { before, amount = '', behind } = AROUND.exec(value.trim())?.groups ?? {};
  const sign = before ?? behind;
  if (sign === undefined || (before !== undefined && behind !== undefined)) return AS_IT_IS;
  const currency = typeof event['currency'] === 'string' ? event['currency'] : arrival.storeCurrency;
  const isOfCurrency = signsOf(currency).has(sign) || (isCurrency(currency) && sign.toUpperCase() === currency);
  return isOfCurrency ? (numberOf(amount) ?? AS_IT_IS) : AS_IT_IS;
}

const NONE: ReadonlySet<string> = new Set();
/** One entry a currency of ISO 4217: what senders make up has none. */
const known = new Map<string, ReadonlySet<string>>();

function signsOf(currency: string): ReadonlySet<string> {
  if (!isCurrency(currency)) return NONE;
  const signs = known.get(currency) ?? makeSigns(currency);
  known.set(currency, signs);
  return signs;
}

function makeSigns(currency: string): ReadonlySet<string> {
  // In Canada a dollar of the United States is written `US$`.
  const displays = [
    ['en', 'symbol'],
    ['en', 'narrowSymbol'],
    ['en-CA', 'symbol'],
  ] as const;
  const signs = displays.flatMap(([locale, currencyDisplay]) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay })
      .formatToParts(0)
      .flatMap(({ type, value }) => (type === 'currency' ? [value] : [])),
  );
  return new Set([currency, ...signs]);
}
