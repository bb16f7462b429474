import { expect, test } from 'vitest';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { knownUsers, visitors } from '../../../src/fold/state/state-families.ts';
import type { Commit } from '../../../src/ingestion/ports/state-store.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import { MemoryStateStore } from '../../support/fakes/state-store.ts';
import { visit } from '../../support/links/visits.ts';

class WatchedStore extends MemoryStateStore {
  readonly written = new Set<string>();

  override commit(commit: Commit) {
    for (const family of [visitors, knownUsers])
      for (const key of commit.writes.changed.get(family)?.keys() ?? []) this.written.add(key);
    return super.commit(commit);
  }
}

test('who is new is taken out of no bucket, however many came before', async () => {
  const store = new WatchedStore(plansOf(SETTINGS));
  const shop = new PartitionedShop(1, { store });
  for (let i = 0; i < 1_100; i++) shop.put(visit(0, { user: `u${i}` }, 'page_view'));
  await shop.settle();
  expect([...store.written].filter((key) => key.endsWith(':-1'))).toEqual([]);
  expect(store.written.size).toBeGreaterThan(0);
});
