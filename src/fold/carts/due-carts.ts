import TinyQueue from 'tinyqueue';

/** An open cart and the moment after which it is abandoned. */
export interface DueCart {
  readonly user: number;
  readonly userId: string;
  readonly atMs: number;
}

/** As Redis orders what has one score: not as JavaScript compares texts. */
export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Carts by their deadlines. A cart whose deadline has moved stands here more than once. */
export class DueCarts {
  private readonly queue = new TinyQueue<DueCart>([], (a, b) => a.atMs - b.atMs || compareBytes(a.userId, b.userId));

  push(due: DueCart): void {
    this.queue.push(due);
  }

  /** Takes them one by one, as long as they are asked for. */
  *takeWhile(isDue: (next: DueCart) => boolean): Generator<DueCart> {
    for (let next = this.queue.peek(); next !== undefined && isDue(next); next = this.queue.peek()) {
      this.queue.pop();
      yield next;
    }
  }
}
