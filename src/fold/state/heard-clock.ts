import type { LaneClock } from './bucketed-state.ts';

/**
 * The newest moment that a lane knows of: its own time, or what another partition's was when that told it something. By it is forgotten who
 * has reported which order, and with it goes what the lane tells others.
 */
export class HeardClock implements LaneClock {
  private readonly lane: LaneClock;
  private heardMs: number | undefined;

  /** @param heardMs what it was at the beginning of the unit */
  constructor(lane: LaneClock, heardMs: number | undefined) {
    this.lane = lane;
    this.heardMs = heardMs;
  }

  get timeMs(): number | undefined {
    const { timeMs } = this.lane;
    return this.heardMs === undefined || timeMs === undefined ? timeMs : Math.max(timeMs, this.heardMs);
  }

  hear(saidMs: number): void {
    this.heardMs = Math.max(this.heardMs ?? saidMs, saidMs);
  }
}
