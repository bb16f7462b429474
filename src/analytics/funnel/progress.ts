import { reachesStage, VISIT_STAGE } from '../../events/stages.ts';
import type { StagesReached } from '../../metrics/facts.ts';
import { distinctStages, type Funnel, stageFields } from './funnel.ts';
import type { FunnelProgress } from './progress-columns.ts';

/** What an event of one name does in every funnel. */
export interface NameSteps {
  /** Places of the stages of open funnels that it reaches. */
  readonly stages: readonly number[];
  /** By funnel: how many stages are reached after it, by how many were before. */
  readonly after: readonly (readonly number[])[];
}

/** Most events reach no new stage. */
const NONE: readonly never[] = [];

/** The installation's funnels, with what each event name does in them worked out once. */
export class FunnelSteps {
  readonly funnels: readonly Funnel[];
  /** Of open funnels, in a fixed order. */
  readonly stages: readonly string[];
  /** Of closed funnels, what their stages are counted under. */
  private readonly fields: readonly (readonly string[])[];

  constructor(funnels: readonly Funnel[]) {
    this.funnels = funnels;
    this.stages = distinctStages(funnels);
    this.fields = funnels.map(stageFields);
  }

  of(eventName: string): NameSteps {
    return {
      stages: this.stages.flatMap((stage, i) => (reachesStage(stage, eventName) ? [i] : [])),
      after: this.funnels.map((funnel) =>
        Array.from({ length: funnel.stages.length + 1 }, (_, from) => progressAfter(funnel, from, eventName)),
      ),
    };
  }

  /**
   * Takes a session on by one event, in every funnel, stage by stage in its order.
   * @param of where it has come so far; set to where it is now
   * @param afterMs milliseconds after the session's first event
   * @returns what it reached for the first time
   */
  advance(of: FunnelProgress, session: number, { after }: NameSteps, afterMs: number): readonly StagesReached[] {
    let reached: readonly StagesReached[] = NONE;
    for (let i = 0; i < this.funnels.length; i++) {
      const from = of.stagesOf(session, i);
      const to = after[i]?.[from] ?? from;
      if (to === from) continue;
      reached = [...reached, this.reach(of, session, i, to, afterMs)];
      of.set(session, i, to, afterMs);
    }
    return reached;
  }

  /** What a session has reached so far. */
  reachedBy(of: FunnelProgress, session: number): readonly StagesReached[] {
    return this.funnels.map(({ name }, i) => ({
      funnel: name,
      stages: this.fields[i]?.slice(0, of.stagesOf(session, i)) ?? NONE,
      seconds: undefined,
    }));
  }

  private reach(of: FunnelProgress, session: number, i: number, to: number, afterMs: number): StagesReached {
    const from = of.stagesOf(session, i);
    const seconds = from === 0 ? undefined : Math.max(0, afterMs - of.afterMsOf(session, i)) / 1_000;
    return { funnel: this.funnels[i]?.name ?? '', stages: this.fields[i]?.slice(from, to) ?? NONE, seconds };
  }
}

/**
 * An event reaches one stage. That it begins the session, and is its visit, does not keep it from reaching the stage after that as well;
 * a visit behind the first is another event.
 */
function progressAfter({ stages }: Funnel, from: number, eventName: string): number {
  const begins = from === 0 && stages[0] === VISIT_STAGE;
  const at = begins ? 1 : from;
  const stage = stages[at];
  if (stage === undefined || (begins && stage === VISIT_STAGE)) return at;
  return reachesStage(stage, eventName) ? at + 1 : at;
}
