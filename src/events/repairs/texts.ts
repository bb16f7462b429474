import { isWithin, MAX_AMOUNT } from '../schema.ts';
import { AS_IT_IS, type Place } from './rule.ts';

const graphemes = new Intl.Segmenter();

/** Of several texts none is the one. */
export function takeOnly(value: unknown): unknown {
  if (!Array.isArray(value) || value.length > 1) return AS_IT_IS;
  const [only]: unknown[] = value;
  return only === undefined || typeof only === 'string' ? only || undefined : AS_IT_IS;
}

/** As much of a text as the field takes, cut where a reader sees a character end. */
export function takeCut(value: unknown, { max }: Place): unknown {
  if (typeof value !== 'string' || isWithin(value, max) || !value.isWellFormed()) return AS_IT_IS;
  const whole = [...value].slice(0, max).join('');
  // A character that the cut would split ends behind it.
  const last = graphemes.segment(value.slice(0, whole.length + 64)).containing(whole.length - 1);
  const isSplit = last !== undefined && last.index + last.segment.length > whole.length;
  return isSplit && last.index > 0 ? value.slice(0, last.index) : whole;
}

/** What is nothing that the field takes: a link that was cut would lead nowhere. */
export function takeLeftOut(value: unknown, { kind, max }: Place): unknown {
  if (kind === 'aside') return typeof value === 'number' && value >= 0 && value <= MAX_AMOUNT ? AS_IT_IS : undefined;
  const isGood = typeof value === 'string' && isWithin(value, max) && value.isWellFormed();
  return isGood ? AS_IT_IS : undefined;
}
