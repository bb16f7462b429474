import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { Logger } from '../runtime/logger.ts';
import { compose, type System } from './composition.ts';
import type { Role, RunningRole } from './roles.ts';
import { startApi, startOperations, startRole } from './start-role.ts';

/** Requests under way end on the system that they began on. */
const LINGER_MS = 2_000;

/**
 * The roles of a process, on the generation of answers in use. After a
 * rebuild they move over to the new one, and the API answers all the while.
 */
export class RunningSystem {
  /** Rejects when the process can't go on. */
  readonly failed: Promise<never>;
  private readonly config: Config;
  private readonly redisUrl: string;
  private readonly logger: Logger;
  private system: System | undefined;
  private operations: RunningRole | undefined;
  private api: RunningRole | undefined;
  private workers: RunningRole[] = [];
  private moving: Promise<void> = Promise.resolve();
  private stopping = false;
  private fail: (error: unknown) => void = () => undefined;

  constructor(config: Config, redisUrl: string, logger: Logger) {
    this.config = config;
    this.redisUrl = redisUrl;
    this.logger = logger;
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /** @returns what each role does */
  async start(roles: readonly Role[]): Promise<string[]> {
    const system = await compose(this.config, this.redisUrl, this.logger, {
      keepLater: true,
      archives: archives(roles),
    });
    this.system = system;
    this.operations = await startOperations(() => this.system ?? system, this.config, roles.includes('api'));
    if (roles.includes('api')) this.api = await startApi(() => this.system ?? system, this.config);
    await system.keepSettings();
    await this.startWorkers(roles, system);
    const running = [this.api, ...this.workers, this.operations];
    return running.flatMap((role) => (role === undefined ? [] : [role.summary]));
  }

  /** The servers that do not answer: nothing can be ended in order with them. */
  async away(): Promise<string[]> {
    return (await this.system?.away()) ?? [];
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.moving;
    for (const role of [...this.workers].reverse()) await role.stop();
    await this.api?.stop();
    await this.operations?.stop();
    await this.system?.close();
  }

  private async startWorkers(roles: readonly Role[], system: System): Promise<void> {
    for (const role of roles) {
      if (role === 'api') continue;
      const running = await startRole(role, system, this.config, this.logger);
      this.workers.push(running);
      running.failed?.catch((error: unknown) => this.fail(error));
    }
    void system.superseded.then(() => {
      if (!this.stopping) this.moving = this.moveOver(roles).catch((error: unknown) => this.fail(error));
    });
  }

  private async moveOver(roles: readonly Role[]): Promise<void> {
    const previous = this.system;
    const system = await compose(this.config, this.redisUrl, this.logger, { archives: archives(roles) });
    for (const role of this.workers.splice(0).reverse()) await role.stop();
    this.system = system;
    this.logger.info({}, 'moved over to the rebuilt answers');
    await this.startWorkers(roles, system);
    if (previous === undefined) return;
    previous.closeStreams();
    await sleep(LINGER_MS);
    await previous.close();
  }
}

const archives = (roles: readonly Role[]): boolean => roles.includes('archive');
