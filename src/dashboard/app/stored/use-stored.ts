import { useState } from 'preact/hooks';

/** Something that is kept in this browser under a name. */
export interface Stored {
  readonly name: string;
  readonly text: string;
}

const isStored = (one: unknown): one is Stored =>
  typeof one === 'object' &&
  one !== null &&
  'name' in one &&
  'text' in one &&
  typeof one.name === 'string' &&
  typeof one.text === 'string';

/** What another version, or a person, has written there is passed over. */
function readStored(key: string): readonly Stored[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isStored) : [];
  } catch {
    return [];
  }
}

interface Shelf {
  readonly kept: readonly Stored[];
  /** In the place of what had the name. */
  readonly keep: (name: string, text: string) => void;
  readonly forget: (name: string) => void;
}

/** Texts by name, in the order of the alphabet; they stay in this browser. */
export function useStored(key: string): Shelf {
  const [kept, setKept] = useState(() => readStored(key));
  // Another tab may have kept something since.
  const write = (change: (now: readonly Stored[]) => readonly Stored[]): void => {
    const next = change(readStored(key)).toSorted((a, b) => a.name.localeCompare(b.name));
    localStorage.setItem(key, JSON.stringify(next));
    setKept(next);
  };
  const others = (now: readonly Stored[], name: string) => now.filter((one) => one.name !== name);
  return {
    kept,
    keep: (name, text) => write((now) => [...others(now, name), { name, text }]),
    forget: (name) => write((now) => others(now, name)),
  };
}
