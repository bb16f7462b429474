import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { said } from '../words/said.ts';

interface DrawerProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** One thing by itself, over the page; Escape and a click beside it lead back to where it was opened. */
export function Drawer({ label, onClose, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const { current } = dialog;
    const opener = document.activeElement;
    current?.showModal();
    const beside = ({ target }: Event): void => {
      if (target === current) close.current();
    };
    current?.addEventListener('click', beside);
    return () => {
      current?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="drawer-body">
        <button type="button" class="close" onClick={onClose}>
          {said('Close')}
        </button>
        {children}
      </div>
    </dialog>
  );
}
