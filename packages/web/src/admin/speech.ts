import type { Language } from '@hili/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSpeech } from '../language.ts';
import type en from '../locales/admin/en.json';
import { fill, type KeyOf, type Shape, type Values } from '../texts.ts';

/** The name of a text of the console; a counted text goes by its stem. */
export type ConsoleKey = KeyOf<typeof en>;
export type ConsoleTexts = Shape<typeof en>;

const LOADERS: Readonly<Record<Language, () => Promise<{ default: ConsoleTexts }>>> = {
  zh: () => import('../locales/admin/zh.json'),
  en: () => import('../locales/admin/en.json'),
  ja: () => import('../locales/admin/ja.json'),
  es: () => import('../locales/admin/es.json'),
  fr: () => import('../locales/admin/fr.json'),
};

/** Loads the console's texts of one language; no visitor of the site ever does. */
export const loadConsoleTexts = async (language: Language): Promise<ConsoleTexts> =>
  (await LOADERS[language]()).default;

export interface ConsoleSpeech {
  readonly language: Language;
  t(key: ConsoleKey, values?: Values): string;
}

/** The console's texts in the language spoken now; suspends until they are there. */
export function useConsole(): ConsoleSpeech {
  const { language } = useSpeech();
  const { data: texts } = useSuspenseQuery({
    queryKey: ['console-texts', language],
    queryFn: () => loadConsoleTexts(language),
  });
  return useMemo(() => ({ language, t: (key, values) => fill(texts, language, key, values) }), [texts, language]);
}
