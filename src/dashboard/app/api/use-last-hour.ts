import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from './answers.ts';
import { ask, urlOf } from './ask.ts';
import {
  HALF_MINUTE_MS,
  type HalfMinute,
  HOUR_WINDOWS,
  halvesOf,
  joined,
  WINDOW_MS,
  type Window,
} from './last-hour.ts';
import { observe, Polling, RETRY_MS } from './polling.ts';

/** Windows that are asked for again, since events come late to them. */
const LATE_WINDOWS = 12;

interface LastHour {
  /** Half minutes that are over, oldest first; none until they are known. */
  readonly halves: readonly HalfMinute[] | undefined;
  readonly watch: (element: Element | null) => void;
}

/** Events of the last hour: it is asked for whole once, and then for what came since. */
export function useLastHour(): LastHour {
  const [halves, setHalves] = useState<readonly HalfMinute[]>();
  const polling = useRef<Polling>(undefined);
  useEffect(() => {
    let windows: readonly Window[] = [];
    let askedAtMs = 0;
    const started = new Polling(async (signal) => {
      const since = Math.ceil((Date.now() - askedAtMs) / WINDOW_MS) + LATE_WINDOWS;
      const url = urlOf('/v1/leaderboard', { limit: Math.min(HOUR_WINDOWS, since) });
      const outcome = await ask<Answer<'/v1/leaderboard'>>(url, signal);
      if ('problem' in outcome) return RETRY_MS;
      askedAtMs = Date.now();
      windows = joined(windows, outcome.answer.data.windows);
      if (!signal.aborted) setHalves(halvesOf(windows));
      return HALF_MINUTE_MS;
    });
    polling.current = started;
    started.start();
    return () => started.stop();
  }, []);
  const unobserve = useRef<(() => void) | undefined>(undefined);
  const watch = useRef((element: Element | null): void => {
    unobserve.current?.();
    unobserve.current = element ? observe(element, (isSeen) => polling.current?.setSeen(isSeen)) : undefined;
  });
  return { halves, watch: watch.current };
}
