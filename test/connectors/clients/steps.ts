import type { EventFields } from '../../../sdk/src/events.ts';
import { type Line, type Step, VISITS } from './visits.ts';

/** Sends what the shop's visitors do to a server, as one client does. @returns how many events it sent */
export type Sender = (url: string, key: string) => Promise<number>;

interface Who {
  readonly anonymousId: string;
  /** Where the visitor is known. */
  readonly userId?: string;
}

/** Every step in order, with what is known of the visitor by then. */
export const STEPS = VISITS.flatMap(({ anonymousId, userId, steps }, visitor) => {
  const known = steps.findIndex(({ does }) => does === 'checkout');
  return steps.map((step, i) => {
    const who: Who = known >= 0 && i >= known ? { anonymousId, userId } : { anonymousId };
    return { step, who, visitor };
  });
});

const ga4Line = ({ id, name, price, quantity }: Line) => ({ item_id: id, item_name: name, price, quantity });

/** In GA4's names, which are the project's own. */
export function ga4(step: Step): { readonly name: string; readonly params: EventFields } {
  switch (step.does) {
    case 'page':
      return { name: 'page_view', params: { page_location: `https://shop.example${step.path}` } };
    case 'search':
      return { name: 'search', params: { search_term: step.term } };
    case 'view':
      return { name: 'view_item', params: { items: [ga4Line(step.line)] } };
    case 'add':
      return { name: 'add_to_cart', params: { items: [ga4Line(step.line)] } };
    case 'remove':
      return { name: 'remove_from_cart', params: { items: [ga4Line(step.line)] } };
    case 'checkout':
      return { name: 'begin_checkout', params: { items: step.lines.map(ga4Line) } };
    case 'order': {
      const { id: transaction_id, value, payment: payment_type, lines } = step;
      const order = transaction_id === undefined ? {} : { transaction_id };
      return { name: 'purchase', params: { ...order, value, payment_type, items: lines.map(ga4Line) } };
    }
  }
}

const segmentLine = ({ id, name, price, quantity }: Line, isText: boolean) => ({
  product_id: id,
  name,
  price: isText ? price.toFixed(2) : price,
  quantity,
});

/** In the names of Segment's e-commerce spec. */
export function segmentOf(step: Exclude<Step, { does: 'page' }>, isText: boolean) {
  switch (step.does) {
    case 'search':
      return { event: 'Products Searched', properties: { query: step.term } };
    case 'view':
      return { event: 'Product Viewed', properties: segmentLine(step.line, isText) };
    case 'add':
      return { event: 'Product Added', properties: segmentLine(step.line, isText) };
    case 'remove':
      return { event: 'Product Removed', properties: segmentLine(step.line, isText) };
    case 'checkout':
      return {
        event: 'Checkout Started',
        properties: { products: step.lines.map((line) => segmentLine(line, isText)) },
      };
    case 'order': {
      const { id, value, payment, lines } = step;
      const products = lines.map((line) => segmentLine(line, isText));
      const order = id === undefined ? {} : { order_id: id };
      return { event: 'Order Completed', properties: { ...order, revenue: value, payment_method: payment, products } };
    }
  }
}
