import type { OrderParts } from '../../events/details/order-parts.ts';
import type { ControlRecord, InventoryEvent, Item, ShopEvent } from '../../events/event.ts';
import type { IdHash } from '../../events/ids/id-hash.ts';
import { RUNNING_SESSION } from '../../events/running-session.ts';
import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { HeldRecord } from '../links/held-record.ts';
import { ABSENT, IdColumn, NumberColumn, TextColumn } from './column.ts';

const NOTHING = Buffer.alloc(0);
const NO_BYTES = (): string => '';
/** Ids of users' events, and of items'. */
const [OF_USER, OF_ITEM] = [1, 2];

/**
 * What the records of a unit say, column by column; a row is an event or a control record, in the log's order. What lies where:
 * - `lanes`: by number, the lanes that the unit is about; `lane` says which one a row belongs to
 * - `place`: where in the batch the row's record stands; `arrivedAtMs`: when the log took it
 * - `rare`: by row, what is no shop event; of such a row no other column says anything
 * - `guest`: the name under which nobody knew the visitor yet, of the users' dictionary; ABSENT where the event gives none
 * - `name`, `user`, `session`, `currency`, `payment`, `term`: numbers of the dictionaries, ABSENT where there is none
 * - `values`: by dimension, the number of the value that the event names, NONE where it names none
 * - `timestampMs`, `value` (NaN where absent), `results` (ABSENT where absent)
 * - `parts`: by row, what an order says beside its worth
 * - `eventId`, `transactionId`: texts
 * - `linesFrom`, `linesTo`: the rows of its lines in `line…`; `lineTitle`, `lineCategory`, `lineBrand` and `lineVariant` are ABSENT where it
 *   names none
 */
export class Columns {
  readonly dictionaries: Dictionaries;
  /** Stands where the shop does not name its sessions. */
  readonly noSession: number;
  /** Stands where the visitor's running session is meant. */
  readonly runningSession: number;
  rows = 0;
  /** Rows in the log's order; those behind them were held from earlier units, and are counted where they are released. */
  inOrder = 0;
  lines = 0;
  /** The bytes of the batch's record at a place, as text. */
  rawOf: (place: number) => string = NO_BYTES;
  /** All bytes of the batch's records. */
  bytes = 0;
  readonly lanes: string[] = [];
  readonly rare = new Map<number, InventoryEvent | ControlRecord>();
  /** By row, the rules that the event went through to be taken. */
  readonly repaired = new Map<number, readonly string[]>();
  readonly parts = new Map<number, OrderParts>();
  /** The bytes that a row was read from. */
  readonly source: Buffer[] = [];
  readonly lane = new IdColumn();
  readonly place = new IdColumn();
  readonly arrivedAtMs = new NumberColumn();
  readonly timestampMs = new NumberColumn();
  readonly name = new IdColumn();
  readonly user = new IdColumn();
  readonly guest = new IdColumn();
  readonly session = new IdColumn();
  readonly values: readonly IdColumn[];
  readonly currency = new IdColumn();
  readonly value = new NumberColumn();
  readonly payment = new IdColumn();
  readonly term = new IdColumn();
  readonly results = new NumberColumn();
  readonly eventId = new TextColumn(this.source);
  readonly transactionId = new TextColumn(this.source);
  readonly linesFrom = new IdColumn();
  readonly linesTo = new IdColumn();
  readonly lineItem = new IdColumn();
  readonly lineTitle = new IdColumn();
  readonly lineCategory = new IdColumn();
  readonly lineBrand = new IdColumn();
  readonly lineVariant = new IdColumn();
  /** NaN: none. */
  readonly linePrice = new NumberColumn();
  readonly lineQuantity = new NumberColumn();

  constructor(dictionaries: Dictionaries) {
    this.dictionaries = dictionaries;
    this.values = dictionaries.values.names.map(() => new IdColumn());
    this.noSession = dictionaries.sessions.ofText('');
    this.runningSession = dictionaries.sessions.ofText(RUNNING_SESSION);
  }

  /** The number of the id that a row says; of the running session nobody knows it yet. */
  namedSession(row: number): number {
    const session = this.session.at(row);
    return session === this.runningSession ? this.noSession : session;
  }

  /** Also of the bytes that rows were read from: a batch of a busy log is large, and an owner has columns for each partition. */
  clear(): void {
    this.rawOf = NO_BYTES;
    this.bytes = 0;
    this.rows = 0;
    this.inOrder = 0;
    this.lines = 0;
    this.lanes.length = 0;
    this.rare.clear();
    this.repaired.clear();
    this.parts.clear();
    this.source.length = 0;
    this.eventId.clear();
    this.transactionId.clear();
  }

  /** The number of a lane. */
  laneOf(name: string): number {
    const known = this.lanes.indexOf(name);
    return known >= 0 ? known : this.lanes.push(name) - 1;
  }

