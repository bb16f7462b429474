import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { partitionOf } from '../../src/events/partitioner.ts';

test('a key’s partition is the one that kafkajs’s default partitioner chooses', () => {
  const partitioner = kafkajs.Partitioners.DefaultPartitioner();
  for (const partitions of [1, 3, 4, 7, 64]) {
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 1,
      replicas: [],
      isr: [],
    }));
    for (const key of [
      '',
      'a',
      'ab',
      'abc',
      'user-1',
      'São Paulo',
      '利用者',
      ...Array.from({ length: 200 }, (_, i) => `u${i * 7919}`),
    ]) {
      expect([key, partitionOf(key, partitions)]).toEqual([
        key,
        partitioner({ topic: 't', partitionMetadata, message: { key, value: null } }),
      ]);
    }
  }
});
