import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { Random } from '../../../src/simulator/random.ts';
import { expectAnswers } from '../compare/answers.ts';
import { expectSaid, firstOf } from '../compare/cart-messages.ts';
import { oracleOfLog, untilStill } from '../compare/from-log.ts';
import type { OracleEvent } from '../oracle/events.ts';
import { Oracle } from '../oracle/oracle.ts';
import { progress } from '../runner/chaos.ts';
import type { TestKafka } from '../servers/kafka.ts';
import { kafkaEnvironment } from '../servers/kafka-environment.ts';
import type { TestRedis } from '../servers/redis-server.ts';
import { startProxy, type TcpProxy } from '../servers/tcp-proxy.ts';
import { readOut } from '../system/out-topics.ts';
import { startProcess, type TestProcess } from '../system/processes.ts';
import { sendAll } from '../system/sending.ts';
import { eventually, startSystem, unique } from '../system/system.ts';
import { simulated, simulatedRange } from '../traffic/simulated.ts';

/** A consumer's end: by a signal at a random moment, at a named point of its work, or by leaving in order. */
type Fault = 'random' | 'written-ahead' | 'before-commit' | 'after-commit' | 'before-offsets' | 'between' | 'leave';

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

interface FaultReport {
  readonly events: number;
  readonly deaths: Readonly<Record<string, number>>;
  readonly rebalances: number;
  readonly redisKills: number;
  readonly kafkaKills: number;
  readonly apiKills: number;
  readonly lostReplies: number;
  /** Events that clients sent more than once, since they had no answer. */
  readonly resent: number;
  readonly messages: number;
  readonly seconds: number;
}

const CONSUMERS = 3;
const TRICKLE_MS = 1_500;

/** Real processes under every fault that is asked for, and at the end the plain count of what was accepted. */
export async function runUnderFaults(
  faultRun: FaultRun,
  redis: TestRedis,
  kafka: TestKafka,
  seed = 5,
): Promise<FaultReport> {
  return new Run(faultRun, redis, kafka, seed).run();
}

class Run {
  private readonly faultRun: FaultRun;
  private readonly redis: TestRedis;
  private readonly kafka: TestKafka;
  private readonly random: Random;
  private readonly faults: Fault[];
  private readonly environment: Record<string, string>;
  private readonly faultCount: number;
  private readonly deaths = new Map<string, number>();
  private readonly beganMs = Date.now();
  private joins = 0;
  private ends = 0;
  private redisKills = 0;
  private kafkaKills = 0;
  private apiKills = 0;
  private resent = 0;
  private sent = 0;
  private over = false;

  constructor(faultRun: FaultRun, redis: TestRedis, kafka: TestKafka, seed: number) {
    this.faultRun = faultRun;
    this.redis = redis;
    this.kafka = kafka;
    this.random = new Random(seed);
    this.faults = shuffled(
      Object.entries(faultRun.faults).flatMap(([fault, n]) => Array.from({ length: n }, () => fault as Fault)),
      this.random,
    );
    this.faultCount = this.faults.length;
    this.environment = {
      ...kafkaEnvironment(kafka.broker, faultRun.partitions),
      KEY_PREFIX: unique(),
      // A request of these compressed days spans more than the usual window.
      DEDUPE_WINDOW: '30d',
      REDIS_URL: redis.url,
      LOG_LEVEL: 'silent',
    };
  }

  async run(): Promise<FaultReport> {
    const { partitions } = this.faultRun;
    const system = await startSystem(this.redis.url, this.environment);
    const readers = {
      abandoned: await readOut(system, this.redis.url, 'abandoned'),
      recovered: await readOut(system, this.redis.url, 'recovered'),
    };
    const [toRedis, toApi] = await Promise.all([startProxy(this.redis.port), startProxy(await getPort())]);
    this.loseReplies(toRedis);
    const events = simulated(this.faultRun.events, new Oracle(partitions), partitions);
    try {
      const consumers = Array.from({ length: CONSUMERS }, () => this.consumer(toRedis.port));
      await Promise.all([this.send(events, toApi), this.servers()]);
      await this.until(
        () => this.faults.length === 0 && this.ends >= this.faultCount,
        'every consumer to meet its end',
      );
      await untilStill(system, 180_000);
      const oracle = await oracleOfLog(system, events);
      const read = async () => ({
        abandoned: await readers.abandoned.messages(),
        recovered: await readers.recovered.messages(),
      });
      const said = async (): Promise<number> => firstOf(Object.values(await read()).flat()).size;
      const timeoutMs = this.faultRun.without === undefined ? 60_000 : 5_000;
      await eventually('every message', async () => (await said()) >= oracle.said.length, timeoutMs).catch(() => 0);
      this.over = true;
      await Promise.all(consumers);
      await expectAnswers(system, oracle, simulatedRange);
      expectSaid(oracle.said, await read());
      return this.reportOf(events.length, oracle.said.length, toRedis.cuts);
    } finally {
      this.over = true;
      for (const reader of Object.values(readers)) await reader.close();
      await system.close();
      await Promise.all([toRedis.close(), toApi.close()]);
    }
  }

  private reportOf(events: number, messages: number, lostReplies: number): FaultReport {
    const { redisKills, kafkaKills, apiKills, resent } = this;
    const seconds = Math.round((Date.now() - this.beganMs) / 1_000);
    const deaths = Object.fromEntries(this.deaths);
    const kills = { redisKills, kafkaKills, apiKills };
    return { events, deaths, rebalances: this.joins, ...kills, lostReplies, resent, messages, seconds };
  }

