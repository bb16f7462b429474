import { expect, test } from 'vitest';
import { FolderStore } from '../../src/adapters/archive-folder/folder-store.ts';
import { ArchiveReader } from '../../src/archive/archive-reader.ts';
import { ArchiveFiles } from '../../src/archive/files.ts';
import { QueryFailed } from '../../src/archive/query-problems.ts';

test('what is said of a question of ours that fails is why, and not whom it was about', async () => {
  const reader = new ArchiveReader({
    files: new ArchiveFiles(new FolderStore('/nowhere')),
    run: async (sql) => {
      throw new QueryFailed(
        `Binder Error: Referenced column "visitr" not found\nDid you mean "visitor"?\n\nLINE 1: ${sql}\n     ^`,
      );
    },
    flush: async () => undefined,
    now: () => 0,
    timeoutMs: 1_000,
    isStale: () => false,
  });
  const failed = reader.query({}, (table) => `SELECT * FROM (${table}) WHERE visitr = 'anna'`);
  const error: unknown = await failed.catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    message: expect.stringContaining('a query to the archive failed: Binder Error: Referenced column'),
  });
  expect(error instanceof Error ? [error.message, error.stack, error.cause].join() : '').not.toContain('anna');
});
