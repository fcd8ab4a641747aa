import type { Language } from '@hili/contract';
import type en from './locales/en.json';

type Leaf<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaf<T[K]>}`;
}[keyof T & string];
/** The names of the texts of a file, a counted text by its stem. */
export type KeyOf<T> = Stem<Leaf<T>>;
type Stem<K> = K extends `${infer S}_one` | `${infer S}_other` ? S : K;

/** The name of a text; a counted text goes by its stem: `left.count` for `left.count_one` and `left.count_other`. */
export type TextKey = KeyOf<typeof en>;
/** The texts of one language. Languages without a singular leave the `_one` texts out. */
export type Texts = Shape<typeof en>;
/** What another language's file of the same texts looks like. */
export type Shape<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Shape<T[K]>;
};

export type Values = Readonly<Record<string, string | number>>;

const LOADERS: Readonly<Record<Language, () => Promise<{ default: Texts }>>> = {
  zh: () => import('./locales/zh.json'),
  en: () => import('./locales/en.json'),
  ja: () => import('./locales/ja.json'),
  es: () => import('./locales/es.json'),
  fr: () => import('./locales/fr.json'),
};

/** Loads the texts of one language, each a file of its own so that a visitor fetches one of five. */
export const loadTexts = async (language: Language): Promise<Texts> => (await LOADERS[language]()).default;

function find(texts: object, key: string): string | undefined {
  let node: unknown = texts;
  for (const part of key.split('.')) node = (node as Record<string, unknown> | undefined)?.[part];
  return typeof node === 'string' ? node : undefined;
}

/**
 * Finds a text and fills its `{names}` in. A `count` chooses the plural form by the rules of the language (CLDR); numbers are written
 * in the language's own way.
 * @example format(texts, 'en', 'left.count', { count: 1 }) === '1 photo left today'
 */
export function format(texts: Texts, language: Language, key: TextKey, values: Values = {}): string {
  return fill(texts, language, key, values);
}

/** The same with the texts of any file. */
export function fill(texts: object, language: Language, key: string, values: Values = {}): string {
  const { count } = values;
  const form = typeof count === 'number' ? new Intl.PluralRules(language).select(count) : 'other';
  const text = find(texts, key) ?? find(texts, `${key}_${form}`) ?? find(texts, `${key}_other`) ?? key;
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}
