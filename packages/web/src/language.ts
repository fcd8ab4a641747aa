import { LANGUAGES, type Language, pickLanguage } from '@hili/contract';
import { useMemo, useSyncExternalStore } from 'react';
import { createStore } from './store.ts';
import { format, loadTexts, type TextKey, type Texts, type Values } from './texts.ts';

/** The cookie of an explicit choice; the server reads it to answer with the page in that language. */
const COOKIE = 'hili_language';
const YEAR_SECONDS = 365 * 24 * 3600;

const spoken = createStore<{ language: Language; texts: Texts } | undefined>(undefined);

function chosen(): Language | undefined {
  const value = new RegExp(`(?:^|; )${COOKIE}=(\\w+)`).exec(document.cookie)?.[1];
  return known(value);
}

const known = (value: string | null | undefined) => LANGUAGES.find((language) => language === value);

/** The language that the address asks for, else the visitor's own choice, else the language the page was served in, else the browser's first of ours, else English. */
export function firstLanguage(): Language {
  const asked = known(new URLSearchParams(location.search).get('lang'));
  return (
    asked ??
    chosen() ??
    known(document.documentElement.dataset.language) ??
    pickLanguage(navigator.languages.join(','), 'en')
  );
}

/** Speaks a language from now on; resolves when its texts are there. */
export async function speak(language: Language): Promise<void> {
  const texts = await loadTexts(language);
  spoken.set({ language, texts });
}

/** Speaks a language by the visitor's explicit choice, which is kept for a year. */
export async function choose(language: Language): Promise<void> {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Firefox and Safari yet.
  document.cookie = `${COOKIE}=${language}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
  await speak(language);
  const { pathname, search, hash } = location;
  // It would win over the choice when the page is loaded again.
  if (new URLSearchParams(search).has('lang')) history.replaceState(history.state, '', pathname + hash);
}

export interface Speech {
  readonly language: Language;
  t(key: TextKey, values?: Values): string;
}

/** The texts in the language spoken now. `speak` has been awaited before the first component renders. */
export function useSpeech(): Speech {
  // Ready pages are taken over in the language that they were made in, which is spoken by then.
  const now = useSyncExternalStore(spoken.subscribe, spoken.get, spoken.get);
  if (!now) throw new Error('expected a language for the page but received none');
  return useMemo(
    () => ({ language: now.language, t: (key, values) => format(now.texts, now.language, key, values) }),
    [now],
  );
}
