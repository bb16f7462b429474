import { useState } from 'preact/hooks';
import { later } from '../panel/later.tsx';
import { useShop } from '../shop.ts';
import { words } from '../words/words.ts';

const NotesDrawer = later(async () => (await import('./notes-drawer.tsx')).NotesDrawer, 'nothing');

/** Leads from a chart to its notes, for who may change them. */
export function NoteButton({ of }: { readonly of: string }) {
  const { notes: says } = words();
  const [isOpen, setOpen] = useState(false);
  if (!useShop().isAdmin) return null;
  return (
    <>
      <button type="button" aria-label={says.opens(of)} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {says.opener}
      </button>
      {isOpen && <NotesDrawer onClose={() => setOpen(false)} />}
    </>
  );
}
