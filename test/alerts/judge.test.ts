import { describe, expect, test } from 'vitest';
import { numberAt } from '../../src/alerts/field.ts';
import { type AlertState, judge, nextState, type Turn } from '../../src/alerts/judge.ts';

describe('a condition holds', () => {
  test.each([
    [{ above: 5 }, 6, [], 'holds'],
    [{ above: 5 }, 5, [], 'fine'],
    [{ below: 5 }, 4, [], 'holds'],
    [{ below: 5 }, 5, [], 'fine'],
    [{ drop_percent: 50, weeks: 4 }, 10, [100, 110, 90, 100], 'holds'],
    [{ drop_percent: 50, weeks: 4 }, 60, [100, 110, 90, 100], 'fine'],
    [{ rise_percent: 50, weeks: 4 }, 160, [100, 110, 90, 100], 'holds'],
    [{ rise_percent: 50, weeks: 4 }, 40, [100, 110, 90, 100], 'fine'],
    // What is usual is so little that none is nothing unusual.
    [{ drop_percent: 50, weeks: 4 }, 0, [5, 4, 6, 5], 'fine'],
    // Weeks that differ as much among themselves.
    [{ drop_percent: 50, weeks: 4 }, 10, [10, 200, 20, 170], 'fine'],
    [{ drop_percent: 50, weeks: 4 }, 0, [100], 'unknown'],
    [{ drop_percent: 50, weeks: 1 }, 0, [], 'unknown'],
  ])('%j: %d, after %j, %s', (when, value, before, verdict) => {
    expect(judge(when, value, before).verdict).toBe(verdict);
  });
});

describe('an alert', () => {
  const MINUTE = 60_000;
  const run = (verdicts: string, minutes: number): Turn[] => {
    let state: AlertState = { status: 'ok', judgedMs: 0 };
    return [...verdicts].map((sign, i) => {
      const verdict = sign === 'h' ? 'holds' : sign === 'f' ? 'fine' : 'unknown';
      const next = nextState(state, { for_minutes: minutes }, (i + 1) * MINUTE, { verdict, value: 1 });
      state = next.state;
      return next.turn;
    });
  };
  const turns = (verdicts: string, minutes: number) =>
    run(verdicts, minutes)
      .map((turn) => turn?.[0] ?? '.')
      .join('');

  test('fires once, and is over once', () => {
    expect(turns('fhhhhfffhf', 0)).toBe('.f...o..fo');
  });

  test('waits until it has held for as long as it should, and until it is over for as long', () => {
    expect(turns('hfhhhhffhfff', 2)).toBe('....f......o');
  });

  test('is neither begun nor ended by what cannot be told', () => {
    expect(turns('h?hh??ff?f', 2)).toBe('..f......o');
  });
});

test('a field is found by names, places, and what rows say of themselves; a row that is not there has not happened', () => {
  const data = {
    orders: 3,
    rate: null,
    stages: [
      { stage: 'visit', count: 9 },
      { stage: 'purchase', count: 1 },
    ],
  };
  expect(numberAt(data, 'orders')).toBe(3);
  expect(numberAt(data, 'rate')).toBeNull();
  expect(numberAt(data, 'stages.0.count')).toBe(9);
  expect(numberAt(data, 'stages.stage=purchase.count')).toBe(1);
  expect(numberAt(data.stages, 'stage=cart.count')).toBe(0);
  expect(numberAt(data, 'stages')).toBeUndefined();
  expect(numberAt(data, 'orders.more')).toBeUndefined();
  expect(numberAt(data, '__proto__.x')).toBeUndefined();
});
