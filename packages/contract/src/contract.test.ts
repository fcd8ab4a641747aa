import { expect, it } from 'vitest';
import {
  ERRORS,
  LANGUAGES,
  MOST_COLOURS,
  parseColours,
  parseCrop,
  parsePrint,
  parseRecipe,
  parseRgb,
  pickLanguage,
  printLongEdge,
  printPixels,
} from './index.ts';
import { makeToken, readToken, tokenMatches } from './token.ts';

const NOW = 1629962357;

it('makes the token of the partner page from its secret and time', () => {
  expect(makeToken('hiliad', NOW)).toBe('5484490c8e797dabe52af90ab8bd1e50,1629962357');
});

it('accepts a token for two minutes, and thirty seconds of clock skew', () => {
  const token = makeToken('hiliad', NOW);
  for (const now of [NOW, NOW + 120, NOW - 30]) expect(readToken(token, now)).toBeDefined();
  for (const now of [NOW + 121, NOW - 31]) expect(readToken(token, now)).toBeUndefined();
});

it('refuses missing and malformed tokens', () => {
  for (const header of [
    undefined,
    '',
    'x',
    `${'g'.repeat(32)},${NOW}`,
    `${'a'.repeat(31)},${NOW}`,
    `${'a'.repeat(32)},-1`,
    `${'a'.repeat(32)}`,
  ])
    expect(readToken(header, NOW)).toBeUndefined();
});

it('matches only the secret that made it, or either of two during a rotation', () => {
  const token = readToken(makeToken('new', NOW), NOW)!;
  expect(tokenMatches(token, ['new'])).toBe(true);
  expect(tokenMatches(token, ['old', 'new'])).toBe(true);
  expect(tokenMatches(token, ['old'])).toBe(false);
  expect(tokenMatches(token, [])).toBe(false);
});

it('reads repair_type in any order, with ; and with the spelling color', () => {
  expect(parseRecipe('sr')).toBe('sr');
  expect(parseRecipe('sr;repair')).toBe('sr,repair');
  expect(parseRecipe('color, repair, sr')).toBe('sr,repair,colour');
  expect(parseRecipe('bg')).toBe('bg');
  for (const text of ['', 'repair', 'colour', 'sr,sr', 'sr,bg', 'sr,repair,', 'SR', 'sr,colour'])
    expect(parseRecipe(text)).toBeUndefined();
});

it('reads rgb as three numbers of 0 to 255', () => {
  expect(parseRgb('255,255,255')).toEqual([255, 255, 255]);
  expect(parseRgb(' 0, 1 ,2')).toEqual([0, 1, 2]);
  for (const text of ['', '256,0,0', '1,2', '1,2,3,4', '-1,0,0', '#fff', '1.5,2,3'])
    expect(parseRgb(text)).toBeUndefined();
});

it('reads colours at places of the picture, as text or as a list that was joined', () => {
  const two = [
    { x: 0.31, y: 0, colour: '#7a5230' },
    { x: 1, y: 0.5, colour: '#ffffff' },
  ];
  expect(parseColours('0.31,0,#7A5230;1,.5,#ffffff')).toEqual(two);
  expect(parseColours(' 0.31, 0, #7a5230,1,5e-1,#ffffff')).toEqual(two);
  expect(parseColours('')).toEqual([]);
  expect(parseColours(Array(MOST_COLOURS).fill('0,0,#000000').join(';'))).toHaveLength(MOST_COLOURS);
  for (const text of ['0,0', '1.1,0,#000000', '-0.1,0,#000000', '0,,#000000', '0,0,000000', '0,0,#00000g', '{}'])
    expect(parseColours(text)).toBeUndefined();
  expect(
    parseColours(
      Array(MOST_COLOURS + 1)
        .fill('0,0,#000000')
        .join(';'),
    ),
  ).toBeUndefined();
});

it('has each error in five languages, with the Chinese texts of the existing API', () => {
  for (const row of Object.values(ERRORS))
    for (const language of LANGUAGES) expect(row.text[language].length).toBeGreaterThan(3);
  expect(ERRORS.TOKEN_INVALID.text.zh).toBe('请求参数token不合法');
  expect(ERRORS.NO_CREDITS.text.zh).toBe('剩余下载次数为0');
  expect(ERRORS.PHOTO_NOT_FOUND.text.zh).toBe('图片不存在,请确认图片是否上传成功');
  expect(ERRORS.PHOTO_EXPIRED.text.zh).toBe('数据已失效,请重新上传');
  expect(ERRORS.DATA_NOT_FOUND.text.zh).toBe('数据未找到');
});

it('picks the language by quality, then by order', () => {
  expect(pickLanguage('de, fr;q=0.5, ja;q=0.8', 'zh')).toBe('ja');
  expect(pickLanguage('en-GB,en;q=0.9', 'zh')).toBe('en');
  expect(pickLanguage('es;q=0', 'zh')).toBe('zh');
  expect(pickLanguage(undefined, 'en')).toBe('en');
});

it('reads a crop as fractions that stay within the picture', () => {
  expect(parseCrop('0.1, .2,0.9,8e-1')).toEqual({ left: 0.1, top: 0.2, width: 0.9, height: 0.8 });
  for (const text of ['', '0,0,1', '0,0,1,1,1', '0.2,0,0.9,1', '-0.1,0,1,1', '0,0,0.001,1', 'a,0,1,1', '0,0,,1'])
    expect(parseCrop(text), text).toBeUndefined();
});

it('reads a paper in millimetres, and knows how many pixels fill it at 300 dpi', () => {
  expect(parsePrint('100x150')).toEqual([100, 150]);
  expect(parsePrint('89 × 127.5')).toEqual([89, 127.5]);
  for (const text of ['', '100', '10x150', '100x1001', '100x150x1', 'a4'])
    expect(parsePrint(text), text).toBeUndefined();
  expect(printPixels([100, 150])).toEqual([1181, 1772]);
  expect(printLongEdge(3000, 2000, [100, 150])).toBe(1772);
  expect(printLongEdge(2000, 3000, [150, 100])).toBe(1772);
  expect(printLongEdge(1000, 1000, [100, 150])).toBe(1181);
  expect(printLongEdge(4, 3, [100, 150])).toBe(1575);
  expect(printLongEdge(3, 2, [900, 600])).toBe(6000);
});
