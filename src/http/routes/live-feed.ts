/** A listener that has left so many events unread does not read any more. */
const MAX_UNREAD = 8;

/** After so long a listener that was cut off comes again. */
const RETRY_MS = 2_000;

/** What an event holds; its moment is its id. */
export interface Snapshot {
  readonly at: string;
}

export interface LiveFeedParts {
  /** The name of the events. */
  readonly event: string;
  readonly everyMs: number;
  /** Reads what the next event holds. */
  readonly takeSnapshot: () => Promise<Snapshot>;
  readonly maxStreams: number;
  /** Of these, most that one key may have. */
  readonly maxStreamsPerKey: number;
}

type Listener = ReadableStreamDefaultController<Uint8Array>;

/** Server-sent events: one read each time, written to every listener; none while nobody listens. */
export class LiveFeed {
  private readonly parts: LiveFeedParts;
  /** With whose they are. */
  private readonly listeners = new Map<Listener, string>();
  private readonly encoder = new TextEncoder();
  private timer: NodeJS.Timeout | undefined;
  private busy = false;
  private isClosed = false;

  constructor(parts: LiveFeedParts) {
    this.parts = parts;
  }

  /** How many more streams there may be of an owner. */
  left(owner: string): number {
    const theirs = [...this.listeners.values()].filter((one) => one === owner).length;
    const { maxStreams, maxStreamsPerKey } = this.parts;
    return Math.max(0, Math.min(maxStreams - this.listeners.size, maxStreamsPerKey - theirs));
  }

  /** A stream of server-sent events, or undefined where there are as many as may be. */
  open(owner: string): ReadableStream<Uint8Array> | undefined {
    if (this.isClosed || this.left(owner) === 0) return undefined;
    let own: Listener | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          this.listeners.set(controller, owner);
          controller.enqueue(this.encoder.encode(`retry: ${RETRY_MS}\n\n`));
          this.run();
        },
        cancel: () => {
          if (own) this.leave(own);
        },
      },
      new CountQueuingStrategy({ highWaterMark: MAX_UNREAD }),
    );
  }

  /** Ends every stream; the page connects again by itself. */
  close(): void {
    this.isClosed = true;
    for (const listener of this.listeners.keys()) {
      this.leave(listener);
      listener.close();
    }
  }

  private leave(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private run(): void {
    if (this.timer !== undefined) return;
    const tick = (): void => {
      this.broadcast().catch(() => undefined);
    };
    this.timer = setInterval(tick, this.parts.everyMs);
    tick();
  }

  private async broadcast(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const snapshot = await this.parts.takeSnapshot();
      this.send(`id: ${snapshot.at}\nevent: ${this.parts.event}\ndata: ${JSON.stringify(snapshot)}\n\n`);
    } catch {
      // What failed is in the log of whoever failed; listeners learn that the numbers stand still.
      this.send('event: unavailable\ndata: {}\n\n');
    } finally {
      this.busy = false;
    }
  }

  private send(text: string): void {
    const bytes = this.encoder.encode(text);
    for (const listener of this.listeners.keys()) {
      if ((listener.desiredSize ?? 0) > 0) listener.enqueue(bytes);
      else {
        this.leave(listener);
        listener.error(new Error('the listener does not read'));
      }
    }
  }
}
