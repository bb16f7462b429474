import type { Context } from 'hono';
import { connectors } from '../../connectors/index.ts';
import { checkKey, hasKeys, type KeyRing } from '../auth.ts';
import { isPublicKey, type PublicKeys } from './public-keys.ts';
import { SameMachine } from './same-machine.ts';

export interface Callers {
  readonly keys: KeyRing;
  readonly publicKeys: PublicKeys;
  readonly corsOrigins: readonly string[];
}

/** Where events are sent to, also by pages of other origins. */
const SENDS = '/v1/events';
const OF_CONNECTORS: ReadonlySet<string> = new Set(
  connectors.flatMap(({ endpoints }) => endpoints.map(({ path }) => path)),
);

const bare = (path: string): string => path.replace(/\/$/, '');

export const isSend = (path: string): boolean => bare(path) === SENDS || isOfConnector(path);

/** Their clients put the key where only the connector finds it, so its route asks for it. */
export const isOfConnector = (path: string): boolean => OF_CONNECTORS.has(bare(path));

/** Lets a sender through whose key may send. @throws HttpProblem */
export type SenderCheck = (context: Context, key: string | undefined) => void;

export function senderCheck({ keys, publicKeys, corsOrigins }: Callers): SenderCheck {
  const sameMachine = hasKeys(keys) ? undefined : new SameMachine(corsOrigins);
  return (context, key) => {
    if (key !== undefined && isPublicKey(key)) {
      publicKeys.admit(key, originOf(context));
      return;
    }
    sameMachine?.checkCaller(context);
    checkKey(keys, 'write', key);
  };
}

/** Browsers name the page's origin with every POST; where a page asks for an address, its `Referer` has it. */
function originOf({ req }: Context): string | undefined {
  const origin = req.header('Origin');
  return origin === undefined && req.method === 'GET' ? URL.parse(req.header('Referer') ?? '')?.origin : origin;
}
