import type { Context } from 'hono';
import { readBody } from '../body.ts';
import { HttpProblem } from '../problems.ts';

/** An order of Shopify has up to 500 lines, of some kilobytes each. */
const MOST_BYTES = 8 * 1_048_576;
/** Who signed a body is only known when it is there: strangers fill no more than these. */
const LARGE_AT_ONCE = 4;

/** Reads a hook's body: as much as any request has, and a few at once of those that are larger. */
export class HookBodies {
  private readonly maxBytes: number;
  private large = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** @throws HttpProblem */
  async read(context: Context): Promise<Buffer> {
    const isLarge = Number(context.req.header('Content-Length') ?? 0) > this.maxBytes;
    if (!isLarge) return readBody(context, this.maxBytes);
    if (this.large >= LARGE_AT_ONCE) {
      const detail = 'As many large bodies of hooks are being read as may be at once';
      throw new HttpProblem({ code: 'busy', detail, retryAfterSeconds: 1 });
    }
    this.large += 1;
    try {
      return await readBody(context, Math.max(this.maxBytes, MOST_BYTES));
    } finally {
      this.large -= 1;
    }
  }
}
