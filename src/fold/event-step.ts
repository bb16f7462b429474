import type { ShopEvent } from '../events/event.ts';
import type { EventFact, OrderFacts, RealtimeWindows, SessionStep, UserReached } from '../metrics/facts.ts';
import type { MemberKind } from '../metrics/members.ts';
import { NO_VALUE, NONE } from '../metrics/sums/dimension-values.ts';
import type { WindowSums } from '../metrics/sums/window-sums.ts';
import type { DayMembers } from './admitted/admitted-members.ts';
import type { CartStep } from './carts/cart-step.ts';
import { ABSENT, type IdColumn } from './columns/column.ts';
import type { Columns } from './columns/columns.ts';
import { beginStep, type Mutable, NOTHING_YET } from './sessions/session-step.ts';

const NOTHING = Buffer.alloc(0);

/**
 * The event of a row, and what folding finds out about it. There is one for all rows: `begin` lays it over the next, and what is worked
 * out is put into it. Texts are made when they are asked for.
 */
export class EventStep implements EventFact {
  private readonly columns: Columns;
  private row = 0;
  name = '';
  nameId = 0;
  user = 0;
  // No whole numbers, so that their fields are doubles from the beginning.
  timestampMs = Number.NaN;
  arrivedAtMs = Number.NaN;
  /** Those of its session, once that is known. */
  dimensions = NO_VALUE;
  /** Money of an order is in the order's own currency, which a refund may not name. */
  orderCurrency: string | undefined;
  order: OrderFacts | undefined;
  realtime: RealtimeWindows | undefined;
  /** What is told apart on its day; all is where that is not said. */
  members: DayMembers | undefined;
  reached: readonly UserReached[] = NOTHING_YET;
  cart: CartStep | undefined;
  private made: ShopEvent | undefined;
  private joined: number | undefined;
  private hourWindow: WindowSums | undefined;
  private quarterWindow: WindowSums | undefined;
  private sessionStep: Mutable<SessionStep> | undefined;

  constructor(columns: Columns) {
    this.columns = columns;
  }

  begin(row: number): void {
    const { columns } = this;
    this.row = row;
    this.nameId = columns.name.at(row);
    this.name = columns.dictionaries.names.text(this.nameId);
    this.user = columns.user.at(row);
    this.timestampMs = columns.timestampMs.at(row);
    this.arrivedAtMs = columns.arrivedAtMs.at(row);
    this.dimensions = NO_VALUE;
    this.orderCurrency = undefined;
    this.order = undefined;
    this.realtime = undefined;
    this.members = undefined;
    this.reached = NOTHING_YET;
    this.made = undefined;
    this.joined = undefined;
    this.cart = undefined;
  }

  place(hour: WindowSums, quarter: WindowSums): void {
    this.hourWindow = hour;
    this.quarterWindow = quarter;
    this.sessionStep ??= beginStep(hour);
  }

  get session(): Mutable<SessionStep> {
    return this.sessionStep ?? notYet('session');
  }

  get hour(): WindowSums {
    return this.hourWindow ?? notYet('hour');
  }

  get quarter(): WindowSums {
    return this.quarterWindow ?? notYet('quarter');
  }

  /** The name under which nobody knew the visitor yet, of the users; the user itself where nobody knows them now. */
  get guest(): number {
    return this.columns.guest.at(this.row);
  }

  get userId(): string {
    return this.columns.dictionaries.users.text(this.user);
  }

  get eventId(): string {
    return this.columns.eventId.at(this.row) ?? '';
  }

  get idSource(): Buffer {
    return this.columns.source[this.row] ?? NOTHING;
  }

  get idFrom(): number {
    return this.columns.eventId.begins(this.row);
  }

  get idTo(): number {
    return this.columns.eventId.ends(this.row);
  }

  /** The number of its session's id. */
  get sessionNumber(): number {
    return this.joined ?? this.columns.namedSession(this.row);
  }

  /** Does it name the running session instead of one of its own? Not any more once it has joined one. */
  get isOfRunning(): boolean {
    return this.joined === undefined && this.columns.session.at(this.row) === this.columns.runningSession;
  }

