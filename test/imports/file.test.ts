import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectFile } from '../../src/imports/file.ts';
import { BrokenFile, FileTooLarge } from '../../src/imports/problems.ts';
import { NoRoom, Spool } from '../../src/imports/spool.ts';

const MB = 1_048_576;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cartpulse-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function inspect(content: Uint8Array, maxBytes = 1_024 * MB) {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  return inspectFile(path, maxBytes);
}

describe('a packed file', () => {
  test('is the same content as what is in it', async () => {
    const content = Buffer.from('a,b\n1,2');
    expect((await inspect(gzipSync(content))).contentHash).toBe((await inspect(content)).contentHash);
  });

  test('that unpacks to far more than tables do is refused before it has', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MB, 'a,b\n'));
    expect(bomb.byteLength).toBeLessThan(MB);
    await expect(inspect(bomb)).rejects.toThrow(FileTooLarge);
  });

  test('in a packed file is refused, however small it is', async () => {
    await expect(inspect(gzipSync(gzipSync(Buffer.alloc(16 * MB))))).rejects.toThrow('packed twice');
  });

  test('may hold as much as a plain one', async () => {
    const random = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `${i},${Math.sin(i)}`).join('\n'));
    await expect(inspect(gzipSync(random), random.byteLength)).resolves.toMatchObject({ encoding: 'utf-8' });
    await expect(inspect(gzipSync(random), random.byteLength - 1)).rejects.toThrow(FileTooLarge);
    await expect(inspect(random, random.byteLength - 1)).rejects.toThrow(FileTooLarge);
  });

  test('that is cut off is refused', async () => {
    const packed = gzipSync('a,b\n1,2\n'.repeat(1_000));
    await expect(inspect(packed.subarray(0, packed.byteLength - 10))).rejects.toThrow(BrokenFile);
  });
});

describe('the folder where files lie while they are read', () => {
  const spool = (options: Partial<ConstructorParameters<typeof Spool>[0]> = {}) => {
    const dir = join(folder, `spool-${++files}`);
    return { dir, spool: new Spool({ dir, maxBytes: MB, ...options }) };
  };

  test('is for its owner alone, and so is what lies there', async () => {
    const { dir, spool: own } = spool();
    const path = await own.write(Readable.from([Buffer.from('a')]), 1);
    expect([statSync(dir).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
    await own.remove(path);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('takes no more than allowed, and keeps nothing of what is more', async () => {
    const { dir, spool: own } = spool();
    const chunks = Array.from({ length: 3 }, () => Buffer.alloc(MB / 2));
    await expect(own.write(Readable.from(chunks), 0)).rejects.toThrow(FileTooLarge);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('takes nothing where the disk has no room for it, at the beginning or on the way', async () => {
    const { spool: full } = spool({ freeBytes: async () => 256 * MB + 10 });
    await expect(full.write(Readable.from([Buffer.alloc(11)]), 11)).rejects.toThrow(NoRoom);
    let looks = 0;
    const { dir, spool: filling } = spool({ maxBytes: 64 * MB, freeBytes: async () => (looks++ < 2 ? 1_024 * MB : 0) });
    const chunks = Array.from({ length: 40 }, () => Buffer.alloc(MB));
    await expect(filling.write(Readable.from(chunks), 0)).rejects.toThrow(NoRoom);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('loses what a process left there that was killed', async () => {
    const { dir, spool: own } = spool();
    const left = await own.write(Readable.from([Buffer.from('a')]), 1);
    const long = Date.now() / 1_000 - 90_000;
    utimesSync(left, long, long);
    const path = await own.write(Readable.from([Buffer.from('b')]), 1);
    expect(readdirSync(dir)).toEqual([path.slice(dir.length + 1)]);
  });

  test('keeps what a process reads for however long, and minutes later nothing of one that was killed', async () => {
    const { dir, spool: own } = spool();
    const other = new Spool({ dir, maxBytes: MB });
    const path = await own.write(Readable.from([Buffer.from('a')]), 1);
    const laterMs = Date.now() + 60 * 60_000;
    await own.tidy(laterMs);
    await other.tidy(laterMs + 5 * 60_000);
    expect(readdirSync(dir)).toEqual([path.slice(dir.length + 1)]);
    await other.tidy(laterMs + 11 * 60_000);
    expect(readdirSync(dir)).toEqual([]);
  });
});
