import Bowser from 'bowser';
import { isbot } from 'isbot';

const DEVICES = ['desktop', 'mobile', 'tablet', 'bot', 'unknown'] as const;
export type Device = (typeof DEVICES)[number];

/** What senders call a device. */
const NAMES: ReadonlyMap<string, Device> = new Map<string, Device>([
  ...DEVICES.map((device) => [device, device] as const),
  ['phone', 'mobile'],
  ['smartphone', 'mobile'],
  ['android', 'mobile'],
  ['ios', 'mobile'],
  ['iphone', 'mobile'],
  ['ipad', 'tablet'],
  ['web', 'desktop'],
  ['pc', 'desktop'],
]);

/** Few browsers are most of a shop's; so many are remembered. */
const MOST_AGENTS = 2_000;
const known = new Map<string, Device>();

export interface DeviceFields {
  readonly device?: string | undefined;
  readonly user_agent?: string | undefined;
}

/** The device that an event names, or that its browser says; undefined where it says nothing. */
export function deviceOf({ device, user_agent: agent }: DeviceFields): Device | undefined {
  if (device !== undefined) return NAMES.get(device.toLowerCase()) ?? 'unknown';
  if (agent === undefined) return undefined;
  const remembered = known.get(agent);
  if (remembered !== undefined) return remembered;
  const told = deviceOfAgent(agent);
  if (known.size >= MOST_AGENTS) known.clear();
  known.set(agent, told);
  return told;
}

/** Is it one of the bots that say so by their user agent? */
export const isBotAgent = (agent: string | undefined): boolean => deviceOf({ user_agent: agent }) === 'bot';

function deviceOfAgent(agent: string): Device {
  if (isbot(agent)) return 'bot';
  return NAMES.get(Bowser.parse(agent).platform.type ?? '') ?? 'unknown';
}
