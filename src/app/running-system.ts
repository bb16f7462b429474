import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { DemoState } from '../http/admin/demo.ts';
import type { Logger } from '../runtime/logger.ts';
import { checkArchive } from './archive/places.ts';
import { type ComposeOptions, compose, type System } from './composition.ts';
import { emptyAfterDemo, rolesAfterDemo } from './demo/end-of-demo.ts';
import { isAlone, type Role, type RunningRole } from './roles.ts';
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
  private roles: readonly Role[] = [];
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
    this.roles = roles;
    await this.lookAtArchive(roles);
    const system = await this.compose({ keepLater: true });
    this.system = system;
    this.operations = await startOperations(() => this.system ?? system, this.config, roles.includes('api'));
    if (roles.includes('api')) this.api = await startApi(() => this.system ?? system, this.config);
    await system.keepSettings();
    this.roles = await rolesAfterDemo(roles, system, this.config);
    await this.startWorkers(system);
    const running = [this.api, ...this.workers, this.operations];
    return running.flatMap((role) => (role === undefined ? [] : [role.summary]));
  }

  /** What is wrong with a bucket is said before anything is counted; one that goes away later is waited for. */
  private async lookAtArchive(roles: readonly Role[]): Promise<void> {
    const writes = roles.includes('archive');
    if (writes || roles.includes('api')) await checkArchive(this.config, writes);
  }

  /** The servers that do not answer: nothing can be ended in order with them. */
  async away(): Promise<string[]> {
    return (await this.system?.away()) ?? [];
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.moving;
    await this.stopWorkers();
    await this.api?.stop();
    await this.operations?.stop();
    await this.system?.close();
  }

  private compose(options: ComposeOptions = {}): Promise<System> {
    const demo = {
      state: () => this.demoState(),
      end: () => this.endDemo(),
    };
    const archives = this.roles.includes('archive');
    const takesNothing = !this.roles.includes('api');
    return compose(this.config, this.redisUrl, this.logger, { ...options, archives, takesNothing, demo });
  }

  private async startWorkers(system: System): Promise<void> {
    for (const role of this.roles) {
      if (role === 'api') continue;
      const running = await startRole(role, system, this.config, this.logger);
      this.workers.push(running);
      running.failed?.catch((error: unknown) => this.fail(error));
    }
    void system.superseded.then(() => {
      if (!this.stopping && this.system === system)
        this.moving = this.moveOver().catch((error: unknown) => this.fail(error));
    });
  }

  private async moveOver(): Promise<void> {
    const system = await this.compose();
    await this.stopWorkers();
    this.logger.info({}, 'moved over to the rebuilt answers');
    await this.goOnWith(system);
  }

  private async demoState(): Promise<DemoState> {
    const counted = (await this.system?.simulation.get()) === 'begun';
    return { running: counted && this.roles.includes('simulate'), counted, canEnd: counted && isAlone(this.config) };
  }

  /** The simulated shop ends, and an empty one begins; the API answers all the while. */
  private endDemo(): Promise<void> {
    const ended = this.moving.then(async () => {
      if (this.stopping || !(await this.demoState()).canEnd) return;
      this.roles = this.roles.filter((role) => role !== 'simulate');
      await this.stopWorkers();
      await emptyAfterDemo(this.config, this.redisUrl, this.logger);
      const system = await this.compose();
      await system.simulation.set('ended');
      // Who asked for it is answered by the system that ends: it is not waited for.
      this.moving = this.goOnWith(system).catch((error: unknown) => this.fail(error));
    });
    ended.catch((error: unknown) => this.fail(error));
    return ended;
  }

  private async stopWorkers(): Promise<void> {
    for (const role of this.workers.splice(0).reverse()) {
      await role.stop();
      this.logger.debug({ role: role.summary }, 'a role has stopped');
    }
  }

  private async goOnWith(system: System): Promise<void> {
    const previous = this.system;
    this.system = system;
    await this.startWorkers(system);
    if (previous === undefined) return;
    previous.closeStreams();
    await sleep(LINGER_MS);
    await previous.close();
  }
}
