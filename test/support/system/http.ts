import { expect } from 'vitest';
import type { Json, TestSystem } from './system.ts';

export type Body = NonNullable<RequestInit['body']>;

export const json = { 'Content-Type': 'application/json' };

/** A view of an item, as a shop sends it. */
export const view = { name: 'view_item', user_id: 'u1', items: [{ item_id: 'i1', item_name: 'Mug' }] };

export const send = (body: Body, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  body,
  headers,
});

/** A refusal, which is a problem as RFC 9457 describes it and says nothing about the inside. */
export async function problem(system: Pick<TestSystem, 'request'>, path: string, init?: RequestInit): Promise<Json> {
  const response = await system.request(path, init);
  const body: Json = await response.json();
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(body).toMatchObject({
    type: expect.stringMatching(/^\/problems\/[a-z-]+$/),
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
  });
  expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|node_modules|at .*\.ts:/);
  return { ...body, retryAfter: response.headers.get('Retry-After') };
}
