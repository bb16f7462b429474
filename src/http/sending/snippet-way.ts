import type { Context } from 'hono';
import { mediaType } from '../body.ts';

/** The way that the snippet and beacons are. */
export const SNIPPET_WAY = 'snippet';

/** As text they come from pages, which nobody looks into otherwise. */
export const isOfSnippet = (context: Context): boolean =>
  context.req.path === '/v1/events' && context.req.method === 'POST' && mediaType(context) === 'text/plain';
