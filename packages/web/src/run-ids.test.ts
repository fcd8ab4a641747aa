import type { Wish } from '@hili/contract';
import { expect, it } from 'vitest';
import { runIdFor } from './run-ids.ts';

const wish: Wish = { recipe: 'sr', scale: 2 };

it('asks for a run under the same id until its answer has come', () => {
  const id = runIdFor('a', 'first', wish);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(runIdFor('a', 'first', { ...wish })).toBe(id);
});

it('asks under another id for another wish, another photo, and once more after a run that was made', () => {
  const id = runIdFor('b', 'first', wish);
  const others = [
    runIdFor('c', 'first', wish),
    runIdFor('b', 'second', wish),
    runIdFor('b', 'second', { ...wish, scale: 4 }),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});
