import { statfs } from 'node:fs/promises';
import { Cluster } from 'ioredis';
import type { Headroom } from '../../../ingestion/ports/headroom.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { RedisClient } from '../client/connection.ts';

const LOOK_MS = 100;
/** Of Redis' maxmemory, left to rollups, job queues and answers. */
const MEMORY_RESERVE = 0.1;
/** Of the disk, left to what Redis goes on writing: it would end, were there none. */
const DISK_RESERVE = 0.05;
const DISK_RESERVE_MIN_BYTES = 16 * 1_048_576;
const DISK_RESERVE_MAX_BYTES = 1_073_741_824;

interface HeadroomParts {
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
  private looking = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: HeadroomParts) {
    this.parts = parts;
  }

  full(): string | undefined {
    return this.reason;
  }

  /** Returns when it knows. */
  async start(): Promise<void> {
    await this.refresh();
    // A look that fails leaves what was known: whoever writes hears of it from Redis itself.
    this.timer = setInterval(() => void this.lookOnce(), LOOK_MS);
    this.timer.unref();
  }

  /** One look at a time: while Redis is silent they would pile up. */
  private async lookOnce(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    await this.refresh().catch(() => undefined);
    this.looking = false;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async refresh(): Promise<void> {
    const nodes = await this.usage();
    const disk = await this.disk(nodes[0]?.used ?? 0);
    const reason = fullMemory(nodes) ?? disk;
    const { logger } = this.parts;
    if (reason !== undefined && this.reason === undefined) logger.error({ reason }, 'nothing more is counted for now');
    if (reason === undefined && this.reason !== undefined) logger.info({}, 'there is room again; counting goes on');
    this.reason = reason;
  }

  private async usage(): Promise<Usage[]> {
    const { redis } = this.parts;
    const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
    const infos = await Promise.all(nodes.map((node) => node.info('memory')));
    return infos.map((info) => ({ used: numberIn(info, 'used_memory'), max: numberIn(info, 'maxmemory') }));
  }

  /** @param used bytes that the embedded Redis holds */
  private async disk(used: number): Promise<string | undefined> {
    const { dataDir } = this.parts;
    if (dataDir === undefined) return undefined;
    const { bavail, blocks, bsize } = await statfs(dataDir);
    const [free, all] = [bavail * bsize, blocks * bsize];
    const reserve = Math.min(DISK_RESERVE_MAX_BYTES, Math.max(DISK_RESERVE_MIN_BYTES, DISK_RESERVE * all));
    await this.rewrite(free - reserve > used);
    return free < reserve ? `the disk under ${dataDir} has ${Math.round(free / 1_048_576)} MB left` : undefined;
  }

  /** Rewriting the append-only file needs room for a second one; begun without it, it would fill the disk by itself. */
  private async rewrite(may: boolean): Promise<void> {
    if (may === this.rewriting) return;
    await this.parts.redis.config('SET', 'auto-aof-rewrite-percentage', may ? '100' : '0');
    this.rewriting = may;
  }
}

interface Usage {
  readonly used: number;
  readonly max: number;
}

function fullMemory(nodes: readonly Usage[]): string | undefined {
  const full = nodes.find(({ used, max }) => max > 0 && used > max * (1 - MEMORY_RESERVE));
  return full && `Redis uses ${Math.round((100 * full.used) / full.max)} % of its maxmemory`;
}

const numberIn = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
