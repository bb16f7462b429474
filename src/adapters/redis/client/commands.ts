import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

/** Parsed by whoever calls. */
type Reply = Promise<unknown>;

/**
 * The Lua scripts as commands of a client: KEYS first, then ARGV; the head of each file says more. One that takes any number of
 * keys is told how many. Lists are handed on as lists: spread, tens of thousands of arguments overflow the stack. The reply of
 * a `…Buffer` is packed: thousands of values are read from it in half the time of as many replies.
 */
export interface ScriptCommands {
  appendBatch(entriesKey: string, endKey: string, records: number, payload: string, importId: string): Reply;
  beginImport(key: string, hash: string, importId: string, nowMs: number, timeoutMs: number, owner: string): Reply;
  claimAnswer(answersKey: string, timesKey: string, name: string, nowMs: number, deadMs: number, token: string): Reply;
  claimPartition(partitionKey: string, lanesKey: string, redoKey: string): Reply;
  commitBatch(
    keyCount: number,
    keys: readonly string[],
    epoch: number,
    expected: string,
    target: string,
    arrivedAtMs: number | string,
    payload: Buffer | '',
    mode: 'whole' | 'ahead' | 'stage' | 'decide' | 'apply',
    piece: number | '',
    pieces: number | '',
    expectedStep: number,
    targetStep: number,
    by: string,
  ): Reply;
  holdImport(key: string, hash: string, owner: string, status: string): Reply;
  keepAnswer(
    answersKey: string,
    timesKey: string,
    name: string,
    token: string,
    answer: string,
    forgottenMs: number,
    mayGoMs: number,
    mostAnswers: number,
    mostBytes: number,
  ): Reply;
  mergeUsers(keyCount: number, keys: readonly string[], daySeconds: number, hourSeconds: number): Reply;
  putLimited(key: string, id: string, value: string, most: number): Reply;
  rankingBuildBuffer(keyCount: number, keys: readonly string[], args: readonly (string | number)[]): Reply;
  rankingMembersBuffer(keyCount: number, keys: readonly string[], args: readonly (string | number)[]): Reply;
  rankingTopBuffer(keyCount: number, keys: readonly string[], args: readonly (string | number)[]): Reply;
  readLaneBuffer(
    keyCount: number,
    keys: readonly string[],
    untilMs: number,
    mostDue: number,
    mostDueBytes: number,
    mostReadBytes: number | '',
    needs: Buffer,
  ): Reply;
  readTogetherBuffer(
    keyCount: number,
    keys: readonly string[],
    partitions: number,
    mostUs: number,
    besideCommits: '' | '1',
    reads: Buffer,
  ): Reply;
  releaseLease(key: string, holder: string): Reply;
  replaceValue(key: string, expected: string, value: string): Reply;
  takeLease(key: string, holder: string, lifeMs: number): Reply;
  takeMarks(touchedKey: string, mergingKey: string, openHour: string): Reply;
}

type Defined<Command> = Command extends `${infer Name}Buffer` ? Name : Command;
export type ScriptName = Defined<keyof ScriptCommands>;

interface Script {
  readonly lua: string;
  /** Where it takes the same number of keys whenever it is called. */
  readonly numberOfKeys?: number;
}

export const scripts: Readonly<Record<ScriptName, Script>> = {
  appendBatch: { lua: read('append-batch'), numberOfKeys: 2 },
  beginImport: { lua: read('begin-import'), numberOfKeys: 1 },
  claimAnswer: { lua: read('forget-answers') + read('claim-answer'), numberOfKeys: 2 },
  claimPartition: { lua: read('claim-partition'), numberOfKeys: 3 },
  commitBatch: { lua: read('commit-batch') },
  holdImport: { lua: read('hold-import'), numberOfKeys: 1 },
  keepAnswer: { lua: read('forget-answers') + read('keep-answer'), numberOfKeys: 2 },
  mergeUsers: { lua: read('merge-users') },
  putLimited: { lua: read('put-limited'), numberOfKeys: 1 },
  rankingBuild: { lua: read('ranking-cache') + read('ranking-build') },
  rankingMembers: { lua: read('ranking-cache') + read('ranking-members') },
  rankingTop: { lua: read('ranking-cache') + read('ranking-first') + read('ranking-top') },
  readLane: { lua: read('read-lane') },
  readTogether: { lua: ['ranking-cache', 'ranking-first', 'ranking-sums', 'read-together'].map(read).join('') },
  releaseLease: { lua: read('release-lease'), numberOfKeys: 1 },
  replaceValue: { lua: read('replace-value'), numberOfKeys: 1 },
  takeLease: { lua: read('take-lease'), numberOfKeys: 1 },
  takeMarks: { lua: read('take-marks'), numberOfKeys: 2 },
};

function read(name: string): string {
  return readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8');
}

/** Gives a client the scripts as its commands: it sends each whole once a connection, and by its digest from then on. */
export function defineScripts<Client extends Redis | Cluster>(
  client: Client,
): asserts client is Client & ScriptCommands {
  for (const [name, script] of Object.entries(scripts)) client.defineCommand(name, script);
  // Every pipeline begins by copying what is listed here, which takes longer than a read; none of ours runs scripts.
  client.scriptsSet = {};
}
