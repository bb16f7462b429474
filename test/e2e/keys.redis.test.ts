import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually } from '../support/system/system.ts';

test('`npm start -- keys` makes, lists, rotates and revokes keys of a cartpulse that runs', async () => {
  const [dataDir, port] = [mkdtempSync(join(tmpdir(), 'cartpulse-keys-')), await freePort()];
  const environment = { DATA_DIR: dataDir, PORT: String(port), SIMULATE: '0' };
  const server = startProcess('build/main.js', [], environment);
  const keys = async (...args: string[]): Promise<string> => {
    const one = startProcess('build/main.js', ['keys', ...args], environment);
    expect(await one.ended).toBe(0);
    return one.output();
  };
  const asked = async (key: string): Promise<number> => {
    const headers = { Authorization: `Bearer ${key}` };
    return (await fetch(`http://127.0.0.1:${port}/v1/engagement`, { headers })).status;
  };
  try {
    await eventually('it listens', () => server.output().includes('open http'));
    const [, admin = ''] = /\n(sk_\S+)/.exec(await keys('make', 'boss', '--scopes', 'admin')) ?? [];
    await eventually('the API to be closed', async () => (await asked('')) === 401);
    expect(await asked(admin)).toBe(200);
    const made = await keys('make', 'office', '--scopes', 'read');
    const [, id = '', office = ''] = /(key_\S+)[\s\S]*\n(sk_\S+)/.exec(made) ?? [];
    await eventually('the key to be known', async () => (await asked(office)) === 200);
    expect(await keys('list')).toMatch(/boss +admin[\s\S]*office +read/);
    const [, next = ''] = /\n(sk_\S+)/.exec(await keys('rotate', id, '--keep', '0')) ?? [];
    await eventually('the key to be another', async () => (await asked(office)) === 401);
    expect(await asked(next)).toBe(200);
    await keys('revoke', id);
    await eventually('the key to be revoked', async () => (await asked(next)) === 401);
  } finally {
    await server.kill('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  }
});
