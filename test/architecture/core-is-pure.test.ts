import { describe, expect, test } from 'vitest';
import { type Source, sourcesIn, withoutComments } from './sources.ts';

const CORE = ['time', 'events', 'metrics', 'analytics', 'fold', 'connectors'].map((room) => `src/${room}`);

/**
 * Packages that compute and do nothing else. zod comes from
 * zod-openapi where a schema is shown in the OpenAPI document.
 */
const PURE_PACKAGES = new Set([
  '@hono/zod-openapi',
  'big.js',
  'currency-codes',
  'temporal-polyfill',
  'tinyqueue',
  'zod',
]);

/** What a file may read of the world outside its arguments, and how that looks in its text. */
const IMPURE: ReadonlyMap<string, RegExp> = new Map([
  [
    'the clock',
    /\bDate\b(?!\.(?:parse|UTC)\()(?<!new Date)|new Date(?:\(\s*\)|(?!\())|\bperformance\s*[.[]|\bTemporal\.Now\b/,
  ],
  ['chance', /\bMath\.random\b|=\s*Math\b(?!\.)|\bcrypto\s*[.[]|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b/],
  ['a timer', /\bset(?:Timeout|Interval|Immediate)\b/],
  ['the process', /\bprocess\s*[.[]|\bglobalThis\b|\bglobal\s*[.[]|\bnavigator\b/],
  ['the network or the terminal', /\bfetch\s*\(|\bconsole\s*[.[]|\bWebSocket\b|\bEventSource\b/],
  ['code that is loaded later', /\bimport\s*\(|\brequire\s*\(/],
]);

/** Why a file is not pure; nothing where it is. */
function impurities({ text }: Pick<Source, 'text'>): string[] {
  const code = withoutComments(text);
  const reads = [...IMPURE].filter(([, pattern]) => pattern.test(code)).map(([what]) => what);
  const imports = [...code.matchAll(/from\s+'([^']+)'/g)].map((match) => match[1] ?? '');
  const foreign = imports.filter((name) => !name.startsWith('.') && !PURE_PACKAGES.has(name) && !isHash(name, code));
  return [...reads, ...foreign.map((name) => `imports ${name}`)];
}

/** Of Node the core knows hashes, which compute as well. */
const isHash = (name: string, code: string): boolean =>
  name === 'node:crypto' && /import \{ hash \} from 'node:crypto'/.test(code);

describe('the core knows no clock, no chance, no environment, and no I/O', () => {
  test.each(CORE)('%s', (room) => {
    const sources = sourcesIn(room);
    expect(sources.length).toBeGreaterThan(1);
    const found = sources.map((source) => [source.path, impurities(source)]).filter(([, why]) => why?.length !== 0);
    expect(found).toEqual([]);
  });

  test.each([
    'const now = Date.now();',
    'const { now } = Date;',
    'const at = new Date();',
    'const at = new Date;',
    'const took = performance.now();',
    'const today = Temporal.Now.instant();',
    'const dice = Math.random();',
    'const { random } = Math;',
    "import { randomUUID } from 'node:crypto';",
    'const id = crypto.randomUUID();',
    'setTimeout(check, 10);',
    'const timer = setInterval(check, 10);',
    "const home = process.env['HOME'];",
    'globalThis.cache = {};',
    "const answer = await fetch('/v1/live');",
    "console.log('here');",
    "const { Redis } = await import('ioredis');",
    "import { Redis } from 'ioredis';",
    "import { readFileSync } from 'node:fs';",
    "import { setTimeout as sleep } from 'node:timers/promises';",
  ])('control: %s is found out', (text) => {
    expect(impurities({ text })).not.toEqual([]);
  });

  test.each([
    'const at = new Date(ms).toISOString(); const ms = Date.parse(text);',
    "import { hash } from 'node:crypto';",
    '/** No Date.now() here, and no process.env. */ // nor setTimeout',
    "export const productPerformance = 'product-performance';",
  ])('control: %s is not', (text) => {
    expect(impurities({ text })).toEqual([]);
  });
});
