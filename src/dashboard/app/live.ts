import { useEffect, useState } from 'preact/hooks';
import { headers, refused } from './api.ts';
import { type Row, rowOf } from './data.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Live {
  readonly connection: Connection;
  readonly snapshot: Row | undefined;
  /** Events per second of the last snapshots, oldest first. */
  readonly pulse: readonly number[];
}

const KEPT = 120;
const SILENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 10_000;

/** Reads the stream with fetch, since EventSource can't send a key; comes back by itself when it is lost. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ connection: 'connecting', snapshot: undefined, pulse: [] });
  useEffect(() => {
    const stop = new AbortController();
    const on = (snapshot: Row): void =>
      setLive(({ pulse }) => {
        const rate = Number(snapshot['events_per_second'] ?? 0);
        return { connection: 'live', snapshot, pulse: [...pulse, rate].slice(-KEPT) };
      });
    const lost = (): void => setLive((before) => ({ ...before, connection: 'lost' }));
    listen(on, lost, stop.signal).catch(lost);
    return () => stop.abort();
  }, []);
  return live;
}

async function listen(on: (snapshot: Row) => void, lost: () => void, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 500; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const heard = await readOnce(on, lost, signal).catch(() => false);
    if (signal.aborted) return;
    lost();
    if (heard) pauseMs = 500;
    await new Promise((done) => setTimeout(done, pauseMs * (0.75 + Math.random() / 2)));
  }
}

/** @returns whether anything was heard before the stream ended */
async function readOnce(on: (snapshot: Row) => void, lost: () => void, signal: AbortSignal): Promise<boolean> {
  const cut = new AbortController();
  const silence = (): ReturnType<typeof setTimeout> => setTimeout(() => cut.abort(), SILENCE_MS);
  let timer = silence();
  const response = await fetch('/v1/live', { headers: headers(), signal: AbortSignal.any([signal, cut.signal]) });
  refused(response.status);
  if (!response.ok || response.body === null) return false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (let heard = false; ; heard = true) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    clearTimeout(timer);
    if (done || value === undefined) return heard;
    timer = silence();
    buffer += value;
    const messages = buffer.split('\n\n');
    buffer = messages.pop() ?? '';
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (message.startsWith('event: unavailable')) lost();
      else if (data !== undefined) on(rowOf(JSON.parse(data)));
    }
  }
}
