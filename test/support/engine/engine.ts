import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { KAFKA_LIBS } from '../../../docker/kafka/kafka-server.ts';
import { eventually } from '../system/system.ts';

const execute = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');
const TOOLS = join(ROOT, '.cache/engine');
const STAND_INS = join(import.meta.dirname, 'make-stand-ins.sh');
const PULL_TIMEOUT_MS = 60_000;

export interface Ran {
  readonly code: number;
  /** Both of its streams. */
  readonly output: string;
}

/** A stand-in has the name of what it stands for, and cannot have its digest. */
export const withoutDigest = (text: string): string => text.replace(/@sha256:[0-9a-f]{64}/g, '');

/** A Docker engine of the test's own, with files of its own. */
export class Engine {
  private readonly dir = mkdtempSync(join(tmpdir(), 'cartpulse-engine-'));
  private daemon: ChildProcess | undefined;

  async start(): Promise<void> {
    const of = (name: string): string => join(this.dir, name);
    // Kafka closes its files within a minute.
    const files = [
      '--shutdown-timeout',
      '60',
      '--data-root',
      of('data'),
      '--exec-root',
      of('exec'),
      '--pidfile',
      of('pid'),
    ];
    const log = openSync(of('log'), 'a');
    this.daemon = spawn('dockerd', [...files, '-H', `unix://${of('socket')}`], { stdio: ['ignore', log, log] });
    await eventually('the Docker engine', async () => (await this.run('docker', ['info'])).code === 0).catch(() => {
      throw new Error(`the Docker engine does not start:\n${readFileSync(of('log'), 'utf8').slice(-2_000)}`);
    });
  }

  /** Ends it in order; its containers end with it. */
  async stop(): Promise<void> {
    if (this.daemon === undefined) return;
    const ended = once(this.daemon, 'exit');
    this.daemon.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /**
   * Base images: those of the registry, or stand-ins where it is not reached.
   * @param needed Node's, Redis's, Kafka's and Prometheus's
   * @param more those for which there are no stand-ins
   * @returns whether they are stand-ins
   */
  async provideImages(needed: readonly string[], more: readonly string[]): Promise<boolean> {
    const pulls = await Promise.all(
      [...needed, ...more].map((image) => this.run('docker', ['pull', '-q', image], { timeoutMs: PULL_TIMEOUT_MS })),
    );
    if (pulls.every(({ code }) => code === 0)) return false;
    const names = needed.map(withoutDigest);
    const made = await this.run('sh', [STAND_INS, join(TOOLS, 'stand-ins'), KAFKA_LIBS, ...names]);
    if (made.code !== 0) throw new Error(`stand-ins for base images cannot be made:\n${made.output}`);
    return true;
  }

  /** `docker …` as JSON. */
  async docker(...args: string[]): Promise<string> {
    const { code, output } = await this.run('docker', args);
    if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${output}`);
    return output.trim();
  }

  async run(command: string, args: readonly string[], { cwd = ROOT, timeoutMs = 600_000 } = {}): Promise<Ran> {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DOCKER_HOST: `unix://${join(this.dir, 'socket')}`,
      ...(existsSync(join(TOOLS, 'cli-plugins')) && { DOCKER_CONFIG: TOOLS }),
    };
    try {
      const { stdout, stderr } = await execute(command, args, {
        cwd,
        env,
        timeout: timeoutMs,
        maxBuffer: 64 * 1_048_576,
      });
      return { code: 0, output: `${stdout}${stderr}` };
    } catch (error) {
      if (!(error instanceof Error && 'stdout' in error && 'stderr' in error && 'code' in error)) throw error;
      return { code: Number(error.code) || 1, output: `${error.stdout}${error.stderr}` };
    }
  }
}
