import { type Fields, isObject } from '../forms/fields.ts';
import { isOlderLine } from '../forms/older-data-layer.ts';
import { takeAmountWithSign, takeNumber } from './numbers.ts';
import { AS_IT_IS, type Kind, type Rule } from './rule.ts';
import { takeCut, takeLeftOut, takeOnly } from './texts.ts';
import { takeArrival, takeBySentAt, takeDigits, takeSpelling, takeUnit } from './times.ts';

const TEXTS: readonly Kind[] = ['id', 'title', 'term', 'label', 'link', 'address'];
const NUMBERS: readonly Kind[] = ['amount', 'count', 'aside'];

/** The older data layer is read where the other forms of an event are; here it has its name. */
export const OLDER_DATA_LAYER = {
  name: 'older_data_layer',
  sent: 'GA’s older data layer: `ecommerce.purchase.actionField`, `products`, `ecommerce.add` …; lines with `id` and `name` for `item_id` and `item_name`; Tag Manager’s first, where `transactionId` is filled: `transactionId`, `transactionTotal`, `transactionProducts` with `sku` or `id`',
  taken: 'the event that GA4 makes of it',
  message: 'is GA’s older data layer; taken as the event of GA4',
} as const;

/** Also of a line, which is no field. */
export const NULL: Rule = {
  name: 'null',
  sent: '`null`, also for a line',
  taken: 'absent',
  message: 'was null; taken as absent',
  looksAt: [...TEXTS, ...NUMBERS, 'name', 'currency', 'time', 'items'],
  take: (value) => (value === null ? undefined : AS_IT_IS),
};

const isLine = (value: Fields): boolean =>
  ['item_id', 'item_name'].some((field) => value[field] !== undefined) || isOlderLine(value);

/** What shops really send, and what it is taken as. Each value goes through the rules in this order. */
export const RULES: readonly Rule[] = [
  NULL,
  {
    name: 'empty_text',
    sent: '`""` for a text, and for shipping, tax or an order’s discount',
    taken: 'absent',
    message: 'was empty; taken as absent',
    // An empty search is a search.
    looksAt: ['id', 'title', 'label', 'link', 'address', 'currency', 'time', 'aside'],
    take: (value) => (value === '' ? undefined : AS_IT_IS),
  },
  {
    name: 'one_line',
    sent: 'one object for `items` that is a line',
    taken: 'a list of that line',
    message: 'was one line; taken as a list of it',
    looksAt: ['items'],
    take: (value) => (isObject(value) && isLine(value) ? [value] : AS_IT_IS),
  },
  {
    name: 'false',
    sent: '`false` for a name, brand, category, variant, city or country',
    taken: 'absent',
    message: 'was false; taken as absent',
    looksAt: ['title'],
    take: (value) => (value === false ? undefined : AS_IT_IS),
  },
  {
    name: 'list_of_one',
    sent: 'a list of one text, or of none, for one of these or a coupon',
    taken: 'that text; absent',
    message: 'was a list of at most one; taken as that',
    looksAt: ['title', 'label'],
    take: takeOnly,
  },
  {
    name: 'number_as_text',
    sent: 'a number for an id or another text',
    taken: 'its text',
    message: 'was a number; taken as its text',
    looksAt: TEXTS,
    // Beyond that it is not the number that was written.
    take: (value) =>
      typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : AS_IT_IS,
  },
  {
    name: 'text_as_number',
    sent: '`"2"`, `"9.50"`, `"9,50"`, `".5"` for a number: at most one separator, before one or two last digits',
    taken: 'that number',
    message: 'was text; taken as that number',
    looksAt: NUMBERS,
    take: takeNumber,
  },
  {
    name: 'currency_sign',
    sent: '`"€ 9,50"`, `"9.50 USD"` for an amount, where that is the event’s currency',
    taken: 'that number',
    message: 'had a currency sign around it; taken as that number',
    looksAt: ['amount', 'aside'],
    take: takeAmountWithSign,
  },
  {
    name: 'currency_case',
    sent: 'a currency in lower case, or with spaces around it',
    taken: 'its code of ISO 4217',
    message: 'was not in capitals; taken as its code of ISO 4217',
    looksAt: ['currency'],
    take: (value) => {
      const code = typeof value === 'string' ? value.trim().toUpperCase() : value;
      return /^[A-Z]{3}$/.test(String(code)) && code !== value ? code : AS_IT_IS;
    },
  },
  {
    name: 'cut',
    sent: 'a name, brand, category, variant, city, country, search term, address of a page or user agent that is too long',
    taken: 'as much of it as the field takes, cut between two characters; ids are never cut',
    message: 'was too long; cut',
    looksAt: ['title', 'term', 'address'],
    take: takeCut,
  },
  {
    name: 'left_out',
    sent: 'what is no text, or too long, for a link, a coupon, a campaign, a device, the address of a page or a user agent; what is no amount for shipping, tax or an order’s discount',
    taken: 'absent: nothing that is counted hangs on it',
    message: 'is nothing that this field takes; left out',
    looksAt: ['label', 'link', 'address', 'aside'],
    take: takeLeftOut,
  },
  {
    name: 'name_as_id',
    sent: 'a line without `item_id` but with `item_name`',
    taken: 'the name as the id',
    message: 'is absent; the item goes by its name',
    looksAt: ['id'],
    take: (value, { field, beside, event }) =>
      value === undefined && field === 'item_id' && beside !== event ? (beside['item_name'] ?? AS_IT_IS) : AS_IT_IS,
  },
  {
    name: 'time_as_digits',
    sent: 'a time as text of digits',
    taken: 'that number',
    message: 'was text; taken as that number',
    looksAt: ['time'],
    take: takeDigits,
  },
  {
    name: 'time_unit',
    sent: 'a live event’s time in seconds, microseconds or nanoseconds of the epoch, told by its size, or with decimals',
    taken: 'that moment in whole milliseconds',
    message: 'was not in whole milliseconds; taken as that moment',
    looksAt: ['time'],
    take: takeUnit,
  },
  {
    name: 'time_spelling',
    sent: 'a time with `+0000` or `+00`, a space for `T`, `UTC` for `Z`, without seconds or separators, or with more than three decimals',
    taken: 'that moment in milliseconds; without an offset it is refused',
    message: 'was spelt otherwise; taken as that moment',
    looksAt: ['time'],
    take: takeSpelling,
  },
  {
    name: 'clock_by_sent_at',
    sent: 'a time more than 5 minutes ahead, with `sent_at` beside it that is ahead as well',
    taken: 'moved by what `sent_at` is ahead',
    message: 'was ahead; moved by what sent_at is ahead',
    looksAt: ['time'],
    take: takeBySentAt,
  },
  {
    name: 'clock_ahead',
    sent: 'another time more than 5 minutes and up to 24 hours ahead',
    taken: 'the moment of arrival',
    message: 'was ahead; taken as the moment of arrival',
    looksAt: ['time'],
    take: takeArrival,
  },
];

/** What repairs are counted by. */
export const RULE_NAMES: readonly string[] = [OLDER_DATA_LAYER, ...RULES].map(({ name }) => name);

/** Under which name a rule is counted among what a commit tallies. */
export const repairTally = (rule: string): string => `repair:${rule}`;
