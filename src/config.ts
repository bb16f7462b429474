import { existsSync } from 'node:fs';
import { z } from 'zod';
import { ruleProblem } from './alerts/rule.ts';
import { BUILT_IN_FUNNELS, type Funnel } from './analytics/funnel/funnel.ts';
import { archiveProblem, archiveSettings } from './config/archive.ts';
import {
  alerts,
  certificateFile,
  commaSeparated,
  DAY_MS,
  dimensions,
  durationMs,
  funnels,
  HOUR_MS,
  keyDigests,
  klaviyoUrl,
  MINUTE_MS,
  memoryLimit,
  privateKeyFile,
  publicKeys,
  redisUrls,
  SASL_MECHANISMS,
  smtpUrl,
  webhooks,
  wholeNumber,
} from './config/values.ts';
import { isStoredCurrency } from './events/money.ts';
import { plainError } from './events/plain-error.ts';
import { weakness } from './keys/new-key.ts';
import { DEFAULT_DIMENSIONS } from './metrics/dimension.ts';
import { nearName } from './runtime/near-name.ts';
import { Calendar } from './time/calendar.ts';
import { isLoopback } from './webhooks/targets.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every variable that cartpulse reads, durations in milliseconds; `.env.example` is checked against it. */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3_000),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  REDIS_URL: redisUrls.optional(),
  REDIS_CA_FILE: certificateFile.optional(),
  REDIS_CERT_FILE: certificateFile.optional(),
  REDIS_KEY_FILE: privateKeyFile.optional(),
  REDIS_MAXMEMORY: memoryLimit.default({ share: 0.6 }),
  REDIS_SHARDS: wholeNumber(1, 1_024).default(1),
  KEY_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'may hold letters, digits, _ and -')
    .default('cp'),
  KAFKA_BROKERS: commaSeparated.optional(),
  KAFKA_SSL: z.enum(['true', 'false'], 'must be true or false').default('false'),
  KAFKA_CA_FILE: certificateFile.optional(),
  KAFKA_CERT_FILE: certificateFile.optional(),
  KAFKA_KEY_FILE: privateKeyFile.optional(),
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
  ATTRIBUTION_WINDOW: durationMs.default(30 * DAY_MS),
  DIMENSIONS: dimensions.default([...DEFAULT_DIMENSIONS]),
  ...archiveSettings,
  FUNNELS: funnels.default({}),
  WRITE_KEYS: keyDigests.default([]),
  READ_KEYS: keyDigests.default([]),
  ADMIN_KEYS: keyDigests.default([]),
  PUBLIC_KEYS: publicKeys.default([]),
  PUBLIC_KEY_RATE: wholeNumber(1, 1_000_000).default(500),
  GEOIP_DATABASE: z.string().min(1).optional(),
  CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header such as CF-Connecting-IP')
    .optional(),
  SHOPIFY_SECRETS: commaSeparated.default([]),
  WOOCOMMERCE_SECRETS: commaSeparated.default([]),
  MEDUSA_SECRETS: commaSeparated.default([]),
  CORS_ORIGINS: commaSeparated.default([]),
  LOOPBACK_WEBHOOKS: z.enum(['true', 'false'], 'must be true or false').optional(),
  WEBHOOKS: webhooks.default([]),
  KLAVIYO_API_KEY: z.string().min(1).optional(),
  KLAVIYO_URL: klaviyoUrl.default('https://a.klaviyo.com'),
  KLAVIYO_PROFILES: z.enum(['emails', 'all'], 'must be emails or all').default('emails'),
  ALERTS: alerts.default([]),
  SMTP_URL: smtpUrl.optional(),
  SMTP_FROM: z.string().min(3).optional(),
  MCP_URL: z
    .string()
    .refine(
      (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
      'must be an URL such as https://cartpulse.example',
    )
    .optional(),
  MCP_KEY: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  LOG_RETENTION: durationMs.default(HOUR_MS),
  MAX_EVENTS: wholeNumber(1, 10_000).default(1_000),
  MAX_BODY_BYTES: wholeNumber(1_024, 64 * 1_048_576).default(1_048_576),
  MAX_STREAMS: wholeNumber(1, 100_000).default(1_000),
  MAX_STREAMS_PER_KEY: wholeNumber(1, 100_000).default(200),
  MAX_IMPORT_BYTES: wholeNumber(1_024, Number.MAX_SAFE_INTEGER).default(4 * 1_024 ** 3),
});

