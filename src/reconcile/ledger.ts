import { isCurrency, toMinorUnits } from '../events/money.ts';
import { MAX_AMOUNT, MAX_LENGTH } from '../events/schema.ts';
import { openCsv } from '../imports/csv.ts';
import type { InspectedFile } from '../imports/file.ts';
import { decimal, type FileLayout, type Row, type RowProblem } from '../imports/formats/format.ts';
import { NotThisFormat } from '../imports/problems.ts';
import type { Calendar } from '../time/calendar.ts';
import { momentOf } from '../time/moments.ts';

const MOST_ORDERS = 200_000;
/** Gateways by which shops try how it is to pay. */
export const TEST_PAYMENT = /bogus|\btest/i;
const MOST_PROBLEMS = 100;

/** One order of the shop's own books. */
export interface LedgerOrder {
  readonly id: string;
  /** Under which it may have been sent as well. */
  readonly otherIds: readonly string[];
  readonly atMs: number;
  readonly currency: string;
  /** What it should count, in minor units: discounts taken off, without shipping and taxes. */
  readonly amount: number;
  /** What was paid, with shipping and taxes, where the books say so. */
  readonly paid: number | undefined;
  /** What discounts took off, where the books say so. */
  readonly discount: number | undefined;
  /** Was it cancelled before it was paid? Then it is none. */
  readonly isVoided: boolean;
  readonly isTest: boolean;
}

export interface Ledger {
  readonly format: string;
  readonly orders: readonly LedgerOrder[];
}

/** Rows of the file are not what they should be; nothing is compared. */
export class BadLedger extends Error {
  readonly code = 'bad-ledger';
  readonly retryable = false;
  /** The first of them. */
  readonly problems: readonly RowProblem[];

  constructor(problems: readonly RowProblem[]) {
    const [first] = problems;
    super(first === undefined ? 'the file is not valid' : `line ${first.line}: ${textOf(first)}`);
    this.problems = problems;
  }
}

export class TooManyOrders extends Error {
  readonly code = 'too-many-orders';
  readonly retryable = false;

  constructor() {
    super(`the file has more than ${MOST_ORDERS} orders`);
  }
}

export const textOf = ({ column, message }: RowProblem): string => `${column} ${message}`.trim();

interface LedgerFormat extends FileLayout {
  /** What a row says; undefined where it only goes on with the order before it. */
  readonly read: (fields: Readonly<Record<string, string>>, context: Context) => Partial<Checked> | undefined;
}

interface Context {
  readonly calendar: Calendar;
  readonly decimalComma: boolean;
}

interface Checked extends Omit<LedgerOrder, 'amount' | 'paid' | 'discount' | 'atMs'> {
  readonly created: readonly [column: string, text: string];
  readonly total: readonly [column: string, text: string];
  /** What was paid, where `total` is not it. */
  readonly paidText: string;
  readonly discountText: string;
  /** What `total` has in it that counts as no revenue. */
  readonly takenOff: readonly (readonly [column: string, text: string])[];
}

const columns = (names: readonly string[], optional: readonly string[] = []) => [
  ...names.map((name) => ({ name })),
  ...optional.map((name) => ({ name, isOptional: true })),
];

const plain: LedgerFormat = {
  name: 'orders',
  columns: columns(['order_id', 'created_at', 'total', 'currency'], ['shipping', 'tax']),
  hasOtherColumns: true,
  read: ({ order_id: id = '', created_at: created = '', total = '', currency = '', shipping = '', tax = '' }) => ({
    id,
    created: ['created_at', created],
    total: ['total', total],
    currency,
    paidText: total,
    takenOff: [
      ['shipping', shipping || '0'],
      ['tax', tax || '0'],
    ],
  }),
};

