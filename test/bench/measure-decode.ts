import { Columns } from '../../src/fold/columns/columns.ts';
import { Acceptor, type Submitted } from '../../src/ingestion/acceptor.ts';
import { decodeBatch } from '../../src/ingestion/decode.ts';
import type { AppendOutcome, LogAppend } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { EventScanner } from '../../src/ingestion/scan/event-scanner.ts';
import { DEFAULT_DIMENSIONS, DimensionReader } from '../../src/metrics/dimension.ts';
import { Dictionaries } from '../../src/metrics/sums/dictionaries.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { record } from '../support/core/feed.ts';
import { StillLog } from '../support/fakes/still-log.ts';
import { ACCEPTING } from '../support/traffic/arrival.ts';

/** `npm run bench:decode`: what checking costs an event that needs no repair, where it comes in and where it is counted. */
const EVENTS = 30_000;
const ROUNDS = 12;
const now = Date.now();

class SinkLog extends StillLog {
  override append(records: readonly LogAppend[]): Promise<AppendOutcome[]> {
    return Promise.resolve(records.map(() => ({ outcome: 'acknowledged' })));
  }
}

const shop = new Shop({ seed: 5, products: 5_000, sessions: 3_000 });
const events: Record<string, unknown>[] = [];
while (events.length < EVENTS)
  events.push(...shop.next(now - 3_600_000 + events.length * 30).filter((event) => event['user_id'] !== undefined));
const records = events.map((event, at) => record(at, event, now));
const submitted = events.map((value): Submitted => ({ outcome: 'json', value }));
const partition = { topic: 'events', index: 0 } as const;
const log = new SinkLog(4);
const columns = new Columns(new Dictionaries({ dimensions: DEFAULT_DIMENSIONS.map(({ name }) => name) }));
const dimensions = new DimensionReader(DEFAULT_DIMENSIONS);
const scanner = new EventScanner(columns, 'USD', dimensions);
const decoding = { partition, storeCurrency: 'USD', dimensions, log, columns, scanner };
const acceptor = new Acceptor(log, () => now, ACCEPTING);

async function accept(): Promise<void> {
  for (let at = 0; at < EVENTS; at += 1_000) await acceptor.accept(submitted.slice(at, at + 1_000));
}

async function decode(): Promise<void> {
  for (let at = 0; at < EVENTS; at += 2_000) decodeBatch(recordBatchOf(records.slice(at, at + 2_000)), decoding);
}

for (const [name, work] of Object.entries({ decode, accept })) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cpu = process.cpuUsage();
    await work();
    times.push(process.cpuUsage(cpu).user / EVENTS);
  }
  // The machine may be busy: the best rounds are those that nobody disturbed.
  const best = times.slice(2).sort((a, b) => a - b);
  process.stdout.write(
    `${name}: ${best[0]?.toFixed(2)} µs of CPU an event at best, ${best[4]?.toFixed(2)} in the middle\n`,
  );
}
