import { type GivenColour, MOST_COLOURS } from '@hili/contract';
import { tidy } from './edit.ts';

/** A place that a visitor has marked on a result, until they say its true colour without one. */
export interface Mark {
  /** Tells it from the others for as long as they are shown. */
  readonly key: number;
  readonly x: number;
  readonly y: number;
  readonly colour?: string;
}

/** A share of a side, within the picture. */
const within = (share: number) => Math.min(1, tidy(share));

/** The marks of colours that were given before. */
export const marksOf = (colours: readonly GivenColour[] = []): readonly Mark[] =>
  colours.map((colour, key) => ({ ...colour, key }));

/** The colours that are given by marks: one without a colour gives none. */
export const coloursOf = (marks: readonly Mark[]): readonly GivenColour[] =>
  marks.flatMap(({ x, y, colour }) => (colour ? [{ x, y, colour }] : []));

/** Whether there is room for another mark. */
export const hasRoom = (marks: readonly Mark[]): boolean => coloursOf(marks).length < MOST_COLOURS;

/** Marks a place, in the stead of one that got no colour. @returns the marks, the new one last. */
export function marked(marks: readonly Mark[], x: number, y: number): readonly Mark[] {
  const key = 1 + Math.max(-1, ...marks.map((mark) => mark.key));
  return [...marks.filter(({ colour }) => colour), { key, x: within(x), y: within(y) }];
}

/** Moves a mark by shares of the picture's sides. */
export const moved = (marks: readonly Mark[], key: number, dx: number, dy: number): readonly Mark[] =>
  marks.map((mark) => (mark.key === key ? { ...mark, x: within(mark.x + dx), y: within(mark.y + dy) } : mark));

/** Says the true colour of what is under a mark. */
export const coloured = (marks: readonly Mark[], key: number, colour: string): readonly Mark[] =>
  marks.map((mark) => (mark.key === key ? { ...mark, colour } : mark));

export const without = (marks: readonly Mark[], key: number): readonly Mark[] =>
  marks.filter((mark) => mark.key !== key);

/** Whether two lists give the same colours. */
export const sameColours = (some: readonly GivenColour[], others: readonly GivenColour[] = []): boolean =>
  JSON.stringify(some.map(({ x, y, colour }) => [x, y, colour])) ===
  JSON.stringify(others.map(({ x, y, colour }) => [x, y, colour]));
