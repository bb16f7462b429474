import type { Context } from 'hono';
import { isBotAgent } from '../../events/origin/device.ts';
import type { Sender } from '../../events/origin/sender.ts';
import { isPublishable } from '../../keys/key.ts';
import type { KeyRing } from '../../keys/key-ring.ts';

/**
 * What is known of a request's sender where it is a browser; nothing is asked of servers.
 * `isOfPages`: only pages send in such a form.
 */
export type SenderOf = (context: Context, key: string | undefined, isOfPages: boolean) => Sender | undefined;

/** A browser's is what came with a publishable key; and without any key, what comes in a form of pages or names a page. */
export function senderOfBrowsers(keys: Pick<KeyRing, 'isOpen'>): SenderOf {
  return (context, key, isOfPages) => {
    const { req } = context;
    // Where there are no keys, anything may stand in the place of one.
    const isServer = key !== undefined && !keys.isOpen;
    const isOfBrowser =
      key !== undefined && isPublishable(key) ? true : !isServer && (isOfPages || req.header('Origin') !== undefined);
    return isOfBrowser ? { isBot: isBotAgent(req.header('User-Agent')) } : undefined;
  };
}
