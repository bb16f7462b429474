import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { MemoryLimit } from '../adapters/redis/server/memory-limit.ts';
import { MAX_RULES, ruleInput } from '../alerts/rule.ts';
import { MAX_STAGES } from '../analytics/funnel/funnel.ts';
import type { SettingsKeys } from '../keys/key.ts';
import { BUILT_IN_NAMES, type Dimension, dimensionOf } from '../metrics/dimension.ts';
import { endpointInput } from '../webhooks/endpoint.ts';
import { targetProblem } from '../webhooks/targets.ts';

// What values of settings look like, and what is made of them.

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const MS_OF: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
  ['d', DAY_MS],
]);

/** `30m`, `15s`, `30d`, in milliseconds. */
export const durationMs = z
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
export const memoryLimit = z
  .string()
  .regex(/^([1-9]\d?%|[1-9]\d*(kb|mb|gb))$/i, 'must be a share such as 60%, or a size such as 512mb or 4gb')
  .transform((text): MemoryLimit => {
    const number = Number.parseInt(text, 10);
    if (text.endsWith('%')) return { share: number / 100 };
    return { bytes: number * (BYTES_OF.get(text.slice(-2).toLowerCase()) ?? 1) };
  });

export const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(message).refine((n) => Number.isInteger(n) && n >= min && n <= max, message);
};

export const commaSeparated = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().min(1, 'must not be empty')));

/** What stands in a file, as text. */
const pemFile = (what: string, head: RegExp) =>
  z.string().transform((path, context): string => {
    try {
      const text = readFileSync(path, 'utf8');
      if (head.test(text)) return text;
      context.addIssue({ code: 'custom', message: `${path} holds no ${what} (PEM)` });
    } catch (error) {
      context.addIssue({ code: 'custom', message: `cannot be read: ${error instanceof Error ? error.message : path}` });
    }
    return z.NEVER;
  });

export const certificateFile = pemFile('certificate', /-----BEGIN CERTIFICATE-----/);
export const privateKeyFile = pemFile('private key', /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/);

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** A URL that cannot be parsed would show its password in an error of somebody else's. */
export const redisUrls = z
  .string()
  .refine(
    (text) => text.split(',').every((part) => /^rediss?:$/.test(URL.parse(part.trim())?.protocol ?? '')),
    'must be redis:// or rediss:// URLs, comma-separated for a cluster; signs such as / # , in a password are written as %2F %23 %2C',
  );

/** API keys are kept as digests alone, so that no memory dump or log shows one. */
export const keyDigests = commaSeparated.pipe(
  z.array(
    z
      .string()
      .transform((key) =>
        /^sha256:[0-9a-f]{64}$/.test(key) ? key.slice(7) : createHash('sha256').update(key).digest('hex'),
      ),
  ),
);

/** `pk_…@https://shop.example`; a key of several origins stands there with each. */
export const publicKeys = commaSeparated.pipe(
  z
    .array(
      z
        .string()
        .regex(
          /^pk_[A-Za-z0-9_-]+@(null|https?:\/\/[^/@\s]+)$/,
          'must be keys with their origins without a path, such as pk_shop@https://shop.example',
        )
        .transform((text) => {
          const [key = '', origin = ''] = text.split('@');
          return { key, origin: origin.toLowerCase() };
        }),
    )
    .transform((given): SettingsKeys['publishable'] =>
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
export const funnels = json('{"name": ["stage", …], …}')
  .pipe(z.record(z.string().regex(/^[a-z0-9_-]{1,64}$/), z.array(stage).min(1).max(MAX_STAGES)))
  .refine((named) => !('shop' in named) && !('quick' in named), 'shop and quick are built in');

/** As many as a session's record tells apart; each costs memory for every value. */
const MOST_DIMENSIONS = 20;
const OWN_DIMENSION = /^[a-z][a-z0-9_]{0,31}:[A-Za-z0-9_.-]{1,128}$/;
/** Parameters that every question has already. */
const TAKEN: ReadonlySet<string> = new Set(
  'from to limit cursor currency interval compare breakdown rank_by by sort order mode funnel status'.split(' '),
);

/** `channel`, or `plan:params.plan` for a value that events carry there. The city is always one, and the first. */
export const dimensions = commaSeparated.transform((names, context): Dimension[] => {
  const wrong = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const all = [...new Set(['city', ...names])];
  if (all.length > MOST_DIMENSIONS) return wrong(`must be at most ${MOST_DIMENSIONS}`);
  const found: Dimension[] = [];
  for (const name of all) {
    const dimension = name.includes(':') && !OWN_DIMENSION.test(name) ? undefined : dimensionOf(name);
    if (dimension === undefined || TAKEN.has(dimension.name))
      return wrong(`${name} is none of ${BUILT_IN_NAMES.join(', ')}, nor an own one such as plan:params.plan`);
    if (found.some((one) => one.name === dimension.name)) return wrong(`${dimension.name} is named twice`);
    found.push(dimension);
  }
  return found;
});

export const webhooks = json('[{"url": …, "secret": "whsec_…"}, …]').pipe(
  z.array(endpointInput.required({ secret: true })),
);

export const klaviyoUrl = z.string().superRefine((text, context) => {
  const message = targetProblem(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

export const alerts = json('[{"name": …, "answer": "revenue", "field": "orders", "when": …, "to": […]}, …]').pipe(
  z.array(ruleInput).max(MAX_RULES, `must be at most ${MAX_RULES} rules`),
);

/** A server for mail; like those of Redis, what cannot be parsed is not shown. */
export const smtpUrl = z
  .string()
  .refine(
    (text) => /^smtps?:$/.test(URL.parse(text)?.protocol ?? ''),
    'must be an URL such as smtp://user:password@mail.example:587',
  );
