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
  start_period: z.string().optional(),
});
const service = z.strictObject({
  image: z.string(),
  pull_policy: z.literal('never').optional(),
  read_only: z.boolean(),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  pids_limit: z.int(),
  mem_limit: z.string(),
  logging: z.strictObject({ driver: z.literal('local'), options: z.record(z.string(), z.string()) }),
  init: z.literal(true).optional(),
  user: z.string().optional(),
  tmpfs: z.array(z.string()).optional(),
  scale: z.string().optional(),
  env_file: z.tuple([z.strictObject({ path: z.literal('.env'), required: z.literal(false) })]).optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
  build: z.strictObject({ context: z.literal('.'), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, 'published on loopback only')).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  healthcheck,
  profiles: z.array(z.string()).optional(),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.string().optional(),
});
const compose = z
  .object({
    name: z.string(),
    services: z.record(z.string(), service),
    configs: z.record(z.string(), z.strictObject({ content: z.string() })),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);
/** No public source that could be read where the others were found says which digest it has; `npm run pin-images` writes it. */
const UNKNOWN_DIGEST = ['kafdrop'];
const own = services.filter(([, { image }]) => image.startsWith('cartpulse:'));

describe('docker-compose.yml', () => {
  test('brings up Redis, Kafka and the roles; browsers of keys and topics in the profile tools, Prometheus and Grafana in watch', () => {
    expect(services.map(([name]) => name).sort()).toEqual([
      'api',
      'consume',
      'grafana',
      'kafdrop',
      'kafka',
      'prometheus',
      'redis',
      'redis-commander',
      'rollup',
    ]);
    expect(services.filter(([, { profiles }]) => profiles?.includes('tools')).map(([name]) => name)).toEqual([
      'redis-commander',
      'kafdrop',
    ]);
    expect(services.filter(([, { profiles }]) => profiles?.includes('watch')).map(([name]) => name)).toEqual([
      'prometheus',
      'grafana',
    ]);
    const ports = services.flatMap(([name, { ports: published = [] }]) =>
      published.map((port) => [name, port.split(':')[1]]),
    );
    expect(Object.fromEntries(ports)).toEqual({
      api: '3000',
      'redis-commander': '8081',
      kafdrop: '9000',
      prometheus: '9090',
      grafana: '3001',
    });
  });

  test('runs what was built as `npm start` does', () => {
    const dockerfile = readFileSync(resolve(root, 'docker/Dockerfile'), 'utf8');
    const entrypoint: unknown = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '');
    expect(entrypoint).toEqual(['node', ...startOptions(), 'build/main.js']);
    expect(startOptions()).toHaveLength(2);
  });

  test('pins every image by version and digest, so that nobody can put another one under its name', () => {
    const pinned = /:v?\d+\.\d+\.\d+\S*@sha256:[0-9a-f]{64}$/;
    const taken = services.filter(([, { build, image }]) => build === undefined && !image.startsWith('cartpulse'));
    expect(taken.filter(([, { image }]) => !pinned.test(image)).map(([name]) => name)).toEqual(UNKNOWN_DIGEST);
    for (const [, { image }] of services) expect(image).toMatch(/:v?\d+\.\d+\.\d+/);
    const bases = services.flatMap(([, { build }]) => {
      if (build === undefined) return [];
      const dockerfile = readFileSync(resolve(root, build.dockerfile), 'utf8');
      expect(dockerfile).toMatch(/^USER node$/m);
      return [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, from = '']) => from);
    });
    for (const base of bases) expect(base).toMatch(pinned);
    expect(new Set(bases).size).toBe(1);
    expect(compose.services['redis']?.image).toMatch(/^redis:8\./);
    expect(compose.services['kafka']?.image).toMatch(/^apache\/kafka:4\./);
  });

  test('sets only variables of config.ts, and gives each role one that it can start with', () => {
    for (const [name, { environment = {}, command }] of own) {
      for (const variable of Object.keys(environment))
        expect([name, Object.keys(environmentSchema.shape)]).toEqual([name, expect.arrayContaining([variable])]);
      expect([name, compose.services[name]?.env_file]).toEqual([name, [{ path: '.env', required: false }]]);
      expect(ROLES).toContain(command?.[0]);
      const resolved = Object.fromEntries(
        Object.entries(environment).map(([key, value]) => [
          key,
          String(value).replace(/\$\{[A-Z_]+:\?[^}]*\}/, 'secret'),
        ]),
      );
      const config = readConfig(resolved);
      expect(config.REDIS_URL).toBe('redis://:secret@redis:6379');
      expect(config.KAFKA_SASL_MECHANISM).toBe('plain');
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

  test('nothing is bound to be root, may gain rights, grow without bound or write outside volumes and /tmp', () => {
    // The schema above holds most of it.
    expect(services.filter(([, { read_only }]) => !read_only).map(([name]) => name)).toEqual(['kafdrop']);
    for (const [name, { init }] of own) expect([name, init]).toEqual([name, true]);
    expect(compose.services['redis']?.user).toBe('999:1000');
    expect(compose.services['api']?.volumes).toEqual(['spool:/app/data']);
  });

  test('one service builds the image of all roles, and no registry is asked for it', () => {
    expect(own.filter(([, { build }]) => build !== undefined).map(([name]) => name)).toEqual(['api']);
    for (const [name, { pull_policy }] of own) expect([name, pull_policy]).toEqual([name, 'never']);
  });

  test('Redis and Kafka have no ports, and passwords without which compose starts nothing', () => {
    const { redis, kafka } = compose.services;
    expect([redis?.ports, kafka?.ports]).toEqual([undefined, undefined]);
    expect(redis?.command?.join(' ')).toMatch(/--requirepass \$\{REDIS_PASSWORD:\?/);
    const of = kafka?.environment ?? {};
    expect(of['KAFKA_LISTENERS']).toBe('CLIENTS://:9092,CONTROLLER://127.0.0.1:9093');
    expect(of['KAFKA_LISTENER_SECURITY_PROTOCOL_MAP']).toContain('CLIENTS:SASL_PLAINTEXT');
    expect(of['KAFKA_LISTENER_NAME_CLIENTS_PLAIN_SASL_JAAS_CONFIG']).toMatch(/\$\{KAFKA_PASSWORD:\?/);
  });

  test('health checks ask a server whether it works, not whether a process is there, and fail within half a minute', () => {
    for (const [name, { healthcheck: check }] of own)
      expect([name, check.test.at(-1)]).toEqual([name, 'http://127.0.0.1:9464/health/ready']);
    expect(compose.services['redis']?.healthcheck.test).toEqual(['CMD', 'redis-cli', '-e', 'ping']);
    // No JVM for a question each few seconds.
    expect(compose.services['kafka']?.healthcheck.test.join(' ')).not.toMatch(/\.sh|java/);
    for (const [name, { healthcheck: check, profiles }] of services) {
      const seconds = (Number.parseInt(check.interval, 10) + Number.parseInt(check.timeout, 10)) * check.retries;
      expect([name, profiles !== undefined || seconds <= 30]).toEqual([name, true]);
    }
  });

  test('as many consumers as .env says, also at the next `up`', () => {
    expect(compose.services['consume']?.scale).toMatch(/^\$\{CONSUMERS:-1\}$/);
  });

  test('its Redis has a bound, evicts nothing, and keeps one file of what it holds', () => {
    const { command = [] } = compose.services['redis'] ?? {};
    const optionOf = (name: string) => command[command.indexOf(name) + 1];
    expect(optionOf('--maxmemory')).toMatch(/^\$\{REDIS_MAXMEMORY:-\d+(mb|gb)\}$/);
    expect(optionOf('--maxmemory-policy')).toBe('noeviction');
    expect([optionOf('--save'), optionOf('--appendonly')]).toEqual(['', 'yes']);
  });

  test('every volume that is used is declared', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const [files, named] = [used.filter((name) => name.startsWith('.')), used.filter((name) => !name.startsWith('.'))];
    for (const file of files) expect([file, existsSync(resolve(root, file))]).toEqual([file, true]);
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});
