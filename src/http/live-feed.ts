/** A listener that has left so many events unread does not read any more. */
const MAX_UNREAD = 8;

export interface LiveFeedParts {
  /** The name of the events. */
  readonly event: string;
  readonly everyMs: number;
  /** Reads what the next event holds. */
  readonly takeSnapshot: () => Promise<unknown>;
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

  get streams(): number {
    return this.listeners.size;
  }

  /** A stream of server-sent events, or undefined where there are as many as may be. */
  open(owner: string): ReadableStream<Uint8Array> | undefined {
    if (this.isClosed || this.listeners.size >= this.parts.maxStreams) return undefined;
    const theirs = [...this.listeners.values()].filter((one) => one === owner).length;
    if (theirs >= this.parts.maxStreamsPerKey) return undefined;
    let own: Listener | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          this.listeners.set(controller, owner);
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
      this.send(`event: ${this.parts.event}\ndata: ${JSON.stringify(await this.parts.takeSnapshot())}\n\n`);
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
