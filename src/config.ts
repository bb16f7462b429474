import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { MemoryLimit } from './adapters/redis/server/memory-limit.ts';
import { BUILT_IN_FUNNELS, type Funnel, MAX_STAGES } from './analytics/funnel/funnel.ts';
import { isStoredCurrency } from './events/money.ts';
import { plainError } from './events/plain-error.ts';
import type { PublicKey } from './http/entry/public-keys.ts';
import { Calendar } from './time/calendar.ts';
import { endpointInput } from './webhooks/endpoint.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MS_OF: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
  ['d', DAY_MS],
]);

/** `30m`, `15s`, `30d`, in milliseconds. */
const durationMs = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'must be a number with ms, s, m, h or d, such as 30m')
  .transform((text) => Number.parseInt(text, 10) * (MS_OF.get(text.replace(/^\d+/, '')) ?? 1))
  .refine((ms) => ms > 0, 'must be longer than 0');

const BYTES_OF: ReadonlyMap<string, number> = new Map([
  ['kb', 1_024],
  ['mb', 1_024 ** 2],
  ['gb', 1_024 ** 3],
]);

/** `60%` of what there is, or `512mb`. */
const memoryLimit = z
  .string()
  .regex(/^([1-9]\d?%|[1-9]\d*(kb|mb|gb))$/i, 'must be a share such as 60%, or a size such as 512mb or 4gb')
  .transform((text): MemoryLimit => {
    const number = Number.parseInt(text, 10);
    if (text.endsWith('%')) return { share: number / 100 };
    return { bytes: number * (BYTES_OF.get(text.slice(-2).toLowerCase()) ?? 1) };
  });

const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(message).refine((n) => Number.isInteger(n) && n >= min && n <= max, message);
};

const commaSeparated = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().min(1, 'must not be empty')));

/** A certificate in a file, as text. */
const certificateFile = z.string().transform((path, context): string => {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    context.addIssue({ code: 'custom', message: `${path} holds no certificate (PEM)` });
  } catch (error) {
    context.addIssue({ code: 'custom', message: `cannot be read: ${error instanceof Error ? error.message : path}` });
  }
  return z.NEVER;
});

const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** A URL that cannot be parsed would show its password in an error of somebody else's. */
const redisUrls = z
  .string()
  .refine(
    (text) => text.split(',').every((part) => /^rediss?:$/.test(URL.parse(part.trim())?.protocol ?? '')),
    'must be redis:// or rediss:// URLs, comma-separated for a cluster; signs such as / # , in a password are written as %2F %23 %2C',
  );

/** API keys are kept as digests alone, so that no memory dump or log shows one. */
const keyDigests = commaSeparated.pipe(
  z.array(
    z
      .string()
      .transform((key) =>
        /^sha256:[0-9a-f]{64}$/.test(key) ? key.slice(7) : createHash('sha256').update(key).digest('hex'),
      ),
  ),
);

/** `pk_…@https://shop.example`; a key of several origins stands there with each. */
const publicKeys = commaSeparated.pipe(
  z
    .array(
      z
        .string()
        .regex(
          /^pk_[A-Za-z0-9_-]+@(null|https?:\/\/[^/@\s]+)$/,
          'must be keys with their origins, such as pk_shop@https://shop.example',
        )
        .transform((text) => {
          const [key = '', origin = ''] = text.split('@');
          return { key, origin: origin.toLowerCase() };
        }),
    )
    .transform((given): PublicKey[] =>
      [...new Set(given.map(({ key }) => key))].map((key) => ({
        key,
        origins: given.flatMap((one) => (one.key === key ? [one.origin] : [])),
      })),
    ),
);

const json = (example: string) =>
  z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: `must be JSON: ${example}` });
      return z.NEVER;
    }
  });

const stage = z.string().regex(/^[a-z0-9_]{1,64}$/, 'a stage is visit, view, cart, checkout or an event name');
const funnels = json('{"name": ["stage", …], …}')
  .pipe(z.record(z.string().regex(/^[a-z0-9_-]{1,64}$/), z.array(stage).min(1).max(MAX_STAGES)))
  .refine((named) => !('shop' in named) && !('quick' in named), 'shop and quick are built in');

