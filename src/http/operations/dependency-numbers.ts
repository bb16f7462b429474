import { Gauge, Registry } from 'prom-client';
import { failing, type HealthCheck } from './health.ts';

/** Whether each server that the process needs answers it. */
export class DependencyNumbers {
  private readonly checks: readonly HealthCheck[];
  private readonly registry = new Registry();
  private readonly up = new Gauge({
    name: 'cartpulse_dependency_up',
    help: '1 where the server answers this process, 0 where it does not',
    labelNames: ['dependency'],
    registers: [this.registry],
  });

  constructor(checks: readonly HealthCheck[]) {
    this.checks = checks;
  }

  async collected(): Promise<{ readonly registry: Registry; readonly away: readonly string[] }> {
    const away = await failing(this.checks);
    for (const { name } of this.checks) this.up.set({ dependency: name }, away.includes(name) ? 0 : 1);
    return { registry: this.registry, away };
  }
}
