import type { ByteText } from '../../metrics/sums/byte-text.ts';
import { type DimensionValues, NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Interner } from '../../metrics/sums/interner.ts';

/** A combination of dimension values, as a list with a text for each dimension, or with none at all. */
export function writeValues(values: DimensionValues, combination: number, into: ByteText): void {
  into.text('[');
  if (combination !== NO_VALUE)
    for (const [dimension, texts] of values.texts.entries())
      writeText(texts, values.part(combination, dimension), into.text(dimension === 0 ? '' : ','));
  into.text(']');
}

/** A text of a dictionary, as JSON writes it. */
export function writeText(of: Interner, number: number, into: ByteText): void {
  into.json(of.bytes, of.from(number), of.to(number));
}
