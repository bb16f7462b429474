import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { questions } from '../../src/analytics/index.ts';
import { readConfig } from '../../src/config.ts';
import { appOf, readParts } from '../http/app-parts.ts';

/** The parts of Grafana's model of a dashboard that ours uses; strict, so that a slip of the pen shows. */
const datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.string() });
const gridPos = z.strictObject({
  h: z.int().min(1),
  w: z.int().min(1).max(24),
  x: z.int().min(0).max(23),
  y: z.int().min(0),
});
const common = { id: z.int(), title: z.string().min(1), gridPos };
const row = z.strictObject({
  ...common,
  type: z.literal('row'),
  collapsed: z.boolean(),
  panels: z.array(z.unknown()).length(0),
});
const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource,
  expr: z.string().min(1),
  legendFormat: z.string().min(1),
});
const chart = z.strictObject({
  ...common,
  type: z.enum(['timeseries', 'stat']),
  datasource,
  fieldConfig: z.strictObject({
    defaults: z.looseObject({ unit: z.string().min(1) }),
    overrides: z.array(z.unknown()),
  }),
  options: z.looseObject({}),
  targets: z.array(target).min(1),
});
const dashboard = z.strictObject({
  uid: z.string().max(40),
  title: z.string(),
  tags: z.array(z.string()),
  schemaVersion: z.int().min(39),
  version: z.int(),
  editable: z.literal(false),
  refresh: z.string(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  timezone: z.string(),
  templating: z.strictObject({ list: z.array(z.unknown()) }),
  annotations: z.strictObject({ list: z.array(z.unknown()) }),
  panels: z.array(z.discriminatedUnion('type', [row, chart])),
});

const panelsOf = () =>
  dashboard.parse(JSON.parse(readFileSync('ops/grafana/dashboards/cartpulse.json', 'utf8'))).panels;

test('the dashboard is one that Grafana reads, with ids that are unique and panels side by side', () => {
  const panels = panelsOf();
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Map<string, string>();
  for (const { title, gridPos: at } of panels) {
    expect([title, at.x + at.w <= 24]).toEqual([title, true]);
    for (let x = at.x; x < at.x + at.w; x++)
      for (let y = at.y; y < at.y + at.h; y++) {
        expect([title, taken.get(`${x} ${y}`)]).toEqual([title, undefined]);
        taken.set(`${x} ${y}`, title);
      }
  }
});

test('asks the data source that is provisioned', () => {
  const provisioned = readFileSync('ops/grafana/provisioning/datasources/prometheus.yml', 'utf8');
  for (const panel of panelsOf())
    if (panel.type !== 'row')
      for (const { datasource: of } of [panel, ...panel.targets]) expect(provisioned).toContain(`uid: ${of.uid}`);
});

test('every metric that it asks for is in /metrics, also where a query looks at last week', async () => {
  const read = { ...readParts, funnels: readConfig({}).funnels };
  const metrics = await (await appOf(questions, { read }).request('/metrics')).text();
  const known = new Set(
    [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) => namesOf(name, type)),
  );
  const asked = panelsOf().flatMap((panel) => (panel.type === 'row' ? [] : panel.targets.map(({ expr }) => expr)));
  const names = asked.flatMap((expr) => expr.match(/\b(?:cartpulse|nodejs|process)_\w+/g) ?? []);
  expect(new Set(names).size).toBeGreaterThan(15);
  for (const name of new Set(names)) expect([name, known.has(name)]).toEqual([name, true]);
});

function namesOf(name: string, type: string | undefined): string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
