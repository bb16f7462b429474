import { useEffect, useState } from 'preact/hooks';

/** What the page shows; all of it stands in the URL, so that a view can be shared. */
export interface View {
  readonly from: string;
  readonly to: string;
  readonly compare: string;
  readonly city: string;
  readonly interval: string;
  readonly funnel: string;
  readonly mode: string;
  readonly by: string;
  readonly rank_by: string;
  readonly product: string;
  readonly theme: string;
}

const EMPTY: View = {
  from: '',
  to: '',
  compare: '',
  city: '',
  interval: '',
  funnel: 'shop',
  mode: 'closed',
  by: 'views',
  rank_by: 'engagement',
  product: '',
  theme: '',
};

function read(): View {
  const params = new URLSearchParams(location.search);
  const entries = Object.entries(EMPTY).map(([name, value]) => [name, params.get(name) ?? value]);
  return { ...EMPTY, ...Object.fromEntries(entries) };
}

function write(view: View): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(view))
    if (value !== '' && value !== Object.entries(EMPTY).find(([known]) => known === name)?.[1]) params.set(name, value);
  const search = params.toString();
  return search === '' ? location.pathname : `${location.pathname}?${search}`;
}

export type Change = (change: Partial<View>) => void;

/** The view of the URL, and how to go to another; the browser's back button goes back. */
export function useView(): [View, Change] {
  const [view, setView] = useState(read);
  useEffect(() => {
    const back = (): void => setView(read());
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const change: Change = (changed) => {
    const next = { ...read(), ...changed };
    history.pushState(null, '', write(next));
    setView(next);
  };
  return [view, change];
}

/** The period and city as parameters of a request. */
export function periodParams({ from, to, compare }: View): Record<string, string> {
  return { from, to, ...(compare && { compare }) };
}
