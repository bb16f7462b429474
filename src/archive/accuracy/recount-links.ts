import { inRecord, isControl, isErasedName } from '../sql.ts';

/** Kinds of records by which visitors turn out to be one. */
export const OF_LINKS = ['link', 'merge', 'session'] as const;

/** A session's id; none of who was erased, whose ids have another name in each partition: the moment at which it began tells theirs apart. */
const idOf = (visitor: string, session: string): string =>
  `CASE WHEN ${isErasedName(visitor)} THEN '' ELSE coalesce(${session}, '') END`;
const number = (path: string): string => `CAST(${inRecord(path)} AS BIGINT)`;
/** A record that comes twice is one. */
const ONCE = 'QUALIFY row_number() OVER (PARTITION BY id ORDER BY arrived_at, position) = 1';

/** Of what counts at the same position this is the order: what comes over, whose visitor is no new one, what joins another, events. */
const placeOf = (position: string, rank: 0 | 1 | 2 | 3): string => `${position} * 4 + ${rank}`;
const sessionOf = (person: string, beganMs: string): string => `hash(log, partition, lane, ${person}, sid, ${beganMs})`;

/** Guests who signed in, each time; `next`: the link by which the one whom they became went on to another. */
const LINKS: readonly string[] = [
  `said AS (
    SELECT log, partition, position, arrived_at, ${inRecord('id')} AS id, ${inRecord('guest')} AS guest, ${number('at')} AS at_ms
    FROM told WHERE ${isControl('link')} ${ONCE})`,
  // What an erasure has renamed has another name in each partition; the link's id is the same in both.
  `taken_in AS (
    SELECT log, partition, position, arrived_at, ${inRecord('id')} AS id, ${inRecord('user_id')} AS person,
      ${inRecord('open.session.id')} AS session_id, ${number('open.session.first')} AS first_ms,
      CAST(json_extract(record, '$.open.marks[*][0]') AS BIGINT[]) AS hours
    FROM told WHERE ${isControl('merge')} ${ONCE})`,
  `linked AS (
    SELECT row_number() OVER () AS n, l.log, l.partition, l.guest, ${placeOf('l.position', 3)} AS place, l.at_ms,
      m.log AS to_log, m.partition AS to_partition, m.person, ${placeOf('m.position', 0)} AS to_place,
      m.session_id, m.first_ms, m.hours,
      lag(${placeOf('l.position', 3)}, 1, -1) OVER (PARTITION BY l.log, l.partition, l.guest ORDER BY l.position) AS since
    FROM said l JOIN taken_in m USING (id))`,
  `links AS MATERIALIZED (
    SELECT a.*, 'live' AS lane, b.n AS next
    FROM linked a LEFT JOIN linked b
      ON (b.log, b.partition, b.guest) = (a.to_log, a.to_partition, a.person)
      AND a.to_place >= b.since AND a.to_place < b.place)`,
];

/** Under whom each hour counts in which a guest was seen: from the last link backwards, so that each is looked at once, however far that is. `is_apart`: it was not known any more. */
const HOURS: readonly string[] = [
  // A guest has a mark for each pair of hour and values.
  'hours AS MATERIALIZED (SELECT n, next, person, at_ms, unnest(list_distinct(hours)) AS hour FROM links)',
  `who AS (
    SELECT h.n, h.hour, h.person, h.at_ms, h.next IS NOT NULL AS is_apart
    FROM hours h LEFT JOIN hours x ON (x.n, x.hour) = (h.next, h.hour) WHERE x.n IS NULL
    UNION ALL
    SELECT h.n, h.hour, w.person, greatest(h.at_ms, w.at_ms), w.is_apart
    FROM hours h JOIN who w ON (w.n, w.hour) = (h.next, h.hour))`,
];