const webhooks = json('[{"url": …, "secret": "whsec_…"}, …]').pipe(z.array(endpointInput.required({ secret: true })));

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every variable that cartpulse reads, durations in milliseconds; `.env.example` is checked against it. */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3_000),
  DATA_DIR: z.string().min(1).default('./data'),
  REDIS_URL: redisUrls.optional(),
  REDIS_CA_FILE: certificateFile.optional(),
  REDIS_MAXMEMORY: memoryLimit.default({ share: 0.6 }),
  REDIS_SHARDS: wholeNumber(1, 1_024).default(1),
  KEY_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'may hold letters, digits, _ and -')
    .default('cp'),
  KAFKA_BROKERS: commaSeparated.optional(),
  KAFKA_SSL: z.enum(['true', 'false'], 'must be true or false').default('false'),
  KAFKA_CA_FILE: certificateFile.optional(),
  KAFKA_SASL_MECHANISM: z
    .string()
    .toLowerCase()
    .pipe(z.enum(SASL_MECHANISMS, `must be one of ${SASL_MECHANISMS.join(', ')}`))
    .optional(),
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  KAFKA_EVENTS_TOPIC: z.string().min(1).default('shop.events'),
  KAFKA_INVENTORY_TOPIC: z.string().min(1).default('shop.inventory'),
  KAFKA_ABANDONED_TOPIC: z.string().min(1).default('carts.abandoned'),
  KAFKA_RECOVERED_TOPIC: z.string().min(1).default('carts.recovered'),
  KAFKA_ACTIONS_TOPIC: z.string().min(1).default('actions.5s'),
  KAFKA_GROUP: z.string().min(1).default('cartpulse'),
  PARTITIONS: wholeNumber(1, 1_024).default(4),
  SIMULATE: wholeNumber(0, 100_000).optional(),
  STORE_TIMEZONE: z.string().refine(isTimezone, 'is not a time zone such as Europe/Berlin').default('UTC'),
  STORE_CURRENCY: z.string().refine(isStoredCurrency, 'is not a currency of ISO 4217').default('USD'),
  SESSION_TIMEOUT: durationMs.default(30 * MINUTE_MS),
  CART_TIMEOUT: durationMs.default(HOUR_MS),
  DEDUPE_WINDOW: durationMs.default(15 * MINUTE_MS),
  TRANSACTION_WINDOW: durationMs.default(30 * DAY_MS),
  HOURLY_DAYS: wholeNumber(1, 60).default(8),
  DAILY_DAYS: wholeNumber(1, 3_660).default(400),
  INTERACTIONS_PER_USER: wholeNumber(0, 10_000).default(200),
  FUNNELS: funnels.default({}),
  WRITE_KEYS: keyDigests.default([]),
  READ_KEYS: keyDigests.default([]),
  ADMIN_KEYS: keyDigests.default([]),
  PUBLIC_KEYS: publicKeys.default([]),
  PUBLIC_KEY_RATE: wholeNumber(1, 1_000_000).default(500),
  CORS_ORIGINS: commaSeparated.default([]),
  WEBHOOKS: webhooks.default([]),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  LOG_RETENTION: durationMs.default(HOUR_MS),
  MAX_EVENTS: wholeNumber(1, 10_000).default(1_000),
  MAX_BODY_BYTES: wholeNumber(1_024, 64 * 1_048_576).default(1_048_576),
  MAX_STREAMS: wholeNumber(1, 100_000).default(1_000),
  MAX_IMPORT_BYTES: wholeNumber(1_024, Number.MAX_SAFE_INTEGER).default(4 * 1_024 ** 3),
});

export type Environment = z.infer<typeof environmentSchema>;

export interface Config extends Environment {
  readonly funnels: readonly Funnel[];
}

/** The environment does not make sense. */
export class ConfigProblem extends Error {
  readonly code = 'config';
  readonly retryable = false;
}

function isTimezone(name: string): boolean {
  try {
    return new Calendar(name).timezone === name;
  } catch {
    return false;
  }
}

/** What settings need of each other. */
function incomplete(of: Environment): string | undefined {
  const isUser = of.KAFKA_USERNAME !== undefined && of.KAFKA_PASSWORD !== undefined;
  if (of.KAFKA_SASL_MECHANISM !== undefined && !isUser)
    return 'KAFKA_SASL_MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD';
  if (of.KAFKA_SASL_MECHANISM === undefined && (of.KAFKA_USERNAME ?? of.KAFKA_PASSWORD) !== undefined)
    return `KAFKA_USERNAME and KAFKA_PASSWORD need KAFKA_SASL_MECHANISM (${SASL_MECHANISMS.join(', ')})`;
  return undefined;
}

/** Takes in the lines of `.env` where the process was started, if there is one; what the environment says goes first. */
export function loadEnvFile(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path);
}

/** @throws ConfigProblem with one line that names every variable that is wrong */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty variable is one that was not set: compose files and .env lines often leave it so.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = environmentSchema.safeParse(given, { error: plainError });
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigProblem(`${problems.join('; ')} (see .env.example)`);
  }
  const problem = incomplete(result.data);
  if (problem !== undefined) throw new ConfigProblem(`${problem} (see .env.example)`);
  const named = Object.entries(result.data.FUNNELS).map(([name, stages]) => ({ name, stages }));
  return { ...result.data, funnels: [...BUILT_IN_FUNNELS, ...named] };
}
