import { LANGUAGES, type Language } from '@hili/contract';
import { describe, expect, it } from 'vitest';
import { loadConsoleTexts } from '../admin/texts.ts';
import { format, loadFirstTexts, loadTexts, type TextKey, type Texts } from '../texts.ts';

/** Every text of a language by its name; counted texts by their stem, so that languages without a singular compare. */
function flat(node: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') found.set(prefix + key.replace(/_(one|other)$/, ''), value);
    else for (const [name, text] of flat(value as object, `${prefix}${key}.`)) found.set(name, text);
  }
  return found;
}

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });

/** The files of texts, and where they are said. */
const FILES: readonly (readonly [
  string,
  (language: Language) => Promise<object>,
  (path: string, source: string) => boolean,
])[] = [
  ['site', loadTexts, () => true],
  // A text that only a later part says is no part of the first load.
  ['first paint', loadFirstTexts, (_, source) => /\b(useFirstSpeech|FirstKey)\b/.test(source)],
  ['console', loadConsoleTexts, (path) => path.includes('/admin/')],
];

describe.each(FILES)('the %s', (_, load, where) => {
  it.each(LANGUAGES)('says everything in %s, with the same values in each text', async (language) => {
    const english = flat(await load('en'));
    const texts = flat(await load(language));
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of texts) {
      expect(text.trim(), key).not.toBe('');
      expect(names(text), key).toEqual(names(english.get(key)!));
    }
  });

  it('has no text that it never says', async () => {
    const said = Object.entries(sources)
      .filter(([path, source]) => where(path, source))
      .map(([, source]) => source)
      .join('\n');
    const silent = [...flat(await load('en')).keys()].filter((key) => {
      const stems = key.split('.').map((_part, at, parts) => parts.slice(0, at).join('.'));
      return !said.includes(`'${key}'`) && !stems.some((stem) => stem && said.includes(`\`${stem}.\${`));
    });
    expect(silent).toEqual([]);
  });

  it.each(['zh', 'ja'] as const)('sets %s with full-width punctuation', async (language) => {
    const half = [...flat(await load(language))].filter(([, text]) => /[\u3040-\u9fff}][,?!:;(]/.test(text));
    expect(half).toEqual([]);
  });

  it('sets fr with spaces that do not break before two-part signs and inside quotation marks', async () => {
    const loose = [...flat(await load('fr'))].filter(([, text]) =>
      /[^\u00a0\u202f][?!;:»]|«[^\u00a0\u202f]/.test(text),
    );
    expect(loose).toEqual([]);
  });
});

it('chooses the plural by the rules of the language and writes numbers in its way', async () => {
  const say = async (language: (typeof LANGUAGES)[number], key: TextKey, count: number) =>
    format(await loadTexts(language), language, key, { count });
  expect(await say('en', 'left.count', 1)).toBe('1 photo left today');
  expect(await say('en', 'left.count', 0)).toBe('0 photos left today');
  expect(await say('fr', 'left.count', 0)).toBe('0 photo restante');
  expect(await say('zh', 'left.credits', 1200)).toBe('还可修复 1,200 张');
  expect(await say('es', 'left.credits', 12000)).toBe('Quedan 12.000 fotos');
});

it('leaves an unknown value in its place instead of saying "undefined"', async () => {
  const texts: Texts = await loadTexts('en');
  expect(format(texts, 'en', 'work.left')).toBe('About {time} left');
});
