import type { Language } from '@hili/contract';
import { joinTexts } from './join-texts.ts';
import type rest from './locales/en.json';
import type first from './locales/first/en.json';

type Leaf<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaf<T[K]>}`;
}[keyof T & string];
/** The names of the texts of a file, a counted text by its stem. */
export type KeyOf<T> = Stem<Leaf<T>>;
type Stem<K> = K extends `${infer S}_one` | `${infer S}_other` ? S : K;

/** The name of a text that Home's first paint says; a counted text goes by its stem: `left.count` for `left.count_one` and `left.count_other`. */
export type FirstKey = KeyOf<typeof first>;
/** The name of any text of the site. */
export type TextKey = FirstKey | KeyOf<typeof rest>;
/** The texts of one language. Languages without a singular leave the `_one` texts out. */
export type FirstTexts = Shape<typeof first>;
export type Texts = FirstTexts & Shape<typeof rest>;
/** What another language's file of the same texts looks like. */
export type Shape<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Shape<T[K]>;
};

export type Values = Readonly<Record<string, string | number>>;

const FIRST: Readonly<Record<Language, () => Promise<{ default: FirstTexts }>>> = {
  zh: () => import('./locales/first/zh.json'),
  en: () => import('./locales/first/en.json'),
  ja: () => import('./locales/first/ja.json'),
  es: () => import('./locales/first/es.json'),
  fr: () => import('./locales/first/fr.json'),
};

const REST: Readonly<Record<Language, () => Promise<{ default: Shape<typeof rest> }>>> = {
  zh: () => import('./locales/zh.json'),
  en: () => import('./locales/en.json'),
  ja: () => import('./locales/ja.json'),
  es: () => import('./locales/es.json'),
  fr: () => import('./locales/fr.json'),
};

/** Loads what Home's first paint says in one language: a fifth of all texts, in a file of its own. */
export const loadFirstTexts = async (language: Language): Promise<FirstTexts> => (await FIRST[language]()).default;

/** Loads every text of the site in one language. */
export async function loadTexts(language: Language): Promise<Texts> {
  const [first, rest] = await Promise.all([loadFirstTexts(language), REST[language]()]);
  return joinTexts(first, rest.default) as Texts;
}

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

/** The same with any tree of texts. */
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
