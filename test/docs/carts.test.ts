import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { cartMessageSchema } from '../../src/fold/carts/cart-message.ts';

const docs = resolve(import.meta.dirname, '../../docs');

test('docs/carts.schema.json is the schema of the messages', () => {
  const written: unknown = JSON.parse(readFileSync(resolve(docs, 'carts.schema.json'), 'utf8'));
  expect(written).toEqual(z.toJSONSchema(cartMessageSchema));
});

test('the example consumer has under 40 lines', () => {
  const lines = readFileSync(resolve(docs, 'examples/cart-reminder.mjs'), 'utf8').trim().split('\n');
  expect(lines.length).toBeLessThan(40);
});
