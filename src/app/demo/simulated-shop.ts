import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import { MadeLane } from '../../imports/made-lane.ts';
import type { Logger } from '../../runtime/logger.ts';
import { busyness } from '../../simulator/busyness.ts';
import { fillPast, type RunningFill } from '../../simulator/fill-past.ts';
import { pastOf } from '../../simulator/past.ts';
import { runSimulator, steady } from '../../simulator/run-simulator.ts';
import { HOUR_LABEL_LENGTH } from '../../time/windows.ts';
import type { System } from '../composition.ts';
import { isAlone, type RunningRole, simulatedEventsPerSecond } from '../roles.ts';

/** The simulated shop sells the same products whenever it is started. */
const CATALOGUE_SEED = 7;
const PAST_DAYS = 30;
/** Few enough to come in within twenty seconds, while somebody looks for the first time. */
const PAST_EVENTS = 40_000;
/** The newest days first: they are what a page shows that was just opened. */
const PARTS = [
  { name: 'lately', days: 2, daysAgo: 0 },
  { name: 'past', days: PAST_DAYS - 2, daysAgo: 2 },
] as const;
const DAY_MS = 86_400_000;

/** The simulated shop at work; one that has just begun on a first look has thirty days behind it. */
export function startSimulatedShop(system: System, config: Config, logger: Logger): RunningRole {
  const rate = simulatedEventsPerSecond(config);
  const nowMs = Date.now();
  const past = system.isNew && isFirstLook(config) ? startPast(system, nowMs, logger) : undefined;
  const seeds = { seed: nowMs % 1_000_000, catalogueSeed: CATALOGUE_SEED };
  const simulator = runSimulator(system.acceptor(), steady(rate), seeds, () => Date.now(), logger);
  const before = past === undefined ? '' : ` and the ${PAST_DAYS} days before`;
  return {
    summary: `simulating ${rate} events/s${before} (SIMULATE=0 turns it off)`,
    async stop() {
      await past?.stop();
      await simulator.stop();
    },
  };
}

/** Where nobody has said how much is simulated, and no server is named that others may use. */
const isFirstLook = (config: Config): boolean => config.SIMULATE === undefined && isAlone(config);

function startPast({ acceptor, log, monitor, calendar }: System, endMs: number, logger: Logger): RunningFill {
  const localHour = (ms: number): number =>
    Number(calendar.at(ms).hour.slice(HOUR_LABEL_LENGTH - 2, HOUR_LABEL_LENGTH));
  const eventsInHour = busyness({ days: PAST_DAYS, events: PAST_EVENTS, endMs, localHour });
  const seeds = { seed: endMs % 1_000_000, catalogueSeed: CATALOGUE_SEED };
  const wait = (ms: number): Promise<void> => sleep(ms);
  const parts = PARTS.map(({ name, days, daysAgo }) => ({
    events: pastOf({ ...seeds, name, days, endMs: endMs - daysAgo * DAY_MS, eventsInHour }),
    lane: new MadeLane({ acceptor: acceptor(), log, sleep: wait }, `simulated-${name}`),
  }));
  const waiting = async (): Promise<number> => (await monitor().check()).lag;
  return fillPast(parts, { waiting, sleep: wait, logger });
}
