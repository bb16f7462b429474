import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { Writes } from '../../metrics/writes.ts';
import { FlagColumn, IdColumn, NumberColumn } from '../columns/column.ts';
import { bucketedFamily, type Plans } from '../state/bucket-plans.ts';
import { OpenBuckets } from '../state/bucketed-state.ts';
import type { CartState } from '../state/records.ts';
import type { LaneSnapshot } from '../state/snapshot.ts';
import { isUserField, USER_FIELD, userIdOf } from '../state/state-keys.ts';
import { UserMarks } from '../users/user-marks.ts';
import { Buyers } from './buyers.ts';
import { KnownUsers } from './known-users.ts';
import { Placement } from './placement.ts';
import { isOver, type UserState } from './session-state.ts';
import { SessionTable } from './session-table.ts';
import { readUser, VisitorRecords } from './visitor-records.ts';

/** What is known of a user. */
const LOADED = 1;
const CART_LOADED = 2;
/** There is a record of their visits; the unit changes it. */
const VISITED = 4;
const CHANGED = 8;
/** They have a newest session. */
const IN_SESSION = 16;
/** An event of their visits has named a guest; they have bought something. */
const NAMED_GUEST = 32;
const BOUGHT = 64;
const OF_VISITS = VISITED | IN_SESSION | NAMED_GUEST | BOUGHT;

/**
 * A lane's users by their numbers, as far as its owner has met them. What lies where, by number:
 * - `newestMs`: timestamp of the user's newest shop event; `laneMs`: lane time at the last one
 * - `session`, `sessionId`: the session that began last, in `sessions`, and the number of its id
 * - `guest`, `guestMs`: the guest whom an event of theirs has named last, and its timestamp; `boughtMs`: timestamp of their newest purchase
 * - `knownUsers`: what is known of them for longer than their visits; `marks`: where they are counted already
 * - `carts`: those that are open, or abandoned and may still be recovered; `cartSizes`: how many bytes these take in the store
 * - `flags`: which of these there are; `visitsIn`: the bucket in which the store has their record
 */
export class Visitors {
  readonly newestMs = new NumberColumn();
  readonly laneMs = new NumberColumn();
  readonly sessionId = new IdColumn();
  readonly sessions: SessionTable;
  readonly records: VisitorRecords;
  readonly carts = new Map<number, CartState>();
  readonly knownUsers: KnownUsers;
  readonly marks: UserMarks;
  readonly buyers = new Buyers();
  private readonly guest = new IdColumn();
  private readonly guestMs = new NumberColumn();
  private readonly boughtMs = new NumberColumn();
  /** Of all carts, as they are stored. */
  cartBytes = 0;
  private readonly session = new IdColumn();
  private readonly visitsIn: Placement;
  private readonly cartSizes = new Map<number, number>();
  private readonly flags = new FlagColumn();
  private readonly changed: number[] = [];
  private readonly dictionaries: Dictionaries;
  private readonly plans: Plans;

  /** @param funnels how many there are; `stages` how many stages they have */
  constructor(dictionaries: Dictionaries, plans: Plans, funnels: number, stages: number) {
    this.dictionaries = dictionaries;
    this.plans = plans;
    this.sessions = new SessionTable(funnels);
    this.records = new VisitorRecords(dictionaries, this.sessions);
    this.visitsIn = new Placement(dictionaries.users, USER_FIELD);
    this.knownUsers = new KnownUsers(dictionaries, plans);
    this.marks = new UserMarks(dictionaries, plans, stages);
  }

  ofId(userId: string): number {
    return this.dictionaries.users.ofText(userId);
  }

  idOf(user: number): string {
    return this.dictionaries.users.text(user);
  }

  /** Has the store been asked? Then what is not known is not there. */
  isLoaded(user: number): boolean {
    return this.flags.has(user, LOADED);
  }

  isVisitor(user: number): boolean {
    return this.flags.has(user, VISITED);
  }

  /** The user's newest session. */
  sessionOf(user: number): number | undefined {
    return this.flags.has(user, IN_SESSION) ? this.session.at(user) : undefined;
  }

  /** Nothing is known of the user's visits, or nothing that is not over. */
  begin(user: number, nowMs: number): void {
    this.flags.remove(user, OF_VISITS);
    this.flags.add(user, VISITED);
    this.newestMs.set(user, 0);
    this.laneMs.set(user, nowMs);
  }

  /** The session before it is somebody else's, or nobody's. */
  setSession(user: number, id: number, session: number): void {
    this.flags.add(user, IN_SESSION);
    this.session.set(user, session);
    this.sessionId.set(user, id);
  }

  /** What is over by now is not known any more, although the store may drop it later: to be called before anything of the user is asked. */
  expire(user: number, nowMs: number): void {
    const session = this.sessionOf(user);
    if (session !== undefined && isOver(this.sessions.laneMs.at(session), nowMs)) {
      this.sessions.release(session);
      this.flags.remove(user, IN_SESSION);
    }
    if (this.isVisitor(user) && isOver(this.laneMs.at(user), nowMs)) this.flags.remove(user, OF_VISITS);
    this.knownUsers.expire(user, nowMs);
  }