  /** A reply that follows a large request is a commit's. */
  private loseReplies(proxy: TcpProxy): void {
    const asked = new Map<object, number>();
    proxy.onRequest = (chunk, connection) => void asked.set(connection, (asked.get(connection) ?? 0) + chunk.length);
    proxy.onReply = (chunk, connection) => {
      const large = (asked.get(connection) ?? 0) > 20_000 && chunk.includes('applied');
      asked.set(connection, 0);
      return large && this.random.chance(this.faultRun.lostReplies) ? 'cut' : 'pass';
    };
  }

  /**
   * Clients send through an API that is killed under their hands;
   * they go on only as far as consumers have met their ends.
   */
  private async send(events: readonly OracleEvent[], proxy: TcpProxy): Promise<void> {
    const launch = () => startProcess('build/main.js', ['api'], { ...this.environment, PORT: String(proxy.target) });
    const post = (some: unknown) =>
      fetch(`http://127.0.0.1:${proxy.port}/v1/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(some),
        signal: AbortSignal.timeout(60_000),
      }).catch(() => Response.json({}, { status: 503 }));
    let api = launch();
    await this.until(() => api.output().includes('cartpulse:'), 'the API to start');
    const chunks = Math.ceil(events.length / 500);
    for (let chunk = 0; chunk < chunks; chunk++) {
      // Who is to die at work needs work: where nobody dies for a while, a little more is sent.
      const waitsFromMs = Date.now();
      await this.until(
        () =>
          this.sent <= ((this.ends + 1.5) / (this.faultCount + 1)) * events.length ||
          Date.now() - waitsFromMs > TRICKLE_MS,
        'consumers to count',
      );
      const some = events.slice(chunk * 500, (chunk + 1) * 500);
      const sending = sendAll({ post }, some, 500);
      if (
        this.apiKills < this.faultRun.apiKills &&
        chunk > ((this.apiKills + 1) / (this.faultRun.apiKills + 1)) * chunks
      ) {
        await this.killAtReply(api, proxy);
        api = launch();
      }
      this.resent += (await sending).resent;
      this.sent += some.length;
      // A shop that posts all the time; consumers have something to count whenever they come.
      await sleep(2);
      this.show();
    }
    await api.kill('SIGKILL');
  }

  /** The log has the events, and the client has no answer: it will send them again. */
  private async killAtReply(api: TestProcess, proxy: TcpProxy): Promise<void> {
    proxy.onReply = () => {
      api.child.kill('SIGKILL');
      return 'cut';
    };
    await api.ended;
    proxy.onReply = () => 'pass';
    this.apiKills += 1;
  }

  /** Redis and Kafka die as well, one after the other, as counting goes on. */
  private async servers(): Promise<void> {
    const { redisKills, kafkaKills } = this.faultRun;
    const all = redisKills + kafkaKills;
    for (let i = 0; i < all; i++) {
      await this.until(() => this.sent > ((i + 0.5) / (all + 0.5)) * this.faultRun.events, 'events to be sent');
      if (this.kafkaKills * all < (i + 1) * kafkaKills) {
        await this.kafka.server?.stop('SIGKILL');
        await sleep(300);
        await this.kafka.server?.start();
        this.kafkaKills += 1;
      } else {
        await this.redis.stop('SIGKILL');
        await sleep(300);
        await this.redis.start();
        this.redisKills += 1;
      }
    }
  }

  /**
   * One place for a consumer: whenever one has met its end, the next begins; the last one lives on until all is over.
   */
  private async consumer(redisPort: number): Promise<void> {
    while (!this.over) {
      const fault = this.faults.pop();
      const process = this.launch(fault, redisPort);
      if (fault === 'random' || fault === 'leave') await this.counting(process);
      if (fault === 'random') await sleep(this.random.below(2_000));
      const ended = await (fault === undefined
        ? this.untilOver(process)
        : fault === 'leave'
          ? process.kill('SIGTERM')
          : fault === 'random'
            ? process.kill('SIGKILL')
            : process.ended);
      if (fault === undefined) continue;
      // One that found no server at its start has met no end yet.
      if (ended !== (fault === 'leave' ? 0 : 'SIGKILL')) this.faults.push(fault);
      else {
        this.ends += 1;
        this.deaths.set(fault, (this.deaths.get(fault) ?? 0) + 1);
        this.joins += fault === 'leave' ? 2 : 1;
      }
    }
  }

  private launch(fault: Fault | undefined, redisPort: number): TestProcess {
    const { without } = this.faultRun;
    const dies = fault !== undefined && fault !== 'random' && fault !== 'leave';
    return startProcess('test/support/system/faulty-consumer.ts', [], {
      ...this.environment,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      ...(dies && { DIE_AT: fault, DIE_AFTER: String(1 + this.random.below(3)) }),
      ...(without !== undefined && { WITHOUT: without }),
    });
  }

  private async counting(process: TestProcess): Promise<void> {
    await Promise.race([process.ended, this.until(() => process.output().includes('counting'), 'a consumer to start')]);
  }

  private async untilOver(process: TestProcess): Promise<unknown> {
    let ended = false;
    void process.ended.then(() => {
      ended = true;
    });
    while (!this.over && !ended) await sleep(50);
    return process.kill('SIGTERM');
  }

  private async until(check: () => boolean, what: string): Promise<void> {
    await eventually(what, () => this.over || check(), 600_000);
  }

  private show(): void {
    const seconds = Math.round((Date.now() - this.beganMs) / 1_000);
    progress(
      `${this.ends}/${this.faultCount} consumers ended, ${this.redisKills} Redis, ${this.kafkaKills} Kafka, ${this.apiKills} API killed, ${this.sent} events sent, ${seconds} s`,
    );
  }
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((one) => ({ one, at: random.below(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
