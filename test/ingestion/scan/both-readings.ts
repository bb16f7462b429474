import { Columns } from '../../../src/fold/columns/columns.ts';
import { EventStep } from '../../../src/fold/event-step.ts';
import { decodeRecord } from '../../../src/ingestion/decode.ts';
import { EventScanner } from '../../../src/ingestion/scan/event-scanner.ts';
import { DEFAULT_DIMENSIONS, DimensionReader } from '../../../src/metrics/dimension.ts';
import { Dictionaries } from '../../../src/metrics/sums/dictionaries.ts';
import { record } from '../../support/fakes/still-log.ts';

export const arrived = Date.parse('2026-11-20T12:00:00Z');
const dimensions = new DimensionReader(DEFAULT_DIMENSIONS);
const partition = { topic: 'events', index: 0 } as const;

export const bytesOf = (event: unknown) => Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));

/** What the scanner reads, or that it leaves it to the schema. The record lies in the middle of other bytes. */
export function scanned(bytes: Buffer) {
  const columns = new Columns(
    new Dictionaries({ hashSeed: 7, dimensions: DEFAULT_DIMENSIONS.map(({ name }) => name) }),
  );
  const around = Buffer.concat([Buffer.from('{"a":"'), bytes, Buffer.from('","b":1}')]);
  const from = '{"a":"'.length;
  if (!new EventScanner(columns, 'NOK', dimensions).scan(around, from, from + bytes.length, arrived)) return undefined;
  columns.addRow('live', 0, arrived);
  const step = new EventStep(columns);
  step.begin(0);
  const { texts } = columns.dictionaries.values;
  // What the event itself names; an event counts under its session's values.
  const values = texts.map((of, i) => of.text(step.valueOf(i)) || undefined);
  return { ...step.event, values };
}

/** What the schema makes of it. */
export function parsed(bytes: Buffer) {
  const decoded = decodeRecord(
    { ...record(0, '', arrived), value: bytes },
    { partition, storeCurrency: 'NOK', dimensions },
    () => '0',
  );
  return decoded.outcome === 'parsed' ? decoded.event : decoded.reason;
}