  /** Of the visits nothing stays but the newest session: the others are somebody else's. */
  keepSession(user: number): void {
    const session = this.sessionOf(user);
    if (session === undefined) return;
    this.flags.remove(user, NAMED_GUEST | BOUGHT);
    this.newestMs.set(user, this.sessions.newestMs.at(session));
    this.laneMs.set(user, this.sessions.laneMs.at(session));
    this.touch(user);
  }

  /** Nothing is known of the user's visits any more: they are another's. */
  drop(user: number): void {
    const session = this.sessionOf(user);
    if (session !== undefined) this.sessions.release(session);
    this.flags.remove(user, OF_VISITS);
    this.touch(user);
  }

  /** The guest whom an event of the user's visits has named last, and when. */
  guestOf(user: number): { readonly guest: number; readonly atMs: number } | undefined {
    if (!this.flags.has(user, NAMED_GUEST)) return undefined;
    return { guest: this.guest.at(user), atMs: this.guestMs.at(user) };
  }

  nameGuest(user: number, guest: number, timestampMs: number): void {
    const known = this.guestOf(user);
    const isSame = known?.guest === guest;
    this.guest.set(user, guest);
    this.guestMs.set(user, isSame ? Math.max(known.atMs, timestampMs) : timestampMs);
    this.flags.add(user, NAMED_GUEST);
  }

  /** The next event that names the guest is as if it were the first. */
  unnameGuest(user: number): void {
    this.flags.remove(user, NAMED_GUEST);
    this.touch(user);
  }

  /** Timestamp of the user's newest purchase, as long as their visits are known. */
  purchaseOf(user: number): number | undefined {
    return this.flags.has(user, BOUGHT) ? this.boughtMs.at(user) : undefined;
  }

  notePurchase(user: number, timestampMs: number): void {
    this.boughtMs.set(user, Math.max(this.purchaseOf(user) ?? timestampMs, timestampMs));
    this.flags.add(user, BOUGHT);
  }

  /** The record of the user's visits is to be stored. */
  touch(user: number): void {
    if (!this.flags.has(user, CHANGED)) this.changed.push(user);
    this.flags.add(user, CHANGED);
  }

  /** Takes in a record of another lane. */
  put(user: number, state: UserState): void {
    this.begin(user, state.laneMs);
    this.newestMs.set(user, state.newestMs);
    if (state.current !== undefined) this.setSession(user, state.current.id, this.sessions.put(state.current.session));
    if (state.guest !== undefined) this.nameGuest(user, state.guest.guest, state.guest.atMs);
    if (state.boughtMs !== undefined) this.notePurchase(user, state.boughtMs);
  }

  isCartLoaded(user: number): boolean {
    return this.flags.has(user, CART_LOADED);
  }

  cartIsLoaded(user: number): void {
    this.flags.add(user, CART_LOADED);
  }

  setCart(user: number, cart: CartState | undefined): void {
    if (cart === undefined) this.carts.delete(user);
    else this.carts.set(user, cart);
  }

  /** Notes how many bytes the user's cart takes as it is stored. */
  holdCart(user: number, bytes: number): void {
    this.cartBytes += bytes - (this.cartSizes.get(user) ?? 0);
    if (bytes === 0) this.cartSizes.delete(user);
    else this.cartSizes.set(user, bytes);
  }

  /**
   * Takes over what was read; what is known already is newer.
   * @param asked users of whom all was read that there is
   */
  fill({ visitors: stored, known, buyers, marks }: LaneSnapshot, asked: Iterable<number>): void {
    const { plans, dictionaries } = this;
    for (const [field, { bucket, value }] of stored) {
      if (!isUserField(field)) continue;
      const user = this.ofId(userIdOf(field));
      if (this.isLoaded(user)) continue;
      this.put(user, readUser(value, bucket * plans.visitors.widthMs, dictionaries));
      this.visitsIn.set(user, bucket);
    }
    for (const [kept, found] of [
      [this.knownUsers, known],
      [this.marks, marks],
    ] as const)
      for (const [userId, { bucket, value }] of found)
        if (!this.isLoaded(this.ofId(userId))) kept.load(this.ofId(userId), value, bucket);
    for (const [userId, { value }] of buyers) this.buyers.load(this.ofId(userId), value);
    for (const user of asked) this.flags.add(user, LOADED);
  }

  save(writes: Writes, dimensions: string, toMs: number): void {
    const users = new OpenBuckets(writes, bucketedFamily('visitors', this.plans), dimensions, toMs);
    for (const user of this.changed) {
      this.saveVisits(user, users);
      this.flags.remove(user, CHANGED);
    }
    this.changed.length = 0;
    this.knownUsers.save(writes, dimensions, toMs);
    this.marks.save(writes, dimensions, toMs);
    this.buyers.save(writes, dimensions, toMs, this.plans, (user) => this.idOf(user));
  }

  private saveVisits(user: number, into: OpenBuckets): void {
    if (!this.flags.has(user, VISITED)) {
      this.visitsIn.remove(user, into);
      return;
    }
    const laneMs = this.laneMs.at(user);
    const changes = this.visitsIn.move(user, laneMs, into);
    if (changes === undefined) return;
    this.records.writeUser(this, user, into.beginOf(laneMs), changes.texts);
    changes.end();
  }
}
