import type { Context } from 'hono';
import type { Connector } from '../../connectors/connector.ts';
import { connectors } from '../../connectors/index.ts';
import { isPublishable } from '../../keys/key.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { Logger } from '../../runtime/logger.ts';
import { keyCheck } from '../auth.ts';
import { SameMachine } from './same-machine.ts';

export interface Callers {
  readonly keys: KeyRing;
  readonly corsOrigins: readonly string[];
  readonly logger: Logger;
}

/** Where events are sent to, also by pages of other origins. */
const SENDS = '/v1/events';
const pathsOf = (some: readonly Connector[]): ReadonlySet<string> =>
  new Set(some.flatMap(({ endpoints }) => endpoints.map(({ path }) => path)));
const OF_CONNECTORS = pathsOf(connectors);
const WITH_COOKIES = pathsOf(connectors.filter(({ isWithCookies }) => isWithCookies === true));

export const isSend = (path: string): boolean => path === SENDS || isOfConnector(path);

/** Their clients put the key where only the connector finds it, so its route asks for it. */
export const isOfConnector = (path: string): boolean => OF_CONNECTORS.has(path);

/** Nobody reads them here; a page whose cookies came along is only shown an answer that allows it. */
export const comesWithCookies = (path: string): boolean => WITH_COOKIES.has(path);

/** Lets a sender through whose key may send. @throws HttpProblem */
export type SenderCheck = (context: Context, key: string | undefined, place?: string) => void;

export function senderCheck({ keys, corsOrigins, logger }: Callers): SenderCheck {
  const sameMachine = new SameMachine(corsOrigins);
  const check = keyCheck(keys, logger);
  return (context, secret, place) => {
    if (keys.isOpen && !(secret !== undefined && isPublishable(secret))) sameMachine.checkCaller(context);
    check(context, { secret, scope: 'send', origin: originOf(context), place });
  };
}

/** Beacons have no header; secret keys do not count where addresses are written down. */
export function publicKeyIn(context: Context): string | undefined {
  const key = context.req.query('key');
  return key !== undefined && isPublishable(key) ? key : undefined;
}

/** Browsers name the page's origin with every POST; where a page asks for an address, its `Referer` has it. */
function originOf({ req }: Context): string | undefined {
  const origin = req.header('Origin');
  return origin === undefined && req.method === 'GET' ? URL.parse(req.header('Referer') ?? '')?.origin : origin;
}
