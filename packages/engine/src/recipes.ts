import type { Step } from './pipeline.ts';
import { bg } from './steps/bg.ts';
import { colour } from './steps/colour.ts';
import { repair } from './steps/repair.ts';
import { sr } from './steps/sr.ts';

/** What each recipe does, in order. Colour comes before enlargement: it works on the photo's own size and costs a quarter there. */
export const RECIPES = {
  sr: [sr],
  'sr,repair': [repair, sr],
  'sr,repair,colour': [repair, colour, sr],
  bg: [bg],
} as const satisfies Record<string, readonly Step[]>;

export type RecipeName = keyof typeof RECIPES;
