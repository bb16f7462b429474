import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { CartBook } from '../carts/cart-book.ts';
import { cartField } from '../carts/cart-message.ts';
import type { Lane } from '../lane.ts';
import type { FoldSettings } from '../settings.ts';
import { plansOf } from '../state/bucket-plans.ts';
import type { LaneState } from '../state/lane-state.ts';
import { type CartState, decodeCart, decodeEndedCart } from '../state/records.ts';
import type { LaneSnapshot } from '../state/snapshot.ts';
import { isUserField, sessionField, sessionOfField } from '../state/state-keys.ts';
import type { SessionState, UserState } from '../visitors/session-state.ts';
import { OF_IMPORT } from '../visitors/session-table.ts';
import { usersOf } from '../visitors/users-of.ts';
import { readSession } from '../visitors/visitor-records.ts';

/** Carts that are listed, as they are stored, by their fields. */
export type ListedCarts = ReadonlyMap<string, string>;

export interface TakenOut {
  /** What is left in the lane in which the import is taken back: what the import had left when it closed. */
  readonly closing: LaneSnapshot;
  readonly listed: ListedCarts;
  readonly importId: string;
  readonly live: Lane;
  readonly book: CartBook;
  readonly settings: FoldSettings;
  readonly dictionaries: Dictionaries;
}

/** What the import's closing had moved to the live lane leaves it; where live events have gone on with a visit, it is theirs. */
export function takeOut(
  { closing, listed, importId, live, book, settings, dictionaries }: TakenOut,
  nowMs: number,
): void {
  const { state } = live;
  const plans = plansOf(settings);
  for (const [userId, user] of usersOf(closing, settings, dictionaries)) takeUser(state, userId, user, dictionaries);
  for (const [field, { bucket, value }] of closing.visitors)
    if (!isUserField(field))
      takeSession(state, field, readSession(value, bucket * plans.visitors.widthMs, dictionaries), dictionaries);
  for (const field of closing.orders.keys()) {
    const order = state.orders.entry(field);
    if (order.value?.importId === importId) order.remove();
  }
  const { knownUsers, buyers } = state.visitors;
  for (const userId of closing.known.keys()) knownUsers.forget(state.visitors.ofId(userId), importId);
  for (const userId of closing.marks.keys()) live.users.takeOut(state.visitors.ofId(userId), importId, nowMs);
  for (const userId of closing.buyers.keys()) buyers.forget(state.visitors.ofId(userId), importId);
  for (const [userId, text] of closing.carts) takeCart(userId, decodeCart(text), listed, live, book);
}

/** Their visits are as the import left them where nothing has come since. */
function takeUser(state: LaneState, userId: string, moved: UserState, dictionaries: Dictionaries): void {
  const { visitors } = state;
  const { current } = moved;
  const user = visitors.ofId(userId);
  const newest = visitors.sessionOf(user);
  const isAsMoved =
    visitors.isVisitor(user) &&
    visitors.newestMs.at(user) === moved.newestMs &&
    visitors.laneMs.at(user) <= moved.laneMs &&
    (newest === undefined || (current !== undefined && isSame(state, newest, current.session)));
  if (isAsMoved) visitors.drop(user);
  if (current === undefined) return;
  takeSession(state, sessionField(userId, dictionaries.sessions.text(current.id)), current.session, dictionaries);
}

function takeSession(state: LaneState, field: string, moved: SessionState, dictionaries: Dictionaries): void {
  const { visitors } = state;
  const session = state.sessions.entry(field);
  if (session.value !== undefined && isSame(state, session.value, moved)) session.remove();
  const { userId, sessionId } = sessionOfField(field);
  const user = visitors.ofId(userId);
  const newest = visitors.sessionOf(user);
  const isNewest = newest !== undefined && dictionaries.sessions.text(visitors.sessionId.at(user)) === sessionId;
  if (isNewest && isSame(state, newest, moved)) visitors.drop(user);
}

/** One that live events have begun may look just the same. */
const isSame = ({ visitors: { sessions } }: LaneState, session: number, moved: SessionState): boolean =>
  sessions.flags.has(session, OF_IMPORT) &&
  sessions.firstMs.at(session) === moved.firstMs &&
  sessions.newestMs.at(session) === moved.newestMs &&
  sessions.events.at(session) === moved.events;

/**
 * A cart that the import had left open counts as abandoned since its closing, or does not yet; one that it had abandoned may have been
 * bought since. What live events have done with it otherwise, such as emptying it, stays as it counted.
 */
function takeCart(userId: string, left: CartState, listed: ListedCarts, live: Lane, book: CartBook): void {
  const { state } = live;
  const user = state.visitors.ofId(userId);
  const own = state.visitors.carts.get(user);
  const ended = listed.get(cartField(userId, left.cartId));
  const countedBefore = left.abandonedMs !== null;
  if (own?.cartId === left.cartId) {
    state.touchCart(user);
    state.visitors.setCart(user, undefined);
    if (own.abandonedMs !== null && !countedBefore) book.takeBack(own);
  } else if (ended !== undefined) {
    const { cart, recoveredMs } = decodeEndedCart(ended);
    if (!countedBefore) book.takeBack(cart);
    if (recoveredMs !== undefined) book.takeBackRecovery(cart, recoveredMs);
  }
  book.delist(userId, left);
}
