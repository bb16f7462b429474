import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { KAFKAJS_VERSION, kafkajs as own, REPLACED } from '../../src/adapters/kafka/client/kafkajs.ts';
import { readRecords } from '../../src/adapters/kafka/fetch/kafka-records.ts';
import { recordsOf } from '../support/fakes/still-log.ts';
import { batchBytes, inResponse, storedIn } from '../support/fakes/stored-batches.ts';

const native = createRequire(import.meta.url);
const inKafkajs = (path: string) => native(`kafkajs/${path}`);

test('kafkajs is pinned to the version of which modules are replaced', () => {
  const manifest = z.object({ dependencies: z.object({ kafkajs: z.string() }) });
  const { dependencies } = manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  expect(dependencies.kafkajs).toBe(KAFKAJS_VERSION);
  expect(inKafkajs('package.json').version).toBe(KAFKAJS_VERSION);
});

test('the replaced modules lie where they are replaced, and take what their replacements take', () => {
  const [messages, aborted, fetch] = Object.keys(REPLACED);
  expect(String(inKafkajs(messages ?? ''))).toMatch(
    /^async decoder => \{\s+const messagesSize = decoder\.readInt32\(\)/,
  );
  expect(String(inKafkajs(aborted ?? ''))).toMatch(/^\(\{ messages, abortedTransactions \}\) => \{/);
  const { versions, protocol } = inKafkajs(fetch ?? '');
  expect(Object.keys(versions).at(-1)).toBe('11');
  const { request, response } = protocol({ version: 11 })({ topics: [], maxBytes: 1, maxWaitTime: 1, minBytes: 1 });
  expect([request.apiName, typeof response.decode, typeof response.parse]).toEqual(['Fetch', 'function', 'function']);
  // All versions that brokers speak since message format 2 read their records with the one replaced.
  for (let version = 4; version <= 11; version += 1)
    expect(readFileSync(native.resolve(`kafkajs/src/protocol/requests/fetch/v${version}/response.js`), 'utf8')).toMatch(
      /require\('(\.\/decodeMessages|\.\.\/v4\/decodeMessages|\.\.\/v\d+\/response)'\)/,
    );
});

test('whoever else uses kafkajs in this process has it as it is', () => {
  expect(own.Kafka).not.toBe(kafkajs.Kafka);
  expect(Object.keys(own)).toEqual(Object.keys(kafkajs));
});

test('a record is what kafkajs itself reads from the same bytes', async () => {
  const decodeMessages = inKafkajs('src/protocol/requests/fetch/v4/decodeMessages.js');
  const Decoder = inKafkajs('src/protocol/decoder.js');
  const bytes = fc.option(
    fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one)),
    { nil: null },
  );
  const record = fc.record({
    gap: fc.integer({ min: 0, max: 300 }),
    afterMs: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    key: fc.option(
      fc.string({ unit: 'grapheme' }).map((one) => Buffer.from(one)),
      { nil: null },
    ),
    value: bytes,
    headers: fc.uniqueArray(fc.tuple(fc.constantFrom('import', 'trace', 'o'), fc.string()), {
      selector: ([name]) => name,
    }),
  });
  const batch = fc.record({
    records: fc.array(record, { minLength: 1, maxLength: 20 }),
    appendTime: fc.boolean(),
    packed: fc.boolean(),
    firstTimestamp: fc.integer({ min: 0, max: 2 ** 42 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 4 }), async (batches) => {
      let offset = 0;
      const written = batches.map(({ records, appendTime, packed, firstTimestamp }) => {
        const firstOffset = offset;
        const placed = records.map(({ gap, ...rest }) => {
          offset += gap + 1;
          return { ...rest, delta: offset - firstOffset };
        });
        const attributes = (appendTime ? 0x08 : 0) | (packed ? 1 : 0);
        const maxTimestamp = firstTimestamp + 5;
        const codec = packed && { pack: (one: Buffer) => gzipSync(one) };
        return batchBytes({ firstOffset, records: placed, attributes, firstTimestamp, maxTimestamp, ...codec });
      });
      const whole = Buffer.concat(written);
      const theirs = await decodeMessages(new Decoder(inResponse(whole)));
      const ours = recordsOf(await readRecords(storedIn(whole), 0));
      expect(ours.map(({ value, ...rest }) => ({ ...rest, value: value && Buffer.from(value) }))).toEqual(
        theirs.map((message: kafkajs.KafkaMessage) => ({
          position: message.offset,
          next: String(Number(message.offset) + 1),
          key: message.key && String(message.key),
          value: message.value,
          importId: message.headers?.['import']?.toString(),
          arrivedAtMs: Number(message.timestamp),
        })),
      );
    }),
    { numRuns: 200 },
  );
});
