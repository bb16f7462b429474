import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Tests start processes of what was built, as `npm start` does: no test may meet the build of yesterday's sources. */
export function setup(): void {
  const script = resolve(import.meta.dirname, '../../../docker/build-server.mjs');
  execFileSync(process.execPath, [script], { stdio: 'inherit' });
}
