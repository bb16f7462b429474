import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess, type TestProcess } from '../../system/processes.ts';
import type { Fault, Standing } from './standing.ts';

const CONSUMERS = 3;

/** Real consumer processes, which meet their ends one after the other until no fault is left. */
export class Consumers {
  private readonly standing: Standing;
  private readonly redisPort: number;
  readonly deaths = new Map<string, number>();
  /** How often the group was shared anew. */
  joins = 0;

  constructor(standing: Standing, redisPort: number) {
    this.standing = standing;
    this.redisPort = redisPort;
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: CONSUMERS }, () => this.place()));
  }

  /** Whenever one has met its end, the next begins; the last one lives on until all is over. */
  private async place(): Promise<void> {
    const { standing } = this;
    while (!standing.over) {
      const fault = standing.faults.pop();
      // Who lives on counts all that comes: whoever is to die at work would find none.
      if (fault === undefined) await standing.until(() => standing.ends >= standing.faultCount, 'all ends');
      const process = this.launch(fault);
      const ended = await this.endOf(process, fault);
      if (fault === undefined) continue;
      // One that found no server at its start has met no end yet.
      if (ended !== (fault === 'leave' ? 0 : 'SIGKILL')) standing.faults.push(fault);
      else {
        standing.ends += 1;
        this.deaths.set(fault, (this.deaths.get(fault) ?? 0) + 1);
        this.joins += fault === 'leave' ? 2 : 1;
      }
    }
  }

  private async endOf(process: TestProcess, fault: Fault | undefined): Promise<unknown> {
    if (fault === undefined) return this.untilOver(process);
    if (fault !== 'random' && fault !== 'leave') return process.ended;
    const counting = this.standing.until(() => process.output().includes('counting'), 'a consumer to start');
    await Promise.race([process.ended, counting]);
    if (fault === 'leave') return process.kill('SIGTERM');
    await sleep(this.standing.random.below(2_000));
    return process.kill('SIGKILL');
  }

  private launch(fault: Fault | undefined): TestProcess {
    const { environment, faultRun, random } = this.standing;
    const dies = fault !== undefined && fault !== 'random' && fault !== 'leave';
    return startProcess('test/support/system/faulty-consumer.ts', [], {
      ...environment,
      REDIS_URL: `redis://127.0.0.1:${this.redisPort}`,
      ...(dies && { DIE_AT: fault, DIE_AFTER: String(1 + random.below(3)) }),
      ...(faultRun.without !== undefined && { WITHOUT: faultRun.without }),
    });
  }

  private async untilOver(process: TestProcess): Promise<unknown> {
    let ended = false;
    void process.ended.then(() => {
      ended = true;
    });
    while (!this.standing.over && !ended) await sleep(50);
    return process.kill('SIGTERM');
  }
}
