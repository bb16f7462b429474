import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { isSecret, newSecret, signedHeaders } from '../../src/webhooks/signature.ts';

describe('deliveries are signed as Standard Webhooks', () => {
  test('with the signature of the test vector that its own libraries share', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const headers = signedHeaders(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}');
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('so that a receiver that checks with the library gets the body, and nobody else’s', () => {
    const secret = newSecret();
    const body = JSON.stringify({ type: 'cart.abandoned', data: { city: 'São Paulo', name: '鞄 🎒' } });
    const headers = signedHeaders(secret, 'e1', Date.now() + 999, body);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(body.replace('鞄', '靴'), headers)).toThrow('No matching signature');
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature');
  });

  test.each([
    ['padded', `whsec_${Buffer.alloc(25, 0xfb).toString('base64')}`],
    ['without its padding', `whsec_${Buffer.alloc(25, 0xfb).toString('base64').replace(/=+$/, '')}`],
    ['in the alphabet of URLs', `whsec_${Buffer.alloc(25, 0xfb).toString('base64url')}`],
  ])('a secret %s is the same key', (_, secret) => {
    const signature = createHmac('sha256', Buffer.alloc(25, 0xfb)).update('e1.1.{}').digest('base64');
    expect(isSecret(secret)).toBe(true);
    expect(signedHeaders(secret, 'e1', 1_999, '{}')['webhook-signature']).toBe(`v1,${signature}`);
  });
});

test.each([
  [newSecret(), true],
  [`whsec_${Buffer.alloc(64).toString('base64')}`, true],
  [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
  [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
  [`secret_${Buffer.alloc(24).toString('base64')}`, false],
  ['short', false],
])('a secret is whsec_ and 24 to 64 bytes in base64: %s', (text, taken) => {
  expect(isSecret(text)).toBe(taken);
});
