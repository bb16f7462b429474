/** Work of which only so much goes on at a time. Whoever begins some waits for room, not for its end. */
export class Turns {
  private readonly atOnce: number;
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.atOnce = atOnce;
    this.free = atOnce;
  }

  /** Waits for room, and takes it. */
  async take(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  giveBack(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }

  /** Resolves when nothing goes on any more. */
  async settled(): Promise<void> {
    for (let i = 0; i < this.atOnce; i++) await this.take();
    for (let i = 0; i < this.atOnce; i++) this.giveBack();
  }
}
