import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { HttpProblem } from '../../../src/http/problems.ts';
import { HookBodies } from '../../../src/http/sending/hook-bodies.ts';

function reader() {
  const bodies = new HookBodies(1_000);
  const app = new Hono();
  app.post('/', async (context) => context.text(String((await bodies.read(context)).length)));
  app.onError((error, context) => context.text(error instanceof HttpProblem ? error.problem.code : 'other', 500));
  return async (body: string | ReadableStream, bytes: number): Promise<string> => {
    const headers = { 'Content-Length': String(bytes) };
    const request = new Request('http://hooks/', { method: 'POST', headers, body, duplex: 'half' });
    return (await app.request(request)).text();
  };
}

test('a hook may be larger than other requests, up to 8 MiB', async () => {
  const read = reader();
  expect(await read('x'.repeat(2_000), 2_000)).toBe('2000');
  expect(await read('x', 8 * 1_048_576 + 1)).toBe('too-large');
  expect(await read('x'.repeat(2_000), 10)).toBe('too-large');
});

test('of large ones few are read at once, so that strangers fill no memory; small ones never wait for them', async () => {
  const read = reader();
  const ends: (() => void)[] = [];
  const slow = () => new ReadableStream({ start: (body) => void ends.push(() => body.close()) });
  const waiting = Array.from({ length: 4 }, () => read(slow(), 2_000));
  expect(await read('x'.repeat(2_000), 2_000)).toBe('busy');
  expect(await read('x', 1)).toBe('1');
  for (const end of ends) end();
  await Promise.all(waiting);
  expect(await read('x'.repeat(2_000), 2_000)).toBe('2000');
});
