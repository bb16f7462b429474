import { Redis, ReplyError } from 'ioredis';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { KafkaUnreachable } from '../../src/adapters/kafka/client/connect.ts';
import { TopicMismatch } from '../../src/adapters/kafka/topics.ts';
import { StoreUnavailable, UnexpectedReply } from '../../src/adapters/redis/client/connection.ts';
import { OutboxFull, PartitionLost } from '../../src/ingestion/interruptions.ts';
import { StoreFull } from '../../src/ingestion/ports/headroom.ts';
import { isRetryable, messageOf } from '../../src/runtime/errors.ts';

const coded = (code: string): Error => Object.assign(new Error(`connect ${code} 127.0.0.1:6379`), { code });
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

test.each<[string, unknown]>([
  ['our own that say so: no room in the store', new StoreFull('the store is full')],
  ['our own that say so: no room in the outbox', new OutboxFull('events-0')],
  ['our own that say so: another owner', new PartitionLost('events-0')],
  ['our own that say so: no broker', new KafkaUnreachable('Kafka does not answer')],
  ['our own that say so: no reply', new StoreUnavailable('Redis gave no reply')],
  ['a refused connection', coded('ECONNREFUSED')],
  ['a reset connection', coded('ECONNRESET')],
  ['a broken pipe', coded('EPIPE')],
  ['a connection that timed out', coded('ETIMEDOUT')],
  ['a name that is not known at the moment', coded('EAI_AGAIN')],
  ['every address refused', Object.assign(new AggregateError([coded('ECONNREFUSED')]), { code: 'ECONNREFUSED' })],
  ['what was caused by one of these', new Error('fetch failed', { cause: coded('ECONNREFUSED') })],
  [
    'Redis’ client: too many tries',
    named('MaxRetriesPerRequestError', 'Reached the max retries per request limit (which is 5).'),
  ],
  ['Redis’ client: no node of a cluster', named('ClusterAllFailedError', 'Failed to refresh slots cache.')],
  ['Redis’ client: a closed connection', new Error('Connection is closed.')],
  ['Redis’ client: no answer in time', new Error('Command timed out')],
  ['Redis’ client: cut off in a pipeline', new Error('Command aborted due to connection close')],
  ['Redis’ client: nowhere to write', new Error("Stream isn't writeable and enableOfflineQueue options is false")],
  ['Redis that starts', new ReplyError('LOADING Redis is loading the dataset in memory')],
  ['Redis that is a replica now', new ReplyError("READONLY You can't write against a read only replica.")],
  ['Redis that is full', new ReplyError("OOM command not allowed when used memory > 'maxmemory'.")],
  [
    'Redis that is full, in a script',
    new ReplyError('ERR Error running script: @user_script:7: -OOM command not allowed'),
  ],
  ['Redis that can’t write its file', new ReplyError('MISCONF Redis is configured to save RDB snapshots')],
  ['a cluster with a slot on the move', new ReplyError('TRYAGAIN Multiple keys request during rehashing of slot')],
  ['a cluster that is down', new ReplyError('CLUSTERDOWN The cluster is down')],
  ['Kafka’s client: a connection', new kafkajs.KafkaJSConnectionError('Connection error')],
  [
    'Kafka’s client: tries used up',
    new kafkajs.KafkaJSNumberOfRetriesExceeded(new Error('no leader'), { retryCount: 5, retryTime: 1 }),
  ],
  ['Kafka’s client: given up for good', new kafkajs.KafkaJSNonRetriableError('the group is gone')],
])('worth another try: %s', (_, error) => {
  expect(isRetryable(error)).toBe(true);
});

test.each<[string, unknown]>([
  ['our own that say so: topics that do not fit', new TopicMismatch('topic events has 3 partitions')],
  ['our own that say so, whatever else they look like', Object.assign(new UnexpectedReply('OOM'), { code: 'EPIPE' })],
  ['a mistake in the program', new TypeError("Cannot read properties of undefined (reading 'length')")],
  ['text that is no JSON', new SyntaxError('Unexpected token')],
  [
    'a type that Redis does not expect',
    new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'),
  ],
  ['a word that only looks like a reply', new Error('the BLOOM filter')],
  ['a missing file', coded('ENOENT')],
  ['what is no error', 'ECONNREFUSED'],
  ['nothing', undefined],
])('not worth another try: %s', (_, error) => {
  expect(isRetryable(error)).toBe(false);
});

test('whatever was thrown can be said', () => {
  expect([messageOf(new Error('no reply')), messageOf('a text'), messageOf(undefined)]).toEqual([
    'no reply',
    'a text',
    'undefined',
  ]);
});

test('what Redis’ client really throws where nobody listens is worth another try', async () => {
  const redis = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  const error = await redis.ping().catch((thrown: unknown) => thrown);
  redis.disconnect();
  expect([isRetryable(error), messageOf(error)]).toEqual([true, expect.stringMatching(/./)]);
});
