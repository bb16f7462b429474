import type { KafkaFacts, TopicFacts } from '../../adapters/kafka/examine.ts';
import type { RedisFacts } from '../../adapters/redis/monitor/examine.ts';
import { type Config, isLoopbackHost } from '../../config.ts';
import type { KeptKeys } from '../../keys/ports.ts';
import { MAKE_FIRST } from '../keys/manage-keys.ts';
import { type Finding, megabytes, ok, orOk, problem, warning } from './finding.ts';

const OLDEST_REDIS = 6.2;
const CLOCK_WARNING_MS = 1_000;
const CLOCK_PROBLEM_MS = 60_000;
/** Counting pauses at 90 %. */
const MEMORY_PROBLEM = 0.9;
const MEMORY_WARNING = 0.75;
/** As where counting pauses: src/adapters/redis/monitor/headroom.ts. */
const DISK_PROBLEM = 0.05;
const DISK_WARNING = 0.15;
const DAY_MS = 86_400_000;

export function judgeNode(version: string): Finding[] {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  const isOld = major < 20 || (major === 20 && minor < 19);
  return orOk(
    'node',
    `Node ${version}`,
    isOld && problem('node', `Node ${version} is too old; install 20.19 or newer`),
  );
}

/** @param kept those that were made, where they could be read */
export function judgeKeys(
  { HOST, ADMIN_KEYS, READ_KEYS, WRITE_KEYS }: Config,
  kept: KeptKeys | undefined,
  nowMs: number,
): Finding[] {
  const count = ADMIN_KEYS.length + READ_KEYS.length + WRITE_KEYS.length;
  const secret = kept?.keys.filter(({ kind }) => kind === 'secret') ?? [];
  const live = secret.filter(({ expiresMs = Number.POSITIVE_INFINITY }) => expiresMs > nowMs);
  const set = `${count} set: ${ADMIN_KEYS.length} admin, ${READ_KEYS.length} read, ${WRITE_KEYS.length} write`;
  const made = `${secret.length} made, ${secret.length - live.length} of them ended`;
  if (count + live.length > 0)
    return [ok('keys', [...(count > 0 ? [set] : []), ...(secret.length > 0 ? [made] : [])].join('; '))];
  if (kept?.isClosed === true)
    return [problem('keys', `all that were made are revoked or have ended, and nobody is let in: ${MAKE_FIRST}`)];
  return orOk(
    'keys',
    kept === undefined
      ? 'none in the settings; whether any were made could not be read'
      : 'none; the API answers this machine alone',
    !isLoopbackHost(HOST) &&
      problem(
        'keys',
        `none, and HOST=${HOST} is reached by others; set ADMIN_KEYS, make one (${MAKE_FIRST}), or HOST=127.0.0.1`,
      ),
  );
}

export function judgeDisk(dataDir: string, freeBytes: number, allBytes: number): Finding[] {
  const free = freeBytes / allBytes;
  const text = `${megabytes(freeBytes)} of ${megabytes(allBytes)} are free under ${dataDir}`;
  const what = 'room is needed for the embedded Redis and for files that are imported';
  return orOk(
    'disk',
    text,
    free < DISK_PROBLEM && problem('disk', `${text}: counting pauses; ${what}`),
    free >= DISK_PROBLEM && free < DISK_WARNING && warning('disk', `${text}; ${what}`),
  );
}

export function judgeRedis(nodes: readonly RedisFacts[]): Finding[] {
  return nodes.flatMap((node, i) => {
    const name = nodes.length === 1 ? 'redis' : `redis ${i + 1}`;
    const good = `version ${node.version}, ${megabytes(node.usedBytes)} of ${megabytes(node.maxBytes)} used, noeviction`;
    return [...orOk(name, good, ...wrongWithRedis(name, node)), ...judgeClock(name, node.aheadMs)];
  });
}

function wrongWithRedis(name: string, node: RedisFacts): (Finding | false)[] {
  const share = node.maxBytes > 0 ? node.usedBytes / node.maxBytes : 0;
  const used = `uses ${Math.round(share * 100)} % of its maxmemory`;
  return [
    Number.parseFloat(node.version) < OLDEST_REDIS &&
      problem(name, `version ${node.version} is too old; install Redis 6.2 or newer, or Valkey`),
    node.policy !== 'noeviction' &&
      problem(
        name,
        `throws keys away when it is full (${node.policy}), and answers with them: CONFIG SET maxmemory-policy noeviction`,
      ),
    node.maxBytes === 0 &&
      warning(
        name,
        'has no maxmemory, so it grows until the system ends it: CONFIG SET maxmemory 1gb, or what there is',
      ),
    share >= MEMORY_PROBLEM &&
      problem(name, `${used}, so counting pauses; raise maxmemory, or lower HOURLY_DAYS or INTERACTIONS_PER_USER`),
    share >= MEMORY_WARNING && share < MEMORY_PROBLEM && warning(name, `${used}; at 90 % counting pauses`),
    !node.appendOnly &&
      warning(
        name,
        'keeps nothing in a file, so what it counted is lost when it ends: CONFIG SET appendonly yes (the embedded log needs it)',
      ),
    !node.lastWriteOk && problem(name, 'could not write its file; give its disk room, and look into its log'),
  ];
}

function judgeClock(name: string, aheadMs: number): Finding[] {
  const far = Math.abs(aheadMs);
  const text = `the clock of ${name} is ${(far / 1_000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine’s`;
  return orOk(
    'clocks',
    `${name} and this machine agree within ${CLOCK_WARNING_MS / 1_000} s`,
    far >= CLOCK_PROBLEM_MS && problem('clocks', `${text}; set both by NTP: carts fall due by them`),
    far >= CLOCK_WARNING_MS && far < CLOCK_PROBLEM_MS && warning('clocks', `${text}; set both by NTP`),
  );
}

export function judgeKafka({ brokers, topics }: KafkaFacts, config: Config): Finding[] {
  const counted = [config.KAFKA_EVENTS_TOPIC, config.KAFKA_INVENTORY_TOPIC];
  const absent = topics.filter(({ partitions }) => partitions === undefined).map(({ name }) => name);
  return [
    ok('kafka', `${brokers} ${brokers === 1 ? 'broker answers' : 'brokers answer'}`),
    ...orOk(
      'topics',
      absent.length === 0 ? 'all are there and fit' : `to be made at the next start: ${absent.join(', ')}`,
      ...topics
        .filter(({ name }) => counted.includes(name))
        .flatMap((topic) => wrongWithTopic(topic, config.PARTITIONS)),
    ),
  ];
}

function wrongWithTopic(
  { name, partitions, timestamps, retentionMs }: TopicFacts,
  wanted: number,
): (Finding | false)[] {
  const alter = `kafka-configs.sh --alter --entity-type topics --entity-name ${name} --add-config`;
  return [
    partitions !== undefined &&
      partitions !== wanted &&
      problem(
        'topics',
        `${name} has ${partitions} partitions, PARTITIONS says ${wanted}; set PARTITIONS=${partitions}, or name another topic`,
      ),
    timestamps !== undefined &&
      timestamps !== 'LogAppendTime' &&
      problem(
        'topics',
        `${name} has its producers’ times (${timestamps}), by which carts fall due: ${alter} message.timestamp.type=LogAppendTime`,
      ),
    retentionMs !== undefined &&
      retentionMs >= 0 &&
      retentionMs < DAY_MS &&
      warning(
        'topics',
        `${name} forgets after ${Math.round(retentionMs / 3_600_000)} hours, and a rebuild counts no more than that: ${alter} retention.ms=604800000`,
      ),
  ];
}
