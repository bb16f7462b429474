import type { LaneClock } from '../state/bucketed-state.ts';

/**
 * By it a lane forgets who has reported which order. What partitions tell each other leaves lane time as it is, and a partition may get no
 * events of its own for months, while others tell it of orders: their moments move this on as well.
 */
export class ClaimsClock implements LaneClock {
  readonly startedMs: number | undefined;
  private readonly lane: LaneClock;
  private toldMs: number | undefined;

  /** @param startedMs what it was at the beginning of the unit */
  constructor(lane: LaneClock, startedMs: number | undefined) {
    this.lane = lane;
    this.startedMs = startedMs;
    this.toldMs = startedMs;
  }

  get timeMs(): number | undefined {
    const { timeMs } = this.lane;
    return this.toldMs === undefined || timeMs === undefined ? timeMs : Math.max(timeMs, this.toldMs);
  }

  /** @param atMs of the order that a partition is told of */
  advanceTo(atMs: number): void {
    this.toldMs = Math.max(this.toldMs ?? atMs, atMs);
  }
}
