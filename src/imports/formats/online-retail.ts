import { MAX_QUANTITY } from '../../events/numbers/quantity.ts';
import { MAX_AMOUNT, MAX_ITEMS, MAX_LENGTH } from '../../events/schema.ts';
import { DateOrder } from './date-order.ts';
import {
  decimal,
  type ImportContext,
  type Imported,
  type ImportFormat,
  lineId,
  type Repair,
  type Row,
  type RowReader,
  rejectRow,
} from './format.ts';
import { LastRows } from './last-rows.ts';

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
}

/** An invoice whose rows have not all come yet. One of more lines than an event may have goes on in a second one. */
interface OpenInvoice extends Invoice {
  part: number;
  items: Line[];
}

/** UCI Online Retail and Online Retail II: the rows of one invoice are one purchase, or a refund where it starts with C. */
export const onlineRetail: ImportFormat = {
  name: 'online-retail',
  columns: [
    { name: 'InvoiceNo', aliases: ['Invoice'] },
    { name: 'StockCode' },
    { name: 'Description' },
    { name: 'Quantity' },
    { name: 'InvoiceDate' },
    { name: 'UnitPrice', aliases: ['Price'] },
    { name: 'CustomerID', aliases: ['Customer ID'] },
    { name: 'Country' },
  ],
  open: (context) => new OnlineRetailReader(context),
};

class OnlineRetailReader implements RowReader {
  private readonly context: ImportContext;
  private readonly lastRows = new LastRows();
  private readonly dates = new DateOrder();
  private readonly open = new Map<string, OpenInvoice>();

  constructor(context: ImportContext) {
    this.context = context;
  }

  survey({ line, fields }: Row): void {
    const [number = '', , , , date = ''] = fields.map((field) => field.trim());
    this.lastRows.note(number, line);
    this.dates.note(date, line);
  }

  repairs(): Repair[] {
    return this.dates.repairs('InvoiceDate');
  }

  read(row: Row): Imported[] {
    const checked = this.check(row);
    const result: Imported[] = [];
    if ('outcome' in checked) result.push(checked);
    else result.push(...this.add(checked.invoice, checked.item, row.line));
    const number = row.fields[0]?.trim() ?? '';
    if (this.lastRows.isLast(number, row.line)) {
      result.push(...this.take(this.open.get(number), row.line));
      this.open.delete(number);
    }
    return result;
  }

  private add(invoice: Invoice, item: Line, line: number): Imported[] {
    const open = this.open.get(invoice.number) ?? { ...invoice, part: 1, items: [] };
    this.open.set(invoice.number, open);
    open.items.push(item);
    return open.items.length < MAX_ITEMS ? [] : this.take(open, line);
  }

  /** What has come of it so far, as an event. */
  private take(open: OpenInvoice | undefined, line: number): Imported[] {
    if (open === undefined || open.items.length === 0) return [];
    const event = this.toEvent(open, line);
    open.items = [];
    open.part += 1;
    return [{ outcome: 'event', event, line }];
  }

  private toEvent({ number, userId, country, timestampMs, part, items }: OpenInvoice, line: number) {
    return {
      event_id: lineId(this.context.fileId, line),
      name: isRefund(number) ? 'refund' : 'purchase',
      timestamp: timestampMs,
      user_id: userId,
      city: country,
      country,
      currency: 'GBP',
      transaction_id: part === 1 ? number : `${number}#${part}`,
      items,
    };
  }

  private check({ line, fields }: Row): Imported | { invoice: Invoice; item: Line } {
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
    const quantity = decimal(quantityText, this.context);
    if (quantity === undefined || !Number.isInteger(quantity))
      return rejectRow(line, 'Quantity', 'must be a whole number');
    const price = decimal(priceText, this.context);
    if (price === undefined) return rejectRow(line, 'UnitPrice', 'must be a number');
    const timestampMs = this.dates.moment(date, this.context.calendar);
    if (timestampMs === undefined) return rejectRow(line, 'InvoiceDate', this.dateProblem());
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
    return { invoice: { number, userId, country, timestampMs }, item };
  }

  /** Times without a zone are the store's. */
  private dateProblem(): string {
    return this.dates.isMixed
      ? 'cannot be told: the file has dates with the day first and dates with the month first'
      : 'must be a date such as 2010-12-01 08:26:00 or 12/1/2010 8:26';
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
