import type { InventoryEvent } from '../events/event.ts';
import { minorDigits } from '../events/money.ts';
import type { CartStep, CartTurn } from '../fold/carts/cart-step.ts';
import type { Columns } from '../fold/columns/columns.ts';
import type { SessionTurn } from '../fold/counted-events.ts';
import type { EventStep } from '../fold/event-step.ts';
import type { AddedDetails } from '../fold/orders/lane-details.ts';
import type { SettledRefund } from '../fold/orders/lane-refunds.ts';
import { LIVE } from '../fold/settings.ts';
import type { FoldOutcome } from '../fold/tallies.ts';
import type { UnitRecords } from '../ingestion/ports/unit-archive.ts';
import { BUILT_IN_NAMES } from '../metrics/dimension.ts';
import type { OrderFacts } from '../metrics/facts.ts';
import { ByteText } from '../metrics/sums/byte-text.ts';
import { NONE } from '../metrics/sums/dimension-values.ts';
import type { Interner } from '../metrics/sums/interner.ts';
import type { Calendar } from '../time/calendar.ts';
import { writeLines } from './counted-lines.ts';

/** Rows that are no events. What lies before an erasure of the visitor is to be made nobody's. */
export const ERASE = 'erase';
export const CONTROL = 'control';
/** Records of these kinds are not in the log. */
export const OF_CART = 'cart';
export const OF_SESSION = 'session';
/** Those that go without saying, as `columns.ts` has it. */
const USUAL_DIGITS = 2;

export interface RowsOf {
  readonly columns: Columns;
  readonly calendar: Calendar;
  readonly records: UnitRecords;
  /** Events before this place are there already. */
  readonly from: number;
}

const NOTHING = Buffer.alloc(0);
const COLUMNS_OF: ReadonlySet<string> = new Set(BUILT_IN_NAMES);

/** A unit's events as lines of JSON by the columns' short names (`columns.ts`), put together from the bytes in which they came. */
export class CountedRows {
  private readonly of: RowsOf;
  private readonly text = new ByteText();
  /** The first row's place, and the one behind the last. */
  from = 0;
  to = 0;
  rows = 0;
  /** The record that is being counted; what it releases stands before it, or beside it. */
  private counted = { row: 0, position: 0 };

  constructor(of: RowsOf) {
    this.of = of;
  }

  get bytes(): Buffer {
    return this.text.bytes.subarray(0, this.text.size);
  }

  erase(userId: string): void {
    const { columns, records } = this.of;
    if (!this.begin(records.placeOf(columns.place.at(0)), 0)) return;
    this.about(0, columns.arrivedAtMs.at(0), ERASE);
    this.text.text(`,"u":${JSON.stringify(userId)}}\n`);
  }

  control(row: number, beside?: SettledRefund | AddedDetails): void {
    const { columns, records } = this.of;
    const record = columns.place.at(row);
    if (!this.begin(records.placeOf(record), row)) return;
    this.about(row, columns.arrivedAtMs.at(row), CONTROL);
    const said = Buffer.from(records.valueOf(record) ?? []).toString();
    const value = beside === undefined ? said : `${said.slice(0, -1)},"counted":${JSON.stringify(beside)}}`;
    this.text.text(`,"rec":${JSON.stringify(value)}}\n`);
  }

  shop(row: number, step: EventStep, outcome: FoldOutcome): void {
    const { columns, calendar, records } = this.of;
    const { dictionaries } = columns;
    const position = records.placeOf(columns.place.at(row));
    if (!this.begin(position, row)) return;
    const { text } = this;
    const { day } = calendar.at(step.timestampMs);
    this.about(row, step.timestampMs, outcome);
    if (position < this.counted.position) text.text(',"w":').number(this.counted.position);
    text.text(',"n":"').text(step.name).text('","e":');
    text.json(columns.source[row] ?? NOTHING, columns.eventId.begins(row), columns.eventId.ends(row));
    this.named('u', dictionaries.users, step.user);
    if (step.hasSessionId) this.named('s', dictionaries.sessions, step.sessionNumber);
    this.said(row);
    this.values('d', step.dimensions);
    if (outcome !== 'duplicate') this.inSession(step, day);
    if (step.cart !== undefined) this.inCart(step.cart);
    this.money(row, step);
    if (step.order !== undefined) this.order(step.order);
    this.rest(row, step);
    text.text('}\n');
  }

  passed(row: number, timestampMs: number): void {
    this.told(row, { control: 'tick', at: timestampMs });
  }

  cart({ cartId, openedMs, leftMs, dueMs, userId, became, currency, leftValue, lines }: CartTurn): void {
    const said = [...lines].map(([item, line]) => [item, line.thousandths, line.price, line.currency]);
    const { day: date } = this.of.calendar.at(openedMs);
    const more = { left: leftMs, due: dueMs, user_id: userId, became, currency, value: leftValue, lines: said };
    this.told(this.counted.row, { control: OF_CART, cart: cartId, date, ...more });
  }

  session({ userId, sessionId, firstMs, joined }: SessionTurn): void {
    const into = joined && { into: joined.intoMs, events: joined.events, last: joined.lastMs };
    const date = joined && this.of.calendar.at(joined.intoMs).day;
    const said = { session: sessionId, user_id: userId, first: firstMs, ...into, date };
    this.told(this.counted.row, { control: OF_SESSION, ...said });
  }

  /** What the log does not say. */
  private told(row: number, record: Readonly<Record<string, unknown>>): void {
    const { columns, records } = this.of;
    if (!this.begin(records.placeOf(columns.place.at(row)), row)) return;
    this.about(row, columns.arrivedAtMs.at(row), CONTROL);
    this.text.text(`,"rec":${JSON.stringify(JSON.stringify(record))}}\n`);
  }

