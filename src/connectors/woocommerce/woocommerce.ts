import { type Fields, valueAt } from '../../events/forms/fields.ts';
import type { Mapped } from '../connector.ts';
import { backOf, firstId, linesOf, objectsIn, paymentType, sum, visitor } from '../hooks/fields.ts';
import { hook } from '../hooks/hook.ts';
import { type OrderReport, orderReport, type RefundReport } from '../hooks/order-report.ts';
import { stockReport } from '../hooks/stock-report.ts';
import { amount, given, idText, mappedBy } from '../mapping.ts';
import { LINE, ORDER, STATES } from './names.ts';

const way = 'woocommerce';

/** WooCommerce's webhooks, as it sends them by itself. */
export const woocommerce = hook({
  way,
  summary: 'Take WooCommerce’s webhooks',
  signature: { header: 'x-wc-webhook-signature', setting: 'WOOCOMMERCE_SECRETS' },
  // Where a webhook is saved; it is only kept where that is a success.
  isTrial: (text) => /^webhook_id=\d+$/.test(text),
  mappedOf: (body, header) => mappedOf(header('x-wc-webhook-topic'), body),
});

function mappedOf(topic: string | undefined, body: Fields): readonly Mapped[] {
  const id = idText(body['id']);
  if (id === undefined) return [];
  switch (topic) {
    case 'order.created':
    case 'order.updated':
    case 'order.restored':
      return [orderReport(orderOf(id, body))];
    case 'product.created':
    case 'product.updated':
      return stockReport({
        way,
        itemId: firstId(body['sku'], id),
        updatedAt: moment(body['date_modified_gmt']),
        level: body['stock_quantity'],
        price: amount(body['price']),
      });
    default:
      return [];
  }
}

/** WooCommerce writes moments of UTC without saying so. */
function moment(gmt: unknown): unknown {
  return typeof gmt === 'string' && /\d$/.test(gmt) ? `${gmt}Z` : undefined;
}

function orderOf(id: string, body: Fields): OrderReport {
  const updatedAt = moment(body['date_modified_gmt']);
  return {
    way,
    id,
    state: STATES.get(body['status']) ?? 'other',
    createdAt: moment(body['date_created_gmt']),
    updatedAt,
    shared: { ...sharedOf(id, body), transaction_id: idText(body['number']) ?? id },
    order: detailsOf(body),
    total: body['total'],
    refunds: objectsIn(body['refunds']).flatMap((refund) => refundOf(refund, updatedAt)),
  };
}

function sharedOf(order: string, body: Fields): Fields {
  return {
    ...visitor({
      own: objectsIn(body['meta_data']).map(({ key, value }) => [key, value]),
      customer: [orNobody(body['customer_id']), valueAt(body, ['billing', 'email'])],
      order,
    }),
    ...mappedBy(ORDER, body),
  };
}

/** What lines come to has discounts taken off; shipping and taxes are not in it. */
function detailsOf(body: Fields): Fields {
  const lines = linesOf(body['line_items']);
  const [coupon] = objectsIn(body['coupon_lines']);
  return given({
    currency: body['currency'],
    value: sum(lines.map(({ total }) => total)),
    shipping: amount(body['shipping_total']),
    tax: amount(body['total_tax']),
    discount: amount(body['discount_total']),
    coupon: coupon?.['code'],
    payment_type: paymentType(body['payment_method']),
    items: lines.map((line) => lineOf(line)),
  });
}

function lineOf(line: Fields): Fields {
  const { variation_id: variation, product_id: product } = line;
  const id = firstId(line['sku'], orNobody(variation), product);
  return given({ ...mappedBy(LINE, line), item_id: id });
}

/** Guests are customer 0, and what has no variations is variation 0, written as a number or as text. */
const orNobody = (id: unknown): unknown => (idText(id) === '0' ? undefined : id);

/** An order names what was paid back, below 0, and neither when nor for which lines. */
function refundOf(refund: Fields, timestamp: unknown): readonly RefundReport[] {
  const id = idText(refund['id']);
  const paidBack = backOf([refund['total']], Math.abs);
  return id === undefined ? [] : [{ id, timestamp, paidBack, fields: { value: paidBack } }];
}
