import { expect, test } from 'vitest';
import { runKeysCommand } from '../../src/app/keys/manage-keys.ts';
import { digestOf } from '../../src/keys/key.ts';
import { KeyKeeper } from '../../src/keys/key-keeper.ts';
import { keyInput } from '../../src/keys/new-key.ts';
import { keyRing } from '../http/app-parts.ts';

const nothing = async (): Promise<void> => undefined;
const store = {
  load: async () => ({ keys: [], isClosed: false, version: '0' }),
  put: nothing,
  remove: async () => false,
  countRequests: async () => new Map<string, number>(),
};

function system(ring = keyRing({})) {
  const keeper = new KeyKeeper({ store, hasSettingsKeys: false, publicRate: 1, now: () => 0 });
  const audit = { write: nothing, read: async () => [] };
  return { keys: () => ring, keeper: () => keeper, audit: () => audit };
}

test('where there are no keys, the list says what that means and how the first is made', async () => {
  const list = { command: 'list' } as const;
  expect(await runKeysCommand(list, system())).toEqual([
    'there are no keys: who reaches the API from this machine may do everything; `npm start -- keys make NAME --scopes admin` makes the first',
  ]);
  const closed = keyRing({});
  closed.take({ keys: [], isClosed: true, version: '1' });
  expect(await runKeysCommand(list, system(closed))).toEqual([
    expect.stringMatching(/^there are no keys any more, and nobody is let in; /),
  ]);
  expect(await runKeysCommand(list, system(keyRing({ read: [digestOf('one')] })))).toHaveLength(1);
});

test('what a key cannot be is told by the option that says it', async () => {
  const make = (input: object) => runKeysCommand({ command: 'make', input: keyInput.parse(input) }, system());
  await expect(make({ name: 'office', scopes: ['read'] })).rejects.toThrow(
    /^--scopes must have admin in the first key/,
  );
  await expect(make({ name: 'old', scopes: ['admin'], expires_at: '1970-01-01T00:00:00Z' })).rejects.toThrow(
    '--expires is over already',
  );
});
