import type { Language } from '@hili/contract';
import type en from '../locales/admin/en.json';
import type { KeyOf, Shape } from '../texts.ts';

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
