import { MAX_RESULT_SIDE } from './limits.ts';
import type { Crop } from './run-options.ts';

/** Degrees by which a picture is straightened at most, either way. */
export const MAX_STRAIGHTEN = 45;
/** Pixels per inch of a print that looks sharp from a hand's distance. */
export const PRINT_DPI = 300;
/** Millimetres of a print's side: at least, and at most. */
export const PRINT_MM = { least: 20, most: 1000 } as const;
/** A crop has at least this share of each side. */
export const LEAST_CROP = 0.01;

/**
 * Reads a crop, `left,top,width,height`, each a fraction of the upright and rotated picture's side.
 * @returns undefined when malformed, when it reaches over the picture, or when a side has less than a hundredth.
 */
export function parseCrop(text: string): Crop | undefined {
  const numbers = text
    .split(',')
    .map((part) => (/^\s*(\d*\.)?\d+(e-?\d+)?\s*$/i.test(part) ? Number(part) : Number.NaN));
  const [left = 0, top = 0, width = 0, height = 0] = numbers;
  // Fractions that were computed add up to a little more than 1.
  const inside = left + width <= 1 + 1e-6 && top + height <= 1 + 1e-6;
  if (numbers.length !== 4 || !inside || !(width >= LEAST_CROP && height >= LEAST_CROP)) return undefined;
  return { left, top, width, height };
}

/**
 * Reads a paper's size in millimetres, either side first.
 * @example parsePrint('100x150') // [100, 150], the usual 10 x 15 cm
 */
export function parsePrint(text: string): readonly [number, number] | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*[x×,]\s*(\d+(?:\.\d+)?)\s*$/.exec(text);
  const [a, b] = [Number(match?.[1]), Number(match?.[2])];
  return [a, b].every((side) => side >= PRINT_MM.least && side <= PRINT_MM.most) ? [a, b] : undefined;
}

/** Pixels that a paper's two sides (mm) have at 300 dpi. @example printPixels([100, 150]) // [1181, 1772] */
export function printPixels([a, b]: readonly [number, number]): readonly [number, number] {
  const pixels = (mm: number) => Math.round((mm / 25.4) * PRINT_DPI);
  return [pixels(a), pixels(b)];
}

/**
 * Pixels of the longer side of a picture that fills a paper as far as its proportions allow, turned whichever way fits better.
 * @param paper millimetres of its two sides.
 * @example printLongEdge(4, 3, [100, 150]) // 1575: the paper's short side is the limit
 */
export function printLongEdge(width: number, height: number, paper: readonly [number, number]): number {
  const [a, b] = printPixels(paper);
  const ratio = Math.max(width, height) / Math.min(width, height);
  return Math.min(MAX_RESULT_SIDE, Math.max(a, b), Math.round(Math.min(a, b) * ratio));
}
