import type { ByteText } from '../../metrics/sums/byte-text.ts';
import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import { StoredTuple } from '../state/stored-tuple.ts';

/** Where a user is counted: in an hour, with a combination of dimension values, at some stages of open funnels. */
export interface MarkState {
  readonly hourMs: number;
  /** Lane time at which the last of the stages was reached. */
  readonly changedMs: number;
  readonly dimensions: number;
  readonly stages: readonly number[];
  /** By which import; otherwise by live events. */
  readonly importId: string | undefined;
}

type Values = Pick<Dictionaries, 'values'>;

/**
 * Marks as they are stored: a JSON list, the newest first, moments as differences.
 * Mark: [hour − bucket, lane time − hour, [stage, …], [value, …], import]; no values where they are those of the mark before it.
 */
export function writeMarks(states: readonly MarkState[], bucketMs: number, { values }: Values, into: ByteText): void {
  let before = NO_VALUE;
  into.text('[');
  for (const [i, { hourMs, changedMs, dimensions, stages, importId }] of states.entries()) {
    into.text(i === 0 ? '[' : ',[').number(hourMs - bucketMs);
    into.text(',').number(changedMs - hourMs);
    into.text(`,[${stages.join()}]`);
    if (dimensions !== before || importId !== undefined) {
      into.text(',').copy(values.json(dimensions));
      if (importId !== undefined) into.text(`,${JSON.stringify(importId)}`);
    }
    into.text(']');
    before = dimensions;
  }
  into.text(']');
}

/** @throws CorruptState */
export function readMarks(text: string, bucketMs: number, { values }: Values): MarkState[] {
  let dimensions = NO_VALUE;
  return StoredTuple.parse(text)
    .each()
    .map((stored) => {
      const hourMs = bucketMs + stored.number(0);
      if (stored.has(3)) dimensions = values.ofTexts(stored.texts(3));
      const importId = stored.has(4) ? stored.text(4) : undefined;
      return { hourMs, changedMs: hourMs + stored.number(1), dimensions, stages: stored.numbers(2), importId };
    });
}
