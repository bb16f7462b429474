import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll } from 'vitest';

const DAY_MS = 86_400_000;
/** More than nearly every file takes. */
const MARGIN_MS = 240_000;

/** What a file sends as of today it asks for as of today: it begins where the day does not end meanwhile. */
beforeAll(async () => {
  const leftMs = DAY_MS - (Date.now() % DAY_MS);
  if (leftMs < MARGIN_MS) await sleep(leftMs + 1_000);
}, MARGIN_MS + 60_000);
