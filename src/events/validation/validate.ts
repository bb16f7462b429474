import type { z } from 'zod';
import { type Fields, type Flat, isObject, placeOf } from '../forms/fields.ts';
import { flatten, isNoEvent } from '../forms/flatten.ts';
import { withOwnValues } from '../forms/own-values.ts';
import { locatedEvent } from '../origin/sender.ts';
import { plainError } from '../plain-error.ts';
import { repair } from '../repairs/repair.ts';
import type { Arrival, Repair } from '../repairs/rule.ts';
import { FIRST_LIVE_MS, MAX_AHEAD_MS, momentOf } from '../repairs/times.ts';
import { isInventory, MAX_LENGTH, schemaOf, type WireEvent } from '../schema.ts';
import { isSurelyValid } from './fast-validate.ts';

/** As many of an event's problems as are told. */
const MAX_PROBLEMS = 20;

export interface Problem {
  readonly path: string;
  readonly message: string;
}

export type Rejection = Problem & {
  readonly outcome: 'rejected';
  /** All of them, the first included, where there are several. */
  readonly problems?: readonly Problem[];
  readonly eventId?: string;
};
export type Validated =
  | {
      readonly outcome: 'valid';
      readonly event: WireEvent;
      readonly timestampMs: number;
      readonly repairs: readonly Repair[];
    }
  /** Nothing happened, and nothing is wrong. */
  | { readonly outcome: 'ignored' }
  | Rejection;

export const rejected = (path: string, message: string): Rejection => ({ outcome: 'rejected', path, message });

const NO_REPAIRS: readonly Repair[] = [];

/** Checks one event against the contract, and takes what can only mean one thing as that. */
export function validateEvent(input: unknown, arrival: Arrival): Validated {
  if (!isObject(input)) return rejected('', 'must be a JSON object');
  const { ownPaths, location } = arrival;
  const hasOwn = ownPaths !== undefined && ownPaths.size > 0;
  const validated = validateFields(hasOwn ? withOwnValues(input, ownPaths) : input, arrival);
  if (location === undefined || validated.outcome !== 'valid' || isInventory(validated.event)) return validated;
  return { ...validated, event: locatedEvent(validated.event, location) };
}

function validateFields(input: Fields, arrival: Arrival): Validated {
  const good = validateGood(input, arrival);
  if (good !== undefined) return good;
  if (isNoEvent(input)) return { outcome: 'ignored' };
  const flat = flatten(input);
  const isCopy = flat.fields !== input && flat.olderPlace === undefined;
  return (isCopy ? validateGood(flat.fields, arrival) : undefined) ?? validateRepaired(flat, arrival);
}

/** The way of nearly every event: nothing of what follows costs it anything. */
function validateGood(event: Fields, arrival: Arrival): Validated | undefined {
  if (!isSurelyValid(event)) return undefined;
  const timestampMs = momentOf(event.timestamp) ?? arrival.arrivedAtMs;
  if (timeProblem(timestampMs, arrival) !== undefined) return undefined;
  return { outcome: 'valid', event, timestampMs, repairs: NO_REPAIRS };
}

function validateRepaired(flat: Flat, arrival: Arrival): Validated {
  const { fields, repairs } = repair(flat, arrival);
  const { event_id: id } = fields;
  const known = typeof id === 'string' && id.length <= MAX_LENGTH.eventId ? { eventId: id } : {};
  const checked = check(fields);
  if (!checked.success) return { ...rejectionOf(checked.error.issues, { ...flat, fields }), ...known };
  const { data: event } = checked;
  const timestampMs = event.timestamp === undefined ? arrival.arrivedAtMs : momentOf(event.timestamp);
  const problem = timeProblem(timestampMs, arrival);
  if (timestampMs === undefined || problem !== undefined)
    return { ...rejected(placeOf(['timestamp'], flat), problem ?? 'is no moment'), ...known };
  return { outcome: 'valid', event, timestampMs, repairs };
}

/** By the schema where that is needed: most events are plainly good once they are repaired. */
function check(fields: Fields): z.ZodSafeParseResult<WireEvent> {
  if (isSurelyValid(fields)) return { success: true, data: fields };
  return schemaOf(fields['name']).safeParse(fields, { error: plainError });
}

function rejectionOf(issues: readonly z.core.$ZodIssue[], flat: Flat): Rejection {
  const problems = issues.slice(0, MAX_PROBLEMS).map(({ path, message }) => ({
    path: placeOf(path, flat),
    message: message + (message === 'is missing' ? otherSpelling(path, flat.fields) : ''),
  }));
  const { path, message } = problems[0] ?? { path: '', message: 'is not an event' };
  return problems.length > 1 ? { ...rejected(path, message), problems } : rejected(path, message);
}

/** `userId` was meant to be `user_id`. */
function otherSpelling(path: readonly PropertyKey[], event: Fields): string {
  const beside = path.slice(0, -1).reduce<unknown>((from, part) => Reflect.get(Object(from), part), event);
  const bare = (name: string): string => name.replaceAll(/[_-]/g, '').toLowerCase();
  const field = String(path.at(-1));
  const sent = isObject(beside)
    ? Object.keys(beside).find((name) => name !== field && bare(name) === bare(field))
    : undefined;
  return sent === undefined ? '' : `; ${sent} is not known`;
}

/** What is wrong with an event's moment; live events happened about now. */
export function timeProblem(
  timestampMs: number | undefined,
  { arrivedAtMs, isLive, oldestMs = FIRST_LIVE_MS }: Arrival,
): string | undefined {
  if (timestampMs === undefined || !(timestampMs >= 0)) return 'must be a moment after 1970-01-01T00:00:00Z';
  if (timestampMs > arrivedAtMs + MAX_AHEAD_MS)
    return isLive ? 'is more than 24 hours after arrival' : 'is more than 5 minutes after arrival';
  if (!isLive) return undefined;
  if (timestampMs < FIRST_LIVE_MS)
    return 'is before 2000-01-01T00:00:00Z; a live event has milliseconds of the epoch or ISO 8601';
  if (timestampMs < oldestMs) return 'is older than the days that are kept (DAILY_DAYS); an import may be older';
  return undefined;
}