  /** Closes the row that was filled. */
  addRow(lane: string, place: number, arrivedAtMs: number): void {
    const row = this.rows++;
    this.lane.set(row, this.laneOf(lane));
    this.place.set(row, place);
    this.arrivedAtMs.set(row, arrivedAtMs);
    this.inOrder = this.rows;
  }

  /** What the event is known by once it is counted: its user's id and its own. */
  hashId(row: number, into: IdHash): IdHash {
    const { users } = this.dictionaries;
    const user = this.user.at(row);
    const { eventId, source } = this;
    return into
      .begin(OF_USER)
      .add(users.bytes, users.from(user), users.to(user))
      .add(source[row] ?? NOTHING, eventId.begins(row), eventId.ends(row))
      .end();
  }

  /** Closes the row that was filled with an event of an earlier unit. */
  addHeldRow(lane: string, place: number, arrivedAtMs: number): number {
    const { inOrder } = this;
    this.addRow(lane, place, arrivedAtMs);
    this.inOrder = inOrder;
    return this.rows - 1;
  }

  /** A row's event as it is kept until it can be counted. */
  recordOf(row: number): HeldRecord {
    const eventId = this.eventId.at(row) ?? '';
    return { eventId, arrivedAtMs: this.arrivedAtMs.at(row), raw: this.rawOf(this.place.at(row)) };
  }

  /** A row's lines as objects. */
  itemsOf(row: number): readonly Item[] {
    const { items, titles } = this.dictionaries;
    const from = this.linesFrom.at(row);
    const titleIn = (column: IdColumn, line: number): string | undefined => {
      const title = column.at(line);
      return title === ABSENT ? undefined : titles.text(title);
    };
    return Array.from({ length: this.linesTo.at(row) - from }, (_, i) => {
      const [line, price] = [from + i, this.linePrice.at(from + i)];
      return {
        itemId: items.text(this.lineItem.at(line)),
        itemName: titleIn(this.lineTitle, line),
        category: titleIn(this.lineCategory, line),
        brand: titleIn(this.lineBrand, line),
        variant: titleIn(this.lineVariant, line),
        price: Number.isNaN(price) ? undefined : price,
        quantity: this.lineQuantity.at(line),
      };
    });
  }

  /** Fills the next row with what is no shop event. */
  setRare(event: InventoryEvent | ControlRecord): void {
    this.source[this.rows] = NOTHING;
    this.rare.set(this.rows, event);
    if (event.kind === 'inventory' && event.repaired !== undefined) this.repaired.set(this.rows, event.repaired);
  }

  /** Fills the next row with an event that somebody else has read. */
  setEvent(event: ShopEvent): void {
    const { rows: row, dictionaries } = this;
    const id = Buffer.from(event.eventId);
    this.source[row] = id;
    this.eventId.setRange(row, 0, id.length);
    if (event.repaired !== undefined) this.repaired.set(row, event.repaired);
    if (event.parts !== undefined) this.parts.set(row, event.parts);
    this.timestampMs.set(row, event.timestampMs);
    this.name.set(row, dictionaries.names.ofText(event.name));
    this.user.set(row, dictionaries.users.ofText(event.userId));
    this.guest.set(row, event.anonymousId === undefined ? ABSENT : dictionaries.users.ofText(event.anonymousId));
    this.session.set(row, dictionaries.sessions.ofText(event.sessionId ?? ''));
    for (const [dimension, column] of this.values.entries())
      column.set(row, dictionaries.values.numberOf(dimension, event.values[dimension]));
    this.currency.set(row, dictionaries.currencies.ofText(event.currency));
    this.value.set(row, event.value ?? Number.NaN);
    this.payment.set(row, event.paymentType === undefined ? ABSENT : dictionaries.payments.ofText(event.paymentType));
    this.term.set(row, event.searchTerm === '' ? ABSENT : dictionaries.terms.ofText(event.searchTerm));
    this.results.set(row, event.resultsCount ?? ABSENT);
    this.transactionId.set(row, event.transactionId);
    this.linesFrom.set(row, this.lines);
    const titleOf = (title: string | undefined) => (title === undefined ? ABSENT : dictionaries.titles.ofText(title));
    for (const item of event.items) {
      const line = this.lines++;
      this.lineItem.set(line, dictionaries.items.ofText(item.itemId));
      this.lineTitle.set(line, titleOf(item.itemName));
      this.lineCategory.set(line, titleOf(item.category));
      this.lineBrand.set(line, titleOf(item.brand));
      this.lineVariant.set(line, titleOf(item.variant));
      this.linePrice.set(line, item.price ?? Number.NaN);
      this.lineQuantity.set(line, item.quantity);
    }
    this.linesTo.set(row, this.lines);
  }
}

/** An inventory event is known by its item's id and its own. */
export function hashInventoryId({ itemId, eventId }: InventoryEvent, into: IdHash): IdHash {
  const [item, event] = [Buffer.from(itemId), Buffer.from(eventId)];
  return into.begin(OF_ITEM).add(item, 0, item.length).add(event, 0, event.length).end();
}
