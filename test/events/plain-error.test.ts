import { describe, expect, test } from 'vitest';
import { validateEvent } from '../../src/events/validation/validate.ts';
import { arrivalAt } from '../support/traffic/arrival.ts';

const arrived = Date.parse('2026-11-20T12:00:00Z');
const reasonOf = (event: unknown): string => {
  const result = validateEvent(event, arrivalAt(arrived));
  return result.outcome === 'rejected' ? `${result.path}: ${result.message}` : 'accepted';
};
const event = { name: 'view_item', user_id: 'u1', items: [{ item_id: 'a' }] };

describe('a refusal says what is wrong in words of the sender, not of a library', () => {
  test.each([
    [{ ...event, user_id: undefined }, 'user_id: is missing'],
    [{ ...event, user_id: '' }, 'user_id: is missing'],
    [{ ...event, user_id: true }, 'user_id: must be text'],
    [{ name: 'page_view', userId: 'u1' }, 'user_id: is missing; userId is not known'],
    [{ ...event, items: [{ 'Item-Id': 'a' }] }, 'items.0.item_id: is missing; Item-Id is not known'],
    [{ ...event, user_id: 'u'.repeat(2_000) }, /^user_id: must have at most \d+ characters$/],
    [{ ...event, items: [{ item_id: 'a', price: -9.5 }] }, 'items.0.price: must be at least 0'],
    [{ ...event, items: [{ item_id: 'a', price: '9.5x' }] }, /^items\.0\.price: must be a number$/],
    [{ ...event, items: 'a' }, 'items: must be a list'],
    [{ ...event, timestamp: '2026-11-20T11:00:00' }, /^timestamp: must be a date and time with an offset/],
    [{ ...event, timestamp: 'soon' }, /^timestamp: must be a date and time with an offset/],
    [{ ...event, timestamp: false }, /^timestamp: /],
  ])('%j', (sent, reason) => {
    expect(reasonOf(sent)).toMatch(
      typeof reason === 'string' ? new RegExp(`^${reason.replaceAll('.', '\\.')}$`) : reason,
    );
    expect(reasonOf(sent)).not.toMatch(/Invalid|expected|received|Too (small|big)/);
  });
});
