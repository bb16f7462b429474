import { type Device, type DeviceFields, deviceOf } from '../events/origin/device.ts';
import { CLICK_ID_FIELDS, type OriginFields, type Touch, touchOf } from '../events/origin/touch.ts';

/** What every session is counted by. One declaration each: sums, breakdowns, filters, rollups and documents follow from the list. */
export interface Dimension {
  readonly name: string;
  /** What a session counts under whose events name no value. */
  readonly absent: string;
  /**
   * - `session`: the first value that an event of the session names
   * - `touch`: what brought the visitor: the session's first that is not direct, else the visitor's last within ATTRIBUTION_WINDOW
   * - `buyer`: whether the visitor had ever bought anything when the session began; events name nothing of it
   */
  readonly binds: 'session' | 'touch' | 'buyer';
  /** So many values of a day are told apart; the others count as `(other)`. */
  readonly cap: number;
  readonly description: string;
  /** The fields that its value comes from. */
  readonly reads: readonly (keyof DimensionFields)[];
  /** Of an own one: where what is sent holds its value. */
  readonly path?: readonly string[];
  /** The value that an event names. */
  valueOf(event: DimensionFields, origin: Origin): string | undefined;
}

/** What of an event dimensions are read from. */
export interface DimensionFields extends OriginFields, DeviceFields {
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly store?: string | undefined;
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
}

/** What is derived from several fields of an event, once for all dimensions that are about it. */
interface Origin {
  readonly touch: Touch | undefined;
  readonly device: Device | undefined;
}

const CAP = 1_000;
export const UNKNOWN = 'unknown';
/** Stands for all values beyond a dimension's cap. */
export const OTHER = '(other)';

type Read = Dimension['valueOf'];
type Fields = readonly (keyof DimensionFields)[];

const ofSession = <N extends string>(
  name: N,
  reads: Fields,
  description: string,
  read: Read,
): Dimension & { readonly name: N } => ({
  name,
  absent: UNKNOWN,
  binds: 'session',
  cap: CAP,
  reads,
  description,
  valueOf: read,
});

const ORIGIN: Fields = [
  'page_location',
  'page_referrer',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  ...CLICK_ID_FIELDS,
];

const ofTouch = <N extends keyof Touch>(
  name: N,
  absent: string,
  description: string,
): Dimension & { readonly name: N } => ({
  name,
  absent,
  binds: 'touch',
  cap: CAP,
  reads: ORIGIN,
  description,
  valueOf: (_, { touch }) => touch?.[name],
});

/** What a session counts under whose visitor had bought before. */
export const RETURNING = 'returning';

const CUSTOMER = {
  name: 'customer',
  absent: 'new',
  binds: 'buyer',
  cap: CAP,
  reads: [],
  description: 'returning where the visitor had ever bought before the session began, else new',
  valueOf: () => undefined,
} as const satisfies Dimension;

/** Every dimension that needs no setting of its own, a line each. */
const BUILT_IN = [
  ofSession('city', ['city'], 'the city that events name', ({ city }) => city),
  ofSession('country', ['country'], 'the country that events name', ({ country }) => country),
  ofSession(
    'device',
    ['device', 'user_agent'],
    'desktop, mobile, tablet or bot: as named, or told by user_agent',
    (_, { device }) => device,
  ),
  ofTouch('channel', 'Direct', "GA4's default channel group"),
  ofTouch('source', '(direct)', 'utm_source, who a click id belongs to, or the host that referred'),
  ofTouch('campaign', '(direct)', 'utm_campaign'),
  CUSTOMER,
  ofSession('store', ['store'], 'the store that events name', ({ store }) => store),
] as const satisfies readonly Dimension[];

export type BuiltInName = (typeof BUILT_IN)[number]['name'];

export const BUILT_IN_NAMES: readonly BuiltInName[] = BUILT_IN.map(({ name }) => name);
export const DEFAULT_DIMENSIONS: readonly Dimension[] = BUILT_IN.filter(({ name }) =>
  ['city', 'country', 'device', 'channel'].includes(name),
);

/** A dimension of the shop's own, whose value the event carries under its name. */
const ofOwn = (name: string, path: string): Dimension => ({
  ...ofSession(name, ['dimensions'], `${path} of events`, ({ dimensions }) => dimensions?.[name]),
  path: path.split('.'),
});

/** What a setting names, `channel` or `plan:params.plan`; undefined where it is neither. */
export function dimensionOf(setting: string): Dimension | undefined {
  const [name = '', path] = setting.split(':');
  if (path === undefined) return BUILT_IN.find((dimension) => dimension.name === name);
  return ofOwn(name, path);
}

/** The setting that names a dimension. */
export function settingOf({ name, path }: Dimension): string {
  return path === undefined ? name : `${name}:${path.join('.')}`;
}

/** Reads what events name of an installation's dimensions. */
export class DimensionReader {
  readonly dimensions: readonly Dimension[];
  /** Where own dimensions find their values in what is sent. */
  readonly ownPaths: ReadonlyMap<string, readonly string[]>;

  constructor(dimensions: readonly Dimension[]) {
    this.dimensions = dimensions;
    this.ownPaths = new Map(
      dimensions.flatMap(({ name, path }) => (path === undefined ? [] : [[name, path] as const])),
    );
  }

  /** A value for each dimension, in their order. */
  valuesOf(event: DimensionFields): (string | undefined)[] {
    const origin: Origin = { touch: touchOf(event), device: deviceOf(event) };
    return this.dimensions.map((dimension) => dimension.valueOf(event, origin));
  }
}
