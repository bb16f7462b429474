import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface MenuProps {
  /** What the button that opens it says. */
  readonly label: string;
  readonly name: string;
  /** Given what closes it. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** Opens below its button; Escape, a click elsewhere or the focus that leaves closes it. */
export function Menu({ label, name, children }: MenuProps) {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  // With what is opened, not when it has been drawn: a key may come between.
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const isInside = (target: EventTarget | null): boolean =>
      target instanceof Node && (root.current?.contains(target) ?? false);
    const closeOutside = ({ target }: Event): void => {
      if (!isInside(target)) setOpen(false);
    };
    const closeByKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') close();
    };
    const closed = new AbortController();
    const { signal } = closed;
    document.addEventListener('pointerdown', closeOutside, { signal });
    document.addEventListener('focusin', closeOutside, { signal });
    document.addEventListener('keydown', closeByKey, { signal });
    return () => closed.abort();
  }, [isOpen]);
  return (
    <div ref={root} class={`menu ${name}`}>
      <button
        ref={button}
        type="button"
        class="opener"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </button>
      <div id={id} class={isOpen ? 'menu-body open' : 'menu-body'}>
        {children(close)}
      </div>
    </div>
  );
}
