import type { RedisClient } from './connection.ts';

/** A kept lease outlives a few renewals that fail. */
const RENEWALS_PER_LIFE = 5;

/** What one holder at a time has, until it gives it up or falls silent: a key that expires unless it is renewed. */
export class Lease {
  private readonly redis: RedisClient;
  private readonly key: string;
  private readonly holder: string;
  private readonly lifeMs: number;
  private readonly loss = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(redis: RedisClient, key: string, holder: string, lifeMs: number) {
    this.redis = redis;
    this.key = key;
    this.holder = holder;
    this.lifeMs = lifeMs;
  }

  /** Takes it, or renews it. @returns false where another holder has it */
  async take(): Promise<boolean> {
    return (await this.redis.takeLease(this.key, this.holder, this.lifeMs)) === 1;
  }

  /** Renews it from now on, until it is released or lost. @returns aborts when another holder has it */
  keep(): AbortSignal {
    this.timer = setInterval(() => {
      // While Redis does not answer it may run out; it is taken again then, unless another holder is quicker.
      this.take().then(
        (held) => held || this.lose(),
        () => undefined,
      );
    }, this.lifeMs / RENEWALS_PER_LIFE);
    return this.loss.signal;
  }

  /** Gives it up, if it is still held. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.redis.releaseLease(this.key, this.holder);
  }

  private lose(): void {
    clearInterval(this.timer);
    this.loss.abort();
  }
}
