import { expect } from 'vitest';
import { Random } from '../../../../src/simulator/random.ts';
import { firstOf } from '../../compare/cart-messages.ts';
import { untilStill } from '../../compare/from-log.ts';
import { answersOf } from '../../links/answers.ts';
import { type Person, people } from '../../links/people.ts';
import { PlainCount } from '../../links/plain-count.ts';
import { minutes, type Visit, visit } from '../../links/visits.ts';
import { Oracle } from '../../oracle/oracle.ts';
import { eventually, type TestSystem } from '../../system/system.ts';
import type { CartTopics, Traffic } from './fault-run.ts';

const DAY_MS = 86_400_000;
const STILL_MS = 180_000;

export interface PeopleTraffic extends Traffic {
  /** Of all visitors; of all orders. */
  readonly share: { readonly signIn: number; readonly reportedTwice: number };
}

/** People of whom most sign in, and whose orders are reported twice; afterwards they, and the shop, refund some. */
export function peopleTraffic(count: number, partitions: number, seed: number): PeopleTraffic {
  const made = people(count, new Random(seed));
  const [persons, visits] = [made.persons.map(ofYesterday), made.visits.map(soon).map(yesterdays)];
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

/** An hour's visits in a minute: they are sent in seconds, and nobody waits for a link longer than a minute of the shop's time. */
function soon(one: Visit): Visit {
  return { ...one, timestamp: Math.round(minutes((one.timestamp - minutes(0)) / 3_600_000)) };
}

/** The same at the same time of yesterday, since hours are not kept for long. */
function yesterdays(one: Visit): Visit {
  const days = Math.floor(Date.now() / DAY_MS) - 1 - Math.floor(minutes(0) / DAY_MS);
  return { ...one, timestamp: one.timestamp + days * DAY_MS };
}

const ofYesterday = (person: Person): Person => ({
  ...person,
  visits: person.visits.map(soon).map(yesterdays),
  refunds: person.refunds.map(yesterdays),
});

/** Somebody in each partition, so that its time goes on. */
function lateVisitors(partitions: number): Person[] {
  const oracle = new Oracle(partitions);
  const byPartition = new Map<number, string>();
  for (let i = 0; byPartition.size < partitions; i++) byPartition.set(oracle.partitionOf(`late-${i}`), `late-${i}`);
  return [...byPartition.values()].map((user) => ({
    kind: 'user',
    user,
    guests: ['', ''],
    visits: [190, 300].map((atMin) => yesterdays(visit(atMin, { user }, 'page_view'))),
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
  const day = new Date(late[0]?.visits[0]?.timestamp ?? 0).toISOString().slice(0, 10);
  const answers = await answersOf(system, day);
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
