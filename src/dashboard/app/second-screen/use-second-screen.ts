import { useEffect } from 'preact/hooks';
import type { Change, View } from '../view.ts';

const isTyped = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, [contenteditable], dialog') !== null;

/** `f` opens the second screen and leaves it, Escape leaves it; not where somebody types, nor with another key held. */
export function useSecondScreen({ screen }: View, change: Change): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) return;
      if (event.key === 'f') change({ screen: screen === 'second' ? '' : 'second' });
      if (event.key === 'Escape' && screen === 'second') change({ screen: '' });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [screen]);
}
