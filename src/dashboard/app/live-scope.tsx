import type { ComponentChildren } from 'preact';
import { LiveContext, useFollowed } from './api/live.ts';

/** Of what is in it, only what uses the shop of this second is drawn anew each second. */
export function LiveScope({ children }: { readonly children: ComponentChildren }) {
  return <LiveContext.Provider value={useFollowed()}>{children}</LiveContext.Provider>;
}
