import { isUtf8 } from 'node:buffer';
import { isCurrency } from '../../events/money.ts';
import { FIRST_LIVE_MS, MAX_AHEAD_MS } from '../../events/repairs/times.ts';
import { INVENTORY, MAX_AMOUNT, NAME, NEEDS_TRANSACTION } from '../../events/schema.ts';
import { countedTerm } from '../../events/search-term.ts';
import { ABSENT } from '../../fold/columns/column.ts';
import type { Columns } from '../../fold/columns/columns.ts';
import type { DimensionReader } from '../../metrics/dimension.ts';
import { NONE } from '../../metrics/sums/dimension-values.ts';
import { bit, FIELDS, fieldsUnsure, LONGEST, NAMES, ORIGIN, PARTS, VALUES } from './event-fields.ts';
import { Judgements } from './judgements.ts';
import { LineScanner } from './line-scanner.ts';
import { utcMoment } from './moments.ts';
import { ScannedDevice } from './scanned-device.ts';
import { ScannedOrigin } from './scanned-origin.ts';
import { ScannedParts } from './scanned-parts.ts';
import { NOT_PLAIN, TextScanner } from './text-scanner.ts';

const REQUIRED = bit(FIELDS.event_id) | bit(FIELDS.name) | bit(FIELDS.timestamp);
const [USER, GUEST] = [bit(FIELDS.user_id), bit(FIELDS.anonymous_id)];
const [QUOTE, COMMA, COLON, OPEN, CLOSE] = [0x22, 0x2c, 0x3a, 0x7b, 0x7d];

/**
 * Reads a record of the log where it lies, as long as it is plainly a good shop event: its known fields, each once, without blanks and
 * escapes. A yes is the schema's yes, at a fraction of its cost. A no says nothing: then the schema decides. Nothing is thrown.
 */
export class EventScanner {
  private readonly columns: Columns;
  private readonly texts: TextScanner;
  private readonly lines: LineScanner;
  private readonly shopNames: Judgements;
  private readonly orderNames: Judgements;
  private readonly purchases: Judgements;
  private readonly currencies: Judgements;
  /** By field, the place of the dimension whose value it is; -1 where nothing is counted by it. */
  private readonly places: readonly number[];
  /** Fields that a dimension reads in a way that only the schema's way knows. */
  private readonly unsure: number;
  /** Of the event under way. */
  private readonly device: ScannedDevice;
  private readonly parts = new ScannedParts();
  private readonly origin: ScannedOrigin;
  private searched = '';
  private readonly storeCurrency: number;

  constructor(columns: Columns, storeCurrency: string, dimensions: DimensionReader) {
    const { dictionaries } = columns;
    this.columns = columns;
    this.texts = new TextScanner(dictionaries.seed);
    this.lines = new LineScanner(this.texts, columns);
    this.shopNames = new Judgements(dictionaries.names, (name) => NAME.test(name) && !INVENTORY.has(name));
    this.orderNames = new Judgements(dictionaries.names, (name) => NEEDS_TRANSACTION.has(name));
    this.purchases = new Judgements(dictionaries.names, (name) => name === 'purchase');
    this.currencies = new Judgements(dictionaries.currencies, isCurrency);
    this.origin = new ScannedOrigin(columns, dimensions);
    this.device = new ScannedDevice(columns);
    this.unsure = fieldsUnsure(dimensions.dimensions);
    const names = dimensions.dimensions.map(({ name }) => name);
    this.places = Object.keys(FIELDS).map((field, i) => (VALUES.some((of) => of === i) ? names.indexOf(field) : -1));
    this.storeCurrency = dictionaries.currencies.ofText(storeCurrency);
  }

  /** Fills the columns' next row where the bytes are plainly a good shop event; else says no. */
  scan(bytes: Buffer, from: number, to: number, arrivedAtMs: number): boolean {
    const { columns } = this;
    const { lines, rows } = columns;
    columns.source[rows] = bytes;
    columns.linesFrom.set(rows, lines);
    if (this.read(bytes, from, to, arrivedAtMs)) {
      columns.linesTo.set(rows, columns.lines);
      return true;
    }
    columns.lines = lines;
    return false;
  }

  private read(bytes: Buffer, from: number, to: number, arrivedAtMs: number): boolean {
    const { texts, columns } = this;
    const last = to - 1;
    if (bytes[from] !== OPEN || bytes[last] !== CLOSE) return false;
    texts.beyondAscii = false;
    this.clearRow();
    let seen = 0;
    let at = from;
    do {
      if (bytes[at + 1] !== QUOTE) return false;
      const nameEnd = texts.text(bytes, at + 2);
      if (nameEnd < 0 || bytes[nameEnd + 1] !== COLON) return false;
      const field = NAMES.find(bytes, at + 2, nameEnd);
      if (field < 0 || (seen & bit(field)) !== 0) return false;
      seen |= bit(field);
      at = this.value(field, bytes, nameEnd + 2);
      if (at < 0 || at > last) return false;
    } while (bytes[at] === COMMA);
    if (at !== last || (seen & REQUIRED) !== REQUIRED || (seen & this.unsure) !== 0) return false;
    if (!this.hasVisitor(seen)) return false;
    if (texts.beyondAscii && !isUtf8(bytes.subarray(from, to))) return false;
    const timestampMs = columns.timestampMs.at(columns.rows);
    // What lies before is a fault, or of an import.
    if ((seen & ORIGIN) !== 0) this.origin.fill(seen);
    if ((seen & bit(FIELDS.search_term)) !== 0) this.setTerm();
    this.device.fill();
    const isPlainTime = timestampMs >= FIRST_LIVE_MS && timestampMs <= arrivedAtMs + MAX_AHEAD_MS;
    const name = columns.name.at(columns.rows);
    const isComplete = (seen & bit(FIELDS.transaction_id)) !== 0 || !this.orderNames.holds(name);
    if (!isPlainTime || !isComplete) return false;
    // Other events may say it, and nothing comes of it.
    if ((seen & PARTS) !== 0 && this.purchases.holds(name)) columns.parts.set(columns.rows, this.parts.of(seen));
    return true;
  }

