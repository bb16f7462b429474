import { CATEGORY_LEVELS, categoryPath } from '../../events/details/category-path.ts';
import { isQuantity } from '../../events/numbers/quantity.ts';
import { MAX_AMOUNT, MAX_ITEMS, MAX_LENGTH, SURELY_WITHIN_MAX_AMOUNT } from '../../events/schema.ts';
import { ABSENT } from '../../fold/columns/column.ts';
import type { Columns } from '../../fold/columns/columns.ts';
import { FieldNames } from './field-names.ts';
import { NOT_PLAIN, type TextScanner } from './text-scanner.ts';

const NAMES = [
  'item_id',
  'item_name',
  'price',
  'quantity',
  'item_brand',
  'item_variant',
  'item_category',
  'item_category2',
  'item_category3',
  'item_category4',
  'item_category5',
];
const [ITEM_ID, ITEM_NAME, PRICE, QUANTITY, BRAND, VARIANT, CATEGORY] = [0, 1, 2, 3, 4, 5, 6];
const FIELDS = new FieldNames(NAMES);
const LAST_CATEGORY = CATEGORY + CATEGORY_LEVELS - 1;
/** Levels of a category that stand behind its first. */
const DEEPER = NAMES.reduce((bits, _, field) => (field > CATEGORY ? bits | (1 << field) : bits), 0);

/** Reads an event's `items` into the columns' lines. */
export class LineScanner {
  private readonly texts: TextScanner;
  private readonly columns: Columns;
  /** Of the line under way: where the levels of its category begin, and end. */
  private readonly levelFrom = new Int32Array(CATEGORY_LEVELS);
  private readonly levelTo = new Int32Array(CATEGORY_LEVELS);
  /** Σ price × quantity of the lines read last. */
  private total = 0;

  constructor(texts: TextScanner, columns: Columns) {
    this.texts = texts;
    this.columns = columns;
  }

  /** From the opening bracket; returns where the list ends, behind its closing one. */
  scan(bytes: Buffer, from: number): number {
    if (bytes[from] !== 0x5b) return NOT_PLAIN;
    if (bytes[from + 1] === 0x5d) return from + 2;
    const first = this.columns.lines;
    this.total = 0;
    let at = from + 1;
    for (;;) {
      at = this.line(bytes, at);
      if (at < 0) return NOT_PLAIN;
      if (bytes[at] !== 0x2c) break;
      at++;
    }
    const fits = this.columns.lines - first <= MAX_ITEMS && this.total <= SURELY_WITHIN_MAX_AMOUNT;
    return fits && bytes[at] === 0x5d ? at + 1 : NOT_PLAIN;
  }

  /** From the opening brace; returns where the line ends, behind its closing one. */
  private line(bytes: Buffer, from: number): number {
    const { columns, texts } = this;
    if (bytes[from] !== 0x7b) return NOT_PLAIN;
    const { items, titles } = columns.dictionaries;
    const line = columns.lines;
    let [item, title, brand, variant, category] = [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT];
    let [price, quantity, seen] = [0, 1, 0];
    let at = from;
    do {
      const name = at + 2;
      if (bytes[at + 1] !== 0x22) return NOT_PLAIN;
      const nameEnd = texts.text(bytes, name);
      if (nameEnd < 0 || bytes[nameEnd + 1] !== 0x3a) return NOT_PLAIN;
      const field = FIELDS.find(bytes, name, nameEnd);
      if (field < 0 || (seen & (1 << field)) !== 0) return NOT_PLAIN;
      seen |= 1 << field;
      const value = nameEnd + 2;
      if (field === PRICE || field === QUANTITY) {
        at = texts.decimal(bytes, value);
        if (at < 0) return NOT_PLAIN;
        if (field === PRICE) price = texts.number;
        else quantity = texts.number;
        continue;
      }
      if (bytes[value] !== 0x22) return NOT_PLAIN;
      const end = texts.text(bytes, value + 1);
      // A text has at least as many bytes as UTF-16 units: what is longer may still be short enough, and is looked at elsewhere.
      if (end <= value + 1 || end - value - 1 > (field === ITEM_ID ? MAX_LENGTH.id : MAX_LENGTH.title))
        return NOT_PLAIN;
      if (field === ITEM_ID) item = items.of(bytes, value + 1, end, texts.hash);
      else if (field === ITEM_NAME) title = titles.of(bytes, value + 1, end, texts.hash);
      else if (field === BRAND) brand = titles.of(bytes, value + 1, end, texts.hash);
      else if (field === VARIANT) variant = titles.of(bytes, value + 1, end, texts.hash);
      else {
        if (field === CATEGORY) category = titles.of(bytes, value + 1, end, texts.hash);
        this.levelFrom[field - CATEGORY] = value + 1;
        this.levelTo[field - CATEGORY] = end;
      }
      at = end + 1;
    } while (bytes[at] === 0x2c);
    if (bytes[at] !== 0x7d || item === ABSENT || price > MAX_AMOUNT) return NOT_PLAIN;
    if (!isQuantity(quantity)) return NOT_PLAIN;
    this.total += price * quantity;
    columns.lines = line + 1;
    columns.lineItem.set(line, item);
    columns.lineTitle.set(line, title);
    columns.lineCategory.set(line, (seen & DEEPER) === 0 ? category : titles.ofText(this.path(bytes, seen)));
    columns.lineBrand.set(line, brand);
    columns.lineVariant.set(line, variant);
    columns.linePrice.set(line, (seen & (1 << PRICE)) === 0 ? Number.NaN : price);
    columns.lineQuantity.set(line, quantity);
    return at + 1;
  }

  /** The levels that the line names, as one text. */
  private path(bytes: Buffer, seen: number): string {
    const levels: (string | undefined)[] = [];
    for (let field = CATEGORY; field <= LAST_CATEGORY; field++) {
      const level = field - CATEGORY;
      const isNamed = (seen & (1 << field)) !== 0;
      levels.push(isNamed ? bytes.toString('utf8', this.levelFrom[level], this.levelTo[level]) : undefined);
    }
    return categoryPath(levels);
  }
}
