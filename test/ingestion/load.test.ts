import { expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { Loader } from '../../src/ingestion/load.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';

test('what an owner remembers of a partition holds none of the bytes of the batch that was counted', () => {
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const loader = new Loader({ store, settings: SETTINGS, definitions, calendar: new Calendar('UTC') });
  const partition = { topic: 'events', index: 0 } as const;
  const memory = loader.take(partition);
  const { columns } = memory;
  columns.source[0] = Buffer.alloc(8_000_000);
  columns.rawOf = () => 'of a record';
  loader.keep(partition, memory);
  expect(loader.take(partition)).toBe(memory);
  expect([columns.source.length, columns.rawOf(0)]).toEqual([0, '']);
});
