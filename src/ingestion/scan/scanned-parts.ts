import type { OrderParts } from '../../events/details/order-parts.ts';
import { bit, FIELDS } from './event-fields.ts';

/** What the event under way says beside its worth, as it is scanned. */
export class ScannedParts {
  readonly amounts = new Float64Array(FIELDS.discount - FIELDS.shipping + 1);
  coupon = '';

  /** @param seen which fields the event has */
  of(seen: number): OrderParts {
    const amount = (field: number): number =>
      (seen & bit(field)) === 0 ? 0 : (this.amounts[field - FIELDS.shipping] ?? 0);
    return {
      shipping: amount(FIELDS.shipping),
      tax: amount(FIELDS.tax),
      discount: amount(FIELDS.discount),
      coupon: (seen & bit(FIELDS.coupon)) === 0 ? undefined : this.coupon,
    };
  }
}