  /** @param session the number of the id of the session that it is of */
  join(session: number): void {
    this.joined = session;
  }

  /** What the shop calls its session; empty where it calls it nothing: those follow each other as one. */
  get sessionId(): string {
    return this.columns.dictionaries.sessions.text(this.sessionNumber);
  }

  get hasSessionId(): boolean {
    return this.sessionNumber !== this.columns.noSession;
  }

  /** What it names of a dimension, by number; NONE where it names nothing. */
  valueOf(dimension: number): number {
    return this.columns.values[dimension]?.at(this.row) ?? NONE;
  }

  get currency(): string {
    return this.orderCurrency ?? this.columns.dictionaries.currencies.text(this.columns.currency.at(this.row));
  }

  get transactionId(): string | undefined {
    return this.columns.transactionId.at(this.row);
  }

  get paymentType(): string | undefined {
    const payment = this.columns.payment.at(this.row);
    return payment === ABSENT ? undefined : this.columns.dictionaries.payments.text(this.counted('payments', payment));
  }

  get term(): number | undefined {
    const term = this.columns.term.at(this.row);
    return term === ABSENT ? undefined : this.counted('terms', term);
  }

  get countedName(): number {
    const { members, nameId } = this;
    return members === undefined || members.names.admits(nameId) ? nameId : this.columns.dictionaries.otherOf('names');
  }

  admits(kind: MemberKind, number: number): boolean {
    return this.members?.[kind].admits(number) ?? true;
  }

  private counted(kind: Exclude<MemberKind, 'searches'>, number: number): number {
    return this.admits(kind, number) ? number : this.columns.dictionaries.otherOf(kind);
  }

  get resultsCount(): number | undefined {
    const results = this.columns.results.at(this.row);
    return results === ABSENT ? undefined : results;
  }

  get lines(): number {
    return this.columns.linesTo.at(this.row) - this.columns.linesFrom.at(this.row);
  }

  itemOf(line: number): number {
    const item = this.columns.lineItem.at(this.columns.linesFrom.at(this.row) + line);
    const { members } = this;
    // Asked for every line of every event.
    return members === undefined || members.items.admits(item) ? item : this.columns.dictionaries.otherOf('items');
  }

  titleOf(line: number): number | undefined {
    return this.titleIn(this.columns.lineTitle, line);
  }

  categoryOf(line: number): number | undefined {
    return this.titleIn(this.columns.lineCategory, line);
  }

  brandOf(line: number): number | undefined {
    return this.titleIn(this.columns.lineBrand, line);
  }

  variantOf(line: number): number | undefined {
    return this.titleIn(this.columns.lineVariant, line);
  }

  private titleIn(column: IdColumn, line: number): number | undefined {
    const title = column.at(this.columns.linesFrom.at(this.row) + line);
    return title === ABSENT ? undefined : title;
  }

  /** The dimension values under which it counts. */
  get values(): string[] {
    return this.columns.dictionaries.values.textsOf(this.dimensions);
  }

  /** As an object, for what is rare: orders, and lines that go into a cart or out of it. */
  get event(): ShopEvent {
    this.made ??= this.make();
    return this.made;
  }

  private make(): ShopEvent {
    const { columns, row } = this;
    const { currencies, terms } = columns.dictionaries;
    const value = columns.value.at(row);
    return {
      kind: 'shop',
      eventId: this.eventId,
      name: this.name,
      timestampMs: this.timestampMs,
      userId: this.userId,
      sessionId: this.sessionId === '' ? undefined : this.sessionId,
      values: this.values,
      currency: currencies.text(columns.currency.at(row)),
      value: Number.isNaN(value) ? undefined : value,
      items: columns.itemsOf(row),
      transactionId: this.transactionId,
      paymentType: this.paymentType,
      parts: columns.parts.get(row),
      searchTerm: this.term === undefined ? '' : terms.text(this.term),
      resultsCount: this.resultsCount,
    };
  }
}

function notYet(what: string): never {
  throw new Error(`the event's ${what} is not worked out yet`);
}
