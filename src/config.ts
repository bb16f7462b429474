import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BUILT_IN_FUNNELS, type Funnel, MAX_STAGES } from './analytics/funnel/funnel.ts';
import { isCurrency } from './events/money.ts';
import { Calendar } from './time/calendar.ts';
import { endpointInput } from './webhooks/endpoint.ts';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `30m`, `15s`, `30d` in milliseconds. */
const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'must be a number with ms, s, m, h or d, such as 30m')
  .transform((text) => {
    const unit = text.replace(/^\d+/, '');
    return Number.parseInt(text, 10) * (UNITS[unit as keyof typeof UNITS] ?? 1);
  })
  .refine((ms) => ms > 0, 'must be longer than 0');

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const list = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().min(1)));

/** Keys are kept as digests alone, so that no memory dump or log shows one. */
const keys = list.pipe(
  z.array(
    z
      .string()
      .transform((key) =>
        /^sha256:[0-9a-f]{64}$/.test(key) ? key.slice(7) : createHash('sha256').update(key).digest('hex'),
      ),
  ),
);

const stageName = z.string().regex(/^[a-z0-9_]{1,64}$/, 'a stage is visit, view, cart, checkout or an event name');
const funnels = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON: {"name": ["stage", …], …}' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().regex(/^[a-z0-9_-]{1,64}$/), z.array(stageName).min(1).max(MAX_STAGES)))
  .refine((named) => !('shop' in named) && !('quick' in named), 'shop and quick are built in');

const webhooks = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON: [{"url": …, "secret": "whsec_…"}, …]' });
      return z.NEVER;
    }
  })
  .pipe(z.array(endpointInput.required({ secret: true })));

/** Every variable that cartpulse reads; `.env.example` is checked against it. */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3_000),
  DATA_DIR: z.string().min(1).default('./data'),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?:\/\/[^,]+(,\s*rediss?:\/\/[^,]+)*$/,
      'must be redis:// or rediss:// URLs, comma-separated for a cluster',
    )
    .optional(),
  REDIS_SHARDS: whole(1, 1_024).default(1),
  KEY_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'may hold letters, digits, _ and -')
    .default('cp'),
  KAFKA_BROKERS: list.optional(),
  KAFKA_EVENTS_TOPIC: z.string().min(1).default('shop.events'),
  KAFKA_INVENTORY_TOPIC: z.string().min(1).default('shop.inventory'),
  KAFKA_ABANDONED_TOPIC: z.string().min(1).default('carts.abandoned'),
  KAFKA_RECOVERED_TOPIC: z.string().min(1).default('carts.recovered'),
  KAFKA_ACTIONS_TOPIC: z.string().min(1).default('actions.5s'),
  KAFKA_GROUP: z.string().min(1).default('cartpulse'),
  PARTITIONS: whole(1, 1_024).default(4),
  SIMULATE: whole(0, 100_000).optional(),
  STORE_TIMEZONE: z.string().refine(isTimezone, 'is not a time zone such as Europe/Berlin').default('UTC'),
  STORE_CURRENCY: z.string().refine(isCurrency, 'is not a currency of ISO 4217').default('USD'),
  SESSION_TIMEOUT: duration.default(30 * UNITS.m),
  CART_TIMEOUT: duration.default(60 * UNITS.m),
  DEDUPE_WINDOW: duration.default(15 * UNITS.m),
  TRANSACTION_WINDOW: duration.default(30 * UNITS.d),
  HOURLY_DAYS: whole(1, 60).default(8),
  DAILY_DAYS: whole(1, 3_660).default(400),
  INTERACTIONS_PER_USER: whole(0, 10_000).default(200),
  FUNNELS: funnels.default({}),
  WRITE_KEYS: keys.default([]),
  READ_KEYS: keys.default([]),
  ADMIN_KEYS: keys.default([]),
  CORS_ORIGINS: list.default([]),
  WEBHOOKS: webhooks.default([]),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_RETENTION: duration.default(UNITS.h),
  MAX_EVENTS: whole(1, 10_000).default(1_000),
  MAX_BODY_BYTES: whole(1_024, 64 * 1_048_576).default(1_048_576),
  MAX_STREAMS: whole(1, 100_000).default(1_000),
  MAX_IMPORT_BYTES: whole(1_024, Number.MAX_SAFE_INTEGER).default(4 * 1_024 ** 3),
});

export type Environment = z.infer<typeof environmentSchema>;

export interface Config extends Environment {
  readonly funnels: readonly Funnel[];
}

/** The environment does not make sense; names each variable. */
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

/** @throws ConfigProblem */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty variable is one that was not set: compose files and .env lines often leave it so.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = environmentSchema.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigProblem(`${problems.join('; ')} (see .env.example)`);
  }
  const named = Object.entries(result.data.FUNNELS).map(([name, stages]) => ({ name, stages }));
  return { ...result.data, funnels: [...BUILT_IN_FUNNELS, ...named] };
}
