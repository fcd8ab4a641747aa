import { expect, it } from 'vitest';
import { openTurns } from './turns.ts';

/** Work that says when it begins, and lasts until it is told to end. */
function labour(places: number) {
  const inTurn = openTurns(places);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (who: string) =>
    inTurn(who, () => {
      begun.push(who);
      return new Promise<void>((end) => ends.push(end));
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    ask,
    settle,
    async endOne() {
      ends.shift()?.();
      await settle();
    },
  };
}

it('gives everybody one place at a time, and whoever comes new the next free one', async () => {
  const { begun, ask, settle, endOne } = labour(2);
  for (let n = 0; n < 4; n++) void ask('a');
  await settle();
  expect(begun).toEqual(['a']);
  void ask('b');
  await settle();
  expect(begun).toEqual(['a', 'b']);
  for (const who of ['b', 'c', 'd']) void ask(who);
  for (let n = 0; n < 7; n++) await endOne();
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'a', 'a']);
});

it('goes on after work that fails', async () => {
  const inTurn = openTurns(1);
  await expect(inTurn('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await inTurn('a', async () => 7)).toBe(7);
});
