import getPort, { portNumbers } from 'get-port';

/** Linux gives outgoing connections ports from 32768 on. */
const [LOWEST, HIGHEST] = [10_000, 32_000];
const RANGE = 200;

/** One that nobody listens on, and that no outgoing connection takes before somebody does. */
export function freePort(): Promise<number> {
  const from = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - RANGE));
  return getPort({ port: portNumbers(from, from + RANGE) });
}
