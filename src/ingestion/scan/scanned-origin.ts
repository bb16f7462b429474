import type { Columns } from '../../fold/columns/columns.ts';
import type { DimensionFields, DimensionReader } from '../../metrics/dimension.ts';
import { bit, FIELDS, ORIGIN_FIELDS } from './event-fields.ts';

/** What an event's fields say about what brought its visitor. */
export class ScannedOrigin {
  private readonly columns: Columns;
  private readonly dimensions: DimensionReader;
  private readonly fields: { -readonly [K in keyof DimensionFields]: DimensionFields[K] } = {};

  constructor(columns: Columns, dimensions: DimensionReader) {
    this.columns = columns;
    this.dimensions = dimensions;
  }

  note(field: number, text: string): void {
    this.fields[ORIGIN_FIELDS[field - FIELDS.page_location] ?? 'page_location'] = text;
  }

  /** Puts what comes of it into the columns' next row. @param seen the fields that the event has; others are an earlier event's */
  fill(seen: number): void {
    const { fields, columns } = this;
    for (const field of ORIGIN_FIELDS) if ((seen & bit(FIELDS[field])) === 0) fields[field] = undefined;
    for (const [place, value] of this.dimensions.valuesOf(fields).entries())
      if (value !== undefined)
        columns.values[place]?.set(columns.rows, columns.dictionaries.values.numberOf(place, value));
  }
}
