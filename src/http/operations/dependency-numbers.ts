import { Gauge, Registry } from 'prom-client';
import { failing, type HealthCheck } from './health.ts';

/** Whether each server that the process needs answers it, and how soon. */
export class DependencyNumbers {
  private readonly checks: readonly HealthCheck[];
  private readonly registry = new Registry();
  private readonly up = new Gauge({
    name: 'cartpulse_dependency_up',
    help: '1 where the server answers this process, 0 where it does not',
    labelNames: ['dependency'],
    registers: [this.registry],
  });
  private readonly soon = new Gauge({
    name: 'cartpulse_dependency_answer_seconds',
    help: 'How long the server took to answer a check at this reading; absent where it does not answer',
    labelNames: ['dependency'],
    registers: [this.registry],
  });

  constructor(checks: readonly HealthCheck[]) {
    this.checks = checks;
  }

  async collected(): Promise<{ readonly registry: Registry; readonly away: readonly string[] }> {
    const away = await failing(this.checks.map((check) => this.timed(check)));
    for (const { name } of this.checks) {
      this.up.set({ dependency: name }, away.includes(name) ? 0 : 1);
      if (away.includes(name)) this.soon.remove({ dependency: name });
    }
    return { registry: this.registry, away };
  }

  private timed({ name, check }: HealthCheck): HealthCheck {
    const measured = async (): Promise<void> => {
      const began = performance.now();
      await check();
      this.soon.set({ dependency: name }, (performance.now() - began) / 1_000);
    };
    return { name, check: measured };
  }
}
