import { Presets, SingleBar } from 'cli-progress';

/** Between two lines where no terminal is watching. */
const EVERY_MS = 2_000;

export interface Progress {
  update(done: number, of: number): void;
  stop(): void;
}

/** A bar in a terminal; elsewhere, in logs and files, a line now and then. */
export function startProgress(unit: string): Progress {
  return process.stdout.isTTY ? startBar(unit) : startLines(unit);
}

function startBar(unit: string): Progress {
  const format = `{bar} {percentage}% | {value} of {total} ${unit} | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream: process.stdout }, Presets.shades_classic);
  bar.start(0, 0);
  return {
    update(done, of) {
      bar.setTotal(of);
      bar.update(Math.min(done, of));
    },
    stop: () => bar.stop(),
  };
}

function startLines(unit: string): Progress {
  let saidMs = Date.now();
  let said = '';
  return {
    update(done, of) {
      const isOver = done >= of;
      if (!isOver && Date.now() - saidMs < EVERY_MS) return;
      const line = `  ${done} of ${of} ${unit}\n`;
      if (line !== said) process.stdout.write(line);
      [said, saidMs] = [line, Date.now()];
    },
    stop: () => undefined,
  };
}
