import type { JobView, RecipeName } from '@hili/contract';

/** How a recipe is spoken of in the texts: `choice.recipes.KEY`. In the order in which the page offers them. */
export const RECIPE_KEYS = {
  'sr,repair': 'repair',
  'sr,repair,colour': 'colour',
  sr: 'sr',
  bg: 'bg',
} as const satisfies Record<RecipeName, string>;

export type RecipeKey = (typeof RECIPE_KEYS)[RecipeName];

/** The steps that the page names, in the order in which they run. */
export const STEP_KEYS = ['decode', 'repair', 'colour', 'sr', 'bg', 'encode'] as const;
export type StepKey = (typeof STEP_KEYS)[number];

export const RECIPE_STEPS: Readonly<Record<RecipeName, readonly StepKey[]>> = {
  sr: ['decode', 'sr', 'encode'],
  'sr,repair': ['decode', 'repair', 'sr', 'encode'],
  'sr,repair,colour': ['decode', 'repair', 'colour', 'sr', 'encode'],
  bg: ['decode', 'bg', 'encode'],
};

/** The backgrounds that offices ask for, as `R,G,B`. */
export const BACKDROPS = { white: '255,255,255', blue: '67,142,219', red: '255,0,0' } as const;

/** `#438edb` -> `67,142,219` */
export const rgbOfHex = (hex: string): string =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(',');

/** Why a photo was not coloured though it was asked for; undefined where it was, or nobody asked. */
export const colourNote = ({ result }: JobView) =>
  result?.steps.find(({ name }) => name === 'colour')?.note ?? undefined;

/** Whether a run gave a photo colours. */
export const isColoured = (job: JobView): boolean =>
  job.recipe.split(',').includes('colour') &&
  job.options.colourStrength !== 0 &&
  job.result?.changed === true &&
  !colourNote(job);
