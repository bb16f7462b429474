import { messageOf } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { KeyRing } from './key-ring.ts';
import type { KeyStore } from './ports.ts';

const EVERY_MS = 1_000;

/** Keeps a ring as the store is, whichever process changes it: a key that is revoked works for a second more at most. */
export class KeyWatch {
  private readonly ring: KeyRing;
  private readonly store: KeyStore;
  private readonly logger: Logger;
  private version: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isAway = false;

  constructor(ring: KeyRing, store: KeyStore, logger: Logger) {
    this.ring = ring;
    this.store = store;
    this.logger = logger;
  }

  async refresh(): Promise<void> {
    const kept = await this.store.load(this.version);
    if (kept === undefined) return;
    this.ring.take(kept);
    this.version = kept.version;
  }

  start(): void {
    this.timer ??= setTimeout(() => void this.look(), EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    try {
      await this.refresh();
      await this.count();
      this.isAway = false;
    } catch (error) {
      if (!this.isAway) this.logger.warn({ error: messageOf(error) }, 'keys stay as they were: Redis does not answer');
      this.isAway = true;
    }
    if (this.timer === undefined) return;
    this.timer = undefined;
    this.start();
  }

  private async count(): Promise<void> {
    const { day, requests } = this.ring.takeRequests();
    const limited = this.ring.list().filter(({ requestsPerDay }) => requestsPerDay !== undefined);
    // Asked for as well where nothing came here: other processes count too.
    const asked = new Map([...limited.map(({ id }): [string, number] => [id, 0]), ...requests]);
    if (asked.size === 0) return;
    this.ring.know(day, await this.store.countRequests(day, asked));
  }
}
