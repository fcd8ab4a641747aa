import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Language } from '@hili/contract';
import subsetFont from 'subset-font';

/** 400 for text, 700 for what stands out. */
export type Weight = 400 | 700;

/** The letters of a text, in as many small fonts as it takes. */
export interface Lettering {
  /** Each font by its name, as TrueType. */
  readonly fonts: ReadonlyMap<string, Buffer>;
  /** The name of the font that has a letter; undefined for one that none has. */
  fontOf(letter: string, weight: Weight): string | undefined;
}

const require = createRequire(import.meta.url);

/** Noto Sans as its packages slice it (SIL Open Font License 1.1): which slice has which letters. */
const FAMILIES = {
  'noto-sans-sc': require.resolve('@fontsource-variable/noto-sans-sc/unicode.json'),
  'noto-sans-jp': require.resolve('@fontsource-variable/noto-sans-jp/unicode.json'),
} as const;
type Family = keyof typeof FAMILIES;
/** The first that has a letter sets it: Chinese and Japanese draw many of them differently. */
const ORDER = { zh: ['noto-sans-sc', 'noto-sans-jp'], ja: ['noto-sans-jp', 'noto-sans-sc'] } as const;

/** Sets blanks, one of the fonts that every reader of PDF has: a slice of which a page uses nothing else would be a font without outlines. */
const BLANK = 'Helvetica';

interface Slice {
  readonly path: string;
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/** `U+4e00,U+4e10-4e1f` as pairs of code points. */
const readRanges = (ranges: string) =>
  ranges.split(',').map((range) => {
    const [first = 0, last = first] = range
      .replace('U+', '')
      .split('-')
      .map((hex) => Number.parseInt(hex, 16));
    return [first, last] as const;
  });

async function readSlices(family: Family): Promise<Slice[]> {
  const path = FAMILIES[family];
  const ranges = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
  return Object.entries(ranges).map(([name, text]) => ({
    path: join(dirname(path), 'files', `${family}-${name.replaceAll(/[[\]]/g, '')}-wght-normal.woff2`),
    ranges: readRanges(text),
  }));
}

/** Makes the fonts that set a text of this language, in both weights. */
export async function openLettering(text: string, language: Language): Promise<Lettering> {
  const families = ORDER[language === 'ja' ? 'ja' : 'zh'];
  const slices = (await Promise.all(families.map(readSlices))).flat();
  const sliceOf = (letter: string) => {
    const point = letter.codePointAt(0) ?? 0;
    return slices.find(({ ranges }) => ranges.some(([first, last]) => point >= first && point <= last));
  };
  const letters = new Map<Slice, Set<string>>();
  for (const letter of text.replaceAll(/\s/gu, '')) {
    const slice = sliceOf(letter);
    if (slice) letters.set(slice, (letters.get(slice) ?? new Set()).add(letter));
  }
  const fonts = new Map<string, Buffer>();
  const nameOf = (slice: Slice, weight: Weight) => `${slice.path} ${weight}`;
  for (const [slice, used] of letters) {
    const file = await readFile(slice.path);
    for (const wght of [400, 700] as const) {
      const options = { targetFormat: 'sfnt', variationAxes: { wght } } as const;
      fonts.set(nameOf(slice, wght), await subsetFont(file, [...used].join(''), options));
    }
  }
  return {
    fonts,
    fontOf(letter, weight) {
      if (/\s/u.test(letter)) return BLANK;
      const slice = sliceOf(letter);
      return slice && nameOf(slice, weight);
    },
  };
}
