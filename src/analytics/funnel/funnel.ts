import { VISIT_STAGE } from '../../events/stages.ts';

/** A named list of stages, in order. Its place in the installation's list is fixed once it was added. */
export interface Funnel {
  readonly name: string;
  readonly stages: readonly string[];
}

export const MAX_STAGES = 8;

export const BUILT_IN_FUNNELS: readonly Funnel[] = [
  { name: 'shop', stages: [VISIT_STAGE, 'view', 'cart', 'checkout', 'purchase'] },
  { name: 'quick', stages: [VISIT_STAGE, 'view', 'cart', 'purchase'] },
];

/**
 * What a closed funnel's stages are counted under, in order: their names, and `wheel#2` where one is named for the second time. No stage's
 * name holds a #.
 */
export function stageFields({ stages }: Pick<Funnel, 'stages'>): string[] {
  return stages.map((stage, i) => {
    const times = stages.slice(0, i + 1).filter((one) => one === stage).length;
    return times === 1 ? stage : `${stage}#${times}`;
  });
}

/** Every stage of every funnel, once, in the order in which they were added; `visit` always comes first. */
export function distinctStages(funnels: readonly Funnel[]): string[] {
  return [...new Set([VISIT_STAGE, ...funnels.flatMap((funnel) => funnel.stages)])];
}
