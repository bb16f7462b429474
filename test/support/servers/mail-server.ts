import { createServer, type Server, type Socket } from 'node:net';

/** Takes mail by SMTP as a server does, and keeps what came. */
export class MailServer {
  readonly received: string[] = [];
  private readonly server: Server = createServer((socket) => this.talk(socket));

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const address = this.server.address();
    return `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  close(): void {
    this.server.close();
  }

  private talk(socket: Socket): void {
    let [buffer, isData] = ['', false];
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 mail.example');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      buffer += chunk.toString();
      for (;;) {
        const end = buffer.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end === -1) return;
        const part = buffer.slice(0, end);
        buffer = buffer.slice(end + (isData ? 5 : 2));
        if (isData) {
          this.received.push(part);
          isData = false;
          say('250 taken');
        } else if (part === 'DATA') {
          isData = true;
          say('354 go on');
        } else if (part === 'QUIT') {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  }
}
