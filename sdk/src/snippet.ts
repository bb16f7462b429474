import { createClient } from './browser.ts';
import type { EventFields } from './events.ts';
import { watchDataLayer, watchPages } from './pages.ts';

/** `cartpulse(…)` of a page: an event, or `user` and `consent` with what they are. */
type Call = [name: string, value?: unknown];
interface Global {
  (...call: Call): void;
  id?: () => string | undefined;
  q?: Call[];
}

const pages = window as unknown as { cartpulse?: Global };

function start({ src, dataset }: HTMLScriptElement): void {
  const { key, consent, user, layer = 'dataLayer' } = dataset;
  const early = pages.cartpulse?.q ?? [];
  const client = createClient({ url: new URL(src).origin, key, needsConsent: consent === 'required', user });

  const call: Global = (name, value) => {
    if (name === 'user') client.user(typeof value === 'string' ? value : undefined);
    else if (name === 'consent') client.consent(value === true);
    else client.track(name, value as EventFields);
  };
  call.id = client.id;
  pages.cartpulse = call;

  watchPages(client.track);
  for (const one of early) call(...one);
  watchDataLayer(layer, client.track);
}

// Pasted into a page twice, it counts once.
if (pages.cartpulse?.id === undefined) start(document.currentScript as HTMLScriptElement);
