import { type Fields, isObject, valueAt } from '../../events/forms/fields.ts';
import type { Mapped } from '../connector.ts';
import { type CartReport, cartReport } from '../hooks/cart-report.ts';
import { backOf, firstId, linesOf, objectsIn, paymentType, sum, visitor } from '../hooks/fields.ts';
import { hook } from '../hooks/hook.ts';
import { type OrderReport, orderReport, type RefundReport } from '../hooks/order-report.ts';
import { stockReport } from '../hooks/stock-report.ts';
import { amount, given, idText, mappedBy } from '../mapping.ts';
import { LINE, ORDER } from './names.ts';

const way = 'medusa';

/** What a subscriber within a Medusa shop sends: `{ event, data }`, the data as Medusa's own queries give it. */
export const medusa = hook({
  way,
  summary: 'Take what Medusa’s subscriber sends',
  signature: { header: 'x-cartpulse-hmac-sha256', setting: 'MEDUSA_SECRETS' },
  needs: ' with `event` and an object `data`',
  mappedOf: ({ event, data }) => (isObject(data) ? mappedOf(event, data) : undefined),
});

function mappedOf(event: unknown, data: Fields): readonly Mapped[] {
  const id = idText(data['id']);
  if (id === undefined || typeof event !== 'string') return [];
  // `payment.refunded` names a payment: the subscriber sends its order.
  if (/^(order|payment)\./.test(event)) return [orderReport(orderOf(id, data))];
  if (/^cart\.(created|updated)$/.test(event)) return [cartReport(cartOf(id, data))];
  if (/^(inventory\.)?inventory-level\.(created|updated)$/.test(event)) return stockOf(data);
  return [];
}

function orderOf(id: string, data: Fields): OrderReport {
  const isCancelled = data['status'] === 'canceled' || idText(data['canceled_at']) !== undefined;
  return {
    way,
    id,
    state: isCancelled ? 'cancelled' : 'bought',
    createdAt: data['created_at'],
    updatedAt: data['updated_at'] ?? data['created_at'],
    shared: { ...sharedOf(data, data['cart_id'] ?? valueAt(data, ['cart', 'id'])), transaction_id: id },
    order: detailsOf(data),
    total: data['original_total'] ?? data['total'],
    refunds: paymentsOf(data).flatMap((payment) => objectsIn(payment['refunds']).flatMap((refund) => refundOf(refund))),
  };
}

function sharedOf(data: Fields, cart: unknown): Fields {
  const own = isObject(data['metadata']) ? Object.entries(data['metadata']) : [];
  const customer = [data['customer_id'], data['email']];
  return { ...visitor({ own, cart, customer, order: idText(data['id']) }), ...mappedBy(ORDER, data) };
}

const paymentsOf = (data: Fields): readonly Fields[] =>
  objectsIn(data['payment_collections']).flatMap(({ payments }) => objectsIn(payments));

/** What the items come to without their taxes has discounts taken off; shipping is not in it. */
function detailsOf(data: Fields): Fields {
  return given({
    currency: currencyOf(data),
    value: netOf(data),
    shipping: data['shipping_total'],
    tax: data['tax_total'],
    discount: data['discount_total'],
    payment_type: paymentType(paymentsOf(data)[0]?.['provider_id']),
    items: linesOf(data['items']).map(lineOf),
  });
}

function netOf({ item_total: items, item_tax_total: tax }: Fields): unknown {
  if (idText(items) === undefined) return undefined;
  const taxes = backOf([tax], (total) => -total);
  return sum([items, taxes]);
}

function lineOf(line: Fields): Fields {
  const { variant_sku: sku, variant_id: variant, product_id: product } = line;
  return given({ ...mappedBy(LINE, line), item_id: firstId(sku, variant, product) });
}

/** Medusa writes currencies in lower case. */
function currencyOf({ currency_code: code }: Fields): unknown {
  return typeof code === 'string' ? code.toUpperCase() : undefined;
}

function cartOf(id: string, data: Fields): CartReport {
  return {
    way,
    id,
    updatedAt: data['updated_at'],
    shared: given({ ...sharedOf(data, id), currency: currencyOf(data) }),
    lines: linesOf(data['items']).map(lineOf),
  };
}

function stockOf(data: Fields): readonly Mapped[] {
  const { stocked_quantity: stocked, reserved_quantity: reserved = 0 } = data;
  const isLevel = typeof stocked === 'number' && typeof reserved === 'number';
  return stockReport({
    way,
    itemId: firstId(valueAt(data, ['inventory_item', 'sku']), data['inventory_item_id']),
    updatedAt: data['updated_at'],
    level: isLevel ? stocked - reserved : undefined,
  });
}

function refundOf(refund: Fields): readonly RefundReport[] {
  const id = idText(refund['id']);
  const value = amount(refund['amount']);
  return id === undefined ? [] : [{ id, timestamp: refund['created_at'], paidBack: value, fields: { value } }];
}
