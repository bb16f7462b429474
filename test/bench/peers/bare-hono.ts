import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Redis } from 'ioredis';

/** What an answer costs at the least: Hono, one read of Redis, JSON. */
const redis = new Redis(process.env['REDIS_URL'] ?? '');
await redis.hset('bare', { views: '1', carts: '2', orders: '3' });
const app = new Hono();
app.get('/', async (context) => context.json({ data: await redis.hgetall('bare') }));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) }, () =>
  process.stdout.write('listening\n'),
);
