import { Agent, request } from 'node:http';

interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Call {
  readonly path: string;
  readonly body?: string;
}

/** Keeps so many requests on their way for a while; every answer must be a good one. */
export async function load(port: number, connections: number, seconds: number, next: () => Call): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const durations: number[] = [];
  const until = performance.now() + seconds * 1_000;
  const begun = performance.now();
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      const at = performance.now();
      await call(agent, port, next());
      durations.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const perSecond = (durations.length / (performance.now() - begun)) * 1_000;
  agent.destroy();
  durations.sort((a, b) => a - b);
  const at = (share: number): number => durations[Math.floor(share * (durations.length - 1))] ?? Number.NaN;
  return { perSecond, p50Ms: at(0.5), p99Ms: at(0.99) };
}

export function call(agent: Agent, port: number, { path, body }: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const method = body === undefined ? 'GET' : 'POST';
    const asked = request({ agent, host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode === 200 || statusCode === 202) resolve();
        else reject(new Error(`${path}: ${statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
