import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A promise holds the answer back until it is kept. */
type Answer = number | 'hang' | 'reset' | Promise<number>;

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A real receiver that answers as it is told, and keeps what it got. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  answers: Answer[] = [];
  private readonly server: Server = createServer((request, response) => void this.take(request, response));

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  private async take(request: IncomingMessage, response: import('node:http').ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.received.push({ headers: request.headers as Record<string, string>, body });
    const answer = await (this.answers.length > 1 ? this.answers.shift() : this.answers[0]);
    if (answer === 'reset') request.socket.destroy();
    else if (answer !== 'hang')
      response.writeHead(answer ?? 200, answer === 302 ? { Location: '/elsewhere' } : {}).end();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
