import { describe, expect, test } from 'vitest';
import { accessOf, isAudited, isKept } from '../../../src/http/entry/access.ts';

describe('what a key must allow', () => {
  test.each([
    ['POST', '/v1/events', 'send'],
    ['GET', '/v1/events/frequencies', 'read'],
    ['POST', '/v1/imports/retailrocket', 'import'],
    ['POST', '/v1/reconciliations', 'import'],
    ['GET', '/v1/imports', 'read'],
    ['GET', '/v1/reconciliations/r1', 'read-personal'],
    ['GET', '/v1/users/u1/interactions', 'read-personal'],
    ['GET', '/v1/export/events', 'read-personal'],
    ['GET', '/v1/abandonment', 'read'],
    ['GET', '/v1/abandonment/carts', 'read-personal'],
    ['DELETE', '/v1/users/u1', 'admin'],
    ['DELETE', '/v1/imports/i1', 'admin'],
    ['POST', '/v1/explore/sql', 'admin'],
    // It answers whatever an alert may watch, which may be about one person.
    ['GET', '/v1/alerts/value', 'admin'],
    ['GET', '/v1/alerts', 'read'],
    ['GET', '/v1/keys', 'admin'],
    ['GET', '/v1/connect/shopify', 'admin'],
    ['POST', '/v1/what-is-added-tomorrow', 'admin'],
    ['POST', '/mcp', 'read'],
    ['GET', '/metrics', 'metrics'],
    ['GET', '/health/live', undefined],
    ['GET', '/docs', undefined],
  ])('%s %s: %s', (method, path, scope) => {
    expect(accessOf(method, path)).toBe(scope);
  });
});

describe('what is written down for a year', () => {
  test.each([
    ['DELETE', '/v1/users/u1', true],
    ['POST', '/v1/webhooks', true],
    ['POST', '/v1/explore/sql', true],
    ['GET', '/v1/keys', false],
    ['GET', '/v1/users/u1/export', true],
    ['GET', '/v1/export/events', true],
    ['GET', '/v1/export/carts.csv', true],
    ['GET', '/v1/export/abandonment-carts.csv', true],
    ['GET', '/v1/export/revenue.csv', false],
    ['GET', '/v1/users/u1/interactions', false],
    ['POST', '/v1/events', false],
    ['GET', '/v1/revenue', false],
  ])('%s %s: %s', (method, path, is) => {
    expect(isAudited(method, path, accessOf(method, path))).toBe(is);
  });
});

test('whoever asked keeps what is read, and neither what admins see nor all of a person', () => {
  const kept = (path: string): boolean => isKept(path);
  expect(['/v1/revenue', '/v1/users/{user_id}/interactions', '/v1/abandonment/carts'].filter(kept)).toHaveLength(3);
  expect(['/v1/keys', '/v1/users/{user_id}/export', '/v1/export/events', '/metrics'].filter(kept)).toEqual([]);
});
