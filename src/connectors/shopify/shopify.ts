import { type Fields, isObject, valueAt } from '../../events/forms/fields.ts';
import type { Mapped } from '../connector.ts';
import { type CartReport, cartReport } from '../hooks/cart-report.ts';
import { backOf, firstId, linesOf, objectsIn, paymentType, sum, visitor } from '../hooks/fields.ts';
import { hook } from '../hooks/hook.ts';
import { type OrderReport, orderReport, type RefundReport } from '../hooks/order-report.ts';
import { stockReport } from '../hooks/stock-report.ts';
import { amount, given, idText, mappedBy } from '../mapping.ts';
import { LINE, ORDER } from './names.ts';

const way = 'shopify';

/** Shopify's webhooks, as it sends them by itself. */
export const shopify = hook({
  way,
  summary: 'Take Shopify’s webhooks',
  signature: { header: 'x-shopify-hmac-sha256', setting: 'SHOPIFY_SECRETS' },
  mappedOf: (body, header) => mappedOf(header('x-shopify-topic'), body),
});

function mappedOf(topic: string | undefined, body: Fields): readonly Mapped[] {
  switch (topic) {
    case 'orders/create':
    case 'orders/paid':
    case 'orders/updated':
    case 'orders/cancelled':
      return body['test'] === true ? [] : withId(body['id'], (id) => orderReport(orderOf(id, body)));
    case 'checkouts/create':
    case 'checkouts/update':
      return withId(body['token'], (id) => orderReport(checkoutOf(id, body)));
    case 'carts/create':
    case 'carts/update':
      return withId(body['token'] ?? body['id'], (id) => cartReport(cartOf(id, body)));
    case 'products/create':
    case 'products/update':
      return objectsIn(body['variants']).flatMap((variant) =>
        stockReport({
          way,
          itemId: firstId(variant['sku'], variant['id']),
          updatedAt: variant['updated_at'] ?? body['updated_at'],
          level: variant['inventory_management'] === null ? undefined : variant['inventory_quantity'],
          price: amount(variant['price']),
        }),
      );
    default:
      return [];
  }
}

function withId(id: unknown, reportOf: (id: string) => Mapped): readonly Mapped[] {
  const text = idText(id);
  return text === undefined ? [] : [reportOf(text)];
}

function orderOf(id: string, body: Fields): OrderReport {
  const isCancelled = idText(body['cancelled_at']) !== undefined;
  return {
    way,
    id,
    state: isCancelled ? 'cancelled' : 'bought',
    createdAt: body['created_at'],
    updatedAt: body['updated_at'] ?? body['created_at'],
    shared: { ...sharedOf(id, body), transaction_id: id },
    order: detailsOf(body),
    total: body['total_price'],
    refunds: objectsIn(body['refunds']).flatMap((refund) => refundOf(refund)),
  };
}

function checkoutOf(token: string, body: Fields): OrderReport {
  return {
    way,
    id: `checkout-${token}`,
    state: 'begun',
    createdAt: body['created_at'],
    updatedAt: body['updated_at'],
    shared: { ...sharedOf(`checkout-${token}`, body), cart_url: body['abandoned_checkout_url'] },
    order: detailsOf(body),
    total: body['total_price'],
    refunds: [],
  };
}

function sharedOf(order: string, body: Fields): Fields {
  return {
    ...visitor({
      own: objectsIn(body['note_attributes']).map(({ name, value }) => [name, value]),
      cart: body['cart_token'],
      customer: [valueAt(body, ['customer', 'id']), body['email']],
      order,
    }),
    ...mappedBy(ORDER, body),
  };
}

/** `subtotal_price` has discounts taken off; shipping and taxes are not in it. */
function detailsOf(body: Fields): Fields {
  const [discount] = objectsIn(body['discount_codes']);
  const gateways = body['payment_gateway_names'];
  return given({
    currency: body['currency'],
    value: amount(body['subtotal_price']),
    shipping: amount(valueAt(body, ['total_shipping_price_set', 'shop_money', 'amount'])),
    tax: amount(body['total_tax']),
    discount: amount(body['total_discounts']),
    coupon: discount?.['code'],
    payment_type: paymentType(Array.isArray(gateways) ? gateways[0] : undefined),
    items: linesOf(body['line_items']).map((line) => lineOf(line)),
  });
}

function cartOf(id: string, body: Fields): CartReport {
  return {
    way,
    id,
    updatedAt: body['updated_at'],
    shared: visitor({ own: [], cart: id }),
    lines: linesOf(body['line_items']).map((line) => lineOf(line)),
  };
}

function lineOf(line: Fields): Fields {
  const fields = mappedBy(LINE, line);
  const { sku, variant_id: variant, product_id: product } = line;
  return { ...fields, item_id: firstId(sku, variant, product), price: amount(fields['price']) };
}

function refundOf(refund: Fields): readonly RefundReport[] {
  const id = idText(refund['id']);
  if (id === undefined) return [];
  const lines = linesOf(refund['refund_line_items']);
  const paidBack = objectsIn(refund['transactions'])
    .filter(({ kind, status }) => kind === 'refund' && status === 'success')
    .map((transaction) => transaction['amount']);
  const items = lines.map((line) => {
    const item = lineOf(isObject(line['line_item']) ? line['line_item'] : {});
    return { ...item, quantity: line['quantity'] };
  });
  const back = sum(paidBack);
  const amounts = lines.length > 0 ? lines.map(({ subtotal }) => subtotal) : [back, shippingOf(refund)];
  const value = backOf(amounts, (total) => Math.max(0, total));
  const fields = given({ value, items: items.length > 0 ? items : undefined });
  return [{ id, timestamp: refund['created_at'], paidBack: back, fields }];
}

/** What was paid back of the shipping, below 0: an order's value has none of it. */
function shippingOf(refund: Fields): unknown {
  const adjustments = objectsIn(refund['order_adjustments']).filter(({ kind }) => kind === 'shipping_refund');
  return sum(adjustments.map((adjustment) => adjustment['amount']));
}
