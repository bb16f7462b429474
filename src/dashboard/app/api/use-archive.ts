import { words } from '../words/words.ts';
import type { Path, PathParams, Query } from './answers.ts';
import type { Problem } from './problem.ts';
import { type Loaded, useAnswer } from './use-answer.ts';

const BUSY_MS = 1_500;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * An answer of the archive: asked once when it is opened, given up when it is left. The archive
 * answers one question at a time, so one that comes meanwhile waits for its turn.
 */
export function useArchive<P extends Path>(
  path: P,
  query: Query<P> | undefined,
  params?: Partial<PathParams<P>>,
): Loaded<P> {
  const loaded = useAnswer(path, query, { everyMs: NEVER, busyMs: BUSY_MS, ...(params && { params }) });
  if (loaded.state !== 'failed') return loaded;
  const { problem, watch, again } = loaded;
  if (problem.status === 429) return { state: 'loading', watch, again };
  return { state: 'failed', problem: ofArchive(problem), watch, again };
}

/** What it means where the archive was asked. */
export function ofArchive(problem: Problem): Problem {
  const { archive } = words();
  const { status } = problem;
  if (status === 404) return { status, message: archive.none };
  if (status >= 500) return { status, message: archive.failed };
  return status === 400 ? { ...problem, message: archive.refused } : problem;
}
