import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** A secret as Standard Webhooks writes it. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(24).toString('base64')}`;
}

export function isSecret(text: string): boolean {
  const key = Buffer.from(text.slice(PREFIX.length), 'base64');
  return text.startsWith(PREFIX) && key.byteLength >= 24 && key.byteLength <= 64;
}

/** Headers by which a receiver knows who sent it, what it is, and that nobody changed it (standardwebhooks.com). */
export function signedHeaders(secret: string, id: string, atMs: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
