import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { BUILT_PROCESSES } from '../system/processes.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SCRIPTS = 'src/adapters/redis/scripts';

/** Tests start processes of what was built, as `npm start` does: no test may meet the build of yesterday's sources. */
export function setup(): void {
  execFileSync(process.execPath, [join(ROOT, 'docker/build-server.mjs')], { stdio: 'inherit' });
  buildProcesses();
}

/** Processes of the tests' own are started by the dozen, and start in half the time when they are built. */
function buildProcesses(): void {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const project = join(import.meta.dirname, 'tsconfig.processes.json');
  execFileSync(process.execPath, [tsc, '--noCheck', '-p', project], { stdio: 'inherit' });
  cpSync(join(ROOT, SCRIPTS), join(BUILT_PROCESSES, SCRIPTS), { recursive: true });
}
