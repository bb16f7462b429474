import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../../docker/free-port.ts';
import { expectAnswers } from '../../compare/answers.ts';
import { expectSaid, firstOf } from '../../compare/cart-messages.ts';
import { oracleOfLog, untilStill } from '../../compare/from-log.ts';
import type { OracleEvent } from '../../oracle/events.ts';
import { Oracle } from '../../oracle/oracle.ts';
import { progress } from '../../runner/chaos.ts';
import type { TestKafka } from '../../servers/kafka.ts';
import type { TestRedis } from '../../servers/redis-server.ts';
import { startProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';
import { readOut } from '../../system/out-topics.ts';
import { eventually, startSystem, type TestSystem } from '../../system/system.ts';
import { simulated, simulatedRange } from '../../traffic/simulated.ts';
import { Clients } from './clients.ts';
import { Consumers } from './consumers.ts';
import { type FaultRun, Standing } from './standing.ts';

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

export type CartTopics = Awaited<ReturnType<typeof cartTopics>>;

/** What is sent while servers and processes die, and what has to come of it. */
export interface Traffic {
  readonly events: readonly OracleEvent[];
  /**
   * All that was sent is counted, and nobody dies any more.
   * @param stop ends the consumers: when nothing is to be counted any more
   * @returns how many messages about carts there were
   */
  judge(system: TestSystem, topics: CartTopics, stop: () => Promise<void>): Promise<number>;
}

/** A simulated shop: at the end the plain count of what was accepted. */
function simulatedTraffic({ events: count, partitions, without }: FaultRun): Traffic {
  const events = simulated(count, new Oracle(partitions), partitions);
  return {
    events,
    async judge(system, topics, stop) {
      const oracle = await oracleOfLog(system, events);
      const isSaid = async () => firstOf(Object.values(await topics.read()).flat()).size >= oracle.said.length;
      await eventually('every message', isSaid, without === undefined ? 60_000 : 5_000).catch(() => 0);
      await stop();
      await expectAnswers(system, oracle, simulatedRange);
      expectSaid(oracle.said, await topics.read());
      return oracle.said.length;
    },
  };
}

/** Real processes under every fault that is asked for. */
export async function runUnderFaults(
  faultRun: FaultRun,
  redis: TestRedis,
  kafka: TestKafka,
  { seed = 5, traffic = simulatedTraffic(faultRun) }: { readonly seed?: number; readonly traffic?: Traffic } = {},
): Promise<FaultReport> {
  const beganMs = Date.now();
  const standing = new Standing(faultRun, kafka.broker, redis.url, seed);
  const servers = { redis, kafka, kills: { redisKills: 0, kafkaKills: 0 } };
  const system = await startSystem(redis.url, standing.environment);
  const topics = await cartTopics(system, redis.url);
  const [toRedis, toApi] = await Promise.all([startProxy(redis.port), startProxy(await freePort())]);
  loseReplies(toRedis, standing);
  const clients = new Clients(standing, toApi);
  const consumers = new Consumers(standing, toRedis.port);
  const seconds = (): number => Math.round((Date.now() - beganMs) / 1_000);
  const show = (): void => {
    const { redisKills, kafkaKills } = servers.kills;
    const ended = `${standing.ends}/${standing.faultCount} consumers ended`;
    const killed = `${redisKills} Redis, ${kafkaKills} Kafka, ${clients.apiKills} API killed`;
    progress(`${ended}, ${killed}, ${standing.sent} events sent, ${seconds()} s`);
  };
  const { events } = traffic;
  try {
    const running = consumers.run();
    await Promise.all([clients.send(events, show), killServers(servers, standing)]);
    await standing.until(
      () => standing.faults.length === 0 && standing.ends >= standing.faultCount,
      'every consumer to meet its end',
    );
    await untilStill(system, 180_000);
    const messages = await traffic.judge(system, topics, async () => {
      standing.over = true;
      await running;
    });
    return {
      events: events.length,
      deaths: Object.fromEntries(consumers.deaths),
      rebalances: consumers.joins,
      ...servers.kills,
      apiKills: clients.apiKills,
      lostReplies: toRedis.cuts,
      resent: clients.resent,
      messages,
      seconds: seconds(),
    };
  } finally {
    standing.over = true;
    await topics.close();
    await system.close();
    await Promise.all([toRedis.close(), toApi.close()]);
  }
}

/** What the topics about carts hold. */
async function cartTopics(system: TestSystem, redisUrl: string) {
  const abandoned = await readOut(system, redisUrl, 'abandoned');
  const recovered = await readOut(system, redisUrl, 'recovered');
  return {
    read: async () => ({ abandoned: await abandoned.messages(), recovered: await recovered.messages() }),
    async close() {
      await abandoned.close();
      await recovered.close();
    },
  };
}

/** A reply that follows a large request is a commit's. */
function loseReplies(proxy: TcpProxy, { random, faultRun }: Standing): void {
  const asked = new Map<object, number>();
  proxy.onRequest = (chunk, connection) => void asked.set(connection, (asked.get(connection) ?? 0) + chunk.length);
  proxy.onReply = (chunk, connection) => {
    const large = (asked.get(connection) ?? 0) > 20_000 && chunk.includes('applied');
    asked.set(connection, 0);
    return large && random.chance(faultRun.lostReplies) ? 'cut' : 'pass';
  };
}

interface Servers {
  readonly redis: TestRedis;
  readonly kafka: TestKafka;
  readonly kills: { redisKills: number; kafkaKills: number };
}

/** Redis and Kafka die as well, one after the other, as counting goes on. */
async function killServers({ redis, kafka, kills }: Servers, standing: Standing): Promise<void> {
  const { redisKills, kafkaKills, events } = standing.faultRun;
  const all = redisKills + kafkaKills;
  for (let i = 0; i < all; i++) {
    await standing.until(() => standing.sent > ((i + 0.5) / (all + 0.5)) * events, 'events to be sent');
    const isKafkasTurn = kills.kafkaKills * all < (i + 1) * kafkaKills;
    const server = isKafkasTurn ? kafka.server : redis;
    await server?.stop('SIGKILL');
    await sleep(300);
    await server?.start();
    kills[isKafkasTurn ? 'kafkaKills' : 'redisKills'] += 1;
  }
}
