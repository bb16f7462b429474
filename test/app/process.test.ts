import { describe, expect, test } from 'vitest';
import { placeOf, reasonOf } from '../../src/app/process.ts';

describe('why something failed, in one line', () => {
  test.each([
    [new Error('no room'), 'no room'],
    [new Error('\n  first\nsecond'), 'first'],
    [new AggregateError([new Error('a'), new Error('b')], ''), 'a; b'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TypeError(''), 'TypeError'],
    ['text', 'text'],
    ['', 'for a reason that was not said'],
    [undefined, 'undefined'],
  ])('%s', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });

  test('and where', () => {
    expect(placeOf(new Error('here'))).toContain('process.test.ts');
    expect(placeOf('text')).toBe('nowhere known');
  });
});