type Environment = z.infer<typeof environmentSchema>;

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

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Is the API reached from this machine alone? */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.has(host);

/** May webhooks go to this machine? Where others reach the API they could have what else runs here called. */
export function allowsLoopback({ LOOPBACK_WEBHOOKS, HOST }: Environment): boolean {
  return LOOPBACK_WEBHOOKS === undefined ? isLoopbackHost(HOST) : LOOPBACK_WEBHOOKS === 'true';
}

/** What settings need of each other. */
function incomplete(of: Environment): string | undefined {
  const isUser = of.KAFKA_USERNAME !== undefined && of.KAFKA_PASSWORD !== undefined;
  if (of.KAFKA_SASL_MECHANISM !== undefined && !isUser)
    return 'KAFKA_SASL_MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD';
  if (of.KAFKA_SASL_MECHANISM === undefined && (of.KAFKA_USERNAME ?? of.KAFKA_PASSWORD) !== undefined)
    return `KAFKA_USERNAME and KAFKA_PASSWORD need KAFKA_SASL_MECHANISM (${SASL_MECHANISMS.join(', ')})`;
  for (const server of ['REDIS', 'KAFKA'] as const)
    if ((of[`${server}_CERT_FILE`] === undefined) !== (of[`${server}_KEY_FILE`] === undefined))
      return `${server}_CERT_FILE and ${server}_KEY_FILE need each other`;
  const local = of.WEBHOOKS.findIndex(({ url }) => isLoopback(new URL(url)));
  if (local >= 0 && !allowsLoopback(of)) return `WEBHOOKS.${local}.url is on this machine; set LOOPBACK_WEBHOOKS=true`;
  if (isLoopback(new URL(of.KLAVIYO_URL)) && !allowsLoopback(of))
    return 'KLAVIYO_URL is on this machine; set LOOPBACK_WEBHOOKS=true';
  if (of.SMTP_URL !== undefined && of.SMTP_FROM === undefined) return 'SMTP_URL needs SMTP_FROM, the sender of mail';
  const reachable = { allowsLoopback: allowsLoopback(of), hasMail: of.SMTP_URL !== undefined };
  for (const [i, rule] of of.ALERTS.entries()) {
    const problem = ruleProblem(rule, reachable);
    if (problem !== undefined) return `ALERTS.${i}.${problem.path} ${problem.message}`;
  }
  return archiveProblem(of);
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

/** What a newcomer would not see by themselves: settings that are probably misspelt, keys that leave nobody to read or send, or that can be guessed. */
export function hintsOf(
  config: Pick<Config, 'WRITE_KEYS' | 'READ_KEYS' | 'ADMIN_KEYS'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const ours = Object.keys(environmentSchema.shape);
  const misspelt = Object.keys(environment).flatMap((name) => {
    const meant = ours.includes(name) ? undefined : nearName(name, ours);
    // Where both are set, the other one is somebody else's.
    return meant === undefined || environment[meant] ? [] : [`${name} is no setting of cartpulse; is ${meant} meant?`];
  });
  const { WRITE_KEYS, READ_KEYS, ADMIN_KEYS } = config;
  const keys: string[] = [];
  if (ADMIN_KEYS.length === 0 && WRITE_KEYS.length > 0 && READ_KEYS.length === 0)
    keys.push('WRITE_KEYS alone lets nobody read, the page neither; set READ_KEYS or ADMIN_KEYS');
  if (ADMIN_KEYS.length === 0 && READ_KEYS.length > 0 && WRITE_KEYS.length === 0)
    keys.push('READ_KEYS alone lets nobody send events over HTTP; set WRITE_KEYS or ADMIN_KEYS');
  const weak = (['WRITE_KEYS', 'READ_KEYS', 'ADMIN_KEYS'] as const).flatMap((name) => {
    const plain = (environment[name] ?? '').split(',').map((key) => key.trim());
    const how = plain.filter((key) => key !== '' && !key.startsWith('sha256:')).map(weakness);
    const said = how.find((one) => one !== undefined);
    return said === undefined
      ? []
      : [`a key of ${name} ${said}: it can be guessed; npm start -- keys make makes better ones`];
  });
  return [...misspelt, ...keys, ...weak];
}
