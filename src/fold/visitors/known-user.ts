import { z } from 'zod';
import { decodeMoment, encodeMoment } from '../state/records.ts';
import { CorruptState } from '../state/stored-tuple.ts';

/** What is known of a user for longer than their visits. */
export interface KnownUser {
  /** Lane time at which the newest session began; undefined where none has. */
  readonly beganMs: number | undefined;
  readonly touch: LastTouch | undefined;
  readonly bonds: Bonds | undefined;
  /** The import by which alone the user is known. */
  readonly importId?: string | undefined;
}

/** What brought the user last. */
interface LastTouch {
  readonly atMs: number;
  /** A text for each dimension, empty for those that are not about it. */
  readonly values: readonly string[];
}

interface SignedIn {
  readonly userId: string;
  /** By which links they ever did, the newest last. */
  readonly links: readonly string[];
  /** Lane time at the newest of these. */
  readonly atMs: number;
}

/** Who else the user is. */
export interface Bonds {
  /** As which guests they came, the newest last, each with the link that said so. */
  readonly guests: readonly (readonly [guestId: string, link: string])[];
  /** As which user the guest signed in last; it is known for as long as a user of whom no session began. */
  readonly into: SignedIn | undefined;
  /** The guest has done something since. */
  readonly hasReturned: boolean;
  /** Sessions with an order that have gone over, the newest last, each with the user whose it is and when it began: the order may be taken back. */
  readonly gone: readonly (readonly [sessionId: string, userId: string, beganMs: number])[];
  /** Guests whose session is on its way, for whom the user's events do not wait, each with the link. */
  readonly overdue: readonly (readonly [guestId: string, link: string])[];
}

export const NO_BONDS: Bonds = { guests: [], into: undefined, hasReturned: false, gone: [], overdue: [] };

const pair = z.tuple([z.string(), z.string()]);
const linked = [z.array(pair), z.tuple([z.string()], z.string()).nullable(), z.boolean()] as const;
/** An earlier version did not say when it began. */
const gone = z
  .tuple([z.string(), z.string()], z.number())
  .transform(([id, userId, beganMs = 0]) => [id, userId, beganMs] as const)
  .array();
const storedBonds = z.union([z.tuple(linked), z.tuple([...linked, gone, z.array(pair), z.number()])]);

/** `moment,moment of the touch behind that,[value, …]`, and on lines of their own `[[[guest, link], …], [user, link, …] or null, returned, [[session, user, began], …], [[guest, link], …], lane time of the newest link of `user`]` and the import; each part where there is one. */
export function encodeKnown({ beganMs, touch, bonds, importId }: KnownUser, bucketMs: number): string {
  const began = beganMs === undefined ? '' : encodeMoment(beganMs, bucketMs);
  const touched =
    touch === undefined ? '' : `,${encodeMoment(touch.atMs, beganMs ?? bucketMs)},${JSON.stringify(touch.values)}`;
  const bound = bonds === undefined ? '' : encodeBonds(bonds);
  const lines = importId !== undefined ? [bound, importId] : bound === '' ? [] : [bound];
  return [`${began}${touched}`, ...lines].join('\n');
}

function encodeBonds({ guests, into, hasReturned, gone, overdue }: Bonds): string {
  const rest = into === undefined && gone.length === 0 && overdue.length === 0 ? [] : [gone, overdue, into?.atMs ?? 0];
  return JSON.stringify([guests, into === undefined ? null : [into.userId, ...into.links], hasReturned, ...rest]);
}

/** @throws CorruptState */
export function decodeKnown(text: string, bucketMs: number): KnownUser {
  const [line = '', bound = '', importId] = text.split('\n');
  const [began = '', after, ...rest] = line.split(',');
  const beganMs = began === '' ? undefined : decodeMoment(began, bucketMs);
  const touch = after === undefined ? undefined : touchOf(after, rest.join(','), beganMs ?? bucketMs);
  return { beganMs, touch, bonds: bound === '' ? undefined : bondsOf(bound), importId };
}

const touchOf = (after: string, values: string, fromMs: number): LastTouch => ({
  atMs: decodeMoment(after, fromMs),
  values: valuesOf(values),
});

function bondsOf(text: string): Bonds {
  const parsed = storedBonds.safeParse(JSON.parse(text));
  if (!parsed.success) throw new CorruptState('who else a user is cannot be read');
  const [guests, signedIn, hasReturned, gone = [], overdue = [], atMs = 0] = parsed.data;
  const [userId, ...links] = signedIn ?? [];
  return { guests, into: userId === undefined ? undefined : { userId, links, atMs }, hasReturned, gone, overdue };
}

function valuesOf(text: string): string[] {
  const values: unknown = JSON.parse(text);
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values;
  throw new CorruptState('what brought a user is no list of texts');
}
