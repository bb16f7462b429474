import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Json } from '../support/system/system.ts';

const root = resolve(import.meta.dirname, '../..');
const validator = join(root, '.cache/engine/kubernetes-validate');

/** What the schemas of Kubernetes say of manifests, each by itself. */
function validated(items: readonly Json[]): { code: number | null; said: string } {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-manifests-'));
  try {
    const file = join(dir, 'manifests.yaml');
    writeFileSync(file, items.map((item) => stringify(item, { aliasDuplicateObjects: false })).join('---\n'));
    const env = { ...process.env, PYTHONPATH: validator };
    const { status, stdout, stderr } = spawnSync('python3', ['-m', 'kubernetes_validate', '--strict', file], {
      env,
      encoding: 'utf8',
    });
    return { code: status, said: `${stdout}${stderr}` };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test('the manifests are as the schemas of Kubernetes want them, and a slip of the pen is not', () => {
  const { items }: Json = parse(readFileSync(join(root, 'ops/kubernetes/cartpulse.yaml'), 'utf8'));
  const good = validated(items);
  expect([good.code, good.said]).toEqual([0, expect.stringContaining('deployment/cartpulse-consume')]);
  const bad = structuredClone(items);
  bad.find(({ kind }: Json) => kind === 'Deployment').spec.replicaz = 2;
  expect(validated(bad).code).not.toBe(0);
});
