import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { type Listening, listeningSystem } from '../../support/system/listening.ts';
import type { Json } from '../../support/system/system.ts';
import { plain } from './senders.ts';
import type { Sender } from './steps.ts';

const TABLE = readFileSync(resolve(import.meta.dirname, '../../../docs/connect/README.md'), 'utf8');

/** What the documents say of a client. */
export const rowOf = (way: string, tried: string): string | undefined =>
  TABLE.split('\n').find((line) => line.startsWith(`| ${way} | ${tried} |`));

/** What must be the same by whichever way it came; what hangs on moments and on the client itself is left out. */
const ANSWERS = [
  '/v1/funnel',
  '/v1/funnel?mode=open',
  '/v1/funnel?breakdown=channel',
  '/v1/products?limit=100',
  '/v1/products/popular?by=revenue',
  '/v1/searches',
  '/v1/payments',
  '/v1/abandonment',
  '/v1/abandonment/items',
  '/v1/events/frequencies?limit=100',
];
const VISITORS = ['customer-0', 'guest-3'];

export interface Client {
  readonly way: string;
  /** Of docs/connect, where admins see its requests. */
  readonly guide?: string;
  readonly tried: string;
  readonly sender: Sender;
  readonly key: string;
}

const asked = async ({ system }: Listening, path: string): Promise<Json> => {
  const response = await system.request(path, { headers: { Authorization: 'Bearer ak' } });
  const body: Json = await response.json();
  expect([path, response.status]).toEqual([path, 200]);
  return body.data;
};

/** Ids of events, and moments, are the client's or the server's own. */
const withoutMoments = (value: Json): Json =>
  JSON.parse(JSON.stringify(value, (name, one) => (/^(event_id|timestamp|.*_at|.*_seconds)$/.test(name) ? 0 : one)));

async function answersOf(running: Listening): Promise<Json> {
  await running.system.settled();
  const answers: Json = {};
  for (const path of ANSWERS) answers[path] = withoutMoments(await asked(running, path));
  // Of one millisecond the ids, which are random, say which is listed first.
  for (const visitor of VISITORS) {
    const seen: Json[] = await asked(running, `/v1/users/${visitor}/interactions`);
    answers[visitor] = seen.map(({ name, item_id: item = '' }) => `${name} ${item}`).sort();
  }
  const { series: _, ...revenue } = await asked(running, '/v1/revenue');
  return { ...answers, revenue };
}

/** The answers of what is sent as plain events, with which the others are compared. */
export async function plainAnswers(redisUrl: string): Promise<Json> {
  const running = await listeningSystem(redisUrl);
  try {
    await plain(running.url, 'wk');
    return await answersOf(running);
  } finally {
    await running.stop();
  }
}

/** Has a client send all of it: the answers are those that are expected, and the table says what became of the events. */
export async function tryClient(
  redisUrl: string,
  { way, guide, tried, sender, key }: Client,
  expected: Json,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const running = await listeningSystem(redisUrl, environment);
  try {
    const events = await sender(running.url, key);
    const answers = await answersOf(running);
    expect(answers).toEqual(expected);
    const pipeline: Json = await asked(running, '/v1/pipeline');
    const repaired = Object.values<number>(pipeline.repairs).reduce((sum, n) => sum + n, 0);
    const refused = 1;
    expect([pipeline.events, pipeline.duplicates, pipeline.bots]).toEqual([events - refused, 0, 0]);
    const noted: Json[] = guide === undefined ? [] : await asked(running, `/v1/connect/${guide}`);
    const told = noted.filter((one) => one.refused === 1 && one.rejected[0].path === 'transaction_id');
    expect(told).toHaveLength(guide === undefined ? 0 : 1);
    expect(rowOf(way, tried)).toBe(
      `| ${way} | ${tried} | ${events} | ${pipeline.events} | ${repaired} | ${refused} | yes |`,
    );
  } finally {
    await running.stop();
  }
}

const packageSchema = z.object({ version: z.string() });

/** A client of npm, with the version that is installed. */
export function released(name: string): string {
  const path = resolve(import.meta.dirname, '../../../node_modules', name, 'package.json');
  return `${name} ${packageSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).version}`;
}
