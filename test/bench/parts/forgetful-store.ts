import type { Commit, CommitOutcome } from '../../../src/ingestion/ports/state-store.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { MemoryStateStore } from '../../support/fakes/state-store.ts';

/** Takes every commit and keeps nothing of it but the position: an owner knows what it remembers, and rows come of that without a Redis. */
export class ForgetfulStore extends MemoryStateStore {
  override commit(commit: Commit): Promise<CommitOutcome> {
    return super.commit({ ...commit, writes: new Writes() });
  }
}
