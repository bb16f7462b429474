/**
 * What answers may cost the store. Each request has a budget of work, reckoned in microseconds of Redis before Redis is asked.
 * Light answers are read at once. One that turns out heavier waits for one of a few places, so that many who ask heavy things at once
 * cost no more than as many as there are places, and those who ask light ones do not wait behind them.
 */

/** Up to here an answer is light. */
export const LIGHT_US = 5_000;
/** More than this no answer may take, however long its sender waits. */
const MOST_US = 20_000_000;
const PLACES = 2;
const MOST_WAITING = 32;

/** Too many heavy requests wait already. */
export class TooManyHeavyReads extends Error {
  readonly code = 'too-many-heavy-reads';
  readonly retryable = true;
}

/** One request asks for more than any may. */
export class TooHeavyRead extends Error {
  readonly code = 'too-heavy-read';
  readonly retryable = false;
}

/** The places for heavy answers of a process. */
export class HeavyReads {
  private readonly places: number;
  private readonly mostWaiting: number;
  private taken = 0;
  /** The lightest first. */
  private readonly waiting: { readonly us: number; readonly begin: () => void }[] = [];

  constructor(places = PLACES, mostWaiting = MOST_WAITING) {
    this.places = places;
    this.mostWaiting = mostWaiting;
  }

  /** @throws TooManyHeavyReads where as many wait already as may */
  async take(us: number): Promise<void> {
    if (this.taken < this.places) {
      this.taken += 1;
      return;
    }
    if (this.waiting.length >= this.mostWaiting)
      throw new TooManyHeavyReads('as many requests for much data are being answered as may be');
    await new Promise<void>((begin) => {
      const behind = this.waiting.findIndex((other) => other.us > us);
      this.waiting.splice(behind === -1 ? this.waiting.length : behind, 0, { us, begin });
    });
  }

  /** Hands the place on to the lightest that waits, of equals to whoever waited longest. */
  give(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.taken -= 1;
    else next.begin();
  }
}

/** What one request may cost, and has cost so far. */
export interface ReadBudget {
  /** To be awaited before so much work is begun. @throws TooManyHeavyReads, TooHeavyRead */
  allow(us: number): Promise<void>;
  note(us: number): void;
  /** What may be done without asking. */
  readonly freeUs: number;
}

/** For readers that are no requests. */
export const BOUNDLESS_BUDGET: ReadBudget = {
  allow: async () => undefined,
  note: () => undefined,
  freeUs: Number.POSITIVE_INFINITY,
};

export class RequestBudget implements ReadBudget {
  private readonly heavy: HeavyReads;
  private readonly mostUs: number;
  private spentUs = 0;
  private place: Promise<void> | undefined;
  private hasPlace = false;

  constructor(heavy: HeavyReads, mostUs = MOST_US) {
    this.heavy = heavy;
    this.mostUs = mostUs;
  }

  get freeUs(): number {
    return this.hasPlace ? Number.POSITIVE_INFINITY : Math.max(0, LIGHT_US - this.spentUs);
  }

  async allow(us: number): Promise<void> {
    if (this.spentUs + us > this.mostUs)
      throw new TooHeavyRead('asks for more than one answer may hold: choose a shorter period or a smaller limit');
    if (us <= this.freeUs) return;
    this.place ??= this.heavy.take(us);
    await this.place;
    this.hasPlace = true;
  }

  note(us: number): void {
    this.spentUs += us;
  }

  /** To be called once the answer is read, or has failed. */
  end(): void {
    const give = (): void => this.heavy.give();
    // Who was turned away has no place to give back.
    this.place?.then(give, () => undefined);
    this.place = undefined;
  }
}
