import { type Fields, valueAt } from '../events/forms/fields.ts';
import { numberAsWritten } from '../events/numbers/exact-numbers.ts';
import type { Mapped, Reading } from './connector.ts';

/** A field of the event, and where a foreign client puts it. */
export type Row = readonly [field: string, ...path: string[]];

/** The event's fields by a table; of several rows for a field the first that holds something counts. */
export function mappedBy(table: readonly Row[], sent: Fields): Fields {
  const fields: Fields = {};
  for (const [field, ...path] of table) if (isAbsent(fields[field])) fields[field] = valueAt(sent, path);
  return given(fields);
}

/** The fields that say something: `null` and `''` stand for what is absent, and would only be counted as repaired. */
export function given(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** A request that holds a list: each of it by itself is mapped later. */
export function listRead<T>(sent: readonly T[], mappedOf: (one: T) => Mapped, key?: string): Reading {
  return { outcome: 'read', key, sent: sent.length, mapped: () => sent.map((one) => mappedOf(one)) };
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A decimal that is written as text as the number that it is. What is none stays, to be refused. */
export function amount(written: unknown): unknown {
  return typeof written === 'string' && DECIMAL.test(written) ? numberAsWritten(written) : written;
}

/** An id as text; some write theirs as numbers. */
export function idText(id: unknown): string | undefined {
  if (typeof id === 'number' || typeof id === 'bigint') return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Other systems take any text as a name: `Coupon Applied` is counted as `coupon_applied`. */
export function eventName(sent: unknown): unknown {
  if (typeof sent !== 'string') return sent;
  return sent
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '_');
}
