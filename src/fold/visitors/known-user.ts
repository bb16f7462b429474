import { decodeMoment, encodeMoment } from '../state/records.ts';
import { CorruptState } from '../state/stored-tuple.ts';

/** What is known of a user for longer than their visits. */
export interface KnownUser {
  /** Lane time at which the newest session began. */
  readonly beganMs: number;
  readonly touch: LastTouch | undefined;
}

/** What brought the user last. */
export interface LastTouch {
  readonly atMs: number;
  /** A text for each dimension, empty for those that are not about it. */
  readonly values: readonly string[];
}

/** `moment`, or `moment,moment of the touch behind that,[value, …]`. */
export function encodeKnown({ beganMs, touch }: KnownUser, bucketMs: number): string {
  const began = encodeMoment(beganMs, bucketMs);
  return touch === undefined ? began : `${began},${encodeMoment(touch.atMs, beganMs)},${JSON.stringify(touch.values)}`;
}

/** @throws CorruptState */
export function decodeKnown(text: string, bucketMs: number): KnownUser {
  const [began = '', after, ...rest] = text.split(',');
  const beganMs = decodeMoment(began, bucketMs);
  if (after === undefined) return { beganMs, touch: undefined };
  return { beganMs, touch: { atMs: decodeMoment(after, beganMs), values: valuesOf(rest.join(',')) } };
}

function valuesOf(text: string): string[] {
  const values: unknown = JSON.parse(text);
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values;
  throw new CorruptState('what brought a user is no list of texts');
}
