import { Random } from '../../../../src/simulator/random.ts';
import { scaled } from '../../runner/chaos.ts';
import { kafkaEnvironment } from '../../servers/kafka-environment.ts';
import { eventually, unique } from '../../system/system.ts';

/** A consumer's end: by a signal at a random moment, at a named point of its work, or by leaving in order. */
export type Fault =
  | 'random'
  | 'written-ahead'
  | 'decided'
  | 'applied'
  | 'before-commit'
  | 'after-commit'
  | 'before-offsets'
  | 'between'
  | 'leave';

export interface FaultRun {
  readonly events: number;
  readonly partitions: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly redisKills: number;
  readonly kafkaKills: number;
  readonly apiKills: number;
  /** How likely a commit's reply is lost on its way, so that ioredis sends the commit again. */
  readonly lostReplies: number;
  /** A protection that is taken out, for a control. */
  readonly without?: 'comparison' | 'dedupe' | 'outbox-in-commit';
}

/** Where a run stands: what clients, consumers and servers know of each other. */
export class Standing {
  readonly faultRun: FaultRun;
  readonly random: Random;
  readonly environment: Readonly<Record<string, string>>;
  /** Those that are still to come. */
  readonly faults: Fault[];
  readonly faultCount: number;
  /** Consumers that met their ends, and events that were sent. */
  ends = 0;
  sent = 0;
  over = false;

  constructor(faultRun: FaultRun, broker: string, redisUrl: string, seed: number) {
    this.faultRun = faultRun;
    this.random = new Random(seed);
    this.faults = shuffled(
      Object.entries(faultRun.faults).flatMap(([fault, n]) => Array.from({ length: n }, () => fault as Fault)),
      this.random,
    );
    this.faultCount = this.faults.length;
    this.environment = {
      ...kafkaEnvironment(broker, faultRun.partitions),
      KEY_PREFIX: unique(),
      // A request of these compressed days spans more than the usual window.
      DEDUPE_WINDOW: '30d',
      DIMENSIONS: 'city,country,device,channel,customer',
      REDIS_URL: redisUrl,
      LOG_LEVEL: 'silent',
    };
  }

  async until(check: () => boolean, what: string): Promise<void> {
    const seen = (): string => `${this.ends} of ${this.faultCount} ends, ${this.sent} events sent`;
    await eventually(what, () => this.over || check(), scaled(150_000, 600_000)).catch((error: unknown) => {
      throw new Error(`${what}: ${seen()}`, { cause: error });
    });
  }
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((one) => ({ one, at: random.below(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
