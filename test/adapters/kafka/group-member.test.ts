import { EventEmitter, once } from 'node:events';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { GroupMember } from '../../../src/adapters/kafka/consume/group-member.ts';
import { FakeGroup } from '../../support/fakes/kafka-group.ts';

const gone = new kafkajs.KafkaJSNonRetriableError('the coordinator is gone');

async function entered(sleep: (ms: number) => Promise<void>) {
  const group = new FakeGroup();
  const told: string[] = [];
  const member = new GroupMember({
    kafka: group,
    group: 'g',
    topics: ['events'],
    atOnce: 1,
    eachBatch: async () => undefined,
    joined: async () => undefined,
    interrupted: (error) => told.push(`interrupted: ${String(error)}`),
    failed: (error) => told.push(`failed: ${String(error)}`),
    sleep,
  });
  await member.enter();
  return { group, member, told };
}

test('a client that gives up on its brokers is made anew until they are back, with ever longer waits up to five seconds', async () => {
  const waits: number[] = [];
  const back = new EventEmitter();
  const { group, told } = await entered(async (ms) => {
    waits.push(ms);
    if (waits.length < 9) return;
    group.refuses = undefined;
    back.emit('back');
  });
  // Also in ways that the client does not foresee.
  group.refuses = new TypeError('no broker in the metadata');
  group.crash(gone);
  await once(back, 'back');
  await new Promise((resolve) => setImmediate(resolve));
  expect([group.made, group.left]).toEqual([1 + 9, 9]);
  for (const [i, longest] of [200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000].entries()) {
    expect(waits[i]).toBeLessThanOrEqual(longest);
    expect(waits[i]).toBeGreaterThanOrEqual(longest / 2);
  }
  expect(told).toEqual([`interrupted: ${gone}`, ...Array(8).fill('interrupted: TypeError: no broker in the metadata')]);
});

test('a member that is to leave does not enter anew', async () => {
  const { group, member } = await entered(async () => undefined);
  group.crash(gone);
  await member.prepareToLeave();
  expect(group.made).toBe(1);
});

test('what brokers have no part in is not tried again', async () => {
  const { group, told } = await entered(async () => undefined);
  group.crash(new TypeError('a mistake'));
  expect(told).toEqual(['failed: TypeError: a mistake']);
  expect(group.made).toBe(1);
});
