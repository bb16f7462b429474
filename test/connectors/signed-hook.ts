import { createHmac } from 'node:crypto';
import { send } from '../support/system/http.ts';

export const SECRET = 'hook-secret';
const HEADERS = {
  shopify: { signature: 'X-Shopify-Hmac-Sha256', topic: 'X-Shopify-Topic' },
  woocommerce: { signature: 'X-WC-Webhook-Signature', topic: 'X-WC-Webhook-Topic' },
  medusa: { signature: 'X-Cartpulse-Hmac-Sha256', topic: 'X-Unused' },
};
export type Way = keyof typeof HEADERS;

/** A hook as its shop sends it. */
export function signed(way: Way, topic: string, body: object, secret = SECRET): RequestInit {
  const text = JSON.stringify(way === 'medusa' ? { event: topic, data: body } : body);
  const signature = createHmac('sha256', secret).update(text).digest('base64');
  const length = { 'Content-Length': String(Buffer.byteLength(text)) };
  return send(text, { ...length, [HEADERS[way].signature]: signature, [HEADERS[way].topic]: topic });
}
