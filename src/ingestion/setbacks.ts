import { isRetryable, messageOf } from '../runtime/errors.ts';
import type { Position } from './ports/event-log.ts';

/** So many records in a row are set aside; if none can be counted between them, it is not the records. */
const MOST_IN_A_ROW = 10;

/** A failure that changes each time it is looked at is not waited for any longer. */
const MOST_RETRIES = 5;

/** `again` from the store's own standing; `narrow`: halve the batch, or set its single record aside. */
type Verdict = 'throw' | 'again' | 'narrow';

/**
 * What to do about a batch that can't be counted: the first time it is tried again from the store's own standing. If it fails the same
 * way again, the fault lies in one of its records: the batch is halved until that one is by itself, has failed alike twice, and is set
 * aside.
 */
export class Setbacks {
  private last: { readonly position: Position | undefined; readonly message: string } | undefined;
  private narrowing = false;
  private retries = 0;
  private inARow = 0;

  /** Notes a failure of so many records. */
  judge(error: unknown, position: Position | undefined, records: number): Verdict {
    if (isRetryable(error) || isOfStore(error) || this.inARow >= MOST_IN_A_ROW) return 'throw';
    const message = messageOf(error);
    const isSamePlace = this.last !== undefined && this.last.position === position;
    const isRepeated = isSamePlace && this.last?.message === message;
    this.last = { position, message };
    this.narrowing ||= isRepeated;
    if (records === 1 ? isRepeated : this.narrowing) return 'narrow';
    this.retries = isSamePlace ? this.retries + 1 : 1;
    return this.retries > MOST_RETRIES ? 'throw' : 'again';
  }

  countedAside(): void {
    this.inARow += 1;
  }

  /** Something was counted. */
  counted(): void {
    this.inARow = 0;
  }

  /** All that the log handed out is counted, or was given up: the next starts with whole batches. */
  processEnded(): void {
    this.narrowing = false;
  }
}

/** What a store replies with is about the store: a wrong type, no right to write. */
const isOfStore = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';
