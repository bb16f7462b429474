import { digestOf, type Key } from './key.ts';
import { type KeyInput, type NewKey, newKey, newSecret } from './new-key.ts';
import type { KeyStore } from './ports.ts';

const MAX_KEYS = 1_000;
const HOUR_MS = 3_600_000;

export type Made =
  | ({ readonly outcome: 'made' } & NewKey)
  | { readonly outcome: 'refused'; readonly path: string; readonly message: string }
  | { readonly outcome: 'too-many'; readonly most: number };

export interface KeyKeeperParts {
  readonly store: KeyStore;
  /** Are there keys of the settings? */
  readonly hasSettingsKeys: boolean;
  readonly publicRate: number;
  readonly now: () => number;
}

/** Makes, rotates and revokes keys. */
export class KeyKeeper {
  private readonly parts: KeyKeeperParts;

  constructor(parts: KeyKeeperParts) {
    this.parts = parts;
  }

  async list(): Promise<readonly Key[]> {
    return (await this.kept()).keys;
  }

  async make(input: KeyInput): Promise<Made> {
    const { store, now, publicRate, hasSettingsKeys } = this.parts;
    const { keys, isClosed } = await this.kept();
    if (keys.length >= MAX_KEYS) return { outcome: 'too-many', most: MAX_KEYS };
    const made = newKey(input, now(), publicRate);
    const refuse = (path: string, message: string): Made => ({ outcome: 'refused', path, message });
    if (keys.some(({ digest, previous }) => [digest, previous?.digest].includes(made.key.digest)))
      return refuse('key', 'is another key already');
    if (made.key.expiresMs !== undefined && made.key.expiresMs <= now()) return refuse('expires_at', 'is over already');
    if (!isClosed && !hasSettingsKeys && made.key.kind === 'secret' && !made.key.scopes.includes('admin'))
      return refuse(
        'scopes',
        'must have admin in the first key, or nobody could make more: make one with admin, then this one',
      );
    await store.put(made.key);
    return { outcome: 'made', ...made };
  }

  /** Another secret for the same key; the old one works for so many hours more. */
  async rotate(id: string, keepOldHours: number): Promise<NewKey | undefined> {
    const { store, now } = this.parts;
    const { keys } = await this.kept();
    const old = keys.find((one) => one.id === id);
    if (old === undefined) return undefined;
    const secret = newSecret(old.kind);
    const { previous: _, ...rest } = old;
    const previous = keepOldHours > 0 && {
      previous: { digest: old.digest, untilMs: now() + Math.round(keepOldHours * HOUR_MS) },
    };
    const key: Key = { ...rest, digest: digestOf(secret), ...previous };
    await store.put(key);
    return { key, secret };
  }

  revoke(id: string): Promise<boolean> {
    return this.parts.store.remove(id);
  }

  private async kept() {
    const kept = await this.parts.store.load();
    return kept ?? { keys: [], isClosed: false };
  }
}
