import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Snapshot } from './answers.ts';
import { glance, type Listener, listen, SILENCE_MS } from './stream.ts';

export interface Live {
  readonly connection: 'connecting' | 'live' | 'lost';
  /** The last one, also where the connection is lost. */
  readonly snapshot: Snapshot | undefined;
}

const NAME = 'cartpulse-live';
const GLANCE_MS = 3_000;
/** A tab that reads for all and says nothing for so long is frozen. */
const FROZEN_MS = 3 * SILENCE_MS;

const UNKNOWN: Live = { connection: 'connecting', snapshot: undefined };
export const LiveContext = createContext(UNKNOWN);

/** The shop at this second, as the page follows it: whoever uses it is drawn anew each second. */
export const useLive = (): Live => useContext(LiveContext);

/** Follows the shop; once on a page. */
export function useFollowed(): Live {
  const [live, setLive] = useState(UNKNOWN);
  useEffect(() => {
    const stop = new AbortController();
    follow((heard) => {
      setLive(({ snapshot }) =>
        heard === 'lost' ? { connection: 'lost', snapshot } : { connection: 'live', snapshot: heard },
      );
    }, stop.signal);
    return () => stop.abort();
  }, []);
  return live;
}

/**
 * A browser opens six connections to a server, and a stream keeps one: so one tab reads it and tells the others.
 * Where the browser has no locks (a page without TLS that is not on this machine), no tab keeps a stream.
 */
function follow(on: Listener, signal: AbortSignal): void {
  if (!('locks' in navigator)) {
    glance(on, GLANCE_MS, signal).catch(() => on('lost'));
    return;
  }
  const channel = new BroadcastChannel(NAME);
  let heardAtMs = Date.now();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const hear: Listener = (heard) => {
    heardAtMs = Date.now();
    clearTimeout(silence);
    silence = setTimeout(() => on('lost'), SILENCE_MS);
    on(heard);
  };
  const tell: Listener = (heard) => {
    channel.postMessage(heard);
    hear(heard);
  };
  channel.onmessage = ({ data }) => hear(data);
  const takeTurn = lockedBy((mine) => listen(tell, mine), signal);
  takeTurn(false);
  const watch = setInterval(() => {
    if (document.hidden || Date.now() - heardAtMs < FROZEN_MS) return;
    heardAtMs = Date.now();
    takeTurn(true);
  }, SILENCE_MS);
  signal.addEventListener('abort', () => {
    clearTimeout(silence);
    clearInterval(watch);
    channel.close();
  });
}

/** Does something while no other tab does, in turn or at once; in turn again after another took it over. */
function lockedBy(act: (mine: AbortSignal) => Promise<void>, signal: AbortSignal): (atOnce: boolean) => void {
  let turn = new AbortController();
  const takeTurn = (atOnce: boolean): void => {
    turn.abort();
    const own = new AbortController();
    turn = own;
    const mine = AbortSignal.any([signal, own.signal]);
    navigator.locks
      .request(NAME, atOnce ? { steal: true } : { signal: mine }, () => act(mine))
      .catch(() => {
        if (turn === own && !signal.aborted) takeTurn(false);
      });
  };
  return takeTurn;
}
