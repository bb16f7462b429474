import { isRetryable, messageOf } from '../runtime/errors.ts';
import type { Position } from './ports/event-log.ts';

/** So many records in a row are set aside; if none can be counted between them, it is not the records. */
const MOST_IN_A_ROW = 10;

/**
 * What to do about a batch that can't be counted: the first time it is tried again from the store's own standing. If it fails the same
 * way again, the fault lies in one of its records: the batch is halved until that one is by itself, and set aside.
 */
export class Setbacks {
  private last: { readonly position: Position | undefined; readonly message: string } | undefined;
  private narrowing = false;
  private inARow = 0;

  /** Notes a failure. @returns whether to halve the batch, or to set its single record aside; otherwise the error is to be thrown */
  narrowAfter(error: unknown, position: Position | undefined): boolean {
    if (isRetryable(error) || isOfStore(error) || this.inARow >= MOST_IN_A_ROW) return false;
    const message = messageOf(error);
    const again = this.last !== undefined && this.last.position === position && this.last.message === message;
    this.last = { position, message };
    this.narrowing ||= again;
    return this.narrowing;
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
