import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface SmallDisk {
  readonly dir: string;
  /** Takes room away, and gives it back. */
  readonly ballast: { put(megabytes: number): void; remove(): void };
  unmount(): void;
}

/** A disk in memory that is soon full; mounting one needs to be root. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]);
  const ballast = join(dir, 'ballast');
  return {
    dir,
    ballast: {
      put: (size) => writeFileSync(ballast, Buffer.alloc(size * 1_048_576)),
      remove: () => rmSync(ballast),
    },
    unmount() {
      execFileSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true });
    },
  };
}