/** The later rows of an order have its further lines alone. */
const shopify: LedgerFormat = {
  name: 'shopify-orders',
  columns: columns(
    ['Name', 'Financial Status', 'Currency', 'Subtotal', 'Created at'],
    ['Id', 'Total', 'Discount Amount', 'Payment Method'],
  ),
  hasOtherColumns: true,
  read(fields) {
    const name = fields['Name'] ?? '';
    if (fields['Currency'] === '' && fields['Subtotal'] === '' && fields['Created at'] === '') return undefined;
    const id = fields['Id'] || name;
    return {
      id,
      otherIds: [name, name.replace(/^#/, '')].filter((other) => other !== id && other !== ''),
      created: ['Created at', fields['Created at'] ?? ''],
      total: ['Subtotal', fields['Subtotal'] ?? ''],
      currency: fields['Currency'] ?? '',
      paidText: fields['Total'] ?? '',
      discountText: fields['Discount Amount'] ?? '',
      isVoided: fields['Financial Status'] === 'voided',
      isTest: TEST_PAYMENT.test(fields['Payment Method'] ?? ''),
    };
  },
};

/** Those that a header may be of, the narrowest first. */
const FORMATS: readonly LedgerFormat[] = [shopify, plain];

/** Reads the shop's own orders. @throws NotThisFormat, BrokenFile, BadLedger, TooManyOrders */
export async function readLedger(file: InspectedFile, calendar: Calendar): Promise<Ledger> {
  const { format, csv } = await formatOf(file);
  const context = { calendar, decimalComma: csv.delimiter === ';' };
  const orders: LedgerOrder[] = [];
  const lines = new Map<string, number>();
  const problems: RowProblem[] = [];
  for await (const row of csv.rows()) {
    if (problems.length === MOST_PROBLEMS) break;
    if (!('fields' in row)) {
      problems.push(row);
      continue;
    }
    const order = orderOf(row, format, context);
    if (order === undefined) continue;
    const before = 'message' in order ? undefined : lines.get(order.id);
    if ('message' in order) problems.push(order);
    else if (before !== undefined)
      problems.push({ line: row.line, column: idColumn(format), message: `stands in line ${before} already` });
    else {
      if (orders.length === MOST_ORDERS) throw new TooManyOrders();
      lines.set(order.id, row.line);
      orders.push(order);
    }
  }
  if (problems.length > 0) throw new BadLedger(problems);
  return { format: format.name, orders };
}

const idColumn = ({ columns: of }: LedgerFormat): string => of[0]?.name ?? '';

async function formatOf(file: InspectedFile) {
  for (const format of FORMATS)
    try {
      return { format, csv: await openCsv(file, format) };
    } catch (error) {
      if (!(error instanceof NotThisFormat) || format === FORMATS.at(-1)) throw error;
    }
  throw new NotThisFormat('the file is of no known format');
}

function orderOf({ line, fields }: Row, format: LedgerFormat, context: Context): LedgerOrder | RowProblem | undefined {
  const named = Object.fromEntries(format.columns.map(({ name }, i) => [name, fields[i]?.trim() ?? '']));
  const read = format.read(named, context);
  if (read === undefined) return undefined;
  const { id = '', currency = '', created = ['', ''], total = ['', ''] } = read;
  const problem = (column: string, message: string): RowProblem => ({ line, column, message });
  if (id === '' || id.length > MAX_LENGTH.id)
    return problem(idColumn(format), `must have 1 to ${MAX_LENGTH.id} characters`);
  const atMs = momentOf(created[1], context.calendar);
  if (atMs === undefined)
    return problem(
      created[0],
      'must be a date, or a time such as 2026-11-20 09:30:00 +0100; without an offset it is the store’s',
    );
  const code = currency.toUpperCase();
  if (!isCurrency(code)) return problem(currencyColumn(format), 'is not a currency of ISO 4217');
  const amounts = [total, ...(read.takenOff ?? [])].map(([column, text]) => ({
    column,
    value: decimal(text, context),
  }));
  const wrong = amounts.find(({ value }) => value === undefined || value < 0 || value > MAX_AMOUNT);
  if (wrong !== undefined) return problem(wrong.column, `must be a number from 0 to ${MAX_AMOUNT}`);
  const [whole = 0, ...off] = amounts.map(({ value = 0 }) => toMinorUnits(value, code));
  const minorOf = (text: string | undefined): number | undefined => {
    const number = text === undefined ? undefined : decimal(text, context);
    return number === undefined ? undefined : toMinorUnits(number, code);
  };
  return {
    id,
    otherIds: read.otherIds ?? [],
    atMs,
    currency: code,
    amount: off.reduce((left, one) => left - one, whole),
    paid: minorOf(read.paidText),
    discount: minorOf(read.discountText),
    isVoided: read.isVoided ?? false,
    isTest: read.isTest ?? false,
  };
}

const currencyColumn = ({ columns: of }: LedgerFormat): string =>
  of.find(({ name }) => name.toLowerCase() === 'currency')?.name ?? 'currency';
