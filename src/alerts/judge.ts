import type { Condition, Rule } from './rule.ts';

/** Does it hold? `unknown` where nothing can be said, such as before there are weeks to compare with. */
type Verdict = 'holds' | 'fine' | 'unknown';

export interface Judgement {
  readonly verdict: Verdict;
  /** What was to be expected, where weeks are compared. */
  readonly expected?: number;
}

/** Noise passes so many times its usual size once in some ten thousand windows. */
const NOISE_FACTOR = 4;
/** Counts that stray more than counts do by themselves: of a few weeks it is told roughly. */
const SPREAD_FACTOR = 2.5;
/** Makes the square root of a count stray by a half, whatever its mean (Anscombe). */
const ANSCOMBE = 3 / 8;

/** @param before the same time of the weeks before, as far as it is known */
export function judge(when: Condition, value: number, before: readonly number[]): Judgement {
  if ('above' in when) return { verdict: value > when.above ? 'holds' : 'fine' };
  if ('below' in when) return { verdict: value < when.below ? 'holds' : 'fine' };
  if (before.length === 0 || before.length < when.weeks / 2) return { verdict: 'unknown' };
  const expected = before.reduce((sum, one) => sum + one, 0) / before.length;
  const isDrop = 'drop_percent' in when;
  const percent = isDrop ? when.drop_percent : when.rise_percent;
  const change = isDrop ? expected - value : value - expected;
  const isBeyond = change > 0 && change >= (expected * percent) / 100 && !isNoise(value, before, expected);
  return { verdict: isBeyond ? 'holds' : 'fine', expected };
}

/** Would it stray as far by itself, as the weeks before do, and as counts do anyway? */
function isNoise(value: number, before: readonly number[], expected: number): boolean {
  const n = before.length;
  // What it is compared with strays as well.
  const both = Math.sqrt(1 + 1 / n);
  const squares = before.reduce((sum, one) => sum + (one - expected) ** 2, 0);
  const spread = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  const change = Math.abs(value - expected);
  if (![...before, value].every(Number.isInteger)) return change <= NOISE_FACTOR * spread * both;
  const strays = 2 * Math.abs(Math.sqrt(value + ANSCOMBE) - Math.sqrt(expected + ANSCOMBE));
  return strays <= NOISE_FACTOR * both || change <= SPREAD_FACTOR * spread * both;
}

export interface AlertState {
  readonly status: 'ok' | 'firing';
  /** Up to when it was looked at. */
  readonly judgedMs: number;
  /** Since when it has been otherwise than `status` says. */
  readonly turnedMs?: number | undefined;
  readonly sinceMs?: number | undefined;
  readonly value?: number | undefined;
  readonly expected?: number | undefined;
}

export type Turn = 'fired' | 'over' | undefined;

/** Fires once it has held for as long as the rule says, and is over once it has not for as long. */
export function nextState(
  state: AlertState,
  rule: Pick<Rule, 'for_minutes'>,
  atMs: number,
  seen: Judgement & { readonly value: number },
): { readonly state: AlertState; readonly turn: Turn } {
  const { verdict, value, expected } = seen;
  const judged = { ...state, judgedMs: atMs, value, expected };
  const isOtherwise = verdict === (state.status === 'ok' ? 'holds' : 'fine');
  // What cannot be told neither begins nor ends anything.
  if (verdict === 'unknown') return { state: judged, turn: undefined };
  if (!isOtherwise) return { state: { ...judged, turnedMs: undefined }, turn: undefined };
  const turnedMs = state.turnedMs ?? atMs;
  if (atMs - turnedMs < rule.for_minutes * 60_000) return { state: { ...judged, turnedMs }, turn: undefined };
  const status = state.status === 'ok' ? 'firing' : 'ok';
  const turned: AlertState = { ...judged, status, turnedMs: undefined, sinceMs: atMs };
  return { state: turned, turn: status === 'firing' ? 'fired' : 'over' };
}
