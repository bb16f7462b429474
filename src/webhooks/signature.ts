import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

const PREFIX = 'whsec_';

/** A secret as Standard Webhooks writes it. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(24).toString('base64')}`;
}

export function isSecret(text: string): boolean {
  const { byteLength } = keyOf(text);
  return text.startsWith(PREFIX) && byteLength >= 24 && byteLength <= 64;
}

/** Headers by which a receiver knows who sent it, what it is, and that nobody changed it (standardwebhooks.com). */
export function signedHeaders(secret: string, id: string, sentAtMs: number, body: string): Record<string, string> {
  const signer = new Webhook(keyOf(secret), { format: 'raw' });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAtMs / 1_000)),
    'webhook-signature': signer.sign(id, new Date(sentAtMs), body),
  };
}

/** Decoded here: the library refuses secrets without padding or in the alphabet of URLs, which endpoints may have. */
function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}
