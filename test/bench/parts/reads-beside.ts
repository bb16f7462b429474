import { Agent } from 'node:http';
import { freePort } from '../../../docker/free-port.ts';
import { startProcess } from '../../support/system/processes.ts';
import { eventually } from '../../support/system/system.ts';
import { type Backlog, countBacklog } from './backlog.ts';
import { type Figure, quantile, say } from './figures.ts';
import { call } from './http-load.ts';

const PATHS = ['/v1/products/popular', '/v1/funnel', '/v1/engagement', '/v1/abandonment', '/v1/cities', '/v1/revenue'];
const CONNECTIONS = 4;

/** Answers of today while a consumer counts a backlog as fast as it can. */
export async function measureReadsBeside(redisUrl: string, backlog: Backlog): Promise<Figure[]> {
  const durations: number[] = [];
  const { rate } = await countBacklog(redisUrl, backlog, {}, async (environment, isOver) => {
    const port = await freePort();
    const api = startProcess('build/main.js', ['api'], { ...environment, PORT: String(port) });
    await eventually('the API', () => /open http/.test(api.output()));
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const ask = async (first: number): Promise<void> => {
      for (let i = first; !isOver(); i++) {
        const at = performance.now();
        await call(agent, port, { path: PATHS[i % PATHS.length] ?? '' });
        durations.push(performance.now() - at);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => ask(i)));
    agent.destroy();
    await api.kill('SIGTERM');
  });
  say(`reads beside: ${durations.length} answers while ${Math.round(rate)} events/s were counted`);
  return [
    { what: 'reads of today during a backlog, p50', value: quantile(durations, 0.5), unit: 'ms' },
    { what: 'reads of today during a backlog, p99', value: quantile(durations, 0.99), unit: 'ms', atMost: 40 },
  ];
}
