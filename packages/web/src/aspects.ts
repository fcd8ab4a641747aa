import type { Frame } from './frame.ts';

/** Shapes that the editor offers for what is cut out, as the texts name them: `edit.shapes.KEY`. */
export const ASPECTS = ['free', 'original', 'print', 'square', 'passport'] as const;
export type Aspect = (typeof ASPECTS)[number];

/**
 * Width by height of a shape; undefined when it is free.
 * @param original width by height of the turned picture.
 * @param frame a 10 x 15 cm print lies or stands as this does.
 */
export function ratioOf(aspect: Aspect, original: number, { left, right, top, bottom }: Frame): number | undefined {
  if (aspect === 'free') return undefined;
  if (aspect === 'original') return original;
  if (aspect === 'square') return 1;
  if (aspect === 'passport') return 35 / 45;
  return right - left > bottom - top ? 15 / 10 : 10 / 15;
}
