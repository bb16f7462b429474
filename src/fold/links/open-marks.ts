import { z } from 'zod';
import type { FunnelSteps } from '../../analytics/funnel/progress.ts';
import type { DimensionValues } from '../../metrics/sums/dimension-values.ts';
import type { MarkState } from '../users/stored-marks.ts';

/** A record holds a megabyte; so many bytes of where a guest is counted go over. */
const MOST_BYTES = 100_000;

/** The hour, lane time at which that changed last, stages by their names, since another count may have others, and dimension values. */
const openMark = z.tuple([z.number(), z.number(), z.array(z.string()), z.array(z.string())]);
export const openMarks = z.array(openMark);

type OpenMark = z.infer<typeof openMark>;

/** Where a guest is counted, on its way to the user: the newest, as far as there is room. */
export function writeOpenMarks(states: readonly MarkState[], { stages: known }: FunnelSteps, values: DimensionValues) {
  let bytes = 0;
  const marks = states.flatMap(({ hourMs, changedMs, stages, dimensions }) => {
    const names = stages.flatMap((stage) => known[stage] ?? []);
    const mark: OpenMark = [hourMs, changedMs, names, values.textsOf(dimensions)];
    bytes += Buffer.byteLength(JSON.stringify(mark));
    return bytes <= MOST_BYTES ? [mark] : [];
  });
  return marks.length === 0 ? undefined : marks;
}

/** Stages that are not counted here are left out. */
export function readOpenMarks(
  marks: readonly OpenMark[],
  { stages: known }: FunnelSteps,
  values: DimensionValues,
): MarkState[] {
  return marks.map(([hourMs, changedMs, stages, texts]) => ({
    hourMs,
    changedMs,
    stages: stages.map((stage) => known.indexOf(stage)).filter((stage) => stage >= 0),
    dimensions: values.ofTexts(texts),
    importId: undefined,
  }));
}
