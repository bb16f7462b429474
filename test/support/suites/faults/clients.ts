import { setTimeout as sleep } from 'node:timers/promises';
import type { OracleEvent } from '../../oracle/events.ts';
import type { TcpProxy } from '../../servers/tcp-proxy.ts';
import { startProcess, type TestProcess } from '../../system/processes.ts';
import { sendAll } from '../../system/sending.ts';
import type { Standing } from './standing.ts';

const CHUNK = 500;
const TRICKLE_MS = 1_500;

/**
 * Clients that send through an API which is killed under their hands;
 * they go on only as far as consumers have met their ends.
 */
export class Clients {
  private readonly standing: Standing;
  private readonly proxy: TcpProxy;
  /** Events that were sent more than once, since there was no answer. */
  resent = 0;
  apiKills = 0;

  constructor(standing: Standing, proxy: TcpProxy) {
    this.standing = standing;
    this.proxy = proxy;
  }

  /** @param onChunk is told after each chunk */
  async send(events: readonly OracleEvent[], onChunk: () => void): Promise<void> {
    let api = this.launch();
    await this.standing.until(() => api.output().includes('cartpulse:'), 'the API to start');
    const chunks = Math.ceil(events.length / CHUNK);
    for (let chunk = 0; chunk < chunks; chunk++) {
      await this.untilCounted(events.length);
      const some = events.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
      const sending = sendAll({ post: (body) => this.post(body) }, some, CHUNK);
      const { apiKills } = this.standing.faultRun;
      if (this.apiKills < apiKills && chunk > ((this.apiKills + 1) / (apiKills + 1)) * chunks) {
        await this.killAtReply(api);
        api = this.launch();
      }
      this.resent += (await sending).resent;
      this.standing.sent += some.length;
      // A shop that posts all the time; consumers have something to count whenever they come.
      await sleep(2);
      onChunk();
    }
    await api.kill('SIGKILL');
  }

  /** Who is to die at work needs work: where nobody dies for a while, a little more is sent. */
  private async untilCounted(events: number): Promise<void> {
    const { standing } = this;
    const waitsFromMs = Date.now();
    await standing.until(
      () =>
        standing.sent <= ((standing.ends + 1.5) / (standing.faultCount + 1)) * events ||
        Date.now() - waitsFromMs > TRICKLE_MS,
      'consumers to count',
    );
  }

  private launch(): TestProcess {
    return startProcess('build/main.js', ['api'], { ...this.standing.environment, PORT: String(this.proxy.target) });
  }

  private post(some: unknown): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.proxy.port}/v1/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(some),
      signal: AbortSignal.timeout(60_000),
    }).catch(() => Response.json({}, { status: 503 }));
  }

  /** The log has the events, and the client has no answer: it will send them again. */
  private async killAtReply(api: TestProcess): Promise<void> {
    const { proxy } = this;
    proxy.onReply = () => {
      api.child.kill('SIGKILL');
      return 'cut';
    };
    await api.ended;
    proxy.onReply = () => 'pass';
    this.apiKills += 1;
  }
}
