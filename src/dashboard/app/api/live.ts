import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'preact/hooks';
import type { Snapshot } from './answers.ts';
import { headers, refused } from './ask.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Live {
  readonly connection: Connection;
  readonly snapshot: Snapshot | undefined;
}

const SILENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 10_000;

/** Reads the stream with fetch, since EventSource can't send a key; comes back by itself when it is lost. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ connection: 'connecting', snapshot: undefined });
  useEffect(() => {
    const stop = new AbortController();
    const on = (snapshot: Snapshot): void => setLive({ connection: 'live', snapshot });
    const lost = (): void => setLive((before) => ({ ...before, connection: 'lost' }));
    listen(on, lost, stop.signal).catch(lost);
    return () => stop.abort();
  }, []);
  return live;
}

type OnSnapshot = (snapshot: Snapshot) => void;

async function listen(on: OnSnapshot, lost: () => void, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 500; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const heard = await readOnce(on, lost, signal).catch(() => false);
    if (signal.aborted) return;
    lost();
    if (heard) pauseMs = 500;
    await new Promise((done) => setTimeout(done, pauseMs * (0.75 + Math.random() / 2)));
  }
}

/** @returns whether anything was heard before the stream ended */
async function readOnce(on: OnSnapshot, lost: () => void, signal: AbortSignal): Promise<boolean> {
  const cut = new AbortController();
  const silence = (): ReturnType<typeof setTimeout> => setTimeout(() => cut.abort(), SILENCE_MS);
  let timer = silence();
  const response = await fetch('/v1/live', { headers: headers(), signal: AbortSignal.any([signal, cut.signal]) });
  refused(response.status);
  if (!response.ok || response.body === null) return false;
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (let heard = false; ; heard = true) {
    const { done, value } = await messages.read().catch(() => ({ done: true, value: undefined }));
    clearTimeout(timer);
    if (done || value === undefined) return heard;
    timer = silence();
    if (value.event === 'unavailable') lost();
    else on(JSON.parse(value.data));
  }
}
