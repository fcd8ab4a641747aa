import {
  MAX_RESULT_SIDE,
  type MeView,
  type OutputFormat,
  printLongEdge,
  type RecipeName,
  type Wish,
} from '@hili/contract';
import type { Size } from './edit.ts';

/** The steps of each recipe whose strength can be set, in the order in which they run, with their names in a wish. */
export const STRENGTHS = { repair: 'repairStrength', colour: 'colourStrength', sr: 'srStrength' } as const;
export type StrengthKey = keyof typeof STRENGTHS;

/** File types whose quality can be set. */
export const LOSSY: readonly (OutputFormat | undefined)[] = ['jpeg', 'webp', 'avif'];

const WHITE = [255, 255, 255] as const;

/** Papers that one gets prints on, in mm: `choice.papers.KEY` is how people call them. */
export const PAPERS = {
  '9x13': [90, 130],
  '10x15': [100, 150],
  '13x18': [130, 180],
  '20x30': [200, 300],
  A4: [210, 297],
} as const satisfies Record<string, readonly [number, number]>;

/** The steps of a recipe that have a strength. */
export const strengthsOf = (recipe: RecipeName): StrengthKey[] =>
  (Object.keys(STRENGTHS) as StrengthKey[]).filter((step) => recipe.split(',').includes(step));

/** Whether a wish has a use for texture, which is drawn by what enlarges. */
export const drawsTexture = ({ recipe, scale, srStrength }: Wish): boolean =>
  strengthsOf(recipe).includes('sr') && scale !== 1 && srStrength !== 0;

/** A wish without the settings that its recipe or its file type has no use for, and with the background that `bg` needs. */
export function applying(wish: Wish): Wish {
  const steps = strengthsOf(wish.recipe);
  const idle = new Set<string>(
    Object.entries(STRENGTHS).flatMap(([step, name]) => (steps.includes(step as StrengthKey) ? [] : name)),
  );
  if (!drawsTexture(wish)) idle.add('texture');
  if (!steps.includes('colour')) for (const name of ['recolour', 'colours']) idle.add(name);
  for (const name of wish.recipe === 'bg' ? ['scale', 'longEdge', 'print'] : ['rgb']) idle.add(name);
  if (!LOSSY.includes(wish.format)) idle.add('quality');
  const whole = wish.recipe === 'bg' && !wish.rgb ? { ...wish, rgb: WHITE } : wish;
  return Object.fromEntries(
    Object.entries(whole).filter(([name, value]) => value !== undefined && !idle.has(name)),
  ) as unknown as Wish;
}

/** What a wish asks beside the recipe, its background and how the photo is turned and cut. */
export const settingsOf = (wish: Wish): string[] =>
  Object.keys(applying(wish)).filter((name) => !['recipe', 'rgb', 'rotate', 'crop', 'straighten'].includes(name));

/** Pixels of a result's longer side at most: what the photo that pays next allows; bought ones come first. */
export function sideLimit(me: MeView): number {
  const paying = me.credits.lots.find(({ source, available }) => source !== 'free' && available > 0);
  return paying ? (paying.maxSide ?? MAX_RESULT_SIDE) : me.freeMaxSide;
}

/**
 * Pixels that a result will have, as the engine decides it (packages/engine/src/options.ts).
 * @param picture pixels of the photo once it is turned and cut.
 * @param limit pixels of the longer side at most: a longer photo is reduced to it.
 */
export function resultSize({ width, height }: Size, { recipe, scale, longEdge, print }: Wish, limit: number): Size {
  const long = Math.max(width, height);
  if (recipe === 'bg' || long > limit) {
    const factor = Math.min(1, limit / long);
    return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
  }
  const target = print ? printLongEdge(width, height, print) : longEdge;
  const most = Math.min(target ?? MAX_RESULT_SIDE, limit, MAX_RESULT_SIDE) / long;
  const factor = Math.max(1, Math.min(scale ?? (target ? 4 : 2), most));
  return { width: Math.max(width, Math.round(width * factor)), height: Math.max(height, Math.round(height * factor)) };
}
