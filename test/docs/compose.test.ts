import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROLES } from '../../src/app/roles.ts';
import { environmentSchema, readConfig } from '../../src/config.ts';
import { startOptions } from '../support/system/processes.ts';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(resolve(root, 'docker-compose.yml'), 'utf8');

/** The parts of the compose specification that the file uses; strict, so that a slip of the pen shows. */
const healthcheck = z.strictObject({
  test: z.tuple([z.enum(['CMD', 'CMD-SHELL']), z.string()]).rest(z.string()),
  interval: z.string().regex(/^\d+s$/),
  timeout: z.string().regex(/^\d+s$/),
  retries: z.int(),
});
const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('.'), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, 'published on loopback only')).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  healthcheck,
  profiles: z.array(z.string()).optional(),
  restart: z.literal('unless-stopped').optional(),
  stop_grace_period: z.string().optional(),
});
const compose = z
  .object({ name: z.string(), services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);
const own = services.filter(([, { image }]) => image.startsWith('cartpulse:'));

describe('docker-compose.yml', () => {
  test('brings up Redis, Kafka and the roles; browsers of keys and topics in the profile tools', () => {
    expect(services.map(([name]) => name).sort()).toEqual([
      'api',
      'consume',
      'kafdrop',
      'kafka',
      'redis',
      'redis-commander',
      'rollup',
    ]);
    expect(services.filter(([, { profiles }]) => profiles?.includes('tools')).map(([name]) => name)).toEqual([
      'redis-commander',
      'kafdrop',
    ]);
    const ports = services.flatMap(([name, { ports: published = [] }]) =>
      published.map((port) => [name, port.split(':')[1]]),
    );
    expect(Object.fromEntries(ports)).toEqual({ api: '3000', 'redis-commander': '8081', kafdrop: '9000' });
  });

  test('runs what was built as `npm start` does', () => {
    const dockerfile = readFileSync(resolve(root, 'docker/Dockerfile'), 'utf8');
    const entrypoint: unknown = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '');
    expect(entrypoint).toEqual(['node', ...startOptions(), 'build/main.js']);
    expect(startOptions()).toHaveLength(1);
  });

  test('pins every version', () => {
    for (const [name, { image }] of services) expect([name, /:\d+\.\d+/.test(image)]).toEqual([name, true]);
    for (const [, { build }] of services.filter(([, of]) => of.build)) {
      const dockerfile = readFileSync(resolve(root, build?.dockerfile ?? ''), 'utf8');
      for (const [, from] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(from).toMatch(/:\d+\.\d+\.\d+/);
      expect(dockerfile).toMatch(/^USER node$/m);
    }
    expect(compose.services['redis']?.image).toMatch(/^redis:8\./);
    expect(compose.services['kafka']?.image).toMatch(/^apache\/kafka:4\./);
  });

  test('sets only variables of config.ts, and gives each role one that it can start with', () => {
    for (const [name, { environment = {}, command }] of own) {
      for (const variable of Object.keys(environment))
        expect([name, Object.keys(environmentSchema.shape)]).toEqual([name, expect.arrayContaining([variable])]);
      expect(ROLES).toContain(command?.[0]);
      const resolved = Object.fromEntries(
        Object.entries(environment).map(([key, value]) => [
          key,
          String(value).replace(/\$\{[A-Z_]+:[?-]([^}]*)\}/, (_, fallback: string) =>
            fallback.startsWith('set ') ? 'key' : fallback,
          ),
        ]),
      );
      const config = readConfig(resolved);
      expect(config.REDIS_URL).toBe('redis://redis:6379');
      expect(config.KAFKA_BROKERS).toEqual(['kafka:9092']);
    }
    expect(own.map(([name]) => name)).toEqual(['api', 'consume', 'rollup']);
  });

  test('the image holds what it starts, and nothing else of the checkout', () => {
    const ignore = readFileSync(resolve(root, '.dockerignore'), 'utf8');
    const dockerfile = readFileSync(resolve(root, 'docker/Dockerfile'), 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    for (const name of copied) {
      expect(existsSync(resolve(root, name))).toBe(true);
      expect(ignore).toContain(`!${name}`);
    }
  });

  test('its Redis has a bound, evicts nothing, and keeps one file of what it holds', () => {
    const { command = [] } = compose.services['redis'] ?? {};
    const optionOf = (name: string) => command[command.indexOf(name) + 1];
    expect(optionOf('--maxmemory')).toMatch(/^\$\{REDIS_MAXMEMORY:-\d+(mb|gb)\}$/);
    expect(optionOf('--maxmemory-policy')).toBe('noeviction');
    expect([optionOf('--save'), optionOf('--appendonly')]).toEqual(['', 'yes']);
  });

  test('every volume that is used is declared', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(used.sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});
