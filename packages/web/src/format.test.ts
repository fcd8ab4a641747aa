import { expect, it } from 'vitest';
import { bytes, duration, money, percent } from './format.ts';

it('says durations in whole seconds, minutes and hours', () => {
  expect([0.2, 40, 89, 90, 3599, 5400, 7200].map((seconds) => duration('en', seconds))).toEqual([
    '1 second',
    '40 seconds',
    '89 seconds',
    '2 minutes',
    '60 minutes',
    '2 hours',
    '2 hours',
  ]);
  expect(duration('zh', 34)).toBe('34秒');
  expect(duration('ja', 60 * 58)).toBe('58分');
  expect(duration('fr', 60 * 58)).toBe('58 minutes');
});

it('says sizes and shares in the way of the language', () => {
  expect([900, 312_700, 1_843_200, 48_300_000].map((count) => bytes('en', count))).toEqual([
    '1 kB',
    '313 kB',
    '1.8 MB',
    '48 MB',
  ]);
  expect(bytes('fr', 1_843_200)).toMatch(/^1,8\sMo$/);
  expect([percent('en', 0.429), percent('es', 1).replace('\u00a0', ' ')]).toEqual(['43%', '100 %']);
});

it('writes prices in the way of the language, with fen only where there are some', () => {
  expect([4980, 15_000].map((fen) => money('en', fen))).toEqual(['CN¥49.80', 'CN¥150']);
  expect(money('zh', 100_000)).toBe('¥1,000');
  expect([4980, 100_000].map((fen) => money('ja', fen))).toEqual(['49.80元', '1,000元']);
  expect(money('ja', 980, 'EUR')).toBe('€9.80');
  // "CNY" alone says little in Spanish and French.
  expect([4980, 15_000, 100].map((fen) => money('es', fen))).toEqual([
    '49,80\u00a0yuanes (CNY)',
    '150\u00a0yuanes (CNY)',
    '1\u00a0yuan (CNY)',
  ]);
  expect([4980, 150, 200].map((fen) => money('fr', fen))).toEqual([
    '49,80\u00a0yuans (CNY)',
    '1,50\u00a0yuan (CNY)',
    '2\u00a0yuans (CNY)',
  ]);
  expect(money('fr', 980, 'EUR')).toMatch(/^9,80\s€$/);
});
