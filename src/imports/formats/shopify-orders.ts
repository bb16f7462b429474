import { isCurrency } from '../../events/money.ts';
import { isQuantity, WRONG_QUANTITY } from '../../events/numbers/quantity.ts';
import { MAX_AMOUNT, MAX_ITEMS, MAX_LENGTH } from '../../events/schema.ts';
import {
  decimal,
  type ImportContext,
  type Imported,
  type ImportFormat,
  lineId,
  type Row,
  type RowReader,
  rejectRow,
} from './format.ts';
import { LastRows } from './last-rows.ts';

const TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{2}):?(\d{2})$/;
const COLUMNS = [
  'Name',
  'Email',
  'Financial Status',
  'Currency',
  'Subtotal',
  'Created at',
  'Lineitem quantity',
  'Lineitem name',
  'Lineitem price',
  'Lineitem sku',
] as const;
const OPTIONAL = [
  'Id',
  'Payment Method',
  'Refunded Amount',
  'Cancelled at',
  'Shipping City',
  'Shipping Country',
  'Billing City',
  'Billing Country',
] as const;
type ColumnName = (typeof COLUMNS)[number] | (typeof OPTIONAL)[number];
const NAMES: readonly ColumnName[] = [...COLUMNS, ...OPTIONAL];

type Fields = Readonly<Record<ColumnName, string>>;

/** Shopify's export of orders: the first row of an order has what concerns all of it, every row a line. */
export const shopifyOrders: ImportFormat = {
  name: 'shopify-orders',
  columns: [...COLUMNS.map((name) => ({ name })), ...OPTIONAL.map((name) => ({ name, isOptional: true }))],
  hasOtherColumns: true,
  open: (context) => new ShopifyOrdersReader(context),
};

interface Line {
  readonly item_id: string;
  readonly item_name?: string;
  readonly price: number;
  readonly quantity: number;
}

interface Order {
  readonly shared: Readonly<Record<string, unknown>> & { readonly timestamp: number; readonly value: number };
  readonly refund: { readonly value: number; readonly timestamp: number } | undefined;
  readonly items: Line[];
}

class ShopifyOrdersReader implements RowReader {
  private readonly context: ImportContext;
  private readonly lastRows = new LastRows();
  private readonly open = new Map<string, Order | 'rejected'>();

  constructor(context: ImportContext) {
    this.context = context;
  }

  survey({ line, fields }: Row): void {
    this.lastRows.note(fields[0]?.trim() ?? '', line);
  }

  read({ line, fields: texts }: Row): Imported[] {
    const fields = Object.fromEntries(NAMES.map((name, i) => [name, texts[i]?.trim() ?? ''])) as Fields;
    const result = this.add(fields, line);
    const name = fields.Name;
    if (!this.lastRows.isLast(name, line)) return result;
    const order = this.open.get(name);
    this.open.delete(name);
    return order === undefined || order === 'rejected' ? result : [...result, ...this.toEvents(order, line)];
  }

  /** @returns why the row is rejected, or nothing */
  private add(fields: Fields, line: number): Imported[] {
    const known = this.open.get(fields.Name);
    const order = known ?? orderOf(fields, line, this.context);
    if (order === 'rejected') return [rejectRow(line, 'Name', 'is of an order that was rejected')];
    if ('outcome' in order) {
      this.open.set(fields.Name, 'rejected');
      return [order];
    }
    this.open.set(fields.Name, order);
    const item = lineOf(fields, line, this.context);
    if ('outcome' in item) return [item];
    if (order.items.length === MAX_ITEMS) return [rejectRow(line, 'Name', `has more than ${MAX_ITEMS} lines`)];
    order.items.push(item);
    return [];
  }

  private toEvents({ shared, refund, items }: Order, line: number): Imported[] {
    const id = lineId(this.context.fileId, line);
    const purchase = { event_id: id, name: 'purchase', ...shared, items };
    if (refund === undefined) return [{ outcome: 'event', event: purchase, line }];
    const back = { event_id: `${id}-refund`, name: 'refund', ...shared, ...refund };
    return [
      { outcome: 'event', event: purchase, line },
      { outcome: 'event', event: back, line },
    ];
  }
}

function orderOf(fields: Fields, line: number, context: ImportContext): Order | Imported {
  const { Name: name, Email: email, Currency: currency } = fields;
  const transactionId = fields.Id === '' ? name : fields.Id;
  const userId = email === '' ? `anonymous-${name}` : email.toLowerCase();
  const ids = [
    ['Name', name],
    ['Email', userId],
    ['Id', transactionId],
  ] as const;
  for (const [column, text] of ids)
    if (text === '' || text.length > MAX_LENGTH.id)
      return rejectRow(line, column, `must have 1 to ${MAX_LENGTH.id} characters`);
  if (fields['Financial Status'] === 'voided') return rejectRow(line, 'Financial Status', 'is not a sale: voided');
  if (!isCurrency(currency)) return rejectRow(line, 'Currency', 'is not a currency of ISO 4217');
  const timestamp = momentOf(fields['Created at']);
  if (timestamp === undefined) return rejectRow(line, 'Created at', 'must be a time such as 2026-11-20 09:30:00 +0100');
  const value = decimal(fields.Subtotal, context);
  if (value === undefined || value < 0 || value > MAX_AMOUNT)
    return rejectRow(line, 'Subtotal', `must be a number from 0 to ${MAX_AMOUNT}`);
  const refunded = decimal(fields['Refunded Amount'] || '0', context);
  if (refunded === undefined || refunded < 0) return rejectRow(line, 'Refunded Amount', 'must be a number from 0');
  const city = (fields['Shipping City'] || fields['Billing City']).slice(0, MAX_LENGTH.id);
  const country = (fields['Shipping Country'] || fields['Billing Country']).slice(0, MAX_LENGTH.id);
  const payment = fields['Payment Method'].slice(0, MAX_LENGTH.paymentType);
  const shared = {
    timestamp,
    user_id: userId,
    currency,
    value,
    transaction_id: transactionId,
    ...(city !== '' && { city }),
    ...(country !== '' && { country }),
    ...(payment !== '' && { payment_type: payment }),
  };
  // What was paid back for shipping and taxes is no part of the revenue that it takes off.
  const back = Math.min(refunded, value);
  const refund = back > 0 ? { value: back, timestamp: momentOf(fields['Cancelled at']) ?? timestamp } : undefined;
  return { shared, refund, items: [] };
}

function lineOf(fields: Fields, line: number, context: ImportContext): Line | Imported {
  const title = fields['Lineitem name'];
  const itemId = fields['Lineitem sku'] || title;
  if (itemId === '' || itemId.length > MAX_LENGTH.id)
    return rejectRow(line, 'Lineitem sku', `or the name must have 1 to ${MAX_LENGTH.id} characters`);
  const quantity = decimal(fields['Lineitem quantity'], context);
  if (quantity === undefined || !isQuantity(quantity)) return rejectRow(line, 'Lineitem quantity', WRONG_QUANTITY);
  const price = decimal(fields['Lineitem price'], context);
  if (price === undefined || price < 0 || price * quantity > MAX_AMOUNT)
    return rejectRow(line, 'Lineitem price', `must be a number from 0, and × quantity at most ${MAX_AMOUNT}`);
  return { item_id: itemId, ...(title !== '' && { item_name: title.slice(0, MAX_LENGTH.title) }), price, quantity };
}

/** Times have an offset of their own. */
function momentOf(text: string): number | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const ms = Date.parse(`${parts[1]}T${parts[2]}${parts[3]}:${parts[4]}`);
  return Number.isNaN(ms) ? undefined : ms;
}
