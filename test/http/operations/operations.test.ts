import { describe, expect, test } from 'vitest';
import { Measures } from '../../../src/http/operations/measures.ts';
import { processMetricsRoute } from '../../../src/http/operations/metrics.ts';
import { createOperations } from '../../../src/http/operations/operations.ts';
import type { Logger } from '../../../src/runtime/logger.ts';

const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const PATHS = ['/metrics', '/health/ready', '/health/live'];

const portOf = (isLoopback: boolean, logger = quiet) =>
  createOperations({ checks: [], metrics: processMetricsRoute([], new Measures()), isLoopback, logger });

describe('METRICS_PORT on loopback', () => {
  const port = portOf(true);
  const statusOf = async (path: string, headers: Record<string, string>) =>
    (await port.request(path, { headers })).status;

  test.each(['rebound.example', '127.0.0.1.rebound.example:9464', '10.0.0.1'])(
    'tells nothing under the name %s, which a page could have bound to this machine',
    async (Host) => {
      for (const path of PATHS) expect([path, await statusOf(path, { Host })]).toEqual([path, 403]);
    },
  );

  test.each(['127.0.0.1:9464', 'localhost', '[::1]:9464'])('answers as %s', async (Host) => {
    for (const path of PATHS) expect([path, await statusOf(path, { Host })]).toEqual([path, 200]);
  });

  test('tells no page of another origin anything', async () => {
    for (const path of PATHS) {
      expect([path, await statusOf(path, { Origin: 'https://evil.example' })]).toEqual([path, 403]);
      expect([path, await statusOf(path, { 'Sec-Fetch-Site': 'cross-site' })]).toEqual([path, 403]);
    }
  });
});

test('METRICS_PORT in a private network answers by whatever name it is called', async () => {
  const response = await portOf(false).request('/metrics', { headers: { Host: 'api:9464' } });
  expect(response.status).toBe(200);
});

test('every answer of METRICS_PORT has its id and is taken for no other kind; refusals and failures are problems', async () => {
  const lines: string[] = [];
  const error = (_: object, line: string): void => void lines.push(line);
  const port = portOf(true, { ...quiet, error });
  port.get('/failing', () => {
    throw new Error('secret of a server');
  });
  const asked: [string, number, Record<string, string>][] = [
    ['/metrics', 200, {}],
    ['/nothing', 404, {}],
    ['/metrics', 403, { Host: 'rebound.example' }],
    ['/failing', 500, {}],
  ];
  for (const [path, status, headers] of asked) {
    const response = await port.request(path, { headers });
    expect([path, response.status]).toEqual([path, status]);
    const told = response.headers;
    expect([path, told.get('X-Content-Type-Options'), told.get('Cache-Control')]).toEqual([
      path,
      'nosniff',
      'no-store',
    ]);
    expect([path, told.has('X-Request-Id')]).toEqual([path, true]);
    if (status !== 200) expect([path, told.get('Content-Type')]).toEqual([path, 'application/problem+json']);
    expect(await response.text()).not.toContain('secret of a server');
  }
  expect(lines).toEqual(['a request failed']);
});
