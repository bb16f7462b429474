import type { EventFields, EventName } from './events.ts';
import { createQueue, type Waiting } from './queue.ts';

export interface BrowserSettings {
  /** Where cartpulse is, such as `https://cartpulse.example`. */
  readonly url: string;
  /** A publishable key. */
  readonly key?: string | undefined;
  /** Nothing is sent and nothing kept before `consent(true)`. */
  readonly needsConsent?: boolean;
  /** Who is signed in. */
  readonly user?: string | undefined;
}

export interface BrowserClient {
  track(name: EventName, fields?: EventFields): void;
  /** Says who is signed in; undefined after signing out, from where on it is another visitor. */
  user(id: string | undefined): void;
  /** Withdrawn, all that is kept of the visitor goes. */
  consent(isGiven: boolean): void;
  /** The visitor's id, to be written into orders; undefined without consent. */
  id(): string | undefined;
  /** Sends what waits. */
  flush(): Promise<void>;
}

const MOST_WAITING = 500;
/** Within this time the server knows an event again by its id, whichever way it came. */
const KNOWN_MS = 600_000;
const VISITOR = 'cartpulse';
const WAITING = 'cartpulse.waiting';

const newId = (): string => Math.random().toString(36).slice(2) + Date.now().toString(36);

/** The page's own storage, or as much as the page itself holds where that is not allowed. */
const memory: Record<string, string> = {};
function read(name: string): string | undefined {
  try {
    return memory[name] ?? localStorage.getItem(name) ?? undefined;
  } catch {
    return memory[name];
  }
}
function write(name: string, text: string | undefined): void {
  if (text === undefined) delete memory[name];
  else memory[name] = text;
  try {
    if (text === undefined) localStorage.removeItem(name);
    else {
      localStorage.setItem(name, text);
      delete memory[name];
    }
  } catch {
    // It is full or forbidden: the page holds it.
  }
}

/** Events of a page: kept until the server has answered, also when the page is left or the network is away. */
export function createClient({ url, key, needsConsent, user }: BrowserSettings): BrowserClient {
  const address = `${url}/v1/events${key === undefined ? '' : `?key=${key}`}`;
  let isAllowed = needsConsent !== true;
  let held: (() => void)[] = [];

  const load = (): Waiting[] => {
    try {
      // Anything of the page may have written there; what is no list throws.
      return JSON.parse(read(WAITING) ?? '').filter((one?: Waiting) => one?.event);
    } catch {
      return [];
    }
  };
  const save = (waiting: readonly Waiting[]): void => write(WAITING, JSON.stringify(waiting.slice(-MOST_WAITING)));
  const queue = createQueue({
    url: address,
    store: { load, save },
    mostEvents: 50,
    mostCharacters: 20_000,
    gatherMs: 1_000,
  });

  const anonymous = (): string => {
    const id = read(VISITOR) ?? newId();
    write(VISITOR, id);
    return id;
  };

  const leave = (): void => {
    const [batch, body] = queue.next();
    // Nobody tells whether it arrived, so it is sent again where the visitor is back soon.
    const isNew = batch.some(({ leftMs }) => leftMs === undefined);
    if (isAllowed && isNew && navigator.sendBeacon(address, body)) {
      const left = new Set(batch.map(({ event }) => event.event_id));
      save(load().map((one) => (left.has(one.event.event_id) ? { ...one, leftMs: Date.now() } : one)));
    }
  };
  addEventListener('pagehide', leave);
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
  addEventListener('online', () => void queue.flush());

  const begin = (): void => {
    save(load().filter(({ leftMs }) => leftMs === undefined || Date.now() - leftMs < KNOWN_MS));
    void queue.flush();
    for (const one of held) one();
    held = [];
  };
  if (isAllowed) begin();

  return {
    track(name, fields) {
      const id = fields?.event_id ?? newId();
      const event = { ...fields, name, event_id: id, ...(user !== undefined && { user_id: user }) };
      const add = (): void => {
        try {
          queue.add({ anonymous_id: anonymous(), ...event });
        } catch (error) {
          // What refers to itself is no JSON, and whoever pushed it into a data layer has more to do.
          console.error(error);
        }
      };
      if (isAllowed) add();
      else if (held.length < MOST_WAITING) held.push(add);
    },
    user(id) {
      if (id === undefined && user !== undefined) write(VISITOR, undefined);
      user = id;
    },
    consent(isGiven) {
      const isNew = isGiven && !isAllowed;
      isAllowed = isGiven;
      if (isNew) begin();
      if (isGiven) return;
      held = [];
      write(WAITING, undefined);
      write(VISITOR, undefined);
    },
    id: () => (isAllowed ? (user ?? anonymous()) : undefined),
    flush: queue.flush,
  };
}
