import { coloursText } from './given-colours.ts';
import type { RecipeName } from './recipes.ts';
import type { RunOptions } from './run-options.ts';

/**
 * What may be asked of a photo: a recipe, and settings with a default each. `rotate`, `crop` (fractions of the upright, rotated picture)
 * and `straighten` (degrees clockwise) come before the recipe; strengths and `texture` are 0 to 1; `colours` are true ones at places of
 * the picture once it is turned and cut; `scale`, `longEdge` (pixels) or `print` (millimetres) decide the size; `rgb` is the background of
 * `bg`.
 */
export interface Wish extends RunOptions {
  readonly recipe: RecipeName;
}

/** A wish as the text fields of PhotoFields. */
export function wishFields({ crop, colours, ...wish }: Wish): Record<string, string> {
  const parts = {
    crop: crop && [crop.left, crop.top, crop.width, crop.height],
    colours: colours && coloursText(colours),
  };
  const given = Object.entries({ ...wish, ...parts }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
