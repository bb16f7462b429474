import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ROLES } from '../../src/app/roles.ts';
import { environmentSchema, readConfig } from '../../src/config.ts';
import type { Json } from '../support/system/system.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string): Json[] =>
  parseAllDocuments(readFileSync(resolve(root, 'ops/kubernetes', name), 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
const manifests: Json[] = read('cartpulse.yaml').flatMap(({ items }) => items);
const of = (kind: string): Json[] => manifests.filter((one) => one.kind === kind);
const [settings] = of('ConfigMap');
const deployments: [role: string, pod: Json][] = of('Deployment').map((one) => [
  one.spec.template.metadata.labels.role,
  one.spec.template.spec,
]);

describe('ops/kubernetes', () => {
  test('runs each role that a shop needs, with settings that config.ts reads', () => {
    expect(deployments.map(([role]) => role)).toEqual(['api', 'consume', 'rollup']);
    for (const [role, { containers }] of deployments) {
      expect(ROLES).toContain(role);
      expect(containers.map(({ args }: Json) => args)).toEqual([[role]]);
    }
    expect(Object.keys(environmentSchema.shape)).toEqual(expect.arrayContaining(Object.keys(settings.data)));
    const secret = { REDIS_URL: 'rediss://u:p@redis', KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'p', ADMIN_KEYS: 'k' };
    expect(() => readConfig({ ...settings.data, ...secret })).not.toThrow();
  });

  test('probes ask the port that every role has; only a process that does not answer is ended', () => {
    for (const [, { containers }] of deployments) {
      const [{ startupProbe, livenessProbe, readinessProbe, ports }] = containers;
      expect(ports).toContainEqual({ name: 'metrics', containerPort: Number(settings.data.METRICS_PORT) });
      expect(startupProbe.httpGet).toEqual({ path: '/health/live', port: 'metrics' });
      expect(livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'metrics' });
      expect(readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'metrics' });
      // A check of a server that hangs takes two seconds.
      expect(readinessProbe.timeoutSeconds).toBeGreaterThan(2);
    }
  });

  test('nothing is root, gains rights, or writes outside what is mounted; memory has a bound', () => {
    for (const [, pod] of deployments) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(20);
      const [{ securityContext, resources, volumeMounts }] = pod.containers;
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources.limits.memory).toBeDefined();
      expect(volumeMounts.map(({ name }: Json) => name)).toEqual(pod.volumes.map(({ name }: Json) => name));
    }
  });

  test('each role has a budget for disruptions, and no manifest holds a secret', () => {
    const budgets = of('PodDisruptionBudget').map(({ spec }) => spec.selector.matchLabels.role);
    expect(budgets).toEqual(deployments.map(([role]) => role));
    expect(of('Secret')).toEqual([]);
    expect(Object.keys(settings.data).filter((name) => /KEYS|PASSWORD|URL/.test(name))).toEqual([]);
  });

  test('KEDA scales the consumers by the lag of their group, to no more than there are partitions', () => {
    const scaled = read('keda.yaml').find(({ kind }) => kind === 'ScaledObject');
    const config = readConfig(
      Object.fromEntries(Object.entries(settings.data).filter(([name]) => !/SASL/.test(name))) as Record<
        string,
        string
      >,
    );
    expect(scaled.spec.scaleTargetRef.name).toBe('cartpulse-consume');
    expect(scaled.spec.maxReplicaCount).toBe(config.PARTITIONS);
    const [{ metadata }] = scaled.spec.triggers;
    expect(metadata).toMatchObject({
      bootstrapServers: settings.data.KAFKA_BROKERS,
      consumerGroup: config.KAFKA_GROUP,
      topic: config.KAFKA_EVENTS_TOPIC,
    });
  });
});
