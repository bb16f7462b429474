import { describe, expect, test } from 'vitest';
import { LiveFeed, type LiveFeedParts } from '../../../src/http/routes/live-feed.ts';

const text = (chunk: Uint8Array | undefined): string => new TextDecoder().decode(chunk);

const feedOf = (parts: Partial<LiveFeedParts> & Pick<LiveFeedParts, 'takeSnapshot' | 'maxStreams'>): LiveFeed =>
  new LiveFeed({ event: 'snapshot', everyMs: 1_000, maxStreamsPerKey: 100, ...parts });

function open(feed: LiveFeed): ReadableStreamDefaultReader<Uint8Array> {
  const stream = feed.open('key');
  if (stream === undefined) throw new Error('no stream');
  return stream.getReader();
}

describe('the live feed', () => {
  test('says when to come again, names each event, and reads the shop once a second, whatever the number of listeners', async () => {
    let reads = 0;
    const feed = feedOf({ takeSnapshot: async () => ({ at: 'now', n: ++reads }), maxStreams: 100, everyMs: 20 });
    const listeners = Array.from({ length: 50 }, () => open(feed));
    const first = await Promise.all(listeners.map((listener) => listener.read()));
    for (const { value } of first) expect(text(value)).toBe('retry: 2000\n\n');
    for (let round = 1; round <= 3; round++) {
      const chunks = await Promise.all(listeners.map((listener) => listener.read()));
      for (const { value } of chunks)
        expect(text(value)).toMatch(/^id: now\nevent: snapshot\ndata: \{"at":"now","n":\d+\}\n\n$/);
      expect(reads).toBeLessThanOrEqual(round + 2);
    }
    feed.close();
  });

  test('reads nothing while nobody listens', async () => {
    let reads = 0;
    const feed = feedOf({ takeSnapshot: async () => ({ at: String(++reads) }), maxStreams: 1, everyMs: 5 });
    const listener = open(feed);
    await listener.read();
    await listener.cancel();
    expect(feed.left('key')).toBe(1);
    const after = reads;
    await new Promise((done) => setTimeout(done, 50));
    expect(reads).toBe(after);
  });

  test('refuses more streams than may be, and takes one again when another has gone', async () => {
    const feed = feedOf({ takeSnapshot: async () => ({ at: 'now' }), maxStreams: 2 });
    const [first] = [open(feed), open(feed)];
    expect(feed.open('key')).toBeUndefined();
    await first.cancel();
    expect(feed.open('key')).toBeDefined();
    feed.close();
    expect(feed.open('key')).toBeUndefined();
  });

  test('refuses more streams of one key than it may have, and takes those of others', () => {
    const feed = feedOf({ takeSnapshot: async () => ({ at: 'now' }), maxStreams: 10, maxStreamsPerKey: 2 });
    expect([feed.open('a'), feed.open('a'), feed.open('a'), feed.open('b')].map((one) => one !== undefined)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect([feed.left('a'), feed.left('b'), feed.left('c')]).toEqual([0, 1, 2]);
    feed.close();
  });

  test('drops a listener that does not read, and goes on for the others', async () => {
    const feed = feedOf({ takeSnapshot: async () => ({ at: 'now' }), maxStreams: 2, everyMs: 2 });
    const silent = open(feed);
    const reading = open(feed);
    while (feed.left('key') === 0) await reading.read();
    expect(feed.left('key')).toBe(1);
    for (let i = 0; i < 20; i++) expect((await reading.read()).done).toBe(false);
    await expect(readAll(silent)).rejects.toThrow('does not read');
    feed.close();
    expect((await readAll(reading)).length).toBeLessThan(20);
  });

  test('says that the numbers stand still where they can’t be read, and nothing about why', async () => {
    const feed = feedOf({ takeSnapshot: () => Promise.reject(new Error('redis at 10.0.0.7')), maxStreams: 1 });
    const listener = open(feed);
    await listener.read();
    const { value } = await listener.read();
    expect(text(value)).toBe('event: unavailable\ndata: {}\n\n');
    feed.close();
  });
});

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string[]> {
  const chunks: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(text(value));
  }
}
