import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { GRAFANA_SCHEMA } from '../../docker/provision.ts';
import type { Json } from '../support/system/system.ts';

const root = resolve(import.meta.dirname, '../..');
const compose: Json = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
const { grafana } = compose.services;

/** What Grafana publishes of its model, with texts where it has enumerations, and what Prometheus adds to an annotation. */
const MODEL = `
import type { AnnotationQuery, Dashboard, GraphFieldConfig, Panel, RowPanel } from '@grafana/schema';
import type { Options as Lines } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Options as Number } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
type Plain<T> = T extends string ? \`\${T}\` : T extends (infer E)[] ? Plain<E>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Source = NonNullable<Panel['fieldConfig']>;
type Of<Type, Options, Custom> = Omit<Panel, 'type' | 'options' | 'fieldConfig'> & {
  type: Type;
  options: Options;
  fieldConfig: Omit<Source, 'defaults'> & { defaults: Omit<Source['defaults'], 'custom'> & { custom?: Custom } };
};
type Annotation = Omit<AnnotationQuery, 'target'> & { titleFormat: string; target: { refId: string; expr: string; interval: string } };
type Known = Omit<Dashboard, 'annotations' | 'panels'> & {
  annotations: { list: Annotation[] };
  panels: (RowPanel | Of<'timeseries', Lines, GraphFieldConfig> | Of<'stat', Number, never>)[];
};
export const dashboard: Plain<Known> = `;

/** What the compiler says of a dashboard against that model. */
function compared(dashboard: Json): string {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-dashboard-'));
  try {
    symlinkSync(join(GRAFANA_SCHEMA, 'node_modules'), join(dir, 'node_modules'));
    writeFileSync(join(dir, 'dashboard.ts'), `${MODEL}${JSON.stringify(dashboard, null, 1)};\n`);
    const compilerOptions = { strict: true, noEmit: true, module: 'preserve', skipLibCheck: true, types: [] };
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['dashboard.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    return spawnSync(process.execPath, [tsc, '-p', dir], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const ours = (): Json => JSON.parse(readFileSync(join(root, 'ops/grafana/dashboards/cartpulse.json'), 'utf8'));

test('the dashboard is as the model that Grafana publishes for the version in compose, and a slip of the pen is not', () => {
  const { version } = JSON.parse(
    readFileSync(join(GRAFANA_SCHEMA, 'node_modules/@grafana/schema/package.json'), 'utf8'),
  );
  expect(grafana.image).toContain(`grafana/grafana:${version}@`);
  expect(compared(ours())).toBe('');
  const slips: ((panels: Json) => void)[] = [
    ([, stat]) => (stat.options.colorMode = 'valeu'),
    ([, stat]) => (stat.options.reduceOption = {}),
    (panels) => (panels.find(({ type }: Json) => type === 'timeseries').options.legend.placement = 'below'),
    (panels) => (panels.find(({ type }: Json) => type === 'timeseries').fieldConfig.defaults.custom = { fill: 1 }),
    ([row]) => (row.colapsed = false),
  ];
  for (const slip of slips) {
    const wrong = ours();
    slip(wrong.panels);
    expect(compared(wrong)).toMatch(/error TS/);
  }
});

test('what is provisioned lies where compose mounts it, and its source is the Prometheus of compose', () => {
  const provisioning = (name: string): Json =>
    parse(readFileSync(join(root, 'ops/grafana/provisioning', name), 'utf8'));
  const mounts = Object.fromEntries(grafana.volumes.map((mount: string) => mount.split(':')));
  const [provider] = provisioning('dashboards/cartpulse.yml').providers;
  expect(mounts['./ops/grafana/provisioning']).toBe('/etc/grafana/provisioning');
  expect(mounts['./ops/grafana/dashboards']).toBe(provider.options.path);
  expect(grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(`${provider.options.path}/cartpulse.json`);
  const [source] = provisioning('datasources/prometheus.yml').datasources;
  expect(source.url).toBe('http://prometheus:9090');
  expect(compose.services.prometheus.ports).toEqual(['127.0.0.1:9090:9090']);
});

test('its Grafana asks nobody on the internet, and replaces none of the plugins in its image, whose root is read-only', () => {
  expect(grafana.read_only).toBe(true);
  expect(grafana.environment).toMatchObject({
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  });
});
