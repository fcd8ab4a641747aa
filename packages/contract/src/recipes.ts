/** The recipes that a caller may ask for, in the partner wire's own spelling. */
export const RECIPE_NAMES = ['sr', 'sr,repair', 'sr,repair,colour', 'bg'] as const;

/** The steps that recipes are made of. */
export const STEP_NAMES = ['sr', 'repair', 'colour', 'bg'] as const;

export type RecipeName = (typeof RECIPE_NAMES)[number];

/**
 * Reads `repair_type`: words in any order, separated by `,` or `;`, with `color` for `colour`. Blanks around words are ignored.
 * @returns the recipe, or undefined for any other set of words (a repeated word included).
 */
export function parseRecipe(text: string): RecipeName | undefined {
  const words = text.split(/[,;]/).map((word) => word.trim().replace(/^color$/, 'colour'));
  const canonical = STEP_NAMES.filter((word) => words.includes(word)).join(',');
  if (words.length !== canonical.split(',').length) return undefined;
  return RECIPE_NAMES.find((name) => name === canonical);
}

/**
 * Reads a colour in the partner wire's form `R,G,B`, each 0 to 255, blanks around numbers allowed.
 * @returns the three numbers, or undefined when malformed.
 */
export function parseRgb(text: string): readonly [number, number, number] | undefined {
  const match = /^\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*$/.exec(text);
  if (!match) return undefined;
  const [r, g, b] = match.slice(1).map(Number) as [number, number, number];
  return Math.max(r, g, b) <= 255 ? [r, g, b] : undefined;
}
