import { expect, test } from 'vitest';
import { deliverNotice, type Mail } from '../../src/alerts/deliver.ts';
import type { Notice } from '../../src/alerts/ports.ts';
import type { Rule } from '../../src/alerts/rule.ts';

const rule: Rule = {
  id: 'al_1',
  name: '<!channel> & "few"\nBcc: x@y.example 🛒',
  answer: 'revenue',
  field: 'orders',
  filter: {},
  when: { below: 3 },
  over_minutes: 60,
  for_minutes: 0,
  to: [
    { webhook: 'https://a.example/', secret: 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0' },
    { slack: 'https://hooks.slack.example/x' },
    { email: 'a@b.example' },
  ],
};
const notice: Notice = {
  id: 'n_1',
  alertId: 'al_1',
  name: rule.name,
  turn: 'fired',
  at: '2026-11-20T12:00:00.000Z',
  value: 1.005,
};

test('each way gets its form: signed JSON, Slack’s text that mentions nobody, and a mail of one subject line', async () => {
  const posted: (readonly [url: string, body: string, secret: string | undefined])[] = [];
  const mails: Mail[] = [];
  const parts = {
    store: { rules: async () => [rule] },
    post: async (url: string, _: string, body: string, secret?: string) => {
      posted.push([url, body, secret]);
      return { outcome: 'delivered' } as const;
    },
    mail: async (mail: Mail) => {
      mails.push(mail);
      return { outcome: 'delivered' } as const;
    },
  };
  for (const target of [0, 1, 2]) await deliverNotice(notice, target, parts);
  const [webhook, slack] = posted;
  expect(JSON.parse(webhook?.[1] ?? '')).toEqual({
    type: 'alert.fired',
    timestamp: notice.at,
    data: {
      event_id: 'n_1',
      alert_id: 'al_1',
      name: rule.name,
      value: 1.005,
      answer: 'revenue',
      field: 'orders',
      filter: {},
      when: { below: 3 },
    },
  });
  expect(webhook?.[2]).toMatch(/^whsec_/);
  expect(JSON.parse(slack?.[1] ?? '')).toEqual({
    text: expect.stringMatching(/^:rotating_light: &lt;!channel&gt; &amp; "few"/),
  });
  expect(slack?.[2]).toBeUndefined();
  expect(mails).toEqual([
    {
      to: 'a@b.example',
      subject: expect.stringMatching(/^cartpulse: <!channel> & "few" Bcc: x@y\.example 🛒: orders of revenue is 1/),
      text: expect.stringContaining('over 60 minutes'),
    },
  ]);
});

test('a subject is cut between two characters', async () => {
  const mails: Mail[] = [];
  const parts = {
    store: { rules: async () => [{ ...rule, name: 'x'.repeat(187) + '🛒'.repeat(9) }] },
    post: async () => ({ outcome: 'delivered' }) as const,
    mail: async (mail: Mail) => {
      mails.push(mail);
      return { outcome: 'delivered' } as const;
    },
  };
  await deliverNotice(notice, 2, parts);
  expect(mails[0]?.subject.isWellFormed()).toBe(true);
  expect([...(mails[0]?.subject ?? '')].length).toBe(200);
});
