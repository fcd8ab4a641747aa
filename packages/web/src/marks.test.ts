import { MOST_COLOURS } from '@hili/contract';
import { expect, it } from 'vitest';
import { coloured, coloursOf, hasRoom, type Mark, marked, marksOf, moved, sameColours, without } from './marks.ts';

const given = [
  { x: 0.2, y: 0.3, colour: '#112233' },
  { x: 0.4, y: 0.5, colour: '#445566' },
];

it('begins with the colours that were given before, and gives them again unchanged', () => {
  expect(coloursOf(marksOf(given))).toEqual(given);
  expect(sameColours(coloursOf(marksOf(given)), given)).toBe(true);
  expect(sameColours([], undefined)).toBe(true);
});

it('gives no colour for a place that got none, and lets the next tap take its stead', () => {
  const bare = marked(marksOf(given), 0.6, 0.7);
  expect(coloursOf(bare)).toEqual(given);
  const next = marked(bare, 0.8, 0.9);
  expect(next).toHaveLength(3);
  const last = next.at(-1)!;
  expect(coloursOf(coloured(next, last.key, '#778899'))).toEqual([...given, { x: 0.8, y: 0.9, colour: '#778899' }]);
});

it('keeps a mark within the picture, and tells marks apart after others have gone', () => {
  const [first] = marksOf(given) as [Mark, Mark];
  expect(moved(marksOf(given), first.key, -1, 2)[0]).toMatchObject({ x: 0, y: 1 });
  const less = without(marksOf(given), first.key);
  const keys = marked(less, 0, 0).map(({ key }) => key);
  expect(new Set(keys).size).toBe(2);
  expect(sameColours(coloursOf(less), given)).toBe(false);
});

it('has room for as many colours as the engine takes', () => {
  let marks = marksOf();
  for (let i = 0; i < MOST_COLOURS; i++) {
    expect(hasRoom(marks)).toBe(true);
    marks = marked(marks, i / MOST_COLOURS, 0.5);
    marks = coloured(marks, marks.at(-1)!.key, '#123456');
  }
  expect(hasRoom(marks)).toBe(false);
});
