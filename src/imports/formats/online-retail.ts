import { MAX_AMOUNT, MAX_ITEMS, MAX_LENGTH, MAX_QUANTITY } from '../../events/schema.ts';
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

const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;
const ISO_LIKE = /^(\d{4})-(\d{2})-(\d{2}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;

interface Line {
  readonly item_id: string;
  readonly item_name?: string;
  readonly price: number;
  readonly quantity: number;
}

interface Invoice {
  readonly number: string;
  readonly userId: string;
  readonly country: string;
  readonly timestampMs: number;
  readonly line: number;
  /** An invoice of more lines than an event may have goes on in a second one. */
  readonly part: number;
  readonly items: Line[];
}

/** UCI Online Retail: consecutive rows of one InvoiceNo are one purchase, or a refund where it starts with C. */
export const onlineRetail: ImportFormat = {
  name: 'online-retail',
  columns: COLUMNS,
  open: (context) => new OnlineRetailReader(context),
};

class OnlineRetailReader implements RowReader {
  private open: Invoice | undefined;
  private readonly context: ImportContext;

  constructor(context: ImportContext) {
    this.context = context;
  }

  read(row: Row): Imported[] {
    const checked = this.check(row);
    if ('outcome' in checked) return [checked];
    const { invoice, item } = checked;
    const continues = this.open?.number === invoice.number;
    if (this.open !== undefined && continues && this.open.items.length < MAX_ITEMS) {
      this.open.items.push(item);
      return [];
    }
    const part = this.open !== undefined && continues ? this.open.part + 1 : 1;
    const done = this.finish();
    this.open = { ...invoice, part, items: [item] };
    return done;
  }

  finish(): Imported[] {
    const { open } = this;
    this.open = undefined;
    return open === undefined ? [] : [{ outcome: 'event', event: this.toEvent(open), line: open.line }];
  }

  private toEvent(invoice: Invoice): Record<string, unknown> {
    return {
      event_id: lineId(this.context.fileId, invoice.line),
      name: isRefund(invoice.number) ? 'refund' : 'purchase',
      timestamp: invoice.timestampMs,
      user_id: invoice.userId,
      city: invoice.country,
      country: invoice.country,
      currency: 'GBP',
      transaction_id: invoice.part === 1 ? invoice.number : `${invoice.number}#${invoice.part}`,
      items: invoice.items,
    };
  }

  private check({ line, fields }: Row): Imported | { invoice: Omit<Invoice, 'items' | 'part'>; item: Line } {
    const [
      number = '',
      stockCode = '',
      description = '',
      quantityText = '',
      date = '',
      priceText = '',
      customer = '',
      country = '',
    ] = fields.map((field) => field.trim());
    const ids = [
      ['InvoiceNo', number],
      ['StockCode', stockCode],
      ['Country', country],
    ] as const;
    for (const [column, text] of ids)
      if (text === '' || text.length > MAX_LENGTH.id)
        return rejectRow(line, column, `must have 1 to ${MAX_LENGTH.id} characters`);
    const quantity = decimal(quantityText);
    if (quantity === undefined || !Number.isInteger(quantity))
      return rejectRow(line, 'Quantity', 'must be a whole number');
    const price = decimal(priceText);
    if (price === undefined) return rejectRow(line, 'UnitPrice', 'must be a number');
    const timestampMs = this.moment(date);
    if (timestampMs === undefined)
      return rejectRow(line, 'InvoiceDate', 'must be a date such as 2010-12-01 08:26:00 or 12/1/2010 8:26');
    const userId = customer === '' ? `anonymous-${number}` : customer.replace(/\.0$/, '');
    if (userId.length > MAX_LENGTH.id)
      return rejectRow(line, 'CustomerID', `must have at most ${MAX_LENGTH.id} characters`);
    const problem = notASale(number, quantity, price);
    if (problem !== undefined) return rejectRow(line, problem.column, problem.message);
    const item = {
      item_id: stockCode,
      ...(description !== '' && { item_name: description.slice(0, MAX_LENGTH.title) }),
      price,
      quantity: Math.abs(quantity),
    };
    return { invoice: { number, userId, country, timestampMs, line }, item };
  }

  /** Times without a zone are the store's. */
  private moment(text: string): number | undefined {
    const iso = ISO_LIKE.exec(text);
    const american = AMERICAN.exec(text);
    const parts = iso
      ? [iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]]
      : american && [american[3], american[1], american[2], american[4], american[5], american[6]];
    if (!parts) return undefined;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
    return this.context.calendar.moment({ year, month, day, hour, minute, second });
  }
}

function isRefund(invoiceNumber: string): boolean {
  return invoiceNumber.startsWith('C');
}

function notASale(number: string, quantity: number, price: number): { column: string; message: string } | undefined {
  if (price <= 0) return { column: 'UnitPrice', message: 'is not a sale: the price is not above 0' };
  if (quantity === 0) return { column: 'Quantity', message: 'is not a sale: the quantity is 0' };
  if (Math.abs(quantity) > MAX_QUANTITY) return { column: 'Quantity', message: `must be at most ${MAX_QUANTITY}` };
  if (price * Math.abs(quantity) > MAX_AMOUNT)
    return { column: 'UnitPrice', message: `price × quantity must not be more than ${MAX_AMOUNT}` };
  if (isRefund(number) !== quantity < 0)
    return { column: 'Quantity', message: 'is not a sale: its sign does not fit the invoice' };
  return undefined;
}
