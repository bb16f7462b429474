const FIRST_SESSIONS = 1_024;

/**
 * How far sessions have come in each funnel, in the funnels' fixed order. What lies where, at session × funnels + funnel:
 * - `stages`: how many stages it has reached
 * - `afterMs`: when the last of them was reached, in milliseconds after the session's first event
 */
export class FunnelProgress {
  readonly funnels: number;
  private stages: Uint8Array;
  private afterMs: Float64Array;

  constructor(funnels: number) {
    this.funnels = funnels;
    this.stages = new Uint8Array(FIRST_SESSIONS * funnels);
    this.afterMs = new Float64Array(FIRST_SESSIONS * funnels);
  }

  begin(session: number): void {
    const from = session * this.funnels;
    if (from + this.funnels > this.stages.length) this.grow();
    this.stages.fill(0, from, from + this.funnels);
    this.afterMs.fill(0, from, from + this.funnels);
  }

  stagesOf(session: number, funnel: number): number {
    return this.stages[session * this.funnels + funnel] ?? 0;
  }

  afterMsOf(session: number, funnel: number): number {
    return this.afterMs[session * this.funnels + funnel] ?? 0;
  }

  set(session: number, funnel: number, stages: number, afterMs: number): void {
    this.stages[session * this.funnels + funnel] = stages;
    this.afterMs[session * this.funnels + funnel] = afterMs;
  }

  private grow(): void {
    const [stages, afterMs] = [this.stages, this.afterMs];
    this.stages = new Uint8Array(stages.length * 2);
    this.stages.set(stages);
    this.afterMs = new Float64Array(afterMs.length * 2);
    this.afterMs.set(afterMs);
  }
}
