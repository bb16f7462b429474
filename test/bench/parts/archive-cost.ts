import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `bench:fold` says of one run. */
const SAID = /^(\d+) events\/s; CPU an event: Node ([\d.]+) µs/;

interface Pace {
  readonly perSecond: number;
  readonly nodeUs: number;
}

/** What archiving takes from counting: a process that counts into Redis, in turns with and without the archive. */
export async function measureCost(events: number, pairs: number, tell: (line: string) => void): Promise<void> {
  const paces: Readonly<Record<'with' | 'without', Pace[]>> = { with: [], without: [] };
  for (let pair = 0; pair < pairs; pair++)
    for (const kind of ['without', 'with'] as const) {
      const env = { ...process.env, BENCH_EVENTS: String(events), BENCH_ARCHIVE: kind === 'with' ? '1' : '0' };
      const { stdout } = await run(process.execPath, ['--import', 'tsx', 'test/bench/profile-fold.ts'], { env });
      const [, perSecond, nodeUs] = SAID.exec(stdout) ?? [];
      if (perSecond === undefined) throw new Error(`bench:fold said ${stdout}`);
      paces[kind].push({ perSecond: Number(perSecond), nodeUs: Number(nodeUs) });
      tell(`  ${kind} the archive: ${stdout.trim().replaceAll('\n', '; ')}`);
    }
  const best = (kind: 'with' | 'without', of: (pace: Pace) => number, pick: (...all: number[]) => number): number =>
    pick(...paces[kind].map(of));
  const perSecond = (kind: 'with' | 'without'): number => best(kind, (pace) => pace.perSecond, Math.max);
  const nodeUs = (kind: 'with' | 'without'): number => best(kind, (pace) => pace.nodeUs, Math.min);
  const loss = 100 * (1 - perSecond('with') / perSecond('without'));
  tell(
    `  best of ${pairs}: ${perSecond('without')} and ${perSecond('with')} events/s, ${loss.toFixed(1)} % less; ${(nodeUs('with') - nodeUs('without')).toFixed(1)} µs of Node's CPU an event`,
  );
}
