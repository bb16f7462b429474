import { Counter, Gauge, Registry } from 'prom-client';
import { RULE_NAMES, repairTally } from '../../events/repairs/rules.ts';
import { HELD } from '../../fold/tallies.ts';
import type { PipelineMonitor, PipelineStatus } from '../../ingestion/monitor.ts';
import type { Headroom } from '../../ingestion/ports/headroom.ts';
import type { StatusStore } from '../../ingestion/ports/status-store.ts';

/** Those that are there from the first moment on, so that an alarm on them can be set before the first. */
const OUTCOMES = [
  'events',
  'rejected',
  'ignored',
  'bots',
  'duplicates',
  'wrong_partition',
  'unknown_refunds',
  'refunds_beyond',
  'orders_taken_back',
  'missing',
  'saturated',
];

export interface PipelineParts {
  readonly monitor: Pick<PipelineMonitor, 'check' | 'eventsPerSecond' | 'freshness'>;
  readonly status: Pick<StatusStore, 'memory'>;
  readonly headroom: Headroom;
  /** What each node of Redis uses, and may use: 0 where it has no bound. */
  readonly storeMemory: () => Promise<readonly { readonly usedBytes: number; readonly maxBytes: number }[]>;
}

/** Where counting stands, for all processes together: as `/v1/pipeline` says it. */
export class PipelineNumbers {
  private readonly parts: PipelineParts;
  private readonly registry = new Registry();
  private readonly lag = this.gauge('lag_events', 'Events in the log that are not counted yet', ['topic', 'partition']);
  private readonly rate = this.gauge('events_per_second', 'Events counted per second over the last ten');
  private readonly freshness = this.gauge('freshness_seconds', 'Age of the answers over the last minute', ['quantile']);
  private readonly memory = this.gauge('redis_family_bytes', 'Bytes in Redis by family of keys, sampled', ['family']);
  private readonly used = this.gauge('redis_used_bytes', 'Memory that a node of Redis uses', ['node']);
  private readonly max = this.gauge('redis_max_bytes', 'Its maxmemory; 0 where it has none', ['node']);
  private readonly full = this.gauge('store_full', '1 while counting pauses since Redis or its disk has no room');
  private readonly waiting = this.gauge('outbox_messages', 'Messages about carts that wait to be published');
  private readonly paused = this.gauge(
    'outbox_paused_partitions',
    'Partitions that pause since too many messages wait',
  );
  private readonly events = this.counter('events_total', 'Events by what became of them', 'outcome');
  private readonly repairs = this.counter('repairs_total', 'Events that a rule of repairs was applied to', 'rule');

  constructor(parts: PipelineParts) {
    this.parts = parts;
  }

  async collected(): Promise<Registry> {
    const { monitor, status, headroom, storeMemory } = this.parts;
    const [{ partitions, tallies, outbox }, nodes] = await Promise.all([monitor.check(), storeMemory()]);
    for (const [node, { usedBytes, maxBytes }] of nodes.entries()) {
      this.used.set({ node }, usedBytes);
      this.max.set({ node }, maxBytes);
    }
    for (const { topic, partition, lag } of partitions) this.lag.set({ topic, partition }, lag);
    this.count(tallies);
    this.rate.set(monitor.eventsPerSecond());
    const { p50, p99 } = monitor.freshness();
    this.freshness.set({ quantile: '0.5' }, (p50 ?? 0) / 1_000);
    this.freshness.set({ quantile: '0.99' }, (p99 ?? 0) / 1_000);
    for (const { family, bytes } of status.memory()) this.memory.set({ family }, bytes);
    this.full.set(headroom.full() === undefined ? 0 : 1);
    this.waiting.set(outbox.waiting);
    this.paused.set(outbox.paused.length);
    return this.registry;
  }

  /** Counted elsewhere: each time it is asked for, it is set to what was counted, all in one go. */
  private count(tallies: PipelineStatus['tallies']): void {
    this.events.reset();
    this.repairs.reset();
    const rules = new Map(RULE_NAMES.map((rule) => [repairTally(rule), rule]));
    for (const outcome of OUTCOMES) this.events.inc({ outcome }, 0);
    for (const rule of RULE_NAMES) this.repairs.inc({ rule }, 0);
    for (const [name, n] of tallies) {
      // They are a state, and no outcome: the lag has them.
      if (name === HELD) continue;
      const rule = rules.get(name);
      if (rule === undefined) this.events.inc({ outcome: name }, n);
      else this.repairs.inc({ rule }, n);
    }
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name: `cartpulse_${name}`, help, labelNames, registers: [this.registry] });
  }

  private counter(name: string, help: string, label: string): Counter {
    return new Counter({ name: `cartpulse_${name}`, help, labelNames: [label], registers: [this.registry] });
  }
}
