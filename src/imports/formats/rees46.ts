import { MAX_AMOUNT, MAX_LENGTH } from '../../events/schema.ts';
import {
  decimal,
  type ImportContext,
  type Imported,
  type ImportFormat,
  lineId,
  type Row,
  rejectRow,
} from './format.ts';

const COLUMNS = [
  'event_time',
  'event_type',
  'product_id',
  'category_id',
  'category_code',
  'brand',
  'price',
  'user_id',
  'user_session',
] as const;
const TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC$/;

const NAMES: ReadonlyMap<string, string> = new Map([
  ['view', 'view_item'],
  ['cart', 'add_to_cart'],
  ['remove_from_cart', 'remove_from_cart'],
  ['purchase', 'purchase'],
]);

/** REES46's clickstream: one row is one event of one product. */
export const rees46: ImportFormat = {
  name: 'rees46',
  columns: COLUMNS.map((name) => ({ name })),
  open: (context) => ({ read: (row) => [toEvent(row, context)] }),
};

function toEvent({ line, fields }: Row, context: ImportContext): Imported {
  const [time = '', type = '', product = '', , category = '', brand = '', priceText = '', user = '', session = ''] =
    fields.map((field) => field.trim());
  const parts = TIME.exec(time);
  const timestamp = parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2]}Z`);
  if (Number.isNaN(timestamp)) return rejectRow(line, 'event_time', 'must be a time such as 2019-10-01 00:00:00 UTC');
  const name = NAMES.get(type);
  if (name === undefined) return rejectRow(line, 'event_type', `must be one of ${[...NAMES.keys()].join(', ')}`);
  const texts = [
    ['product_id', product, 1],
    ['user_id', user, 1],
    ['user_session', session, 0],
  ] as const;
  for (const [column, text, least] of texts) {
    if (text.length < least || text.length > MAX_LENGTH.id)
      return rejectRow(line, column, `must have ${least} to ${MAX_LENGTH.id} characters`);
  }
  const price = decimal(priceText, context);
  if (price === undefined || price < 0 || price > MAX_AMOUNT)
    return rejectRow(line, 'price', `must be a number from 0 to ${MAX_AMOUNT}`);
  const itemName = nameOf(category, brand);
  const event = {
    event_id: lineId(context.fileId, line),
    name,
    timestamp,
    user_id: user,
    ...(session !== '' && { session_id: session }),
    currency: 'USD',
    // The file has no order number; made of three parts, it may be longer than an id may be.
    ...(name === 'purchase' && { transaction_id: `${session}-${product}-${timestamp}`.slice(-MAX_LENGTH.id) }),
    items: [{ item_id: product, ...(itemName !== '' && { item_name: itemName }), price, quantity: 1 }],
  };
  return { outcome: 'event', event, line };
}

/** `appliances.environment.water_heater` by aqua is an `aqua water heater`. */
function nameOf(category: string, brand: string): string {
  const last = category.split('.').at(-1)?.replaceAll('_', ' ') ?? '';
  return [brand, last]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, MAX_LENGTH.title);
}
