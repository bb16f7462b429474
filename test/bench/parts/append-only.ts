import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { countBacklog, fillBacklog } from './backlog.ts';
import type { Figure } from './figures.ts';

const PARTITIONS = 4;

/** What a counted event takes in Redis's append-only file, and the part of it that redo records take. */
export async function measureAppendOnly(redis: TestRedis, broker: string, events: number): Promise<Figure[]> {
  const backlog = await fillBacklog(redis.url, broker, PARTITIONS, events);
  await redis.client.flushall();
  // Nothing is rewritten meanwhile, so that all that was written is there.
  const logged = await startRedis(['--appendonly', 'yes', '--appendfsync', 'no', '--auto-aof-rewrite-percentage', '0']);
  await countBacklog(logged.url, backlog);
  await logged.stop('SIGTERM');
  const { all, redo } = bytesIn(join(logged.dir, 'appendonlydir'));
  await logged.close();
  const what = 'append-only file';
  return [
    { what: `${what}, an event`, value: all / backlog.total, unit: 'bytes' },
    { what: `${what}, of it redo records`, value: redo / backlog.total, unit: 'bytes' },
  ];
}

/** Bytes of all commands, and of those that write a redo record. */
function bytesIn(dir: string): { readonly all: number; readonly redo: number } {
  const sums = { all: 0, redo: 0 };
  for (const name of readdirSync(dir).filter((file) => file.endsWith('.incr.aof'))) {
    const file = readFileSync(join(dir, name));
    sums.all += file.length;
    for (const { key, bytes } of commandsOf(file)) if (key.includes(':redo:')) sums.redo += bytes;
  }
  return sums;
}

/** Each command of the file, as Redis's protocol has it: `*2`, then a length and a text for each argument. */
function* commandsOf(file: Buffer): Generator<{ readonly key: string; readonly bytes: number }> {
  let at = 0;
  const number = (): number => {
    const end = file.indexOf('\r\n', at);
    const value = Number(file.toString('latin1', at + 1, end));
    at = end + 2;
    return value;
  };
  while (at < file.length) {
    const begin = at;
    let key = '';
    for (let argument = 0, count = number(); argument < count; argument++) {
      const length = number();
      if (argument === 1) key = file.toString('utf8', at, at + Math.min(length, 200));
      at += length + 2;
    }
    yield { key, bytes: at - begin };
  }
}
