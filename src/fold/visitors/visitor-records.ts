import type { ByteText } from '../../metrics/sums/byte-text.ts';
import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { Interner } from '../../metrics/sums/interner.ts';
import type { IdColumn, NumberColumn } from '../columns/column.ts';
import { StoredTuple } from '../state/stored-tuple.ts';
import type { SessionState, UserState } from './session-state.ts';
import type { SessionTable } from './session-table.ts';

type Texts = Pick<Dictionaries, 'values' | 'sessions' | 'terms' | 'users'>;

/** What is written of users, by their numbers. */
interface UserColumns {
  readonly newestMs: NumberColumn;
  readonly laneMs: NumberColumn;
  readonly sessionId: IdColumn;
  sessionOf(user: number): number | undefined;
  guestOf(user: number): { readonly guest: number; readonly atMs: number } | undefined;
  purchaseOf(user: number): number | undefined;
}

/**
 * Writes users and sessions as they are stored: JSON lists, with moments as differences.
 * User: [newest − bucket, lane time − newest, [session's id, session], [guest, when − newest], purchase − newest]
 * Session: [values, first − from, last − first, newest − last, lane time − last, events, [stages reached, …], [when, …], named, flags, [search, …], [value, …]]
 * Values are a text for each dimension, or none at all. `named` has a bit for each dimension that an event of the session has named. The
 * last values are those as which it counts, where some are beyond their cap.
 */
export class VisitorRecords {
  private readonly texts: Texts;
  private readonly sessions: SessionTable;

  constructor(texts: Texts, sessions: SessionTable) {
    this.texts = texts;
    this.sessions = sessions;
  }

  /** @param bucketMs lane time at which the record's bucket begins */
  writeUser(users: UserColumns, user: number, bucketMs: number, into: ByteText): void {
    const newestMs = users.newestMs.at(user);
    into.text('[').number(newestMs - bucketMs);
    into.text(',').number(users.laneMs.at(user) - newestMs);
    const session = users.sessionOf(user);
    if (session !== undefined) {
      writeText(this.texts.sessions, users.sessionId.at(user), into.text(',['));
      this.write(session, newestMs, into.text(','));
      into.text(']');
      this.writeGuest(users, user, newestMs, into);
    }
    into.text(']');
  }

  /** Most users have never named a guest, and bought nothing. */
  private writeGuest(users: UserColumns, user: number, newestMs: number, into: ByteText): void {
    const [guest, boughtMs] = [users.guestOf(user), users.purchaseOf(user)];
    if (guest !== undefined) {
      writeText(this.texts.users, guest.guest, into.text(',['));
      into
        .text(',')
        .number(guest.atMs - newestMs)
        .text(']');
    } else if (boughtMs !== undefined) into.text(',[]');
    if (boughtMs !== undefined) into.text(',').number(boughtMs - newestMs);
  }

  /** A session that is kept by itself. */
  writeSession(session: number, bucketMs: number, into: ByteText): void {
    this.write(session, bucketMs, into);
  }

  private write(session: number, fromMs: number, into: ByteText): void {
    const { sessions, texts } = this;
    const { progress } = sessions;
    const [firstMs, lastMs] = [sessions.firstMs.at(session), sessions.lastMs.at(session)];
    into.text('[').copy(texts.values.json(sessions.dimensions.at(session)));
    into.text(',').number(firstMs - fromMs);
    into.text(',').number(lastMs - firstMs);
    into.text(',').number(sessions.newestMs.at(session) - lastMs);
    into.text(',').number(sessions.laneMs.at(session) - lastMs);
    into.text(',').number(sessions.events.at(session));
    into.text(',[');
    for (let i = 0; i < progress.funnels; i++) into.text(i === 0 ? '' : ',').number(progress.stagesOf(session, i));
    into.text('],[');
    for (let i = 0; i < progress.funnels; i++) into.text(i === 0 ? '' : ',').number(progress.afterMsOf(session, i));
    into.text('],').number(sessions.named.at(session)).text(',').number(sessions.flags.of(session));
    const searches = sessions.pendingSearches(session);
    const countsAs = sessions.countsAs.at(session);
    const bought = sessions.boughtIn(session);
    const hasBought = bought.length > 0;
    const isCapped = countsAs !== sessions.dimensions.at(session) || hasBought;
    if (searches.length > 0 || isCapped) into.text(',[');
    for (const [i, [term, atMs, count]] of searches.entries()) {
      writeText(texts.terms, term, into.text(i === 0 ? '[' : ',['));
      into.text(',').number(atMs).text(',').number(count).text(']');
    }
    if (searches.length > 0 || isCapped) into.text(']');
    if (isCapped) into.text(',').copy(texts.values.json(countsAs));
    if (hasBought) into.text(`,${JSON.stringify(bought)}`);
    into.text(']');
  }
}

/** @throws CorruptState */
export function readUser(text: string, bucketMs: number, texts: Texts): UserState {
  const stored = StoredTuple.parse(text);
  const newestMs = bucketMs + stored.number(0);
  return {
    newestMs,
    laneMs: newestMs + stored.number(1),
    guest: stored.has(3) ? guestOf(stored.tuple(3), newestMs, texts) : undefined,
    boughtMs: stored.has(4) ? newestMs + stored.number(4) : undefined,
    current: stored.has(2) ? currentOf(stored.tuple(2), newestMs, texts) : undefined,
  };
}

/** @throws CorruptState */
export function readSession(text: string, bucketMs: number, texts: Texts): SessionState {
  return sessionOf(StoredTuple.parse(text), bucketMs, texts);
}

function guestOf(stored: StoredTuple, newestMs: number, { users }: Texts) {
  return stored.has(0) ? { guest: users.ofText(stored.text(0)), atMs: newestMs + stored.number(1) } : undefined;
}

function currentOf(stored: StoredTuple, newestMs: number, texts: Texts) {
  const id = texts.sessions.ofText(stored.text(0));
  return { id, session: sessionOf(stored.tuple(1), newestMs, texts) };
}

function sessionOf(stored: StoredTuple, fromMs: number, { values, terms }: Texts): SessionState {
  const dimensions = values.ofTexts(stored.texts(0));
  const firstMs = fromMs + stored.number(1);
  const lastMs = firstMs + stored.number(2);
  const searches = stored.has(10) ? stored.tuples(10) : [];
  return {
    firstMs,
    lastMs,
    newestMs: lastMs + stored.number(3),
    laneMs: lastMs + stored.number(4),
    dimensions,
    countsAs: stored.has(11) ? values.ofTexts(stored.texts(11)) : dimensions,
    named: stored.number(8),
    flags: stored.number(9),
    events: stored.number(5),
    progress: stored.numbers(6),
    reachedAfterMs: stored.numbers(7),
    bought: stored.has(12) ? stored.texts(12) : [],
    searches: searches.map((one) => [terms.ofText(one.text(0)), one.number(1), one.number(2)]),
  };
}

/** A text of a dictionary, as JSON writes it. */
function writeText(of: Interner, number: number, into: ByteText): void {
  into.json(of.bytes, of.from(number), of.to(number));
}
