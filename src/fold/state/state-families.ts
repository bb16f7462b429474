import { family } from '../../metrics/family.ts';

/**
 * The form in which folding keeps its state, and a commit its pieces: to be raised where a version reads what another has stored in another
 * way. 2: hashes of ids in one text a bucket. 3: newest values with their partition, without the event's id. 4: what lies in carts and orders
 * in thousandths. 5: where users are counted apart from their visits.
 */
export const STATE_VERSION = 5;

const laneState = <const N extends string>(name: N, description: string, bucketed = false) =>
  family({
    name,
    kind: 'state',
    windows: ['none'],
    dimensions: bucketed ? ['partition', 'lane', 'bucket'] : ['partition', 'lane'],
    description,
  });

export const partitionState = family({
  name: 'partition',
  kind: 'state',
  windows: ['none'],
  dimensions: ['partition'],
  description: 'the position up to which the partition is counted, its owner epoch, and what was rejected on the way',
});

/** Field of it: how often a newest value by which others are put together has become another one. */
export const RENAMED = 'renamed';

export const redoRecord = family({
  name: 'redo',
  kind: 'state',
  windows: ['none'],
  dimensions: ['partition'],
  description: 'pieces of a large commit, until all of them are applied',
});

export const laneTimes = family({
  name: 'lanes',
  kind: 'state',
  windows: ['none'],
  dimensions: ['partition'],
  description: 'the time of each lane: live, and imports that are under way',
});

export const visitors = laneState(
  'visitors',
  'users with their newest session, and sessions before it, by 8 hours of last activity',
  true,
);
export const carts = laneState('carts', 'carts that are open, or abandoned and still recoverable, by user');
export const seenEvents = laneState(
  'seen-ids',
  'hashes of event ids within DEDUPE_WINDOW with the lane time of each, one behind the other: 16 bytes an event',
  true,
);
export const knownOrders = laneState('orders', 'orders within TRANSACTION_WINDOW, by user and transaction', true);

export const knownUsers = laneState('known-users', 'users of whom a session began within thirty days', true);

export const userMarks = laneState(
  'user-marks',
  'in which hours of the last days, with which dimension values and at which stages a user is counted, by user',
  true,
);

export const buyers = laneState(
  'buyers',
  'users who have ever bought anything, where it is counted by customer; never expires',
  true,
);

export const heldEvents = laneState(
  'held-events',
  'events of users who have just signed in, until what was open of the guest has come, by user',
);

export const orderClaims = laneState(
  'order-claims',
  'whose report of an order stays, or refunds that wait for one, within TRANSACTION_WINDOW, by transaction',
  true,
);

export const purchasingSessions = laneState(
  'purchasing-sessions',
  'of which orders a session is a purchasing one, within TRANSACTION_WINDOW, by a hash of the session; where the order alone does not say it',
  true,
);

const schedule = (name: string, description: string) =>
  family({ name, kind: 'schedule', windows: ['none'], dimensions: ['partition', 'lane'], description });

export const cartsDue = schedule('carts-due', 'open carts by the moment after which they count as abandoned');
export const cartsExpiring = schedule(
  'carts-gone',
  'abandoned carts by the moment after which they cannot be recovered',
);

export const linksDue = schedule('links-due', 'users whose events wait, by the moment after which they wait no longer');

export const recordOutbox = family({
  name: 'record-outbox',
  kind: 'queue',
  windows: ['none'],
  dimensions: ['partition'],
  description: 'records for other partitions that wait to join the log, in order',
});

const cartMessages = (name: string, description: string) =>
  family({ name, kind: 'queue', windows: ['none'], dimensions: ['partition'], description });

export const outbox = cartMessages('outbox', 'messages about abandoned carts that wait to be published, in order');
export const recoveredOutbox = cartMessages('recovered-outbox', 'messages about recovered carts, the same');

/** All that waits to go out, and the partition's counters of how much there ever was of it: the turns of each. */
export const queues = [outbox, recordOutbox, recoveredOutbox];
export const QUEUE_COUNTERS = ['queued', 'said', 'recoveries'] as const;

export const retractedMessages = family({
  name: 'retracted',
  kind: 'state',
  windows: ['none'],
  dimensions: ['partition'],
  description: 'messages of the outbox that turned out to be wrong while they waited, by cart and user',
});

export const cartRecords = family({
  name: 'cart-records',
  kind: 'record',
  windows: ['none'],
  dimensions: ['day'],
  description: 'abandoned and recovered carts, by the day on which they opened',
});

export const cartIndex = family({
  name: 'cart-index',
  kind: 'index',
  windows: ['none'],
  dimensions: ['status', 'day'],
  description: 'carts by the moment at which they were abandoned, or recovered; by the day on which they opened',
});

export const admittedValues = family({
  name: 'admitted',
  kind: 'record',
  windows: ['none'],
  dimensions: ['partition', 'day'],
  livesLong: true,
  description: 'dimension values that are told apart on a day, those that came first; the others count as (other)',
});

export const admittedMembers = family({
  name: 'admitted-members',
  kind: 'record',
  windows: ['none'],
  dimensions: ['partition', 'day'],
  livesLong: true,
  description:
    'hashes of items, terms, names, payment types and coupons that are told apart on a day, those that came first',
});

export const cartDays = family({
  name: 'cart-days',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  description: 'days of which carts are recorded, so that an erasure finds them',
});

export const deadLetterLog = family({
  name: 'dead-letters',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  cap: 1_000,
  description: 'the last messages that could not be counted, with the reason',
});

export const stateFamilies = [
  partitionState,
  redoRecord,
  laneTimes,
  visitors,
  carts,
  seenEvents,
  knownOrders,
  knownUsers,
  userMarks,
  buyers,
  orderClaims,
  purchasingSessions,
  heldEvents,
  linksDue,
  cartsDue,
  cartsExpiring,
  recordOutbox,
  outbox,
  recoveredOutbox,
  retractedMessages,
  cartRecords,
  cartIndex,
  admittedValues,
  admittedMembers,
  cartDays,
  deadLetterLog,
];
