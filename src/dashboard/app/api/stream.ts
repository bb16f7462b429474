import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Snapshot } from './answers.ts';
import { headers, refused } from './key.ts';

/** What the stream says: a snapshot, or that none can be had. */
type Heard = Snapshot | 'lost';
export type Listener = (heard: Heard) => void;

export const SILENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 10_000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Listens until it is told to stop; comes back by itself when the stream is lost. */
export async function listen(on: Listener, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 500; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const heard = await read(on, signal).catch(() => false);
    if (signal.aborted) return;
    on('lost');
    if (heard) pauseMs = 500;
    await pause(pauseMs * (0.75 + Math.random() / 2));
  }
}

/** Opens the stream every few seconds for one snapshot, so that no connection is kept. */
export async function glance(on: Listener, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const enough = new AbortController();
    const one: Listener = (heard) => {
      on(heard);
      enough.abort();
    };
    const heard = document.hidden || (await read(one, AbortSignal.any([signal, enough.signal])).catch(() => false));
    if (!heard && !enough.signal.aborted && !signal.aborted) on('lost');
    await pause(everyMs);
  }
}

/** Reads with fetch, since EventSource can't send a key. @returns whether anything was heard before the stream ended */
async function read(on: Listener, signal: AbortSignal): Promise<boolean> {
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
    on(value.event === 'unavailable' ? 'lost' : JSON.parse(value.data));
  }
}