  inventory(row: number, event: InventoryEvent, outcome: FoldOutcome): void {
    const { columns, records } = this.of;
    if (!this.begin(records.placeOf(columns.place.at(row)), row)) return;
    const { eventId, name, timestampMs, itemId, stockLevel, price, currency } = event;
    this.about(row, timestampMs, outcome);
    const said = {
      n: name,
      e: eventId,
      i: [{ item_id: itemId, price }],
      sl: stockLevel,
      ...(price !== undefined && { c: currency, cd: minorDigits(currency) }),
      rp: event.repaired,
    };
    this.text.text(`,${JSON.stringify(said).slice(1)}\n`);
  }

  /** @returns whether the row is one that is not there yet */
  private begin(position: number, row: number): boolean {
    if (position >= this.counted.position) this.counted = { row, position };
    if (position < this.of.from) return false;
    this.from = this.rows === 0 ? position : Math.min(this.from, position);
    this.to = Math.max(this.to, position + 1);
    this.rows += 1;
    this.text.text('{"p":').number(position);
    return true;
  }

  private about(row: number, timestampMs: number, outcome: FoldOutcome | typeof ERASE | typeof CONTROL): void {
    const { columns, calendar } = this.of;
    const { text } = this;
    text.text(',"d":"').text(calendar.at(timestampMs).day).text('","t":').text(String(timestampMs));
    text.text(',"a":').text(String(columns.arrivedAtMs.at(row)));
    if (outcome !== 'applied') text.text(`,"o":"${outcome}"`);
    const lane = columns.lanes[columns.lane.at(row)] ?? LIVE;
    if (lane !== LIVE) text.text(`,"l":${JSON.stringify(lane)}`);
  }

  private inSession({ session, dimensions }: EventStep, day: string): void {
    const { text } = this;
    const began = this.of.calendar.at(session.beganMs).day;
    text.text(',"sb":').text(String(session.beganMs)).text(',"sn":').number(session.events);
    if (began !== day) text.text(`,"sd":"${began}"`);
    if (session.isNewUser) text.text(',"nu":true');
    if (session.dimensions !== dimensions) this.values('s', session.dimensions);
  }

  private inCart({ cartId, openedMs, leftMs, dueMs }: CartStep): void {
    const { text } = this;
    text.text(`,"k":${JSON.stringify(cartId)},"kd":"${this.of.calendar.at(openedMs).day}"`);
    if (leftMs !== undefined) text.text(',"kl":').text(String(leftMs));
    if (dueMs !== undefined) text.text(',"ku":').text(String(dueMs));
  }

  private money(row: number, step: EventStep): void {
    const sent = this.of.columns.value.at(row);
    const { currency } = step;
    const digits = minorDigits(currency);
    this.text.text(',"c":"').text(currency).text('"');
    if (digits !== USUAL_DIGITS) this.text.text(`,"cd":${digits}`);
    if (!Number.isNaN(sent)) this.text.text(',"v":').text(String(sent));
  }

  private order({ revenue, units, lines }: OrderFacts): void {
    const said = lines.map((line) => ({ item_id: line.itemId, units: line.units, amount: line.revenue }));
    this.text.text(`,"oa":${revenue},"ou":${units},"ol":${JSON.stringify(said)}`);
  }

  private rest(row: number, step: EventStep): void {
    const { columns } = this.of;
    const { text } = this;
    const { transactionId, paymentType, term, resultsCount } = step;
    if (transactionId !== undefined) text.text(`,"x":${JSON.stringify(transactionId)}`);
    if (paymentType !== undefined) text.text(`,"y":${JSON.stringify(paymentType)}`);
    const parts = columns.parts.get(row);
    if (parts !== undefined) {
      text.text(`,"sh":${parts.shipping},"tx":${parts.tax},"dc":${parts.discount}`);
      if (parts.coupon !== undefined) text.text(`,"cp":${JSON.stringify(parts.coupon)}`);
    }
    if (step.lines > 0) writeLines(text, columns, row);
    if (term !== undefined) this.named('q', columns.dictionaries.terms, term);
    if (resultsCount !== undefined) text.text(`,"r":${resultsCount}`);
    const repaired = columns.repaired.get(row);
    if (repaired !== undefined) text.text(`,"rp":${JSON.stringify(repaired)}`);
  }

  /** A combination's values, of those dimensions that have a column. */
  private values(of: 'd' | 's', combination: number): void {
    const { values } = this.of.columns.dictionaries;
    for (const [dimension, name] of values.names.entries()) {
      const texts = values.texts[dimension];
      const value = values.part(combination, dimension);
      if (texts !== undefined && value !== NONE && COLUMNS_OF.has(name)) this.named(`${of}_${name}`, texts, value);
    }
  }

  /** What the event itself says of dimensions, its session aside. */
  private said(row: number): void {
    const { columns } = this.of;
    const { values } = columns.dictionaries;
    let begun = false;
    for (const [dimension, name] of values.names.entries()) {
      const texts = values.texts[dimension];
      const value = columns.values[dimension]?.at(row) ?? NONE;
      if (texts === undefined || value === NONE) continue;
      this.text
        .text(begun ? ',' : ',"nm":{')
        .text(JSON.stringify(name))
        .text(':');
      this.text.json(texts.bytes, texts.from(value), texts.to(value));
      begun = true;
    }
    if (begun) this.text.text('}');
  }

  /** A text of a dictionary. */
  private named(key: string, texts: Interner, number: number): void {
    this.text.text(',"').text(key).text('":').json(texts.bytes, texts.from(number), texts.to(number));
  }
}
