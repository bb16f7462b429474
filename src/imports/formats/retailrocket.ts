import { MAX_ITEMS, MAX_LENGTH, MAX_TIMESTAMP_MS } from '../../events/schema.ts';
import {
  type ImportContext,
  type Imported,
  type ImportFormat,
  lineId,
  type Row,
  type RowReader,
  rejectRow,
} from './format.ts';
import { LastRows } from './last-rows.ts';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['view', 'view_item'],
  ['addtocart', 'add_to_cart'],
  ['transaction', 'purchase'],
]);

/** Retailrocket's `events.csv`: one row is one event of one item; the rows of one transaction are one purchase. It has no prices. */
export const retailrocket: ImportFormat = {
  name: 'retailrocket',
  columns: [
    { name: 'timestamp' },
    { name: 'visitorid' },
    { name: 'event' },
    { name: 'itemid' },
    { name: 'transactionid' },
  ],
  open: (context) => new RetailrocketReader(context),
};

interface Click {
  readonly timestamp: number;
  readonly user_id: string;
  readonly name: string;
  readonly itemId: string;
  readonly transactionId: string;
}

interface OpenPurchase {
  readonly first: Click;
  readonly itemIds: string[];
}

class RetailrocketReader implements RowReader {
  private readonly context: ImportContext;
  private readonly lastRows = new LastRows();
  private readonly open = new Map<string, OpenPurchase>();

  constructor(context: ImportContext) {
    this.context = context;
  }

  survey({ line, fields }: Row): void {
    const transactionId = fields[4]?.trim() ?? '';
    if (transactionId !== '') this.lastRows.note(transactionId, line);
  }

  read(row: Row): Imported[] {
    const { line } = row;
    const click = check(row);
    const result: Imported[] = [];
    if ('outcome' in click) result.push(click);
    else if (click.name === 'purchase') result.push(...this.add(click, line));
    else result.push(this.toEvent(click, [click.itemId], line));
    const transactionId = row.fields[4]?.trim() ?? '';
    const purchase = this.open.get(transactionId);
    if (purchase === undefined || !this.lastRows.isLast(transactionId, line)) return result;
    this.open.delete(transactionId);
    return [...result, this.toEvent(purchase.first, purchase.itemIds, line)];
  }

  private add(click: Click, line: number): Imported[] {
    const purchase = this.open.get(click.transactionId) ?? { first: click, itemIds: [] };
    if (purchase.itemIds.length === MAX_ITEMS)
      return [rejectRow(line, 'transactionid', `has more than ${MAX_ITEMS} items`)];
    purchase.itemIds.push(click.itemId);
    this.open.set(click.transactionId, purchase);
    return [];
  }

  private toEvent(
    { name, timestamp, user_id, transactionId }: Click,
    itemIds: readonly string[],
    line: number,
  ): Imported {
    const event = {
      event_id: lineId(this.context.fileId, line),
      name,
      timestamp,
      user_id,
      ...(name === 'purchase' && { transaction_id: transactionId }),
      items: itemIds.map((item_id) => ({ item_id, quantity: 1 })),
    };
    return { outcome: 'event', event, line };
  }
}

function check({ line, fields }: Row): Click | Imported {
  const [time = '', user = '', event = '', itemId = '', transactionId = ''] = fields.map((field) => field.trim());
  const timestamp = /^\d+$/.test(time) ? Number(time) : Number.NaN;
  if (!(timestamp <= MAX_TIMESTAMP_MS)) return rejectRow(line, 'timestamp', 'must be milliseconds since 1970');
  const name = NAMES.get(event);
  if (name === undefined) return rejectRow(line, 'event', `must be one of ${[...NAMES.keys()].join(', ')}`);
  const ids = [
    ['visitorid', user],
    ['itemid', itemId],
    ...(name === 'purchase' ? [['transactionid', transactionId] as const] : []),
  ] as const;
  for (const [column, text] of ids)
    if (text === '' || text.length > MAX_LENGTH.id)
      return rejectRow(line, column, `must have 1 to ${MAX_LENGTH.id} characters`);
  return { timestamp, user_id: user, name, itemId, transactionId };
}
