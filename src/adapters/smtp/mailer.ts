import { createTransport } from 'nodemailer';
import type { Mail, SendResult } from '../../alerts/deliver.ts';

const TIMEOUT_MS = 10_000;

/** Sends by an SMTP server; `smtps://`, or STARTTLS where the server offers it. */
export class SmtpMailer {
  private readonly from: string;
  private readonly transport: ReturnType<typeof createTransport>;

  constructor(url: string, from: string) {
    this.from = from;
    // Of settings of the server's nothing is read but what the URL says: no files, no addresses to fetch from.
    const bounds = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
    this.transport = createTransport({ url, ...bounds, disableFileAccess: true, disableUrlAccess: true });
  }

  async send({ to, subject, text }: Mail): Promise<SendResult> {
    try {
      // So that nobody's absence notice answers it.
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await this.transport.sendMail({ from: this.from, to, subject, text, headers });
      return { outcome: 'delivered' };
    } catch (error) {
      return { outcome: 'failed', reason: reasonOf(error) };
    }
  }
}

/** What servers answer may repeat a user's name or a part of a password. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  const said = error instanceof Error && 'responseCode' in error ? ` (${String(error.responseCode)})` : '';
  return `the mail server did not take it: ${code}${said}`;
}
