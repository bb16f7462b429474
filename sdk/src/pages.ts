import type { EventFields } from './events.ts';

type Track = (name: string, fields?: EventFields) => void;

/** An anchor leads within a page; what begins with a slash or an exclamation mark is a page of its own. */
const addressOf = (): string => location.href.replace(/#(?![/!]).*/, '');

/** Page views, also those of pages that load but once. */
export function watchPages(track: Track): void {
  let last: string | undefined;
  const look = (): void => {
    const page_location = addressOf();
    if (page_location === last) return;
    const page_referrer = last ?? document.referrer;
    track('page_view', { page_location, ...(page_referrer && { page_referrer }), user_agent: navigator.userAgent });
    last = page_location;
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function changed(...to) {
      original.apply(this, to);
      look();
    };
  }
  addEventListener('popstate', look);
  look();
}

/** What the page's data layer has for GA4: pushes with `ecommerce`, and gtag's own calls. */
export function watchDataLayer(name: string, track: Track): void {
  const pages: Record<string, unknown> = Object(window);
  pages[name] ??= [];
  const layer = pages[name];
  if (!Array.isArray(layer)) return;
  const take = (pushed: unknown): void => {
    const { event, ecommerce, 0: call, 1: called, 2: fields }: Record<string, unknown> = Object(pushed);
    const [what, rest] = call === 'event' ? [called, fields] : [event, ecommerce && { ecommerce }];
    if (typeof what === 'string' && rest && what !== 'page_view') track(what, { ...rest });
  };
  layer.forEach(take);
  const { push } = layer;
  layer.push = (...pushed: unknown[]): number => {
    pushed.forEach(take);
    return push.apply(layer, pushed);
  };
}
