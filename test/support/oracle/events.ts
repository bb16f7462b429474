/** A line as it stands on the wire. */
export interface OracleItem {
  readonly item_id: string;
  readonly item_name?: string;
  readonly item_category?: string;
  readonly item_category2?: string;
  readonly item_category3?: string;
  readonly item_category4?: string;
  readonly item_category5?: string;
  readonly item_brand?: string;
  readonly item_variant?: string;
  readonly price?: number;
  readonly quantity?: number;
  /** For each unit. */
  readonly discount?: number;
  readonly coupon?: string;
}

/** An event as it stands on the wire. */
export interface OracleEvent {
  readonly event_id?: string;
  readonly name: string;
  readonly timestamp: number;
  readonly user_id?: string;
  readonly session_id?: string;
  readonly city?: string;
  readonly country?: string;
  readonly device?: string;
  readonly user_agent?: string;
  readonly page_location?: string;
  readonly page_referrer?: string;
  readonly gclid?: string;
  readonly currency?: string;
  readonly value?: number;
  readonly items?: readonly OracleItem[];
  readonly transaction_id?: string;
  readonly payment_type?: string;
  readonly shipping?: number;
  readonly tax?: number;
  readonly discount?: number;
  readonly coupon?: string;
  readonly search_term?: string;
  readonly results_count?: number;
  readonly item_id?: string;
  readonly stock_level?: number;
  readonly price?: number;
}

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;

/** The digits of a number as written, and how many of them stand behind the point. */
function written(number: number): { digits: bigint; places: number } {
  const [digits = '', exponent = '0'] = number.toExponential().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  return { digits: BigInt(whole + fraction), places: fraction.length - Number(exponent) };
}

/** Cents, by decimal digits as written; half up. */
export function cents(amount: number, quantity = 1): number {
  const [price, count] = [written(amount), written(quantity)];
  const mantissa = price.digits * count.digits;
  const power = 2 - price.places - count.places;
  if (power >= 0) return Number(mantissa * 10n ** BigInt(power));
  const divisor = 10n ** BigInt(-power);
  return Number((mantissa * 2n + divisor) / (divisor * 2n));
}

/** Units by the thousand, so that they are added up without a remainder. */
export function thousandths(quantity: number): number {
  const { digits, places } = written(quantity);
  return Number(digits * 10n ** BigInt(3 - places));
}
