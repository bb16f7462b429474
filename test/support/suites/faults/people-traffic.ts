import { expect } from 'vitest';
import { Random } from '../../../../src/simulator/random.ts';
import { firstOf } from '../../compare/cart-messages.ts';
import { untilStill } from '../../compare/from-log.ts';
import { answersOf } from '../../links/answers.ts';
import { type Person, people } from '../../links/people.ts';
import { PlainCount } from '../../links/plain-count.ts';
import { type Visit, visit } from '../../links/visits.ts';
import { Oracle } from '../../oracle/oracle.ts';
import { eventually, type TestSystem } from '../../system/system.ts';
import type { CartTopics, Traffic } from './fault-run.ts';

const DAY = '2026-11-20';
const STILL_MS = 180_000;

export interface PeopleTraffic extends Traffic {
  /** Of all visitors; of all orders. */
  readonly share: { readonly signIn: number; readonly reportedTwice: number };
}

/** People of whom most sign in, and whose orders are reported twice; afterwards they, and the shop, refund some. */
export function peopleTraffic(count: number, partitions: number, seed: number): PeopleTraffic {
  const { persons, visits } = people(count, new Random(seed));
  const orders = persons.filter((person) => person.visits.some(({ name }) => name === 'purchase'));
  const signedIn = persons.filter(({ kind }) => kind !== 'guest' && kind !== 'user' && kind !== 'reported twice');
  return {
    events: visits,
    share: {
      signIn: signedIn.length / persons.length,
      reportedTwice: orders.filter(({ kind }) => kind === 'reported twice').length / orders.length,
    },
    judge: (system, topics, stop) => judge(system, topics, stop, persons, partitions),
  };
}

/** Somebody in each partition, so that its time goes on. */
function lateVisitors(partitions: number): Person[] {
  const oracle = new Oracle(partitions);
  const byPartition = new Map<number, string>();
  for (let i = 0; byPartition.size < partitions; i++) byPartition.set(oracle.partitionOf(`late-${i}`), `late-${i}`);
  return [...byPartition.values()].map((user) => ({
    kind: 'user',
    user,
    guests: ['', ''],
    visits: [190, 300].map((atMin) => visit(atMin, { user }, 'page_view')),
    refunds: [],
  }));
}

async function judge(
  system: TestSystem,
  topics: CartTopics,
  stop: () => Promise<void>,
  persons: readonly Person[],
  partitions: number,
): Promise<number> {
  const late = lateVisitors(partitions);
  const send = async (some: readonly Visit[]): Promise<void> => {
    for (let from = 0; from < some.length; from += 500) await system.post(some.slice(from, from + 500));
    await untilStill(system, STILL_MS);
  };
  await send(late.flatMap(({ visits }) => visits.slice(0, 1)));
  await send(persons.flatMap(({ refunds }) => refunds));
  await send(late.flatMap(({ visits }) => visits.slice(1)));
  const plain = new PlainCount([...persons, ...late]);
  const said = async () => [...firstOf(Object.values(await topics.read()).flat()).values()].map(({ value }) => value);
  await eventually('every message', async () => (await said()).length >= plain.left.length, 60_000);
  await stop();
  const { opened = 0, emptied = 0, purchased = 0, ...exact } = plain.sums;
  const answers = await answersOf(system, DAY);
  expect(Object.fromEntries(Object.keys(exact).map((name) => [name, answers[name] ?? 0]))).toEqual(exact);
  // A guest who comes back before it is known that they had signed in may have one cart and not two, or one that is bought by itself.
  const [joined, bought] = [opened - (answers['opened'] ?? 0), (answers['purchased'] ?? 0) - purchased];
  expect([joined, bought].filter((n) => n < 0)).toEqual([]);
  expect(joined + bought).toBeLessThanOrEqual(plain.doubtful);
  expect(answers['emptied']).toBe(emptied - joined - bought);
  const carts = (await said()).map(({ user_id, value }) => JSON.stringify([user_id, Math.round(value * 100)]));
  expect(carts.sort()).toEqual(plain.left.map(({ user, cents }) => JSON.stringify([user, cents])).sort());
  return carts.length;
}
