import type { ControlRecord, InventoryEvent } from '../events/event.ts';
import type { Calendar } from '../time/calendar.ts';
import type { Columns } from './columns/columns.ts';
import { erasedName } from './erased-name.ts';
import { sessionIdIn } from './links/open-state.ts';
import { type ReportName, reportFields } from './orders/reports.ts';
import type { Memory } from './state/memory.ts';
import { type LaneNeeds, type LaneTime, timesBy } from './state/snapshot.ts';
import { claimField, orderField, purchasingField, sessionField, userField } from './state/state-keys.ts';
import type { Visitors } from './visitors/visitors.ts';

/** What a unit needs to know of one lane and its owner does not. */
export interface NeededLane {
  readonly needs: LaneNeeds;
  /** Users of whom nothing is known yet. */
  readonly asked: readonly number[];
}

/** Packs user and session into one number: those of sessions are far below. */
const SESSIONS = 2 ** 24;

/** What the unit in the memory's columns needs to know, lane by lane. */
export function needsOf(memory: Memory, times: ReadonlyMap<string, LaneTime>): NeededLane[] {
  const { columns } = memory;
  const lanes = columns.lanes.map((lane) => new LaneGatherer(lane, times.get(lane), memory));
  for (let row = 0; row < columns.rows; row++) lanes[columns.lane.at(row)]?.add(row);
  return lanes.map((lane) => lane.needed());
}

/** Local days of the unit's shop events of which it is not known what counts on them. */
export function daysNeeded({ columns, admitted, members }: Memory, calendar: Calendar): string[] {
  const days = new Set<string>();
  for (let row = 0; row < columns.rows; row++) {
    const rare = columns.rare.get(row);
    const atMs = rare === undefined ? columns.timestampMs.at(row) : momentPutRight(rare);
    if (atMs === undefined) continue;
    const { day } = calendar.at(atMs);
    if (!admitted.isLoaded(day) || !members.isLoaded(day)) days.add(day);
  }
  return [...days];
}

/** What is put right had counted on its own day. */
function momentPutRight(rare: InventoryEvent | ControlRecord): number | undefined {
  if (rare.kind === 'void' || rare.kind === 'complete') return rare.atMs;
  return rare.kind === 'settle' ? rare.refund.atMs : undefined;
}

/** Gathers what the rows of one lane need. */
class LaneGatherer {
  private readonly lane: string;
  private readonly times: LaneNeeds['times'];
  private readonly columns: Columns;
  private readonly visitors: Visitors;
  private readonly asked = new Set<number>();
  private readonly sessions = new Set<number>();
  private readonly sessionFields: string[] = [];
  private readonly seen: boolean;
  private readonly asksBuyers: boolean;
  private readonly orders = new Set<string>();
  private readonly claims = new Set<string>();
  private readonly purchasing = new Set<string>();
  private untilMs: number;

  constructor(lane: string, time: LaneTime | undefined, memory: Memory) {
    this.lane = lane;
    this.times = timesBy(time);
    this.untilMs = time?.ownMs ?? 0;
    this.columns = memory.columns;
    const { visitors, seen } = memory.lane(lane);
    this.visitors = visitors;
    this.seen = !seen.isLoaded;
    this.asksBuyers = memory.binding.asksBuyers;
  }

  add(row: number): void {
    const { columns } = this;
    const rare = columns.rare.get(row);
    if (rare === undefined) this.addShopEvent(row);
    else if (rare.kind === 'tick') this.untilMs = Math.max(this.untilMs, rare.atMs);
    else if (rare.kind === 'inventory') this.untilMs = Math.max(this.untilMs, rare.timestampMs);
    else this.addTold(rare);
  }

  needed(): NeededLane {
    const { lane, times, seen, untilMs, asked, columns } = this;
    const users = [...asked].map((user) => this.visitors.idOf(user));
    const fields = [...users.map(userField), ...this.sessionFields];
    const orders = [...this.orders];
    return {
      needs: {
        lane,
        times,
        visitors: fields,
        users,
        seen,
        orders,
        claims: [...this.claims],
        purchasing: [...this.purchasing],
        known: users,
        marks: users,
        buyers: this.asksBuyers ? users : [],
        untilMs,
        isDivisible: columns.rows > 1,
      },
      asked: [...asked],
    };
  }

  /** What partitions tell each other is about users and orders as well. */
  private addTold(record: ControlRecord): void {
    const { users } = this.columns.dictionaries;
    switch (record.kind) {
      case 'link':
        this.addUser(users.ofText(record.guestId), record.sessionId);
        return;
      case 'merge':
        this.addUser(users.ofText(record.userId), sessionIdIn(record));
        this.addUser(users.ofText(erasedName(record.userId)), '');
        return;
      case 'returned':
        this.addUser(users.ofText(record.userId), sessionIdIn(record));
        return;
      case 'claim':
      case 'unclaim':
      case 'refund':
      case 'details':
        this.claims.add(claimField(record.transactionId));
        return;
      case 'settle':
        this.orders.add(orderField(record.reporterId, record.transactionId));
        return;
      case 'complete':
        this.addReport({ ...record, userId: record.reporterId });
        return;
      case 'nameless':
        this.addUser(users.ofText(record.userId), '');
        return;
      case 'void':
        this.addReport(record);
        this.addUser(users.ofText(record.userId), '');
        return;
      case 'unbought':
        this.addUser(users.ofText(record.userId), record.sessionId);
        this.purchasing.add(purchasingField(record.userId, record.sessionId, record.beganMs));
        return;
      case 'tick':
      case 'close':
      case 'erase':
      case 'release':
      case 'ignored':
      case 'bots':
        return;
      default:
        record satisfies never;
    }
  }

  private addReport(report: ReportName): void {
    for (const field of reportFields(report)) this.orders.add(field);
  }

  private addUser(user: number, sessionId: string): void {
    const { users, sessions } = this.columns.dictionaries;
    if (!this.visitors.isLoaded(user)) this.asked.add(user);
    const session = sessions.ofText(sessionId);
    if (this.sessions.has(user * SESSIONS + session)) return;
    this.sessions.add(user * SESSIONS + session);
    this.sessionFields.push(sessionField(users.text(user), sessionId));
  }

  private addShopEvent(row: number): void {
    const { columns, visitors } = this;
    const { users, sessions } = columns.dictionaries;
    this.untilMs = Math.max(this.untilMs, columns.timestampMs.at(row));
    const user = columns.user.at(row);
    if (!visitors.isLoaded(user)) this.asked.add(user);
    const session = columns.namedSession(row);
    const isNewest = visitors.sessionOf(user) !== undefined && visitors.sessionId.at(user) === session;
    if (!isNewest && !this.sessions.has(user * SESSIONS + session)) {
      this.sessions.add(user * SESSIONS + session);
      this.sessionFields.push(sessionField(users.text(user), sessions.text(session)));
    }
    const transactionId = columns.transactionId.at(row);
    if (transactionId !== undefined) this.orders.add(orderField(users.text(user), transactionId));
  }
}
