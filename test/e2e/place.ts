import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../docker/free-port.ts';
import { startProcess, type TestProcess } from '../support/system/processes.ts';
import { eventually, type Json } from '../support/system/system.ts';

/** As the README's command does, without a word about what is simulated. */
export const FIRST_LOOK = { SIMULATE: '' };
export const SIMULATED = { SIMULATE: '50' };

/** A directory of its own, and what is started in it. */
export class Place {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-start-'));
  readonly port: number;
  private readonly started: TestProcess[] = [];

  private constructor(port: number) {
    this.port = port;
  }

  static async find(): Promise<Place> {
    return new Place(await freePort());
  }

  /** Nothing is simulated unless asked for: a first look's thirty days take a core for a while. */
  readonly start = (args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): TestProcess => {
    const settings = { DATA_DIR: this.dataDir, PORT: String(this.port), SIMULATE: '0', ...environment };
    const one = startProcess('build/main.js', args, settings);
    this.started.push(one);
    return one;
  };

  readonly get = async (path: string): Promise<Json> => {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`);
    const body: Json = await response.json();
    return body.data;
  };

  get redisPid(): number {
    return Number(/"redisPid":(\d+)/.exec(readFileSync(join(this.dataDir, 'lock.json'), 'utf8'))?.[1]);
  }

  readonly redisIsGone = (): boolean => !existsSync(join(this.dataDir, 'lock.json'));

  async leave(): Promise<void> {
    await Promise.all(this.started.map((one) => one.kill('SIGTERM')));
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

export const ready = (one: TestProcess): Promise<void> =>
  eventually('the line that says what runs where', () => one.output().includes('cartpulse: '));
