import { LANGUAGES, type Language, pickLanguage } from '@hili/contract';
import { useMemo, useSyncExternalStore } from 'react';
import { createStore } from './store.ts';
import { type FirstKey, type FirstTexts, fill, loadFirstTexts, loadTexts, type TextKey, type Values } from './texts.ts';

/** The cookie of an explicit choice; the server reads it to answer with the page in that language. */
const COOKIE = 'hili_language';
const YEAR_SECONDS = 365 * 24 * 3600;

const spoken = createStore<{ language: Language; texts: FirstTexts; isWhole: boolean } | undefined>(undefined);
/** What is to be spoken; its texts may still be on their way. */
const wanted = { language: 'en' as Language, isWhole: false };

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
  wanted.language = language;
  await bring();
}

async function bring(): Promise<void> {
  const { language, isWhole } = wanted;
  const texts = await (isWhole ? loadTexts : loadFirstTexts)(language);
  // Meanwhile another language, or more texts, may have been asked for.
  if (language !== wanted.language || isWhole !== wanted.isWhole) return bring();
  spoken.set({ language, texts, isWhole });
}

/** Loads a part of the site that the first paint does without, and with it all texts. */
export const withTexts =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    wanted.isWhole = true;
    const [part] = await Promise.all([load(), bring()]);
    return part;
  };

/** Speaks a language by the visitor's explicit choice, which is kept for a year. */
export async function choose(language: Language): Promise<void> {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Firefox and Safari yet.
  document.cookie = `${COOKIE}=${language}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
  await speak(language);
  const { pathname, search, hash } = location;
  // It would win over the choice when the page is loaded again.
  if (new URLSearchParams(search).has('lang')) history.replaceState(history.state, '', pathname + hash);
}

export interface Speech<Key = TextKey> {
  readonly language: Language;
  t(key: Key, values?: Values): string;
}

/** The texts of the first paint, in the language spoken now. `speak` has been awaited before the first component renders. */
export function useFirstSpeech(): Speech<FirstKey> {
  return useSpoken(false);
}

/** All texts, for whatever is loaded by `withTexts`. */
export function useSpeech(): Speech {
  return useSpoken(true);
}

function useSpoken(whole: boolean): Speech {
  // Ready pages are taken over in the language that they were made in, which is spoken by then.
  const now = useSyncExternalStore(spoken.subscribe, spoken.get, spoken.get);
  if (!now) throw new Error('expected a language for the page but received none');
  if (whole && !now.isWhole) throw new Error('expected all texts for this part but received those of the first paint');
  return useMemo(
    () => ({ language: now.language, t: (key, values) => fill(now.texts, now.language, key, values) }),
    [now],
  );
}
