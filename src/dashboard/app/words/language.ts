import { translate } from './said.ts';
import { speakIn } from './words.ts';

const KEY = 'cartpulse-language';

export type Language = 'en' | 'de';

/** What was chosen here, else the first of the browser's languages that the page has. */
export function language(): Language {
  const wished = [localStorage.getItem(KEY) ?? '', ...navigator.languages].map((one) => one.slice(0, 2));
  return wished.find((one) => one === 'de' || one === 'en') === 'de' ? 'de' : 'en';
}

/** Another language is another page, at the same address. */
export function speak(chosen: Language): void {
  localStorage.setItem(KEY, chosen);
  location.reload();
}

/** Brings the words in, before anything is drawn. The language that is not spoken is not loaded. */
export async function learn(): Promise<void> {
  const spoken = language();
  document.documentElement.lang = spoken;
  if (spoken === 'en') return;
  const { de, german } = await import('./de/de.ts');
  translate(german);
  speakIn(de);
}
