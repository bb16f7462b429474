import { test } from 'vitest';
import { fillMemory } from '../support/suites/full-store.ts';

test('Redis near its maxmemory: ingestion stops, answers and rollups go on, and all goes on by itself when there is room', async () => {
  await fillMemory(40);
});
