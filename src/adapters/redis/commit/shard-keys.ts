import { type Family, type Lives, ttlSeconds } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { WindowName } from '../../../time/windows.ts';

const DAY_MS = 86_400_000;

export interface Retention extends Lives {
  /** Caps that the settings give, by family; others are those of the declaration. */
  readonly caps: ReadonlyMap<string, number>;
}

/** Keys of one shard, how long they live, and how much lies in them. */
export class ShardKeys {
  private readonly keyspace: Keyspace;
  private readonly shard: number;
  private readonly retention: Retention;

  constructor(keyspace: Keyspace, shard: number, retention: Retention) {
    this.keyspace = keyspace;
    this.shard = shard;
    this.retention = retention;
  }

  of(family: Family, dimensions: string, label = ''): string {
    return this.keyspace.key(this.shard, family, dimensions, label);
  }

  /** From a write on; 0 where commits remove it themselves. */
  seconds(family: Family, window: WindowName): number {
    return ttlSeconds(family, window, this.retention) ?? 0;
  }

  /** Answers by the hour reach back to the day that lies HOURLY_DAYS before. */
  oldestHourMs(asOfMs: number): number {
    return asOfMs - (this.retention.hourlyDays + 1) * DAY_MS;
  }

  cap(family: Family): number {
    return this.retention.caps.get(family.name) ?? family.cap ?? 0;
  }
}
