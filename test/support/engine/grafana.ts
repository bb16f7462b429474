import { expect } from 'vitest';
import type { Json } from '../system/system.ts';

/** Nobody logs in, the dashboard is the provisioned one, and its source is the Prometheus beside it. */
export async function expectGrafana(): Promise<void> {
  const grafana = async (path: string, init: RequestInit = {}): Promise<[number, Json]> => {
    const response = await fetch(`http://127.0.0.1:3001${path}`, init);
    return [response.status, await response.json()];
  };
  const [status, { dashboard, meta }] = await grafana('/api/dashboards/uid/cartpulse');
  expect([status, meta.provisioned, meta.canSave]).toEqual([200, true, false]);
  const panels = dashboard.panels.filter(({ targets = [] }: Json) => targets.length > 0);
  expect(panels.length).toBeGreaterThan(15);
  // As the page asks; a week ago there was nothing.
  const targets: Json[] = panels.flatMap(({ targets: of }: Json) => of);
  const queries = targets
    .filter(({ expr }) => !expr.includes('offset'))
    .map((target, i) => ({ ...target, refId: `Q${i}`, intervalMs: 15_000, maxDataPoints: 100 }));
  const body = JSON.stringify({ from: 'now-5m', to: 'now', queries });
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
  const [, { results }] = await grafana('/api/ds/query', init);
  for (const { refId } of queries) expect([refId, results[refId].error]).toEqual([refId, undefined]);
  expect((await grafana('/api/admin/settings'))[0]).toBeGreaterThanOrEqual(401);
}
