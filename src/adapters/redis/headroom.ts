import { statfs } from 'node:fs/promises';
import { Cluster } from 'ioredis';
import type { Headroom } from '../../ingestion/headroom.ts';
import type { Logger } from '../../log.ts';
import type { RedisClient } from './connection.ts';

const LOOK_MS = 100;
/** Of Redis' maxmemory, left to rollups, job queues and answers. */
const MEMORY_RESERVE = 0.1;
/** Of the disk, left to what Redis goes on writing: it would end, were there none. */
const DISK_RESERVE = 0.05;
const DISK_RESERVE_MIN_BYTES = 16 * 1_048_576;
const DISK_RESERVE_MAX_BYTES = 1_073_741_824;

export interface HeadroomParts {
  readonly redis: RedisClient;
  /** Where the embedded Redis keeps its files; undefined where Redis is somebody else's. */
  readonly dataDir: string | undefined;
  readonly logger: Logger;
}

/** Looks ten times a second how much room Redis has, and the disk under the embedded one. */
export class RedisHeadroom implements Headroom {
  private readonly parts: HeadroomParts;
  private reason: string | undefined;
  private rewriting = true;
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: HeadroomParts) {
    this.parts = parts;
  }

  full(): string | undefined {
    return this.reason;
  }

  /** Returns when it knows. */
  async start(): Promise<void> {
    await this.look();
    // A look that fails leaves what was known: whoever writes hears of it from Redis itself.
    this.timer = setInterval(() => void this.look().catch(() => undefined), LOOK_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const reason = (await this.memory()) ?? (await this.disk());
    const { logger } = this.parts;
    if (reason !== undefined && this.reason === undefined) logger.error({ reason }, 'nothing more is counted for now');
    if (reason === undefined && this.reason !== undefined) logger.info({}, 'there is room again; counting goes on');
    this.reason = reason;
  }

  private async memory(): Promise<string | undefined> {
    for (const { used, max } of await this.usage())
      if (max > 0 && used > max * (1 - MEMORY_RESERVE))
        return `Redis uses ${Math.round((100 * used) / max)} % of its maxmemory`;
    return undefined;
  }

  private async usage(): Promise<{ used: number; max: number }[]> {
    const { redis } = this.parts;
    const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
    const infos = await Promise.all(nodes.map((node) => node.info('memory')));
    return infos.map((info) => ({ used: numberIn(info, 'used_memory'), max: numberIn(info, 'maxmemory') }));
  }

  private async disk(): Promise<string | undefined> {
    const { dataDir } = this.parts;
    if (dataDir === undefined) return undefined;
    const { bavail, blocks, bsize } = await statfs(dataDir);
    const [free, all] = [bavail * bsize, blocks * bsize];
    const reserve = Math.min(DISK_RESERVE_MAX_BYTES, Math.max(DISK_RESERVE_MIN_BYTES, DISK_RESERVE * all));
    await this.rewrite(free - reserve);
    return free < reserve ? `the disk under ${dataDir} has ${Math.round(free / 1_048_576)} MB left` : undefined;
  }

  /** Rewriting the append-only file needs room for a second one; begun without it, it would fill the disk by itself. */
  private async rewrite(room: number): Promise<void> {
    const [usage] = await this.usage();
    const may = room > (usage?.used ?? 0);
    if (may === this.rewriting) return;
    await this.parts.redis.config('SET', 'auto-aof-rewrite-percentage', may ? '100' : '0');
    this.rewriting = may;
  }
}

const numberIn = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
