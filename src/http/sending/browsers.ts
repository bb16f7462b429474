import type { Context } from 'hono';
import { isBotAgent } from '../../events/origin/device.ts';
import { type Location, located, type Sender } from '../../events/origin/sender.ts';
import { isPublishable } from '../../keys/key.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import { isPublic } from '../../webhooks/targets.ts';
import { addressOf } from '../auth.ts';
import { locationOfHeaders } from './location-headers.ts';

/** Where an address is; undefined where nobody knows. */
export type Locate = (address: string) => Location | undefined;

export interface BrowserParts {
  readonly keys: Pick<KeyRing, 'isOpen'>;
  /** Undefined where there is no database of addresses. */
  readonly locate?: Locate | undefined;
  /** In which header whoever stands before says from where a request came. */
  readonly addressHeader?: string | undefined;
}

/**
 * What is known of a request's sender where it is a browser; nothing is asked of servers.
 * `isOfPages`: only pages send in such a form.
 */
export type SenderOf = (context: Context, key: string | undefined, isOfPages: boolean) => Sender | undefined;

/** A browser's is what came with a publishable key; and without any key, what comes in a form of pages or names a page. */
export function senderOfBrowsers({ keys, locate, addressHeader }: BrowserParts): SenderOf {
  return (context, key, isOfPages) => {
    const { req } = context;
    // Where there are no keys, anything may stand in the place of one.
    const isServer = key !== undefined && !keys.isOpen;
    const isOfShopsPage = key !== undefined && isPublishable(key);
    const isPage = isOfPages || req.header('Origin') !== undefined;
    if (!isOfShopsPage && (isServer || !isPage)) return undefined;
    const told = locationOfHeaders((name) => req.header(name));
    const agent = req.header('User-Agent');
    // Without keys nobody is known as a server: what does not call itself a browser is no browser's bot.
    const isBot = isBotAgent(agent) && (isOfShopsPage || agent?.startsWith('Mozilla/') === true);
    const found = locate && told.city === undefined ? locate(clientAddress(context, addressHeader)) : undefined;
    return {
      isBot,
      location: found === undefined ? told : located(told, found),
    };
  };
}

/**
 * The last public address on a request's way: proxies write from whom they have it behind what they were told, and those of
 * one's own are in private networks.
 */
function clientAddress(context: Context, addressHeader: string | undefined): string {
  const named = context.req.header(addressHeader ?? 'X-Forwarded-For')?.split(',') ?? [];
  const way = addressHeader === undefined ? [...named, addressOf(context)] : named;
  return way.map((address) => address.trim()).findLast(isPublic) ?? '';
}