  /** Whose event it is: the user's, or else the guest's. */
  private hasVisitor(seen: number): boolean {
    const { user, guest, rows } = this.columns;
    if ((seen & USER) !== 0) return true;
    user.set(rows, guest.at(rows));
    return (seen & GUEST) !== 0;
  }

  /** Whose search it is decides what it counts as. */
  private setTerm(): void {
    const { columns } = this;
    const { rows: row, dictionaries } = columns;
    const term = countedTerm(this.searched, dictionaries.users.text(columns.user.at(row)));
    columns.term.set(row, term === '' ? ABSENT : dictionaries.terms.ofText(term));
  }

  /** What a row says where the event says nothing. */
  private clearRow(): void {
    const { columns } = this;
    const { rows: row } = columns;
    columns.session.set(row, columns.noSession);
    columns.guest.set(row, ABSENT);
    for (const values of columns.values) values.set(row, NONE);
    this.device.clear();
    columns.currency.set(row, this.storeCurrency);
    columns.value.set(row, Number.NaN);
    columns.payment.set(row, ABSENT);
    columns.term.set(row, ABSENT);
    columns.results.set(row, ABSENT);
    columns.transactionId.set(row, undefined);
  }

  /** From a field's first byte; returns where it ends. */
  private value(field: number, bytes: Buffer, from: number): number {
    if (field === FIELDS.items) return this.lines.scan(bytes, from);
    return bytes[from] === QUOTE ? this.textValue(field, bytes, from + 1) : this.numberValue(field, bytes, from);
  }

  private numberValue(field: number, bytes: Buffer, from: number): number {
    const { texts, columns } = this;
    const { rows: row } = columns;
    const end = texts.decimal(bytes, from);
    if (end < 0) return NOT_PLAIN;
    const { number } = texts;
    switch (field) {
      case FIELDS.timestamp:
        columns.timestampMs.set(row, number);
        return Number.isInteger(number) ? end : NOT_PLAIN;
      case FIELDS.value:
        columns.value.set(row, number);
        return number <= MAX_AMOUNT ? end : NOT_PLAIN;
      case FIELDS.shipping:
      case FIELDS.tax:
      case FIELDS.discount:
        this.parts.amounts[field - FIELDS.shipping] = number;
        return number <= MAX_AMOUNT ? end : NOT_PLAIN;
      case FIELDS.results_count:
        columns.results.set(row, number);
        return Number.isInteger(number) ? end : NOT_PLAIN;
      default:
        return NOT_PLAIN;
    }
  }

  private textValue(field: number, bytes: Buffer, from: number): number {
    const { texts, columns } = this;
    const { rows: row, dictionaries } = columns;
    const to = texts.text(bytes, from);
    if (to < 0 || to - from > (LONGEST[field] ?? 0) || (to === from && field !== FIELDS.search_term)) return NOT_PLAIN;
    const { hash } = texts;
    const end = to + 1;
    switch (field) {
      case FIELDS.event_id:
        columns.eventId.setRange(row, from, to);
        return end;
      case FIELDS.name: {
        const name = dictionaries.names.of(bytes, from, to, hash);
        columns.name.set(row, name);
        return this.shopNames.holds(name) ? end : NOT_PLAIN;
      }
      case FIELDS.timestamp:
        columns.timestampMs.set(row, utcMoment(bytes, from, to));
        return end;
      case FIELDS.user_id:
        columns.user.set(row, dictionaries.users.of(bytes, from, to, hash));
        return end;
      case FIELDS.anonymous_id:
        columns.guest.set(row, dictionaries.users.of(bytes, from, to, hash));
        return end;
      case FIELDS.session_id:
        columns.session.set(row, dictionaries.sessions.of(bytes, from, to, hash));
        return end;
      case FIELDS.city:
      case FIELDS.country:
      case FIELDS.store: {
        const place = this.places[field] ?? -1;
        const values = dictionaries.values.texts[place];
        if (values !== undefined) columns.values[place]?.set(row, values.of(bytes, from, to, hash));
        return end;
      }
      case FIELDS.device:
        return this.device.noteDevice(bytes, from, to, hash) ? end : NOT_PLAIN;
      case FIELDS.user_agent:
        return this.device.noteAgent(bytes, from, to, hash) ? end : NOT_PLAIN;
      case FIELDS.page_location:
      case FIELDS.page_referrer:
      case FIELDS.utm_source:
      case FIELDS.utm_medium:
      case FIELDS.utm_campaign:
        this.origin.note(field, bytes.toString('utf8', from, to));
        return end;
      case FIELDS.currency: {
        const currency = dictionaries.currencies.of(bytes, from, to, hash);
        columns.currency.set(row, currency);
        return this.currencies.holds(currency) ? end : NOT_PLAIN;
      }
      case FIELDS.transaction_id:
        columns.transactionId.setRange(row, from, to);
        return end;
      case FIELDS.payment_type:
        columns.payment.set(row, dictionaries.payments.of(bytes, from, to, hash));
        return end;
      case FIELDS.coupon:
        this.parts.coupon = bytes.toString('utf8', from, to);
        return end;
      case FIELDS.search_term:
        this.searched = bytes.toString('utf8', from, to);
        return end;
      default:
        return NOT_PLAIN;
    }
  }
}