/** What turned out of a session: it went over to whom its guest became, its visitor was no new one, or it is one with another. */
const TURNS: readonly string[] = [
  `turned AS (
    SELECT log, partition, ${inRecord('user_id')} AS person, ${idOf(inRecord('user_id'), inRecord('session'))} AS sid,
      ${number('first')} AS first_ms, position, ${number('into')} AS into_ms, ${number('events')} AS events,
      ${number('last')} AS last_ms, CAST(${inRecord('date')} AS DATE) AS date
    FROM told WHERE ${isControl('session')})`,
  `steps AS (
    SELECT log, partition, guest AS person, ${idOf('guest', 'session_id')} AS sid, first_ms, place,
      to_log, to_partition, person AS to_person, ${idOf('person', 'session_id')} AS to_sid, first_ms AS to_ms, to_place,
      false AS is_returning, CAST(NULL AS BIGINT) AS events, CAST(NULL AS BIGINT) AS last_ms, CAST(NULL AS DATE) AS date
    FROM links WHERE first_ms IS NOT NULL
    UNION ALL
    SELECT log, partition, person, sid, first_ms, place,
      log, partition, person, sid, coalesce(into_ms, first_ms), place,
      into_ms IS NULL, events, last_ms, date
    FROM (
      SELECT *, CASE WHEN into_ms IS NULL THEN ${placeOf('position', 1)} ELSE ${placeOf('position', 2)} END AS place
      FROM turned))`,
  `numbered AS (
    SELECT row_number() OVER () AS n, *,
      lag(place, 1, -1) OVER (PARTITION BY log, partition, person, sid, first_ms ORDER BY place) AS since
    FROM steps)`,
  `turns AS MATERIALIZED (
    SELECT a.*, 'live' AS lane, b.n AS next
    FROM numbered a LEFT JOIN numbered b
      ON (b.log, b.partition, b.person, b.sid, b.first_ms) = (a.to_log, a.to_partition, a.to_person, a.to_sid, a.to_ms)
      AND a.to_place >= b.since AND a.to_place < b.place)`,
  `ways AS (
    SELECT n, to_log AS log, to_partition AS partition, lane, to_person AS person, to_sid AS sid, to_ms AS began_ms,
      date, is_returning
    FROM turns WHERE next IS NULL
    UNION ALL
    SELECT t.n, w.log, w.partition, w.lane, w.person, w.sid, w.began_ms,
      coalesce(w.date, t.date), t.is_returning OR w.is_returning
    FROM turns t JOIN ways w ON w.n = t.next)`,
  `ended AS MATERIALIZED (
    SELECT n, ${sessionOf('person', 'began_ms')} AS session, began_ms, date, is_returning FROM ways)`,
  `joins AS MATERIALIZED (
    SELECT e.session, t.first_ms, t.to_ms, t.events, t.last_ms
    FROM turns t JOIN ended e USING (n) WHERE t.events IS NOT NULL)`,
  // One that has joined another goes on with it from there, and with what that one joins.
  `heard AS (
    SELECT session, first_ms AS piece, to_ms AS piece_of, events AS since FROM joins WHERE first_ms <> to_ms
    UNION ALL
    SELECT h.session, h.piece, j.to_ms, j.events
    FROM heard h JOIN joins j
      ON (j.session, j.first_ms) = (h.session, h.piece_of) AND j.events > h.since
    WHERE j.first_ms <> j.to_ms)`,
];

/**
 * The steps of a recursive query over `told`, the records that partitions have told each other:
 * - `links`: each time that a guest became somebody; `who`: under whom each of the guest's hours counts in the end
 * - `turned`: sessions of which something turned out later; `steps`, `turns`: that, and sessions that went over, each with the next
 * - `ways`, `ended`: where a session has come to in the end, and as what it counts there
 * - `joins`: sessions that turned out to be one; `heard`: the events of another from which on each of them goes on with it
 * - `counted`: events that are no repeats; `named`: with whom they count for
 * - `seen`: the same with its session as it turned out (`session`, `began_ms`) and as it was then (`first_ms`)
 */
export const linksSql = (archive: string): readonly string[] => [
  ...LINKS,
  ...HOURS,
  ...TURNS,
  `counted AS (
    SELECT *, ${placeOf('coalesce(released_by, position)', 3)} AS place, ${idOf('visitor', 'session_id')} AS sid,
      epoch_ms(session_began_at) AS first_ms, ${sessionOf('visitor', 'first_ms')} AS session
    FROM (${archive}) WHERE outcome <> 'duplicate')`,
  `named AS (
    SELECT e.*, coalesce(w.person, e.visitor) AS who, greatest(l.at_ms, w.at_ms) AS linked_ms,
      l.n IS NOT NULL AND coalesce(w.is_apart, true) AS is_apart
    FROM counted e
    LEFT JOIN links l ON l.log = e.log AND l.partition = e.partition AND l.lane = e.lane AND l.guest = e.visitor
      AND e.place >= l.since AND e.place < l.place
    LEFT JOIN who w ON w.n = l.n
      AND w.hour = list_filter(l.hours, h -> epoch_ms(e.timestamp) >= h AND epoch_ms(e.timestamp) < h + 3600000)[1])`,
  `seen AS (
    SELECT e.* REPLACE (coalesce(w.date, e.session_date) AS session_date, coalesce(w.session, e.session) AS session),
      coalesce(w.began_ms, e.first_ms) AS began_ms,
      coalesce(e.is_new_visitor, false) AND NOT coalesce(w.is_returning, false) AS is_new
    FROM named e
    LEFT JOIN turns t ON t.log = e.log AND t.partition = e.partition AND t.lane = e.lane AND t.person = e.visitor
      AND t.sid = e.sid AND t.first_ms = e.first_ms AND e.place >= t.since AND e.place < t.place
    LEFT JOIN ended w ON w.n = t.n)`,
];

/** Under which sessions are told of that turned out to be one with another that began in the same millisecond: which of both an event was of is not known. */
export const ALIKE = 'sessions that began alike';
export const HOW_MANY_ALIKE = `SELECT date, '${ALIKE}' AS metric, CAST(count(*) AS DOUBLE) AS value FROM turned WHERE first_ms = into_ms GROUP BY date`;
